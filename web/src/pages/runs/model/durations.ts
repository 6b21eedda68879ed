// Lengths of time in words: "3 min 4 s", "for 2 h", and where a moment lies from now. Pure.

const units: readonly [string, number][] = [
  ["d", 86_400_000],
  ["h", 3_600_000],
  ["min", 60_000],
  ["s", 1_000],
];

// Two units at most: "2 d 3 h", "3 min 4 s", "420 ms".
export function durationWords(ms: number): string {
  if (!Number.isFinite(ms) || ms < 0) return "";
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 10_000) return `${(Math.floor(ms / 100) / 10).toFixed(1).replace(/\.0$/, "")} s`;
  for (let i = 0; i < units.length; ++i) {
    const [name, size] = units[i]!;
    if (ms < size) continue;
    const whole = Math.floor(ms / size);
    const next = units[i + 1];
    const rest = next ? Math.floor((ms - whole * size) / next[1]) : 0;
    return rest > 0 && next ? `${whole} ${name} ${rest} ${next[0]}` : `${whole} ${name}`;
  }
  return "0 s";
}

// Whole seconds, for something that is counted while one looks at it.
export function runningWords(ms: number): string {
  if (ms < 1_000) return "0 s";
  return durationWords(ms < 10_000 ? Math.floor(ms / 1_000) * 1_000 : ms);
}

export function spanMs(begin: string, end: string | null | undefined, now: number): number {
  const from = Date.parse(begin);
  const to = end ? Date.parse(end) : now;
  return Math.max(0, to - from);
}

// "in 3 min", "2 h ago"
export function fromNowWords(at: string, now: number): string {
  const ms = Date.parse(at) - now;
  if (Number.isNaN(ms)) return "";
  if (Math.abs(ms) < 1_000) return "now";
  return ms > 0 ? `in ${runningWords(ms)}` : `${runningWords(-ms)} ago`;
}
