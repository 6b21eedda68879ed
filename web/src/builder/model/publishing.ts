// Whether a draft may be published, judged by what the checks found. The server decides again. Pure.

import type { Problem } from "../server/types";

/** Errors of design, not of form: the server publishes such a workflow when it is told to. */
const forcible: ReadonlySet<string> = new Set(["own-event"]);

export interface Verdict {
  /** "free": nothing stands in the way. "forced": only with a reason. "stopped": not at all. */
  kind: "free" | "forced" | "stopped";
  errors: Problem[];
  warnings: Problem[];
}

export function verdictOf(problems: readonly Problem[]): Verdict {
  const errors = problems.filter((problem) => problem.severity === "error");
  const warnings = problems.filter((problem) => problem.severity !== "error");
  const kind =
    errors.length === 0
      ? "free"
      : errors.every((problem) => forcible.has(problem.code))
        ? "forced"
        : "stopped";
  return { kind, errors, warnings };
}

/** The note as it is kept: one who published against the checks is to be seen in the versions. */
export function noteOf(note: string, forced: boolean): string {
  const said = note.trim();
  return forced ? `Published against the checks: ${said}` : said;
}
