// Forms of the steps that are no action, as schemas like those of actions: the form knows none of
// them either. Each says where in the step its values stand. Pure data.

import type { StepKind } from "./outline";

export interface KindForm {
  path: readonly string[]; // within the step
  schema: unknown;
}

const field = (title: string, description: string, more: object = {}): object => ({
  type: "string",
  title,
  description,
  ...more,
});
const hint = (widget: string): object => ({ "x-fairlead": { widget } });
const map = (title: string, description: string): object => ({
  type: "object",
  title,
  description,
});

function object(properties: Record<string, object>, required: readonly string[] = []): unknown {
  let order = 0;
  const ordered = Object.entries(properties).map(([name, value]) => {
    const hints = (value as Record<string, object | undefined>)["x-fairlead"] ?? {};
    return [name, { ...value, "x-fairlead": { ...hints, order: ++order } }];
  });
  return { type: "object", properties: Object.fromEntries(ordered) as object, required };
}

const methods = ["get", "post", "put", "patch", "delete", "head", "options"];

export const kindForms: Partial<Record<StepKind, readonly KindForm[]>> = {
  wait: [
    {
      path: [],
      schema: object(
        {
          wait: field("How long", "A duration: PT30M is 30 minutes, P1D a day.", {
            ...hint("span"),
            examples: ["PT5M"],
          }),
        },
        ["wait"],
      ),
    },
  ],
  raise: [
    {
      path: ["raise", "error"],
      schema: object(
        {
          title: field("Title", "What failed, in a line."),
          detail: field("Detail", "What happened; may name values.", hint("textarea")),
          type: field("Type", "A URI by which `catch` knows it.", {
            examples: ["https://example.com/errors/refused"],
          }),
          status: {
            type: "integer",
            title: "Status",
            description: "As of HTTP: 400 to 599.",
            minimum: 400,
            maximum: 599,
          },
        },
        ["type", "status"],
      ),
    },
  ],
  emit: [
    {
      path: ["emit", "event", "with"],
      schema: object(
        {
          type: field("Type", "What happened, in reverse domain style.", {
            examples: ["com.example.change.approved"],
          }),
          source: field("Source", "Where it comes from: a URI."),
          subject: field("Subject", "What it is about."),
          data: map("Data", "What the event tells."),
        },
        ["type", "source"],
      ),
    },
  ],
  listen: [
    {
      path: ["listen", "to", "one", "with"],
      schema: object({
        type: field("Event type", "The type the event must have."),
        source: field("Source", "Only events from there."),
        subject: field("Subject", "Only events about that."),
        data: map("Data", "Members the event's data must have."),
      }),
    },
    {
      path: ["listen"],
      schema: object({
        read: {
          ...field("What is kept", "The event's data, or the event with its envelope."),
          enum: ["data", "envelope", "raw"],
        },
      }),
    },
  ],
  workflow: [
    {
      path: ["run", "workflow"],
      schema: object(
        {
          namespace: field("Namespace", "Of the other workflow."),
          name: field("Name", "Of the other workflow."),
          version: field("Version", "`latest`, or one of its versions.", { examples: ["latest"] }),
          input: map("Input", "What it is given."),
        },
        ["namespace", "name", "version"],
      ),
    },
    {
      path: ["run"],
      schema: object({
        await: {
          type: "boolean",
          title: "Wait for its end",
          description: "Otherwise it goes on by itself. Yes if left out.",
          default: true,
        },
      }),
    },
  ],
  http: [
    {
      path: ["with"],
      schema: object(
        {
          method: {
            ...field("Method", "GET and HEAD read, the others change something."),
            enum: methods,
          },
          endpoint: field("URL", "May have {names} of the input in it.", {
            examples: ["https://shop.example.com/pets/{petId}"],
          }),
          query: map("Query", "Parameters behind the ?."),
          headers: map("Headers", "Sent along. Secrets by ${ $secrets.name }."),
          body: { title: "Body", description: "JSON, or text.", ...hint("code") },
          output: {
            ...field("Result", "The content, the whole answer, or the bytes."),
            enum: ["content", "response", "raw"],
          },
          redirect: {
            type: "boolean",
            title: "Follow redirects",
            description: "And take 3xx for no error.",
          },
        },
        ["method", "endpoint"],
      ),
    },
  ],
  openapi: [
    {
      path: ["with"],
      schema: object(
        {
          operationId: field("Operation", "Its operationId in the document."),
          document: {
            ...(object({ endpoint: field("URL", "Of the Swagger 2.0 or OpenAPI 3 document.") }, [
              "endpoint",
            ]) as object),
            title: "Document",
          },
          parameters: map("Parameters", "By name; `body` is the body."),
        },
        ["operationId", "document"],
      ),
    },
  ],
  function: [{ path: [], schema: object({ with: map("Input", "Becomes the function's input.") }) }],
  for: [
    {
      path: ["for"],
      schema: object(
        {
          in: field("List", "What is gone through, one after the other.", hint("expression")),
          each: field("Name of the item", "Inside, $item is the item unless you name it here.", {
            examples: ["item"],
          }),
          at: field("Name of its number", "Inside, $index counts from 0 unless you name it here.", {
            examples: ["index"],
          }),
        },
        ["in"],
      ),
    },
    {
      path: [],
      schema: object({
        while: field(
          "Only while",
          "Stops before the first item for which this is false.",
          hint("expression"),
        ),
      }),
    },
  ],
  fork: [
    {
      path: ["fork"],
      schema: object({
        compete: {
          type: "boolean",
          title: "The first to finish wins",
          description: "The others are cancelled; what they did stays.",
        },
      }),
    },
  ],
  try: [
    {
      path: ["catch"],
      schema: object({
        as: field(
          "Name of the error",
          "In the catch block, $error is the error unless you name it here.",
          { examples: ["error"] },
        ),
        when: field(
          "Only if",
          "Asked of the error; otherwise it goes on outwards.",
          hint("expression"),
        ),
      }),
    },
    {
      path: ["catch", "errors", "with"],
      schema: object({
        type: field("Only of this type", "A URI, or its last part."),
        status: { type: "integer", title: "Only with this status", description: "As of HTTP." },
      }),
    },
    {
      path: ["catch", "retry", "limit", "attempt"],
      schema: object({
        count: {
          type: "integer",
          title: "Try again at most",
          description: "So many times after the first.",
          minimum: 0,
        },
      }),
    },
    {
      path: ["catch", "retry"],
      schema: object({
        delay: field(
          "Pause before trying again",
          "A duration: PT10S is ten seconds.",
          hint("span"),
        ),
      }),
    },
  ],
};

/** What every step can say besides. */
export const optionsForm: KindForm = {
  path: [],
  schema: object({
    if: field("Only if", "The step is left out when this is false.", hint("expression")),
  }),
};

export const timeoutForm: KindForm = {
  path: ["timeout"],
  schema: object({
    after: field("At most", "A duration; then the step fails with status 408.", hint("span")),
  }),
};

export const outputForm: KindForm = {
  path: ["output"],
  schema: object({
    as: field("Result", "What the next step gets. Everything, if left out.", hint("expression")),
  }),
};

/** The order in which the parts of a step are written. */
export const stepOrder: readonly string[] = [
  "if",
  "input",
  "call",
  "with",
  "for",
  "while",
  "try",
  "catch",
  "fork",
  "switch",
  "listen",
  "wait",
  "emit",
  "raise",
  "run",
  "set",
  "do",
  "timeout",
  "output",
  "export",
  "then",
  "metadata",
];
