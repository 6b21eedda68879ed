// Fields of a form, read out of an action's JSON Schema and its `x-fairlead` hints. Nothing here
// knows any action: a new action has a form because it has a schema. Pure.

import { isData, text } from "./outline";

export type Control =
  | "text"
  | "textarea"
  | "number"
  | "boolean"
  | "select"
  | "list"
  | "map"
  | "object"
  | "date"
  | "dateTime"
  | "span"
  | "dateOrSpan"
  | "picker"
  | "json"
  | "expression";

export interface Choice {
  value: string | number | boolean;
  label: string;
}

export interface Picker {
  kind: string; // "project", "branch", ...
  /** The field whose value the lookup needs: a branch needs its project. "" if none. */
  parents: readonly string[];
}

export interface Field {
  name: string;
  label: string;
  help: string;
  required: boolean;
  advanced: boolean;
  control: Control;
  /** null may be given: it empties the value there. */
  clearable: boolean;
  /** Of a picker, also whether another text than those offered may be typed. */
  choices: readonly Choice[];
  picker: Picker | null;
  /** Types a value may have: a number where "integer" is the only one. */
  types: readonly string[];
  item: Field | null; // of a list
  fields: readonly Field[]; // of an object
  example: string;
  initial: unknown;
  minimum: number | null;
  maximum: number | null;
  pattern: string;
  format: string;
  /** It is what it says: no expression is asked there. */
  literal: boolean;
}

type Schema = Record<string, unknown>;

/** What a lookup of each kind needs to be given. */
const parentsOf: Record<string, readonly string[]> = {
  branch: ["project"],
  tag: ["project"],
  issue: ["project"],
  pipeline: ["project"],
  label: ["project", "group"],
  milestone: ["project", "group"],
};

/** The fields of an object schema, in the order the schema gives. */
export function fieldsOf(schema: unknown): Field[] {
  if (!isData(schema) || !isData(schema["properties"])) return [];
  const required = Array.isArray(schema["required"]) ? schema["required"] : [];
  return Object.entries(schema["properties"])
    .map(([name, value]) => ({
      field: fieldOf(name, isData(value) ? value : {}, required.includes(name)),
      order: orderOf(value),
    }))
    .sort((a, b) => a.order - b.order)
    .map(({ field }) => field);
}

function hintsOf(schema: unknown): Schema {
  return isData(schema) && isData(schema["x-fairlead"]) ? schema["x-fairlead"] : {};
}

function orderOf(schema: unknown): number {
  const order = hintsOf(schema)["order"];
  return typeof order === "number" ? order : 1000;
}

export function typesOf(schema: Schema): string[] {
  const type = schema["type"];
  if (typeof type === "string") return [type];
  if (Array.isArray(type)) return type.map(text).filter((one) => one !== "null");
  const choices = schema["anyOf"] ?? schema["oneOf"];
  return Array.isArray(choices)
    ? [...new Set(choices.flatMap((choice) => (isData(choice) ? typesOf(choice) : [])))]
    : [];
}

export function fieldOf(name: string, schema: Schema, required: boolean): Field {
  const hints = hintsOf(schema);
  const items = isData(schema["items"]) ? schema["items"] : {};
  const isList = typesOf(schema).includes("array") && typesOf(schema).length === 1;
  const ownPicker = text(hints["picker"]);
  // A list of things to pick says so on itself or on its items.
  const item = isList
    ? fieldOf(
        "",
        ownPicker === ""
          ? items
          : { ...items, "x-fairlead": { ...hintsOf(items), picker: ownPicker } },
        false,
      )
    : null;
  const examples = Array.isArray(schema["examples"]) ? (schema["examples"] as unknown[]) : [];
  const bound = (key: string): number | null =>
    typeof schema[key] === "number" ? schema[key] : null;
  const field: Field = {
    name,
    required,
    label: text(schema["title"]) || name,
    help: text(schema["description"]),
    advanced: hints["advanced"] === true,
    control: "text",
    clearable:
      hints["clearable"] === true ||
      (Array.isArray(schema["type"]) && schema["type"].includes("null")),
    choices: choicesOf(schema, hints),
    picker:
      ownPicker !== "" && !isList
        ? { kind: ownPicker, parents: parentsHint(hints) ?? parentsOf[ownPicker] ?? [] }
        : null,
    types: typesOf(schema),
    item,
    fields: isData(schema["properties"]) ? fieldsOf(schema) : [],
    example: examples.length > 0 ? text(examples[0]) : "",
    initial: schema["default"],
    minimum: bound("minimum"),
    maximum: bound("maximum"),
    pattern: text(schema["pattern"]),
    format: text(schema["format"]),
    literal: hints["literal"] === true,
  };
  return { ...field, control: controlOf(field, text(hints["widget"])) };
}

function parentsHint(hints: Schema): readonly string[] | null {
  const parent = hints["pickerParent"] ?? hints["parent"];
  if (typeof parent === "string") return [parent];
  return Array.isArray(parent) ? parent.map(text) : null;
}

function choicesOf(schema: Schema, hints: Schema): Choice[] {
  const labels = isData(hints["labels"]) ? hints["labels"] : {};
  if (Array.isArray(schema["enum"])) {
    return (schema["enum"] as unknown[])
      .filter(
        (value): value is string | number => typeof value === "string" || typeof value === "number",
      )
      .map((value) => ({ value, label: text(labels[String(value)]) || String(value) }));
  }
  const choices = hints["choices"];
  if (!Array.isArray(choices)) return [];
  return choices.filter(isData).map((choice) => ({
    value: choice["const"] as string | number,
    label: text(choice["title"]) || text(choice["const"]),
  }));
}

const widgets: Record<string, Control> = {
  textarea: "textarea",
  code: "json",
  span: "span",
  "date-or-span": "dateOrSpan",
  date: "date",
  expression: "expression",
};

function controlOf(field: Field, widget: string): Control {
  if (field.picker) return "picker";
  if (field.choices.length > 0) return "select";
  if (widget in widgets) return widgets[widget] as Control;
  if (field.item) return "list";
  const [type, ...others] = field.types;
  if (type === undefined) return "json";
  if (others.length > 0) {
    if (field.types.includes("string") && !field.types.includes("object")) return "text";
    return field.types.includes("object") ? "map" : "json";
  }
  if (field.format === "date") return "date";
  if (type === "object") return field.fields.length > 0 ? "object" : "map";
  if (type === "integer" || type === "number") return "number";
  if (type === "boolean") return "boolean";
  return "text";
}

/** What a person typed, as the value the schema wants: 7 where ids are numbers. */
export function typed(field: Field, written: string): unknown {
  const number = /^-?(0|[1-9][0-9]*)(\.[0-9]+)?$/.test(written) ? Number(written) : null;
  const numeric = field.types.includes("integer") || field.types.includes("number");
  if (number !== null && numeric && Number.isSafeInteger(Math.trunc(number))) return number;
  return written;
}

/** What a literal is not: a sentence, or "". Expressions are judged when they have a value. */
export function faultOf(field: Field, value: unknown): string {
  if (value === undefined || value === "") return field.required ? `${field.label} is needed.` : "";
  if (typeof value === "string" && value.includes("${")) return "";
  if (typeof value === "number" && field.minimum !== null && value < field.minimum)
    return `At least ${field.minimum}.`;
  if (typeof value === "number" && field.maximum !== null && value > field.maximum)
    return `At most ${field.maximum}.`;
  if (field.control === "number" && typeof value !== "number") return "A number.";
  return "";
}
