// JSON values as they come from the API, and careful reading of their members.
//
// Journal payloads are open: each kind has its own members and a newer server may add some. So they
// are read by name, and what is missing or of another type reads as "nothing". Pure.

import type { Json, JsonObject } from "../../../api/json";

export type { Json, JsonObject };

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function member(value: Json | undefined, name: string): Json | undefined {
  return isObject(value) ? value[name] : undefined;
}

export function text(value: Json | undefined, name: string): string {
  const found = member(value, name);
  return typeof found === "string" ? found : "";
}

export function number(value: Json | undefined, name: string): number {
  const found = member(value, name);
  return typeof found === "number" ? found : 0;
}

export function flag(value: Json | undefined, name: string): boolean {
  return member(value, name) === true;
}

export function isEmpty(value: Json | undefined): boolean {
  if (value === undefined || value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  return isObject(value) && Object.keys(value).length === 0;
}
