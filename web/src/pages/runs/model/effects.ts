// What runs did outside, as the API tells it, in words.
import type { Schema } from "../../../api/routes";

export type Effect = Schema<"Effect">;
export type EffectState = Effect["state"];

export const effectWords: Record<EffectState, { status: string; words: string }> = {
  done: { status: "done", words: "done" },
  adopted: { status: "done", words: "adopted" },
  "under way": { status: "running", words: "under way" },
  "not known": { status: "unknown", words: "nobody knows" },
  "failed afterwards": { status: "failed", words: "done, then failed" },
  "not done": { status: "skipped", words: "not done" },
};

// What a replay would do about it.
export type PlannedEffect = Schema<"EffectFate">;
export type Fate = PlannedEffect["fate"];

export const fateWords: Record<Fate, string> = {
  keep: "stays as it is",
  adopt: "taken over, nothing is sent",
  "look-up": "looked for first, sent if not there",
  repeat: "done again",
};
