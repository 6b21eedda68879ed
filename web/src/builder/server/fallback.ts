// What the pages do with a server that has not got a route yet: the older route, or nothing. A page
// then shows less, and works.

import { edited } from "../document/edit";
import { valueAt } from "../document/path";
import { readSource } from "../document/source";
import { isData, outlineOf, text, triggerWords } from "../model/outline";
import { Refusal } from "./request";
import type { Template, TemplateField } from "./types";

export function isMissing(error: unknown): boolean {
  return error instanceof Refusal && (error.status === 404 || error.status === 405);
}

/** `attempt`, and `otherwise` if the server has no such route. */
export async function orElse<T>(attempt: Promise<T>, otherwise: () => T | Promise<T>): Promise<T> {
  try {
    return await attempt;
  } catch (error) {
    if (isMissing(error)) return otherwise();
    throw error;
  }
}

interface Plain {
  name: string;
  summary?: string;
  source: string;
}

/** A template as the server first gave them: a name and the whole text. */
export function templateOf(given: Template | Plain): Template {
  if ("fields" in given) return given;
  const { data } = readSource(given.source);
  const fields = valueAt(data, ["document", "metadata", "template", "fields"]);
  return {
    id: given.name,
    title: text(valueAt(data, ["document", "title"])) || given.name,
    summary: given.summary ?? "",
    useCase: text(valueAt(data, ["document", "metadata", "template", "useCase"])),
    trigger: triggerWords(data),
    steps: outlineOf(data)
      .slice(1)
      .map((step) => spaced(step.name)),
    fields: (Array.isArray(fields) ? fields : [])
      .filter(isData)
      .map((field) => questionOf(field, data)),
  };
}

/** "createIssue" as "create issue". */
function spaced(name: string): string {
  return name.replace(
    /([a-z0-9])([A-Z])/g,
    (_all, a: string, b: string) => `${a} ${b.toLowerCase()}`,
  );
}

function questionOf(field: Record<string, unknown>, data: unknown): TemplateField {
  const name = text(field["name"]);
  const choices = Array.isArray(field["choices"]) ? field["choices"].map(text) : [];
  return {
    name,
    label: text(field["label"]) || name,
    help: text(field["description"]),
    kind: text(field["kind"]) || "text",
    parent: text(field["parent"]),
    required: field["required"] !== false,
    choices,
    default: valueAt(data, ["do", 0, "settings", "set", name]),
  };
}

/** The template's text with the answers in it. */
export function filled(given: Plain, name: string, values: Record<string, unknown>): string {
  let source = readSource(given.source);
  if (name !== "")
    source = edited(source, { kind: "set", path: ["document", "name"], value: name });
  for (const [field, value] of Object.entries(values)) {
    if (value !== undefined)
      source = edited(source, { kind: "set", path: ["do", 0, "settings", "set", field], value });
  }
  return source.text;
}
