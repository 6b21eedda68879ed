// What runs did outside, as the API tells it, in words.
import type { Json } from "./json";

export type EffectState =
  "done" | "adopted" | "under way" | "not known" | "failed afterwards" | "not done";

export interface Effect {
  effect: string;
  task: string;
  call: string;
  connection: string;
  kind: string;
  state: EffectState;
  at: string;
  link: string;
  input: Json;
  output: Json;
  candidates: Json;
  waitsForDecision: boolean;
}

export const effectWords: Record<EffectState, { status: string; words: string }> = {
  done: { status: "done", words: "done" },
  adopted: { status: "done", words: "adopted" },
  "under way": { status: "running", words: "under way" },
  "not known": { status: "unknown", words: "nobody knows" },
  "failed afterwards": { status: "failed", words: "done, then failed" },
  "not done": { status: "skipped", words: "not done" },
};

export type Fate = "keep" | "adopt" | "look-up" | "repeat";

export const fateWords: Record<Fate, string> = {
  keep: "stays as it is",
  adopt: "taken over, nothing is sent",
  "look-up": "looked for first, sent if not there",
  repeat: "done again",
};

export interface PlannedEffect extends Effect {
  fate: Fate;
}
