// What `$context`, `$input` and the like would be at a step, as far as sample data and the literals
// of the document tell: for previews, and for pickers whose project comes from an expression. Pure.

import { valueAt, type Path } from "../document/path";
import type { Sample } from "../server/types";
import { isData, text, type Step } from "./outline";
import { exportedNames, loopVariables, stepsBefore } from "./references";
import { modeOf, unwrapped } from "./expression";

export interface Frame {
  input: unknown;
  context: Record<string, unknown>;
  /** Of loops and catches around the step. */
  variables: Record<string, unknown>;
}

export function frameAt(
  document: unknown,
  steps: readonly Step[],
  at: Path,
  sample: Sample | null,
): Frame {
  const context: Record<string, unknown> = {};
  const input = sample?.input ?? {};
  for (const step of stepsBefore(steps, at)) {
    const data = valueAt(document, step.body);
    const exported = isData(data) && isData(data["export"]) ? text(data["export"]["as"]) : "";
    const output = outputOf(data, step, sample);
    for (const { name, value } of exportedNames(exported)) {
      if (value === "$input") context[name] = input;
      else if (value === "." && output !== undefined) context[name] = output;
    }
  }
  // What a run really had is better than what the document lets one guess.
  const seen = isData(sample?.context) ? sample.context : {};
  return { input, context: { ...context, ...seen }, variables: variablesAt(document, steps, at) };
}

const error = {
  type: "about:blank",
  status: 500,
  title: "A sample error",
  detail: "",
  details: {},
};

// A variable that is not bound would not compile: each has some value.
function variablesAt(document: unknown, steps: readonly Step[], at: Path): Frame["variables"] {
  const variables: Frame["variables"] = {};
  for (const { expression, label } of loopVariables(document, steps, at)) {
    const name = expression.slice(1);
    if (name.includes(".")) continue;
    variables[name] = label === "the error" ? error : label === "its number" ? 0 : null;
  }
  return variables;
}

function outputOf(data: unknown, step: Step, sample: Sample | null): unknown {
  const pointer = "/" + step.body.map((part) => String(part)).join("/");
  const seen = sample?.outputs?.[pointer];
  if (seen !== undefined) return seen;
  return isData(data) && isData(data["set"]) ? data["set"] : undefined;
}

/** The value of a plain path on a frame; undefined where it is not one or leads nowhere. */
export function lookUp(expression: string, frame: Frame): unknown {
  const match = /^\s*(\$[A-Za-z_]\w*)?((?:\.[A-Za-z_]\w*|\[\d+\])*)\s*$/.exec(expression);
  if (!match) return undefined;
  const roots: Record<string, unknown> = {
    $context: frame.context,
    $input: frame.input,
    "": frame.input,
  };
  const parts = [...(match[2] ?? "").matchAll(/\.(\w+)|\[(\d+)\]/g)].map(
    ([, key, index]) => key ?? Number(index),
  );
  return valueAt(roots[match[1] ?? ""], parts);
}

/** A field's value as far as it is known: a literal, or an expression on sample data. */
export function knownValue(value: unknown, frame: Frame): unknown {
  if (modeOf(value) === "text") return value;
  const inner = unwrapped(value);
  return inner === null ? undefined : lookUp(inner, frame);
}
