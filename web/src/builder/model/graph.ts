// The graph of a workflow: boxes and lines with their places, worked out from the same outline as
// the list. Sequences run downwards, branches stand side by side, what holds steps is drawn around
// them. Pure, and quick enough for hundreds of steps.

import { pointerOf, type Path } from "../document/path";
import type { Block, Step } from "./outline";

export interface Box {
  id: string; // the step's pointer; "start", "end"
  x: number;
  y: number;
  width: number;
  height: number;
  step: Step | null;
  holds: boolean; // steps are drawn inside of it
  label: string;
}

export interface Line {
  id: string;
  from: string;
  to: string;
  label: string;
  /** A jump (`then`) leaves and arrives at the side. */
  jump: boolean;
}

export interface Graph {
  boxes: Box[];
  lines: Line[];
  width: number;
  height: number;
}

const size = { width: 220, height: 56, gap: 32, aside: 28, head: 40, padding: 16, terminal: 36 };

interface Placed {
  boxes: Box[];
  lines: Line[];
  width: number;
  height: number;
}

export function graphOf(steps: readonly Step[], trigger: string): Graph {
  const placed = sequence(steps, "end");
  const width = Math.max(placed.width, size.width);
  const top = size.terminal + size.gap;
  const terminal = (id: string, label: string, y: number): Box => ({
    id,
    label,
    y,
    x: (width - size.width) / 2,
    width: size.width,
    height: size.terminal,
    step: null,
    holds: false,
  });
  const endY = top + placed.height + (steps.length > 0 ? size.gap : 0);
  const boxes = [
    terminal("start", trigger, 0),
    ...moved(placed.boxes, (width - placed.width) / 2, top),
    terminal("end", "End", endY),
  ];
  const first = steps[0] ? pointerOf(steps[0].path) : "end";
  const lines = [line("start", first), ...placed.lines];
  return { boxes, lines, width, height: endY + size.terminal };
}

function line(from: string, to: string, label = "", jump = false): Line {
  return { id: `${from}>${to}>${label}`, from, to, label, jump };
}

function moved(boxes: readonly Box[], x: number, y: number): Box[] {
  return boxes.map((box) => ({ ...box, x: box.x + x, y: box.y + y }));
}

/** Steps below each other. `after` is where the last one leads; "" inside of a block. */
function sequence(steps: readonly Step[], after: string): Placed {
  const parts = steps.map(placedStep);
  const width = Math.max(size.width, ...parts.map((part) => part.width));
  const boxes: Box[] = [];
  const lines: Line[] = [];
  let y = 0;
  parts.forEach((part, index) => {
    const step = steps[index] as Step;
    boxes.push(...moved(part.boxes, (width - part.width) / 2, y));
    lines.push(...part.lines, ...exits(step, steps, index, after));
    y += part.height + size.gap;
  });
  return { boxes, lines, width, height: Math.max(0, y - size.gap) };
}

function exits(step: Step, steps: readonly Step[], index: number, after: string): Line[] {
  const own = pointerOf(step.path);
  const following = steps[index + 1];
  const next = following ? pointerOf(following.path) : after;
  const target = (then: string): { to: string; jump: boolean } => {
    if (then === "" || then === "continue") return { to: next, jump: false };
    if (then === "end") return { to: "end", jump: next !== "end" };
    if (then === "exit") return { to: after, jump: next !== after };
    const found = steps.find((other) => other.name === then);
    const to = found ? pointerOf(found.path) : "";
    return { to, jump: to !== next };
  };
  const single = (then: string, label: string): Line[] => {
    const { to, jump } = target(then);
    return to === "" ? [] : [line(own, to, label, jump)];
  };
  if (step.kind === "raise") return [];
  if (step.kind !== "switch") return single(step.then, "");
  const cases = step.cases.flatMap((one) => single(one.then, one.name));
  const hasDefault = step.cases.some((one) => one.when === "");
  return hasDefault ? cases : [...cases, ...single("continue", "otherwise")];
}

function placedStep(step: Step): Placed {
  const id = pointerOf(step.path);
  const blocks = step.blocks.filter((block) => block.steps.length > 0);
  if (blocks.length === 0) {
    const box: Box = {
      id,
      x: 0,
      y: 0,
      width: size.width,
      height: size.height,
      step,
      holds: false,
      label: "",
    };
    return { boxes: [box], lines: [], width: size.width, height: size.height };
  }
  const inner = blocks.flatMap((block) => columns(step, block));
  let x = size.padding;
  const boxes: Box[] = [];
  for (const part of inner) {
    boxes.push(...moved(part.boxes, x, size.head));
    x += part.width + size.aside;
  }
  const width = x - size.aside + size.padding;
  const height = size.head + Math.max(...inner.map((part) => part.height)) + size.padding;
  const around: Box = { id, x: 0, y: 0, width, height, step, holds: true, label: "" };
  return { boxes: [around, ...boxes], lines: inner.flatMap((part) => part.lines), width, height };
}

// A block is one column; each branch of a fork is a column of its own.
function columns(step: Step, block: Block): Placed[] {
  if (step.kind === "fork") return block.steps.map((branch) => placedStep(branch));
  const placed = sequence(block.steps, "");
  if (block.label === "") return [placed];
  const label: Box = {
    id: `${pointerOf(block.list)}#label`,
    x: 0,
    y: 0,
    width: placed.width,
    height: 24,
    step: null,
    holds: false,
    label: block.label,
  };
  return [{ ...placed, boxes: [label, ...moved(placed.boxes, 0, 24)], height: placed.height + 24 }];
}

/** Where a path's box is, or that of the nearest step around it. */
export function boxHolding(graph: Graph, path: Path): Box | undefined {
  for (let length = path.length; length > 0; --length) {
    const id = pointerOf(path.slice(0, length));
    const box = graph.boxes.find((one) => one.id === id);
    if (box) return box;
  }
  return undefined;
}
