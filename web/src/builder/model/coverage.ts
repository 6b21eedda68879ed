// What of a step no form shows: it is kept, and edited in the YAML view. The form says so, by name.
// Read off the forms themselves, so that a new field is not announced as missing. Pure.

import type { KindForm } from "./formParts";
import { isData } from "./outline";

/** Names with what is known inside of them; true: all of it. */
export type Known = true | { [name: string]: Known };

function schemaKnown(schema: unknown): Known {
  if (!isData(schema) || !isData(schema["properties"])) return true;
  return Object.fromEntries(
    Object.entries(schema["properties"]).map(([name, inner]) => [name, schemaKnown(inner)]),
  );
}

function merged(one: Known, other: Known): Known {
  if (one === true || other === true) return true;
  const both = { ...one };
  for (const [name, known] of Object.entries(other))
    both[name] = name in both ? merged(both[name] as Known, known) : known;
  return both;
}

/** Everything that forms and paths ("catch.do") show. */
export function knownBy(forms: readonly KindForm[], paths: readonly string[]): Known {
  const at = (path: readonly string[], known: Known): Known =>
    path.reduceRight<Known>((inner, name) => ({ [name]: inner }), known);
  return [
    ...forms.map((form) => at(form.path, schemaKnown(form.schema))),
    ...paths.map((path) => at(path.split("."), true)),
  ].reduce(merged, {});
}

/** Paths in `value` that are not known: "timeout", "catch.retry". */
export function uncovered(value: unknown, known: Known, prefix = ""): string[] {
  if (known === true || value === null || value === undefined) return [];
  if (!isData(value)) return [prefix];
  return Object.entries(value).flatMap(([name, inner]) => {
    const path = prefix === "" ? name : `${prefix}.${name}`;
    const inside = known[name];
    return inside === undefined ? [path] : uncovered(inner, inside, path);
  });
}
