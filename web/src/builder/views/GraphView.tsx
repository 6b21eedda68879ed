// The graph beside the list of the builder: the same steps. They are changed in the list and the
// form. Loaded when first shown.

import { useCallback, useMemo, type ReactNode } from "react";
import { actionId, useBuilder } from "../context";
import { graphOf, type Box } from "../model/graph";
import { triggerWords } from "../model/outline";
import { problemsAt, worstOf } from "../useProblems";
import { GraphCanvas, type Look } from "./GraphCanvas";
import { kindLabels } from "./Icon";

export default function GraphView(): ReactNode {
  const { document, actions, problems } = useBuilder();
  const { steps, source, selected, select } = document;
  const graph = useMemo(() => graphOf(steps, triggerWords(source.data)), [steps, source.data]);
  const titles = useMemo(
    () => new Map(actions.map((action) => [action.id, action.title])),
    [actions],
  );
  const lookOf = useCallback(
    ({ id, step, holds, label }: Box): Look => ({
      title: step ? (titles.get(actionId(step.call)) ?? kindLabels[step.kind]) : label,
      ...(step !== null && !holds ? { fault: worstOf(problemsAt(problems, id)) } : {}),
    }),
    [titles, problems],
  );
  return (
    <GraphCanvas
      graph={graph}
      lookOf={lookOf}
      selected={selected}
      onSelect={select}
      label="Graph of the workflow. The list of steps says the same."
    />
  );
}
