// The forms of `catch.retry`: how often a `try` tries again, when, and with which pauses. Pure.

import { field, hint, object, type KindForm } from "./formParts";

// Read when the workflow is published: no expression is asked there.
const literalSpan = { "x-fairlead": { widget: "span", literal: true } };

/** How often and when a `try` tries again. Its backoff has a control of its own. */
export const retryForms: readonly KindForm[] = [
  {
    path: ["catch", "retry", "limit", "attempt"],
    schema: object({
      count: {
        type: "integer",
        title: "Try again at most",
        description: "So many times after the first.",
        minimum: 0,
        "x-fairlead": { literal: true },
      },
    }),
  },
  {
    path: ["catch", "retry"],
    schema: object({
      delay: field("Pause before trying again", "A duration: PT10S is ten seconds.", literalSpan),
    }),
  },
];

/** The rest of it, below the backoff. */
export const retryMoreForms: readonly KindForm[] = [
  {
    path: ["catch", "retry", "jitter"],
    schema: object({
      from: field("A random pause on top: at least", "So that not all try at once.", literalSpan),
      to: field("A random pause on top: at most", "Both, or none of the two.", literalSpan),
    }),
  },
  {
    path: ["catch", "retry", "limit"],
    schema: object({
      duration: field("Give up after", "All attempts and pauses together.", literalSpan),
    }),
  },
  {
    path: ["catch", "retry", "limit", "attempt"],
    schema: object({
      duration: field("One attempt at most", "Then it counts as failed.", literalSpan),
    }),
  },
  {
    path: ["catch", "retry"],
    schema: object({
      when: field("Only if", "Asked of the error; otherwise no new attempt.", hint("expression")),
      exceptWhen: field("But not if", "Asked of the error.", hint("expression")),
    }),
  },
];
