// The calls of the pages about workflows. One function a route; no state.

import { asJson } from "../../api/json";
import type { Schema } from "../../api/routes";
import { query } from "../../pages/shared/api";
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
} from "./types";

export interface WorkflowRef {
  namespace: string;
  name: string;
}

const pathOf = (ref: WorkflowRef) =>
  `/workflows/${encodeURIComponent(ref.namespace)}/${encodeURIComponent(ref.name)}` as const;

const yaml = (text: string): { text: string; type: string } => ({ text, type: "application/yaml" });

/** With the ETag of what was read, for saving it again. */
export async function getWorkflow(
  ref: WorkflowRef,
  version?: string,
): Promise<{ workflow: Workflow; etag: string }> {
  const answer = await request("get", `${pathOf(ref)}${query({ version })}`);
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
  const answer = await request("put", `${pathOf(ref)}/draft`, {
    body: yaml(source),
    ifMatch: etag,
  });
  return { saved: answer.body, etag: answer.etag };
}

export const createDraft = (source: string): Promise<SavedDraft> =>
  request("put", "/workflows/draft", { body: yaml(source) }).then((answer) => answer.body);

/** `against`: the checks found a loop, and it is published all the same. */
export const publishDraft = (
  ref: WorkflowRef,
  version: string,
  checks: "heeded" | "against",
): Promise<Schema<"WorkflowPublished">> =>
  request("post", `${pathOf(ref)}/publish`, {
    json: checks === "against" ? { version, force: true } : { version },
  }).then((answer) => answer.body);

export const discardDraft = (ref: WorkflowRef, version: string): Promise<unknown> =>
  request("delete", `${pathOf(ref)}/versions/${encodeURIComponent(version)}`);

export const rollback = (ref: WorkflowRef, version: string) =>
  request("post", `${pathOf(ref)}/rollback`, { json: { version } }).then((answer) => answer.body);

export const setEnabled = (ref: WorkflowRef, state: "enable" | "disable"): Promise<unknown> =>
  request("post", `${pathOf(ref)}/${state}`, { json: {} });

export const startRun = (ref: WorkflowRef, input: unknown): Promise<{ id: string }> =>
  request("post", `${pathOf(ref)}/run`, { json: { input: asJson(input) } }).then(
    (answer) => answer.body,
  );

export const difference = (ref: WorkflowRef, from: string, to: string): Promise<Difference> =>
  request("get", `${pathOf(ref)}/diff${query({ from, to })}`).then((answer) => answer.body);

export const checkSource = (source: string): Promise<Checked> =>
  request("post", "/workflows/check", { json: { source } }).then((answer) => answer.body);

export const lastRuns = (ref: WorkflowRef, limit: number): Promise<RunBrief[]> =>
  request("get", `/runs${query({ workflow: `${ref.namespace}/${ref.name}`, limit })}`).then(
    (answer) => answer.body.items,
  );

export const listActions = (): Promise<ActionBrief[]> =>
  request("get", "/actions").then((answer) => answer.body.items);

export const getAction = (id: string): Promise<Action> =>
  request("get", `/actions/${encodeURIComponent(id)}`).then((answer) => answer.body);

export const actionCommand = (id: string, input: unknown, as: "curl" | "glab"): Promise<string> =>
  request("post", `/actions/${encodeURIComponent(id)}/command`, {
    json: { input: asJson(input), as },
  }).then((answer) => answer.body.command);

export const listConnections = (): Promise<ConnectionBrief[]> =>
  request("get", "/connections").then((answer) => answer.body.items);

export const listTemplates = (): Promise<Template[]> =>
  request("get", "/templates").then((answer) => answer.body.items);

export const instantiate = (
  id: string,
  name: string,
  values: Record<string, string | string[]>,
): Promise<string> =>
  request("post", `/templates/${encodeURIComponent(id)}/instantiate`, {
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
  request(
    "get",
    `/connections/${encodeURIComponent(connection)}/pick/${encodeURIComponent(kind)}${query({ search, parent, page })}`,
    { signal },
  ).then((answer) => answer.body);

export const evaluate = (
  expression: string,
  sample: object,
  signal?: AbortSignal,
): Promise<unknown> =>
  request("post", "/expressions/evaluate", {
    json: { expression, sample },
    signal,
  }).then((answer) => answer.body.value);

/** None of a workflow that is not stored yet. */
export async function samplesOf(ref: WorkflowRef): Promise<Sample[]> {
  try {
    return (await request("get", `${pathOf(ref)}/samples`)).body.items;
  } catch (error) {
    if (error instanceof Refusal && error.status === 404) return [];
    throw error;
  }
}

export const dryRun = (source: string, input: unknown): Promise<Planned> =>
  request("post", "/workflows/dry-run", { json: { source, input: asJson(input) } }).then(
    (answer) => answer.body,
  );

export const testStep = (
  source: string,
  task: string,
  sample: { input?: unknown; context?: unknown },
  way: "dry" | "real",
): Promise<StepResult> =>
  request("post", "/workflows/test-step", {
    json: {
      source,
      task,
      input: asJson(sample.input),
      context: asJson(sample.context),
      dryRun: way === "dry",
    },
  }).then((answer) => answer.body);
