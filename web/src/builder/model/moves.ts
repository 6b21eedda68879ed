// Where a step goes when it is moved one place up, down, into or out of another; and where a list
// of the document is. Pure; the edits themselves are made by document/edit.ts.

import { afterRemoval, pointerOf, samePath, startsWith, type Path } from "../document/path";
import type { Edit } from "../document/plain";
import { flattened, type Block, type Step } from "./outline";

export type Direction = "up" | "down" | "in" | "out";

export interface Move {
  edit: Edit;
  /** Where the step is afterwards. */
  to: string;
}

interface Around {
  siblings: readonly Step[];
  index: number;
  parent: Step | null;
}

function around(steps: readonly Step[], step: Step, parent: Step | null = null): Around | null {
  const index = steps.findIndex((one) => samePath(one.path, step.path));
  if (index >= 0) return { siblings: steps, index, parent };
  for (const one of steps) {
    for (const block of one.blocks) {
      const found = around(block.steps, step, one);
      if (found) return found;
    }
  }
  return null;
}

/** A move of `step` to `index` of `list`, counted without the step. */
export function moveTo(step: Step, list: Path, index: number): Move | null {
  const from = step.path.slice(0, -1);
  const target = afterRemoval(list, from, step.path.at(-1) as number);
  if (!target) return null;
  return {
    edit: { kind: "move", from: step.path, list, index },
    to: pointerOf([...target, index]),
  };
}

export function moveOf(steps: readonly Step[], step: Step, direction: Direction): Move | null {
  const place = around(steps, step);
  if (!place) return null;
  const { siblings, index, parent } = place;
  const list = step.path.slice(0, -1);
  if (direction === "up" && index > 0) return moveTo(step, list, index - 1);
  if (direction === "down" && index < siblings.length - 1) return moveTo(step, list, index + 1);
  if (direction === "in") {
    const block = siblings[index - 1]?.blocks.at(-1);
    return block ? moveTo(step, block.list, block.steps.length) : null;
  }
  if (!parent) return null;
  const outer = parent.path.slice(0, -1);
  const parentIndex = parent.path.at(-1) as number;
  return moveTo(step, outer, direction === "up" ? parentIndex : parentIndex + 1);
}

/** The step that is to be shown when a step has been removed. */
export function selectedAfterRemoval(steps: readonly Step[], step: Step): string {
  const place = around(steps, step);
  if (!place) return "";
  const { siblings, index, parent } = place;
  if (siblings[index + 1]) return pointerOf(step.path);
  const before = siblings[index - 1] ?? parent;
  return before ? pointerOf(before.path) : "";
}

/** Where a new step goes: behind the one that is selected, else to the end of the workflow. */
export function placeForNew(
  steps: readonly Step[],
  selected: Step | null,
): { list: Path; index: number } {
  if (!selected) return { list: ["do"], index: steps.length };
  return { list: selected.path.slice(0, -1), index: (selected.path.at(-1) as number) + 1 };
}

/** A drop of `step` before or behind another one. */
export function dropOn(step: Step, target: Step, side: "before" | "behind"): Move | null {
  if (startsWith(target.path, step.path)) return null;
  const list = target.path.slice(0, -1);
  let index = (target.path.at(-1) as number) + (side === "behind" ? 1 : 0);
  const isSameList = samePath(list, step.path.slice(0, -1));
  if (isSameList && (step.path.at(-1) as number) < index) index -= 1;
  if (isSameList && index === step.path.at(-1)) return null;
  return moveTo(step, list, index);
}

export function blockOf(steps: readonly Step[], list: Path): Block | null {
  if (samePath(list, ["do"])) return { label: "", list: ["do"], steps: [...steps] };
  const blocks = flattened(steps).flatMap(({ step }) => step.blocks);
  return blocks.find((block) => samePath(block.list, list)) ?? null;
}
