// What an expression can name at a step: results kept by the steps before it, the result of the one
// right before it, the run's input and loop variables; with their fields, where a schema or the
// document tells them. Pure.

import { startsWith, valueAt, type Path } from "../document/path";
import { isData, text, type Step } from "./outline";

export interface Reference {
  expression: string; // "$context.createIssue.iid"
  label: string; // "Issue number"
  group: string; // "createIssue"
  detail: string;
  /** The step whose result must be kept before this can be used; null if it is there already. */
  needsKeeping: Step | null;
}

/** The output schema of an action, by its call ("create-issue:1.0.0@gitlab"), if known. */
export type OutputOf = (call: string) => unknown;

const depthMax = 3;
const fieldsMax = 40;

export function referencesAt(
  document: unknown,
  steps: readonly Step[],
  at: Path,
  outputOf: OutputOf,
): Reference[] {
  const before = stepsBefore(steps, at);
  const previous = directlyBefore(steps, at);
  return [
    ...before.flatMap((step) => kept(document, step, outputOf)),
    ...loopVariables(document, steps, at),
    ...(previous && previous.call !== ""
      ? fieldsIn(outputOf(previous.call), "", `result of ${previous.name}`, null)
      : []),
    ...inputFields(document),
  ];
}

/** The steps that end before the one at a path begins, nearest last. Branches keep nothing. */
export function stepsBefore(steps: readonly Step[], at: Path): Step[] {
  const out: Step[] = [];
  for (const step of steps) {
    if (startsWith(at, step.path)) {
      for (const block of step.blocks) {
        if (startsWith(at, block.list) && step.kind !== "fork")
          return [
            ...out,
            ...(block.label === "catch" ? allIn(step, block.list) : []),
            ...stepsBefore(block.steps, at),
          ];
        const branch = block.steps.find((one) => startsWith(at, one.path));
        if (branch) return [...out, ...stepsBefore([branch], at)];
      }
      return out;
    }
    out.push(
      step,
      ...(step.kind === "fork" ? [] : step.blocks.flatMap((block) => allSteps(block.steps))),
    );
  }
  return out;
}

function allSteps(steps: readonly Step[]): Step[] {
  return steps.flatMap((step) => [
    step,
    ...(step.kind === "fork" ? [] : step.blocks.flatMap((block) => allSteps(block.steps))),
  ]);
}

function allIn(step: Step, except: Path): Step[] {
  return step.blocks
    .filter((block) => !startsWith(block.list, except))
    .flatMap((block) => allSteps(block.steps));
}

function directlyBefore(steps: readonly Step[], at: Path): Step | null {
  for (const [index, step] of steps.entries()) {
    if (!startsWith(at, step.path)) continue;
    for (const block of step.blocks) {
      const inner =
        startsWith(at, block.list) && at.length > step.path.length
          ? directlyBefore(block.steps, at)
          : null;
      if (inner) return inner;
    }
    return steps[index - 1] ?? null;
  }
  return null;
}

function kept(document: unknown, step: Step, outputOf: OutputOf): Reference[] {
  const body = valueAt(document, step.body);
  const data = isData(body) ? body : {};
  const schema = data["set"] !== undefined ? shapeOf(data["set"]) : outputOf(step.call);
  const hasResult = step.call !== "" || data["set"] !== undefined || step.kind === "listen";
  const names = exportedNames(isData(data["export"]) ? text(data["export"]["as"]) : "");
  if (names.length > 0) {
    const shape = (value: string): unknown =>
      value === "." ? schema : value === "$input" ? inputShape(document) : undefined;
    return names.flatMap(({ name, value }) =>
      fieldsIn(shape(value), `$context.${name}`, name, null),
    );
  }
  return hasResult && data["export"] === undefined
    ? fieldsIn(schema, `$context.${step.name}`, step.name, step)
    : [];
}

