// What the server answers about workflows, as docs/api.md has it. Only what the pages read.

import type { Answer, Schema } from "../../api/routes";
import type { Role } from "./request";

export type WorkflowBrief = Schema<"WorkflowRow">;
export type VersionStatus = WorkflowBrief["status"];
export type Workflow = Answer<"get", "/workflows/*/*">;
export type WorkflowVersion = Workflow["versions"][number];
export type Schedule = NonNullable<Workflow["schedule"]>;
export type RunBrief = Schema<"Run">;
export type ConnectionBrief = Schema<"Connection">;
export interface Checked {
  ok: boolean;
  problems: Problem[];
}

export interface Problem {
  severity: "error" | "warning";
  code: string;
  line: number;
  column: number;
  pointer: string;
  message: string;
  nearest?: string;
  fix?: string;
}

export interface SavedDraft extends WorkflowBrief, Checked {
  source: string;
}

export interface Change {
  change: "added" | "removed" | "changed" | "moved";
  pointer: string;
  before?: string;
  changed?: string[];
}

export interface Difference {
  from: string;
  to: string;
  changes: Change[];
  text: string;
}

export interface ActionBrief {
  id: string; // "gitlab.create-issue"
  name: string;
  catalog: string;
  version: string;
  title: string;
  description: string;
  effect: "reads" | "creates" | "changes" | "deletes";
  scope: string;
  role: string;
  docsUrl: string;
}

export interface Action extends ActionBrief {
  inputSchema: unknown;
  outputSchema: unknown;
}

export interface TemplateField {
  name: string;
  label: string;
  help?: string;
  kind: string;
  default?: unknown;
  required?: boolean;
  choices?: (string | { value: string; label: string })[];
  parent?: string;
}

export interface Template {
  id: string;
  title: string;
  summary: string;
  useCase: string;
  fields: TemplateField[];
  trigger: string;
  steps: (string | { name?: string; title?: string })[];
}

export interface PickItem {
  value: string | number;
  label: string;
  detail?: string;
  webUrl?: string;
}

export interface PickPage {
  items: PickItem[];
  nextPage?: string | number | null;
}

export interface Sample {
  id: string;
  label: string;
  input: unknown;
  context?: unknown;
  /** Outputs of tasks, by pointer. */
  outputs?: Record<string, unknown>;
}

export interface Planned {
  steps: PlannedStep[];
  // There are more than it walks through.
  more: boolean;
}

export interface PlannedStep {
  task: string;
  title?: string;
  call?: string;
  request?: unknown;
  expression?: string;
  note?: string;
  allowed?: boolean;
  reason?: string;
  output?: unknown;
  problem?: string;
}

export interface StepResult {
  output?: unknown;
  request?: unknown;
  response?: unknown;
  problem?: { title?: string; detail?: string; remedy?: string; pointer?: string };
}

export type { Role };
