// The steps of a workflow as the builder's list shows them: what each one is, in words, and the
// lists of steps inside of it. Read out of plain data, never wrong about it: what it does not know
// it shows as "other". Pure.

import type { Path } from "../document/path";
import { pathWords, unwrapped } from "./expression";

export type StepKind =
  | "action"
  | "http"
  | "openapi"
  | "function"
  | "do"
  | "for"
  | "fork"
  | "switch"
  | "try"
  | "listen"
  | "wait"
  | "emit"
  | "set"
  | "raise"
  | "workflow"
  | "other";

export interface Case {
  name: string;
  when: string; // "" is the default case
  then: string;
}

export interface Block {
  label: string; // "", "branches", "catch"
  list: Path;
  steps: Step[];
}

export interface Step {
  name: string;
  path: Path; // of the list item: /do/1
  body: Path; // of what the step says: /do/1/repair
  kind: StepKind;
  /** "create-issue:1.0.0@gitlab", or the name of a function; "" where nothing is called. */
  call: string;
  detail: string;
  condition: string;
  then: string; // "" is "continue"
  cases: Case[];
  blocks: Block[];
  keeps: boolean; // its result stays readable as $context.<name>
}

type Data = Record<string, unknown>;

export function isData(value: unknown): value is Data {
  return value !== null && typeof value === "object" && !Array.isArray(value);
}

export function text(value: unknown): string {
  if (value === null || value === undefined) return "";
  return typeof value === "string" ? value : JSON.stringify(value);
}

/** All steps of a document, outermost first. */
export function outlineOf(document: unknown): Step[] {
  return isData(document) ? stepsOf(document["do"], ["do"]) : [];
}

function stepsOf(list: unknown, path: Path): Step[] {
  if (!Array.isArray(list)) return [];
  return list.map((item, index) => stepOf(item, [...path, index]));
}

function stepOf(item: unknown, path: Path): Step {
  const name = isData(item) ? (Object.keys(item)[0] ?? "") : "";
  const value = isData(item) ? item[name] : undefined;
  const data = isData(value) ? value : {};
  const body = [...path, name];
  const kind = kindOf(data);
  return {
    name,
    path,
    body,
    kind,
    call: text(data["call"]),
    detail: detailOf(kind, data),
    condition: text(data["if"]),
    then: text(data["then"]),
    cases: casesOf(data["switch"]),
    blocks: blocksOf(kind, data, body),
    keeps: keepsResult(name, data),
  };
}

export function kindOf(data: Data): StepKind {
  const call = data["call"];
  if (typeof call === "string") {
    if (call === "http" || call === "openapi") return call;
    return call.includes("@") ? "action" : "function";
  }
  if ("for" in data) return "for";
  if ("run" in data) return "workflow";
  for (const kind of [
    "try",
    "fork",
    "switch",
    "listen",
    "wait",
    "emit",
    "set",
    "raise",
    "do",
  ] as const) {
    if (kind in data) return kind;
  }
  return "other";
}

function blocksOf(kind: StepKind, data: Data, body: Path): Block[] {
  const block = (label: string, list: Path, steps: unknown): Block => ({
    label,
    list,
    steps: stepsOf(steps, list),
  });
  if (kind === "do" || kind === "for") return [block("", [...body, "do"], data["do"])];
  if (kind === "fork") {
    const fork = isData(data["fork"]) ? data["fork"] : {};
    return [block("branches", [...body, "fork", "branches"], fork["branches"])];
  }
  if (kind === "try") {
    const caught = isData(data["catch"]) ? data["catch"] : {};
    return [
      block("", [...body, "try"], data["try"]),
      block("catch", [...body, "catch", "do"], caught["do"]),
    ];
  }
  return [];
}

function casesOf(cases: unknown): Case[] {
  if (!Array.isArray(cases)) return [];
  return cases.map((item) => {
    const name = isData(item) ? (Object.keys(item)[0] ?? "") : "";
    const value = isData(item) && isData(item[name]) ? item[name] : {};
    return { name, when: text(value["when"]), then: text(value["then"]) };
  });
}

/** "$context + { name: . }", written in any spacing. */
export function keepsResult(name: string, data: Data): boolean {
  const exported = isData(data["export"]) ? text(data["export"]["as"]) : "";
  return exported
    .replaceAll(/\s/g, "")
    .replace(/^\$\{(.*)\}$/, "$1")
    .startsWith(`$context+{${name}:.`);
}

const units: Record<string, string> = {
  Y: "years",
  M: "months",
  W: "weeks",
  D: "days",
  H: "h",
  S: "s",
};

