// Forms of the steps that are no action, as schemas like those of actions: the form knows none of
// them either. Each says where in the step its values stand. Pure data.

import { knownBy, type Known } from "./coverage";
import { aside, field, hint, map, object, type KindForm } from "./formParts";
import { answerFields, authentication, httpForms } from "./httpForms";
import type { StepKind } from "./outline";
import { retryForms, retryMoreForms } from "./retryForms";

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
          instance: field("Instance", "A URI of this one occurrence.", aside()),
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
          id: field("Id", "Made up if left out. One that came before is not heard again.", aside()),
          time: field("Time", "When it happened; now, if left out.", aside()),
          datacontenttype: field("Content type", "Of the data: application/json.", aside()),
          dataschema: field("Data schema", "A URI that says what the data has.", aside()),
        },
        ["type", "source"],
      ),
    },
  ],
  listen: [
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
          authentication,
          ...answerFields,
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
      path: ["catch", "errors", "with"],
      heading: "Which errors are caught",
      schema: object({
        type: field("Only of this type", "A URI, or its last part."),
        status: { type: "integer", title: "Only with this status", description: "As of HTTP." },
        title: field("Only with this title", "Word for word.", aside()),
        detail: field("Only with this detail", "Word for word.", aside()),
        instance: field("Only at this instance", "A URI.", aside()),
      }),
    },
    {
      path: ["catch"],
      schema: object({
        when: field(
          "Only if",
          "Asked of the error; otherwise it goes on outwards.",
          hint("expression"),
        ),
        exceptWhen: field(
          "But not if",
          "Asked of the error; it goes on outwards then.",
          aside("expression"),
        ),
        as: field(
          "Name of the error",
          "In the catch block, $error is the error unless you name it here.",
          { examples: ["error"] },
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

const schemaField = (title: string, description: string): object => ({
  title,
  description,
  ...aside("code"),
});

export const inputForm: KindForm = {
  path: ["input"],
  schema: object({
    from: field(
      "Input",
      "What the step gets, of what came before. Everything, if left out.",
      aside("expression"),
    ),
    schema: schemaField("Input schema", "{document: a JSON Schema} that the input must fit."),
  }),
};

export const outputForm: KindForm = {
  path: ["output"],
  schema: object({
    as: field("Result", "What the next step gets. Everything, if left out.", hint("expression")),
    schema: schemaField("Result schema", "{document: a JSON Schema} that the result must fit."),
  }),
};

// What is shown in another way than by a form of fields.
const shownOtherwise: Partial<Record<StepKind, readonly string[]>> = {
  action: ["with"],
  function: ["with"],
  do: ["do"],
  for: ["do"],
  fork: ["fork.branches"],
  switch: ["switch"],
  set: ["set"],
  listen: ["listen.to"],
  try: ["try", "catch.do", "catch.then", "catch.retry.backoff"],
  http: ["with.endpoint"],
};

/** All of a step that the forms show. */
export function coveredOf(kind: StepKind): Known {
  const forms = [
    ...(kindForms[kind] ?? []),
    ...(kind === "http" ? httpForms("") : []),
    ...(kind === "try" ? [...retryForms, ...retryMoreForms] : []),
    optionsForm,
    timeoutForm,
    inputForm,
    outputForm,
  ];
  return knownBy(forms, ["call", "then", "export.as", ...(shownOtherwise[kind] ?? [])]);
}

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
