// Any JSON: what the API passes on and does not describe, such as the input of a run.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };

/** Of what YAML, a form or JSON.parse gave: JSON, though the compiler cannot see it. */
export const asJson = (value: unknown): Json | undefined => value as Json | undefined;
