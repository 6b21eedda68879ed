// A status as a coloured glyph and a word: never by colour alone.
import { Loader } from "@mantine/core";
import classes from "./StatusChip.module.css";

export type Tone = "good" | "bad" | "warn" | "info" | "quiet";

const glyphs: Record<Tone, string> = { good: "✓", bad: "✕", warn: "!", info: "…", quiet: "–" };

const tones: Record<string, Tone> = {
  completed: "good",
  done: "good",
  approved: "good",
  verified: "good",
  active: "good",
  faulted: "bad",
  failed: "bad",
  refused: "bad",
  "needs-sign-in": "bad",
  suspended: "warn",
  expired: "warn",
  unknown: "warn",
  uncertain: "warn",
  waiting: "info",
  open: "info",
  running: "info",
  pending: "info",
  refreshing: "info",
};

export function toneOf(status: string): Tone {
  return tones[status] ?? "quiet";
}

export function StatusGlyph({ status }: { status: string }) {
  if (status === "running") return <Loader size={14} aria-hidden className={classes.loader} />;
  const tone = toneOf(status);
  return (
    <span className={`${classes.glyph} ${classes[tone]}`} aria-hidden>
      {glyphs[tone]}
    </span>
  );
}

export function StatusChip({ status, label }: { status: string; label?: string }) {
  return (
    <span className={classes.chip}>
      <StatusGlyph status={status} />
      <span>{label ?? status}</span>
    </span>
  );
}
