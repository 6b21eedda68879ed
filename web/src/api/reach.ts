// Whether the server can be reached, as the calls find it: the banner on every page shows it.
import { useSyncExternalStore } from "react";

type Listener = () => void;
const listeners = new Set<Listener>();
let away = false;

/** Told after every call: whether anybody answered. */
export function answered(somebody: "yes" | "no"): void {
  const now = somebody === "no";
  if (now === away) return;
  away = now;
  listeners.forEach((each) => each());
}

// What a proxy says in place of a server that is not there.
const proxySays: readonly number[] = [502, 504];

export function isOfProxy(status: number): boolean {
  return proxySays.includes(status);
}

function subscribe(listener: Listener): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function useServerAway(): boolean {
  return useSyncExternalStore(subscribe, () => away);
}
