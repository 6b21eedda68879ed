// An approval as the API gives it, and what can be said of it in words. Pure.
import type { Schema } from "../../api/routes";
import { isObject, member, number, text, type Json } from "../runs/model/json";

export type Approval = Schema<"Approval">;
export type ApprovalStatus = Approval["status"];

export function given(approval: Approval): number {
  return approval.decisions.filter((each) => each.decision === "approved").length;
}

// "2 of 3 approvals", "any operator decides"
export function countWords(approval: Approval): string {
  const { required } = approval;
  return required > 1 ? `${given(approval)} of ${required} approvals` : "one approval decides";
}

export interface Field {
  name: string;
  kind: "text" | "number" | "integer" | "yes-no" | "choice";
  label: string;
  help: string;
  required: boolean;
  options: string[];
  start: string | number | boolean;
  minimum: number | undefined;
  maximum: number | undefined;
  maxLength: number | undefined;
}

function limit(schema: Json, name: string): number | undefined {
  return typeof member(schema, name) === "number" ? number(schema, name) : undefined;
}

function fieldOf(name: string, schema: Json, required: boolean): Field {
  const type = text(schema, "type");
  const choices = member(schema, "enum");
  const options = Array.isArray(choices) ? choices.map(String) : [];
  const kind =
    options.length > 0
      ? "choice"
      : type === "number" || type === "integer"
        ? type
        : type === "boolean"
          ? "yes-no"
          : "text";
  const preset = member(schema, "default");
  const fits =
    typeof preset === "string" || typeof preset === "number" || typeof preset === "boolean";
  return {
    name,
    kind,
    label: text(schema, "title") || name,
    help: text(schema, "description"),
    required,
    options,
    start: fits ? preset : kind === "yes-no" ? false : "",
    minimum: limit(schema, "minimum"),
    maximum: limit(schema, "maximum"),
    maxLength: limit(schema, "maxLength"),
  };
}

// The fields to fill in when approving, in the order of the form.
export function fieldsOf(form: Json): Field[] {
  const properties = member(form, "properties");
  if (!isObject(properties)) return [];
  const needed = member(form, "required");
  const required = new Set(Array.isArray(needed) ? needed : []);
  return Object.entries(properties).map(([name, schema]) =>
    fieldOf(name, schema, required.has(name)),
  );
}

export type Answers = Record<string, string | number | boolean>;

// What is sent: nothing that was left empty, numbers as numbers, choices in their own type.
export function valuesOf(
  fields: readonly Field[],
  form: Json,
  answers: Answers,
): Record<string, Json> {
  const values: Record<string, Json> = {};
  for (const field of fields) {
    const answer = answers[field.name] ?? field.start;
    if (answer === "") continue;
    if (field.kind === "choice") {
      const choices = member(member(member(form, "properties"), field.name), "enum");
      const chosen = Array.isArray(choices)
        ? choices.find((each) => String(each) === answer)
        : answer;
      values[field.name] = chosen ?? answer;
    } else {
      values[field.name] = answer;
    }
  }
  return values;
}

export interface Decider {
  username: string;
  role: string;
}

const ranks = ["viewer", "operator", "author", "org-admin"];

function listOf(value: Json | undefined): string[] {
  return Array.isArray(value) ? value.map(String) : [];
}

// Why this person does not decide; "" if they do. The server has the last word.
export function hindranceOf(approval: Approval, who: Decider): string {
  if (approval.requestedBy === who.username) return "You asked for this, so somebody else decides.";
  if (approval.decisions.some((each) => each.by === who.username))
    return "You have decided; it waits for others.";
  const users = listOf(member(approval.approvers, "users"));
  const named = listOf(member(approval.approvers, "roles"));
  const roles = users.length + named.length === 0 ? ["operator"] : named;
  const ranked = roles.some((role) => ranks.indexOf(who.role) >= ranks.indexOf(role));
  if (users.includes(who.username) || ranked) return "";
  return `Not yours to decide: it waits for ${approval.waitsFor}.`;
}
