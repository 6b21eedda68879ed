// Which events a step waits for, or start a workflow: `one`, `any` or `all` of some filters, each
// with what the event must have and by what it is matched with others. Pure.

import type { Path } from "../document/path";
import type { Edit } from "../document/plain";
import { isData } from "./outline";

export type Strategy = "one" | "any" | "all";
export const strategies: readonly Strategy[] = ["one", "any", "all"];

export interface EventFilter {
  path: Path; // of the filter, in the document
  with: Record<string, unknown>;
  correlate: Record<string, unknown>;
}

export interface Events {
  /** null: written in a way the form does not know. */
  strategy: Strategy | null;
  filters: EventFilter[];
}

function filterOf(value: unknown, path: Path): EventFilter {
  const data = isData(value) ? value : {};
  return {
    path,
    with: isData(data["with"]) ? data["with"] : {},
    correlate: isData(data["correlate"]) ? data["correlate"] : {},
  };
}

/** `value` stands at `path`: listen.to, schedule.on. */
export function eventsOf(value: unknown, path: Path): Events {
  const data = isData(value) ? value : {};
  const found = strategies.filter((each) => each in data);
  const strategy = found.length === 1 ? (found[0] as Strategy) : null;
  if (strategy === null) return { strategy, filters: [] };
  const inner = data[strategy];
  if (strategy === "one") return { strategy, filters: [filterOf(inner, [...path, "one"])] };
  if (!Array.isArray(inner)) return { strategy: null, filters: [] };
  const filters = inner.map((each, index) => filterOf(each, [...path, strategy, index]));
  return { strategy, filters };
}

const empty = { with: { type: "com.example.event" } };

/** The filters stay; only from several to one all but the first go. */
export function strategyEdits(value: unknown, path: Path, to: Strategy): Edit[] {
  const { strategy } = eventsOf(value, path);
  if (strategy === to) return [];
  const inner: unknown = strategy !== null && isData(value) ? value[strategy] : undefined;
  const list: unknown[] = Array.isArray(inner) ? inner : inner === undefined ? [] : [inner];
  const filters = list.length > 0 ? list : [empty];
  const next = to === "one" ? { one: filters[0] } : { [to]: filters };
  return [{ kind: "set", path, value: next }];
}

export function addEdits({ strategy, filters }: Events, path: Path): Edit[] {
  if (strategy === null || strategy === "one") return [];
  return [{ kind: "insert", list: [...path, strategy], index: filters.length, value: empty }];
}

/** A correlation's name that is not taken. */
export function freeKey(taken: Record<string, unknown>): string {
  for (let number = 1; ; ++number) {
    const name = number === 1 ? "key" : `key${number}`;
    if (!(name in taken)) return name;
  }
}
