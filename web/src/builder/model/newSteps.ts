// What a new step says when it is added, for every kind of step. Pure.

import { flattened, isData, type Step, type StepKind } from "./outline";

export interface NewKind {
  kind: StepKind;
  label: string;
  hint: string;
  name: string; // of the new step, before it is made unique
  body: unknown;
}

/** The kinds that are no action, in the order the menu shows them. */
export const newKinds: readonly NewKind[] = [
  {
    kind: "set",
    label: "Set values",
    hint: "Names values for later steps",
    name: "set",
    body: { set: { value: "" } },
  },
  {
    kind: "switch",
    label: "Choose a way",
    hint: "Goes on at one step or another",
    name: "choose",
    body: { switch: [{ yes: { when: ".ok", then: "continue" } }, { otherwise: { then: "end" } }] },
  },
  {
    kind: "for",
    label: "For each",
    hint: "Repeats steps for every item of a list",
    name: "forEach",
    body: { for: { each: "item", in: ".items" }, do: [{ each: { set: { item: "${ $item }" } } }] },
  },
  {
    kind: "try",
    label: "Try and catch",
    hint: "Does something else when steps fail",
    name: "attempt",
    body: {
      try: [{ work: { set: { done: true } } }],
      catch: { as: "problem", do: [{ report: { set: { failed: "${ $problem.title }" } } }] },
    },
  },
  {
    kind: "fork",
    label: "At the same time",
    hint: "Runs branches side by side",
    name: "together",
    body: {
      fork: {
        branches: [
          { first: { do: [{ one: { set: { done: true } } }] } },
          { second: { do: [{ two: { set: { done: true } } }] } },
        ],
      },
    },
  },
  {
    kind: "do",
    label: "Group",
    hint: "Several steps under one name",
    name: "group",
    body: { do: [{ step: { set: { done: true } } }] },
  },
  {
    kind: "wait",
    label: "Wait",
    hint: "For a time; survives restarts",
    name: "pause",
    body: { wait: "PT5M" },
  },
  {
    kind: "listen",
    label: "Wait for an event",
    hint: "Until somebody sends it",
    name: "waitForEvent",
    body: { listen: { to: { one: { with: { type: "com.example.event" } } }, read: "data" } },
  },
  {
    kind: "emit",
    label: "Send an event",
    hint: "Other workflows can start on it",
    name: "announce",
    body: {
      emit: {
        event: {
          with: { source: "https://fairlead.example.com", type: "com.example.event", data: {} },
        },
      },
    },
  },
  {
    kind: "raise",
    label: "Fail",
    hint: "Ends with an error of yours",
    name: "fail",
    body: {
      raise: {
        error: { type: "https://example.com/errors/failed", status: 400, title: "It failed" },
      },
    },
  },
  {
    kind: "workflow",
    label: "Run another workflow",
    hint: "As a run of its own",
    name: "runWorkflow",
    body: {
      run: { workflow: { namespace: "default", name: "another", version: "latest", input: {} } },
    },
  },
  {
    kind: "http",
    label: "HTTP request",
    hint: "To any service",
    name: "request",
    body: { call: "http", with: { method: "get", endpoint: "https://example.com/" } },
  },
  {
    kind: "openapi",
    label: "API operation",
    hint: "Of a service that has an OpenAPI document",
    name: "operation",
    body: {
      call: "openapi",
      with: { document: { endpoint: "https://example.com/openapi.json" }, operationId: "list" },
    },
  },
];

/** The document's own functions (`use.functions`). */
export function functionKinds(data: unknown): NewKind[] {
  const use = isData(data) ? data["use"] : undefined;
  const functions = isData(use) ? use["functions"] : undefined;
  return Object.keys(isData(functions) ? functions : {}).map((name) => ({
    kind: "function",
    label: name,
    hint: "A function of this workflow",
    name: nameFor(name),
    body: { call: name, with: {} },
  }));
}

/** "create-issue" as a step name: "createIssue". */
export function nameFor(action: string): string {
  const name = action.replace(/[^A-Za-z0-9]+(.)?/g, (_all, letter: string | undefined) =>
    (letter ?? "").toUpperCase(),
  );
  return name === "" ? "step" : name;
}

/** A name no step of the document has yet. */
export function freeName(steps: readonly Step[], wanted: string): string {
  const taken = new Set(flattened(steps).map(({ step }) => step.name));
  if (!taken.has(wanted)) return wanted;
  for (let number = 2; ; ++number) {
    if (!taken.has(wanted + String(number))) return wanted + String(number);
  }
}

/** How a step keeps its result: readable later as $context.<name>. */
export function keeping(name: string): { as: string } {
  return { as: `$context + { ${name}: . }` };
}

export function actionBody(call: string, name: string): unknown {
  return { call, with: {}, export: keeping(name) };
}