/** The names in "$context + { settings: ., incident: $input }". */
export function exportedNames(exported: string): { name: string; value: string }[] {
  const inner = /^\s*\$context\s*\+\s*\{([\s\S]*)\}\s*$/.exec(
    exported.replace(/^\s*\$\{([\s\S]*)\}\s*$/, "$1"),
  )?.[1];
  if (inner === undefined) return [];
  const out: { name: string; value: string }[] = [];
  let depth = 0;
  let part = "";
  for (const letter of inner + ",") {
    if ("([{".includes(letter)) ++depth;
    if (")]}".includes(letter)) --depth;
    if (letter === "," && depth === 0) {
      const match = /^\s*"?([A-Za-z_][A-Za-z0-9_]*)"?\s*(?::([\s\S]*))?$/.exec(part);
      if (match?.[1]) out.push({ name: match[1], value: (match[2] ?? "").trim() });
      part = "";
    } else {
      part += letter;
    }
  }
  return out;
}

/** A schema for a literal: its keys. */
function shapeOf(value: unknown): unknown {
  if (!isData(value)) return {};
  return {
    properties: Object.fromEntries(
      Object.entries(value).map(([key, inner]) => [key, isData(inner) ? shapeOf(inner) : {}]),
    ),
  };
}

function fieldsIn(
  schema: unknown,
  path: string,
  group: string,
  needsKeeping: Step | null,
  depth = 0,
): Reference[] {
  const whole: Reference = {
    expression: path === "" ? "." : path,
    label: depth === 0 ? "all of it" : "",
    group,
    detail: "",
    needsKeeping,
  };
  const properties =
    isData(schema) && isData(schema["properties"]) ? Object.entries(schema["properties"]) : [];
  const fields = properties.slice(0, fieldsMax).flatMap(([name, value]) => {
    const plain = /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) ? `.${name}` : `."${name}"`;
    const own: Reference = {
      expression: path + plain,
      group,
      needsKeeping,
      label: (isData(value) && text(value["title"])) || name,
      detail: isData(value) ? text(value["description"]) : "",
    };
    const inner =
      isData(value) && isData(value["properties"]) && depth + 1 < depthMax
        ? fieldsIn(value, path + plain, group, needsKeeping, depth + 1).slice(1)
        : [];
    return [own, ...inner.map((field) => ({ ...field, label: `${own.label} › ${field.label}` }))];
  });
  return [whole, ...fields];
}

export function loopVariables(document: unknown, steps: readonly Step[], at: Path): Reference[] {
  const loops: Reference[] = [];
  for (let list = steps; ;) {
    const around = list.find((step) => startsWith(at, step.path) && at.length > step.body.length);
    if (!around) return loops;
    const loop = valueAt(document, [...around.body, "for"]);
    const caught = valueAt(document, [...around.body, "catch"]);
    const variable = (name: string, label: string): Reference => ({
      expression: `$${name}`,
      label,
      group: around.name,
      detail: "",
      needsKeeping: null,
    });
    if (isData(loop))
      loops.push(
        variable(text(loop["each"]) || "item", "this item"),
        variable(text(loop["at"]) || "index", "its number"),
      );
    const block = around.blocks.find((one) => startsWith(at, one.list));
    if (isData(caught) && block?.label === "catch") {
      const name = text(caught["as"]) || "error";
      loops.push(
        variable(name, "the error"),
        ...["title", "detail", "status", "type"].map((part) => variable(`${name}.${part}`, part)),
      );
    }
    list = block?.steps ?? [];
  }
}

/** The shape of what starts a run: its schema's, or that of the template's sample event. */
function inputShape(document: unknown): unknown {
  const schema = valueAt(document, ["input", "schema", "document"]);
  if (isData(schema)) return schema;
  const sample = valueAt(document, ["document", "metadata", "template", "sampleEvent", "data"]);
  return isData(sample) ? shapeOf(sample) : undefined;
}

function inputFields(document: unknown): Reference[] {
  return fieldsIn(inputShape(document), "$workflow.input", "run input", null);
}
