// The forms of what holds for a whole workflow, and what of a document they show. Pure.

import { knownBy } from "./coverage";
import { aside, field, hint, object, type KindForm } from "./formParts";

const literal = (widget: string): object => ({ "x-fairlead": { widget, literal: true } });

export const workflowForms: readonly KindForm[] = [
  {
    path: ["timeout"],
    schema: object({
      after: field("A run takes at most", "Then it fails with status 408.", hint("span")),
    }),
  },
  {
    path: ["input"],
    schema: object({
      from: field(
        "Input",
        "What the first step gets, of what the run was given.",
        aside("expression"),
      ),
      schema: {
        title: "Input schema",
        description: "{document: a JSON Schema} that the input must fit; the Run form asks for it.",
        ...aside("code"),
      },
    }),
  },
  {
    path: ["output"],
    schema: object({
      as: field("Result", "What the run gives, of the last step's result.", aside("expression")),
      schema: {
        title: "Result schema",
        description: "{document: a JSON Schema} that the result must fit.",
        ...aside("code"),
      },
    }),
  },
  {
    path: ["document", "metadata", "retention"],
    schema: object({
      age: field(
        "Keep ended runs for",
        "P90D is ninety days; forever. As the server's settings say, if left out.",
        { ...literal("span"), examples: ["P90D"] },
      ),
      count: {
        type: ["integer", "string"],
        title: "Keep at most so many",
        description: "Ended runs; the oldest go first.",
        ...literal("text"),
      },
    }),
  },
];

export const coveredOfWorkflow = knownBy(workflowForms, [
  "document.dsl",
  "document.namespace",
  "document.name",
  "document.version",
  "document.title",
  "document.summary",
  "document.metadata.schedule",
  "document.metadata.changeNote",
  "document.metadata.template",
  "schedule",
  "do",
]);
