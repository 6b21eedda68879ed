// Any JSON: what the API passes on and does not describe, such as the input of a run.

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };
export type JsonObject = { [name: string]: Json };
