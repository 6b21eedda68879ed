// The graph of a run: the workflow in the version that ran, and what became of each of its steps.
// Choosing a box shows the step's last visit in the timeline's panel. Loaded when first shown.

import { useQuery } from "@tanstack/react-query";
import { useCallback, useMemo, type ReactNode } from "react";
import { pointerOf } from "../../../builder/document/path";
import { readSource } from "../../../builder/document/source";
import { graphOf, type Box } from "../../../builder/model/graph";
import { flattened, outlineOf, triggerWords } from "../../../builder/model/outline";
import { getWorkflow } from "../../../builder/server/workflows";
import { GraphCanvas, type Look } from "../../../builder/views/GraphCanvas";
import { kindLabels } from "../../../builder/views/Icon";
import { Skeleton } from "@mantine/core";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { StatusGlyph } from "../../shared/StatusChip";
import { placesOf, placeWords, type Place } from "../model/places";
import type { Run } from "../model/run";
import type { Story, Visit } from "../model/story";
import { callName } from "../model/words";
import classes from "./RunGraph.module.css";

interface Props {
  run: Run;
  story: Story;
  chosen: Visit | undefined;
  onChoose: (key: string) => void;
}

const pending: Place = { state: "pending", key: "", rounds: 0, retries: 0, waiting: "" };
const glyphs: Partial<Record<Place["state"], string>> = { caught: "expired" };

export default function RunGraph({ run, story, chosen, onChoose }: Props): ReactNode {
  const { namespace, name, version } = run.workflow;
  const answer = useQuery({
    queryKey: ["workflow-text", namespace, name, version],
    queryFn: () =>
      getWorkflow({ namespace, name }, version).then(({ workflow }) => workflow.source),
    staleTime: Infinity,
    retry: false,
  });
  const drawn = useMemo(() => {
    if (answer.data === undefined) return undefined;
    const { data } = readSource(answer.data);
    const steps = outlineOf(data);
    // A box has the pointer of the list's item, the journal that of what the step says.
    const bodies = new Map(
      flattened(steps).map(({ step }) => [pointerOf(step.path), pointerOf(step.body)]),
    );
    return { graph: graphOf(steps, triggerWords(data)), bodies };
  }, [answer.data]);
  const places = useMemo(() => placesOf(story), [story]);
  const lookOf = useCallback(
    (box: Box): Look => {
      if (!box.step) return { title: box.label };
      const place = places.get(pointerOf(box.step.body)) ?? pending;
      return { title: titleOf(box), state: place.state, note: <Note place={place} /> };
    },
    [places],
  );
  if (answer.error)
    return <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />;
  if (!drawn) return <Skeleton className={classes["graph"] ?? ""} />;
  const selected = [...drawn.bodies].find(([, body]) => body === chosen?.pointer)?.[0] ?? "none";
  return (
    <div className={classes["graph"]}>
      <GraphCanvas
        graph={drawn.graph}
        lookOf={lookOf}
        selected={selected}
        onSelect={(pointer) => {
          const key = places.get(drawn.bodies.get(pointer) ?? "")?.key;
          if (key) onChoose(key);
        }}
        label="Graph of the run. The timeline says the same."
      />
    </div>
  );
}

function titleOf({ step }: Box): string {
  if (!step) return "";
  if (step.kind !== "action") return kindLabels[step.kind];
  const said = callName(step.call)
    .replace(/^[^.]*\./, "")
    .replaceAll("-", " ");
  return said.charAt(0).toUpperCase() + said.slice(1);
}

function Note({ place }: { place: Place }): ReactNode {
  const words = placeWords(place);
  const often = place.rounds > 1 ? place.rounds : place.retries > 0 ? place.retries + 1 : 0;
  return (
    <span title={words} className={classes["note"]}>
      {often > 0 ? <span aria-hidden>×{often}</span> : null}
      {place.state === "pending" ? null : (
        <StatusGlyph status={glyphs[place.state] ?? place.state} />
      )}
      <span className={classes["hidden"]}>{words}</span>
    </span>
  );
}
