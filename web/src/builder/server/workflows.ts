// The calls of the pages about workflows. One function a route; no state.

import { Refusal, request } from "./request";
import type {
  Action,
  ActionBrief,
  Checked,
  ConnectionBrief,
  Difference,
  PickPage,
  Planned,
  RunBrief,
  Sample,
  SavedDraft,
  StepResult,
  Template,
  Workflow,
  WorkflowBrief,
} from "./types";

export interface WorkflowRef {
  namespace: string;
  name: string;
}

interface Items<T> {
  items: T[];
}

const pathOf = (ref: WorkflowRef): string =>
  `/workflows/${encodeURIComponent(ref.namespace)}/${encodeURIComponent(ref.name)}`;

function query(values: Record<string, string | number | undefined>): string {
  const given = Object.entries(values).filter(([, value]) => value !== undefined && value !== "");
  const text = new URLSearchParams(given.map(([key, value]) => [key, String(value)])).toString();
  return text === "" ? "" : `?${text}`;
}

const yaml = (text: string): { text: string; type: string } => ({ text, type: "application/yaml" });

export const listWorkflows = (): Promise<WorkflowBrief[]> =>
  request<Items<WorkflowBrief>>("GET", "/workflows").then((answer) => answer.body.items);

/** With the ETag of what was read, for saving it again. */
export async function getWorkflow(
  ref: WorkflowRef,
  version?: string,
): Promise<{ workflow: Workflow; etag: string }> {
  const answer = await request<Workflow>("GET", pathOf(ref) + query({ version }));
  return { workflow: answer.body, etag: answer.etag };
}

/** The newest draft if there is one, else what is published. */
export async function getEditable(ref: WorkflowRef): Promise<{ workflow: Workflow; etag: string }> {
  const shown = await getWorkflow(ref);
  const draft = shown.workflow.versions.find((version) => version.status === "draft");
  // Only a draft can be overwritten: its ETag, of this address, goes along when it is saved.
  return draft ? getWorkflow(ref, draft.version) : { workflow: shown.workflow, etag: "" };
}

export async function saveDraft(
  ref: WorkflowRef,
  source: string,
  etag: string,
): Promise<{ saved: SavedDraft; etag: string }> {
  const answer = await request<SavedDraft>("PUT", pathOf(ref) + "/draft", {
    body: yaml(source),
    ifMatch: etag,
  });
  return { saved: answer.body, etag: answer.etag };
}

export const createDraft = (source: string): Promise<SavedDraft> =>
  request<SavedDraft>("PUT", "/workflows/draft", { body: yaml(source) }).then(
    (answer) => answer.body,
  );

/** `against`: the checks found a loop, and it is published all the same. */
export const publishDraft = (
  ref: WorkflowRef,
  version: string,
  checks: "heeded" | "against",
): Promise<WorkflowBrief> =>
  request<WorkflowBrief>("POST", pathOf(ref) + "/publish", {
    json: checks === "against" ? { version, force: true } : { version },
  }).then((answer) => answer.body);

export const discardDraft = (ref: WorkflowRef, version: string): Promise<unknown> =>
  request("DELETE", `${pathOf(ref)}/versions/${encodeURIComponent(version)}`);

export const rollback = (ref: WorkflowRef, version: string): Promise<WorkflowBrief> =>
  request<WorkflowBrief>("POST", pathOf(ref) + "/rollback", { json: { version } }).then(
    (answer) => answer.body,
  );

export const setEnabled = (ref: WorkflowRef, state: "enable" | "disable"): Promise<unknown> =>
  request("POST", `${pathOf(ref)}/${state}`, { json: {} });

export const startRun = (ref: WorkflowRef, input: unknown): Promise<{ id: string }> =>
  request<{ id: string }>("POST", pathOf(ref) + "/run", { json: { input } }).then(
    (answer) => answer.body,
  );

export const difference = (ref: WorkflowRef, from: string, to: string): Promise<Difference> =>
  request<Difference>("GET", pathOf(ref) + "/diff" + query({ from, to })).then(
    (answer) => answer.body,
  );

export const checkSource = (source: string): Promise<Checked> =>
  request<Checked>("POST", "/workflows/check", { json: { source } }).then((answer) => answer.body);

export const lastRuns = (ref: WorkflowRef, limit: number): Promise<RunBrief[]> =>
  request<Items<RunBrief>>(
    "GET",
    "/runs" + query({ workflow: `${ref.namespace}/${ref.name}`, limit }),
  ).then((answer) => answer.body.items);

export const listActions = (): Promise<ActionBrief[]> =>
  request<Items<ActionBrief>>("GET", "/actions").then((answer) => answer.body.items);

export const getAction = (id: string): Promise<Action> =>
  request<Action>("GET", `/actions/${encodeURIComponent(id)}`).then((answer) => answer.body);

export const actionCommand = (id: string, input: unknown, as: "curl" | "glab"): Promise<string> =>
  request<{ command: string }>("POST", `/actions/${encodeURIComponent(id)}/command`, {
    json: { input, as },
  }).then((answer) => answer.body.command);

export const listConnections = (): Promise<ConnectionBrief[]> =>
  request<Items<ConnectionBrief>>("GET", "/connections").then((answer) => answer.body.items);

export const listTemplates = (): Promise<Template[]> =>
  request<Items<Template>>("GET", "/templates").then((answer) => answer.body.items);

export const instantiate = (
  id: string,
  name: string,
  values: Record<string, unknown>,
): Promise<string> =>
  request<{ source: string }>("POST", `/templates/${encodeURIComponent(id)}/instantiate`, {
    json: name === "" ? { values } : { name, values },
  }).then((answer) => answer.body.source);

export interface PickQuery {
  connection: string;
  kind: string;
  search: string;
  parent?: string;
  page?: string;
}

export const pick = (
  { connection, kind, search, parent, page }: PickQuery,
  signal?: AbortSignal,
): Promise<PickPage> =>
  request<PickPage>(
    "GET",
    `/connections/${encodeURIComponent(connection)}/pick/${kind}` + query({ search, parent, page }),
    { signal },
  ).then((answer) => answer.body);

export const evaluate = (
  expression: string,
  sample: object,
  signal?: AbortSignal,
): Promise<unknown> =>
  request<{ value: unknown }>("POST", "/expressions/evaluate", {
    json: { expression, sample },
    signal,
  }).then((answer) => answer.body.value);

/** None of a workflow that is not stored yet. */
export async function samplesOf(ref: WorkflowRef): Promise<Sample[]> {
  try {
    return (await request<Items<Sample>>("GET", pathOf(ref) + "/samples")).body.items;
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return [];
    throw error;
  }
}

export const dryRun = (source: string, input: unknown): Promise<Planned> =>
  request<Planned>("POST", "/workflows/dry-run", { json: { source, input } }).then(
    (answer) => answer.body,
  );

export const testStep = (
  source: string,
  task: string,
  sample: { input?: unknown; context?: unknown },
  way: "dry" | "real",
): Promise<StepResult> =>
  request<StepResult>("POST", "/workflows/test-step", {
    json: { source, task, ...sample, dryRun: way === "dry" },
  }).then((answer) => answer.body);
