// A run as a file: its row and its whole journal, nothing made up and nothing left out.
import type { JournalEntry, Run } from "../model/run";

export function saveRun(run: Run, journal: readonly JournalEntry[]): void {
  const text = JSON.stringify({ run, journal }, null, 2);
  const url = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = document.createElement("a");
  link.href = url;
  link.download = `run-${run.workflow.name}-${run.id}.json`;
  link.click();
  URL.revokeObjectURL(url);
}
