// A run as `GET /api/v1/runs` gives it, and what its status means.
import type { Json } from "../../../api/json";
import type { Schema } from "../../../api/routes";

export type Run = Schema<"Run">;
export type RunStatus = Run["status"];
export type WorkflowRef = Schema<"WorkflowRef">;
/** Its payload is read by name: a newer server may have more to say. */
export type JournalEntry = Omit<Schema<"JournalEntry">, "payload"> & { payload: Json };

export const runStatuses: readonly RunStatus[] = [
  "running",
  "waiting",
  "suspended",
  "faulted",
  "completed",
  "cancelled",
  "pending",
];

export function hasEnded(status: RunStatus): boolean {
  return status === "completed" || status === "faulted" || status === "cancelled";
}

// Which orders make sense now. The server has the last word.
export function ordersFor(run: Run): { cancel: boolean; pause: boolean; resume: boolean } {
  const ended = hasEnded(run.status);
  return {
    cancel: !ended,
    pause: !ended && !isPaused(run),
    // An ended one: what it could not cancel outside.
    resume:
      run.status === "suspended" ||
      run.status === "waiting" ||
      (ended && run.waitingFor.startsWith("a person: ")),
  };
}

export function isPaused(run: Run): boolean {
  return run.status === "suspended" && run.waitingFor.startsWith("a person: paused by ");
}

export function workflowPath(workflow: { namespace: string; name: string }): string {
  return `${workflow.namespace}/${workflow.name}`;
}
