// Moments and lengths of time on a page, kept true while one looks at it.
//
// One timer for the whole page: what shows a running length asks for the present moment and is
// drawn again each second; nothing ticks if nobody asks.
import { useSyncExternalStore } from "react";
import { durationWords, fromNowWords, runningWords, spanMs } from "../runs/model/durations";

const listeners = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;
let now = Date.now();

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  timer ??= setInterval(() => {
    now = Date.now();
    listeners.forEach((each) => each());
  }, 1_000);
  return () => {
    listeners.delete(listener);
    if (listeners.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

// In whole seconds, so that it stays the same while a page is drawn.
function presentSecond(): number {
  if (timer === undefined) now = Date.now();
  return now - (now % 1_000);
}

export function useNow(): number {
  return useSyncExternalStore(subscribe, presentSecond);
}

const today: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", second: "2-digit" };
const other: Intl.DateTimeFormatOptions = {
  month: "short",
  day: "numeric",
  hour: "2-digit",
  minute: "2-digit",
};

export function momentWords(at: string, present = new Date()): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "";
  const same = date.toDateString() === present.toDateString();
  const parts: Intl.DateTimeFormatOptions = same
    ? today
    : date.getFullYear() === present.getFullYear()
      ? other
      : { ...other, year: "numeric" };
  return date.toLocaleString(undefined, { hourCycle: "h23", ...parts });
}

export function Moment({ at }: { at: string }) {
  return (
    <time dateTime={at} title={new Date(at).toString()}>
      {momentWords(at)}
    </time>
  );
}

function Ticking({ since }: { since: string }) {
  return <>{runningWords(spanMs(since, null, useNow()))}</>;
}

// "3 min 4 s"; counts on while there is no end.
export function Duration({ begin, end }: { begin: string; end?: string | null }) {
  if (begin === "") return null;
  return end ? <>{durationWords(spanMs(begin, end, 0))}</> : <Ticking since={begin} />;
}

export function FromNow({ at }: { at: string }) {
  return (
    <time dateTime={at} title={new Date(at).toString()}>
      {fromNowWords(at, useNow())}
    </time>
  );
}
