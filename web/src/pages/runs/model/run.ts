// A run as `GET /api/v1/runs` gives it, and what its status means.
import type { Json } from "./json";

export type RunStatus =
  "pending" | "running" | "waiting" | "suspended" | "cancelled" | "faulted" | "completed";

export const runStatuses: readonly RunStatus[] = [
  "running",
  "waiting",
  "suspended",
  "faulted",
  "completed",
  "cancelled",
  "pending",
];

export interface WorkflowRef {
  namespace: string;
  name: string;
  version: string;
}

export interface Run {
  id: string;
  workflow: WorkflowRef;
  status: RunStatus;
  waitingFor: string;
  cause: string;
  eventSeq: number;
  replayOf: string;
  replayOfRemoved?: boolean;
  parent: { run: string; task: string } | null;
  startedAt: string;
  endedAt: string | null;
  input: Json;
  output: Json;
  error: Json;
}

export interface JournalEntry {
  seq: number;
  kind: string;
  task: string;
  at: string;
  payload: Json;
}

export function hasEnded(status: RunStatus): boolean {
  return status === "completed" || status === "faulted" || status === "cancelled";
}

// Which orders make sense now. The server has the last word.
export function ordersFor(run: Run): { cancel: boolean; pause: boolean; resume: boolean } {
  const ended = hasEnded(run.status);
  return {
    cancel: !ended,
    pause: !ended && !isPaused(run),
    resume: run.status === "suspended" || run.status === "waiting",
  };
}

export function isPaused(run: Run): boolean {
  return run.status === "suspended" && run.waitingFor.startsWith("a person: paused by ");
}

export function workflowPath(workflow: { namespace: string; name: string }): string {
  return `${workflow.namespace}/${workflow.name}`;
}