/** "PT1H30M" as "1 h 30 min"; an object of days, hours and so on likewise. */
export function durationWords(value: unknown): string {
  if (isData(value))
    return Object.entries(value)
      .map(([unit, count]) => `${text(count)} ${unit}`)
      .join(" ");
  const written = text(value);
  const parts = /^P(?!$)([0-9.]+[YMWD])*(T([0-9.]+[HMS])+)?$/.test(written)
    ? [...written.matchAll(/T|([0-9.]+)([A-Z])/g)]
    : [];
  let time = false;
  const words = parts.flatMap(([all, count, unit]) => {
    if (all === "T") time = true;
    if (all === "T" || !unit) return [];
    return [`${count} ${time && unit === "M" ? "min" : (units[unit] ?? unit)}`];
  });
  return words.length > 0 ? words.join(" ") : written;
}

/** A value for people: an expression without what only jq needs. */
function said(value: unknown): string {
  const inner = unwrapped(value);
  return inner === null ? text(value) : pathWords(inner);
}

function detailOf(kind: StepKind, data: Data): string {
  const input = isData(data["with"]) ? data["with"] : {};
  switch (kind) {
    case "action":
      return said(
        input["project"] ?? input["group"] ?? input["question"] ?? input["path"] ?? input["search"],
      );
    case "http": {
      const endpoint = isData(input["endpoint"]) ? input["endpoint"]["uri"] : input["endpoint"];
      return `${text(input["method"]).toUpperCase()} ${text(endpoint)}`.trim();
    }
    case "openapi":
      return text(input["operationId"]);
    case "for": {
      const loop = isData(data["for"]) ? data["for"] : {};
      return `each ${text(loop["each"]) || "item"} in ${text(loop["in"])}`;
    }
    case "fork":
      return isData(data["fork"]) && data["fork"]["compete"] === true
        ? "the first to finish wins"
        : "all at once";
    case "set":
      return isData(data["set"]) ? Object.keys(data["set"]).join(", ") : text(data["set"]);
    case "wait":
      return durationWords(data["wait"]);
    case "emit":
      return text(
        isData(data["emit"]) &&
          isData(data["emit"]["event"]) &&
          isData(data["emit"]["event"]["with"])
          ? data["emit"]["event"]["with"]["type"]
          : "",
      );
    case "raise":
      return text(
        isData(data["raise"]) && isData(data["raise"]["error"])
          ? data["raise"]["error"]["title"]
          : "",
      );
    case "workflow": {
      const run =
        isData(data["run"]) && isData(data["run"]["workflow"]) ? data["run"]["workflow"] : {};
      return run["name"] === undefined ? "" : `${text(run["namespace"])}/${text(run["name"])}`;
    }
    case "listen":
      return eventTypes(isData(data["listen"]) ? data["listen"]["to"] : undefined).join(", ");
    case "switch":
      return casesOf(data["switch"])
        .map((one) => one.name)
        .join(", ");
    default:
      return "";
  }
}

/** The event types a filter (`one`, `any`, `all`) names. */
export function eventTypes(to: unknown): string[] {
  if (!isData(to)) return [];
  const filters = Object.values(to).flatMap((value) =>
    Array.isArray(value) ? (value as unknown[]) : [value],
  );
  return filters
    .map((filter) => (isData(filter) && isData(filter["with"]) ? text(filter["with"]["type"]) : ""))
    .filter((type) => type !== "");
}

/** What starts a document's runs, in words. */
export function triggerWords(document: unknown): string {
  const schedule = isData(document) ? document["schedule"] : undefined;
  if (!isData(schedule)) return "by hand";
  if (schedule["cron"] !== undefined) return `at ${text(schedule["cron"])} (cron)`;
  if (schedule["every"] !== undefined) return `every ${durationWords(schedule["every"])}`;
  if (schedule["after"] !== undefined)
    return `${durationWords(schedule["after"])} after its last run`;
  const types = eventTypes(schedule["on"]);
  return types.length > 0
    ? `on ${types.join(isData(schedule["on"]) && "all" in schedule["on"] ? " and " : " or ")}`
    : "on an event";
}

/** All steps in reading order, with how deep they stand. */
export function flattened(steps: readonly Step[], depth = 0): { step: Step; depth: number }[] {
  return steps.flatMap((step) => [
    { step, depth },
    ...step.blocks.flatMap((block) => flattened(block.steps, depth + 1)),
  ]);
}

export function findStep(
  steps: readonly Step[],
  pointer: string,
  pointerOf: (path: Path) => string,
): Step | undefined {
  return flattened(steps).find(({ step }) => pointerOf(step.path) === pointer)?.step;
}

/** The innermost step whose part a path is: "/do/1/repair/try/0/start/with/ref" is in "start". */
export function stepHolding(steps: readonly Step[], path: Path): Step | undefined {
  for (const step of steps) {
    if (step.path.length > path.length || !step.path.every((part, i) => part === path[i])) continue;
    for (const block of step.blocks) {
      const inner = stepHolding(block.steps, path);
      if (inner) return inner;
    }
    return step;
  }
  return undefined;
}
