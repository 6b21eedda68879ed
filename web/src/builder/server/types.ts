// What the server answers about workflows, as docs/api.md has it. Only what the pages read.

import type { Role } from "./request";

export type VersionStatus = "published" | "draft" | "disabled";

export interface WorkflowBrief {
  namespace: string;
  name: string;
  version: string;
  status: VersionStatus;
  createdAt: string;
  title?: string;
  summary?: string;
  startsOn?: string;
}

export interface WorkflowVersion {
  version: string;
  status: VersionStatus;
  createdAt: string;
  note?: string;
  by?: string;
}

export interface Schedule {
  plan?: string;
  nextStart?: string;
  lastStart?: string;
  skipped?: number;
  skippedWhy?: string;
}

export interface Workflow extends WorkflowBrief {
  source: string;
  versions: WorkflowVersion[];
  schedule?: Schedule;
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

export interface Checked {
  ok: boolean;
  problems: Problem[];
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

export interface RunBrief {
  id: string;
  status: string;
  startedAt: string;
  endedAt: string | null;
  workflow: { namespace: string; name: string; version: string };
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

export interface ConnectionBrief {
  name: string;
  baseUrl: string;
  status?: string;
  state?: string;
  default: boolean;
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
