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
export type Checked = Schema<"WorkflowChecked">;
export type Problem = Schema<"WorkflowProblem">;
export type SavedDraft = Schema<"WorkflowDraft">;
export type Change = Schema<"WorkflowChange">;
export type Difference = Answer<"get", "/workflows/*/*/diff">;
export type ActionBrief = Schema<"ActionRow">;
export type Action = Schema<"Action">;
export type TemplateField = Schema<"TemplateField">;
export type Template = Schema<"Template">;
export type PickPage = Answer<"get", "/connections/*/pick/*">;
export type PickItem = PickPage["items"][number];
export type Sample = Schema<"Sample">;
export type Planned = Answer<"post", "/workflows/dry-run">;
export type PlannedStep = Schema<"DryStep">;
export type StepResult = Answer<"post", "/workflows/test-step">;

export type { Role };
