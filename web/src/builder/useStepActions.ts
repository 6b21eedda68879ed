// What can be done with a whole step: move, duplicate, remove, rename.

import { useMemo } from "react";
import { useBuilder } from "./context";
import { pointerOf, valueAt, type Path } from "./document/path";
import { moveOf, placeForNew, selectedAfterRemoval, type Direction } from "./model/moves";
import { freeName } from "./model/newSteps";
import type { Step } from "./model/outline";
import { renamed } from "./model/rename";

export interface StepActions {
  move: (step: Step, direction: Direction) => void;
  duplicate: (step: Step) => void;
  remove: (step: Step) => void;
  rename: (step: Step, to: string) => void;
  placeForNew: () => { list: Path; index: number };
  add: (at: { list: Path; index: number }, name: string, body: (name: string) => unknown) => void;
}

export function useStepActions(): StepActions {
  const { document } = useBuilder();
  return useMemo(() => {
    const { apply, change, steps, source, step: selected } = document;
    return {
      move: (step, direction) => {
        const found = moveOf(steps, step, direction);
        if (found) apply([found.edit], { select: found.to });
      },
      duplicate: (step) => {
        const list = step.path.slice(0, -1);
        const index = (step.path.at(-1) as number) + 1;
        const name = freeName(steps, step.name);
        apply(
          [{ kind: "insert", list, index, value: { [name]: valueAt(source.data, step.body) } }],
          { select: pointerOf([...list, index]) },
        );
      },
      remove: (step) => {
        apply([{ kind: "remove", path: step.path }], { select: selectedAfterRemoval(steps, step) });
      },
      rename: (step, to) => {
        change((from) => renamed(from, step, to), { select: pointerOf(step.path) });
      },
      placeForNew: () => placeForNew(steps, selected),
      add: (at, wanted, body) => {
        const name = freeName(steps, wanted);
        apply([{ kind: "insert", list: at.list, index: at.index, value: { [name]: body(name) } }], {
          select: pointerOf([...at.list, at.index]),
        });
      },
    };
  }, [document]);
}
