// What the runs table shows, as it stands in the URL: `?status=waiting&workflow=ops/x&since=24h`.
//
// A link to a filtered table is the filter. Pure.
import { runStatuses, type RunStatus } from "./run";

export const spans = ["", "1h", "24h", "7d", "30d"] as const;
export type Span = (typeof spans)[number];
export const spanLabels: Record<Span, string> = {
  "": "Any time",
  "1h": "Last hour",
  "24h": "Last 24 hours",
  "7d": "Last 7 days",
  "30d": "Last 30 days",
};
const spanMs: Record<Span, number> = {
  "": 0,
  "1h": 3_600_000,
  "24h": 86_400_000,
  "7d": 7 * 86_400_000,
  "30d": 30 * 86_400_000,
};

export interface RunFilter {
  statuses: RunStatus[];
  workflow: string;
  since: Span;
  text: string;
  event: string;
  parent: string;
}

export const noFilter: RunFilter = {
  statuses: [],
  workflow: "",
  since: "",
  text: "",
  event: "",
  parent: "",
};

export function filterFrom(search: string): RunFilter {
  const given = new URLSearchParams(search);
  const since = given.get("since") ?? "";
  return {
    statuses: runStatuses.filter((each) => given.getAll("status").includes(each)),
    workflow: given.get("workflow") ?? "",
    since: (spans as readonly string[]).includes(since) ? (since as Span) : "",
    text: given.get("text") ?? "",
    event: given.get("event") ?? "",
    parent: given.get("parent") ?? "",
  };
}

export function searchOf(filter: RunFilter): string {
  const search = new URLSearchParams();
  for (const status of filter.statuses) search.append("status", status);
  for (const name of ["workflow", "since", "text", "event", "parent"] as const) {
    if (filter[name] !== "") search.set(name, filter[name]);
  }
  return search.toString();
}

export function isFiltered(filter: RunFilter): boolean {
  return searchOf(filter) !== "";
}

// The earliest start, or nothing. Whole minutes, so that the same filter asks the same question.
export function startedAfter(since: Span, now: number): string {
  if (since === "") return "";
  const at = now - spanMs[since];
  return new Date(at - (at % 60_000)).toISOString();
}

// Why an order for all runs of the filter cannot be given, or "".
export function notForAll(filter: RunFilter): string {
  const by = [
    filter.text !== "" ? "text" : "",
    filter.event !== "" ? "event" : "",
    filter.parent !== "" ? "parent run" : "",
  ].filter((each) => each !== "");
  return by.length === 0 ? "" : `Take the filter by ${by.join(" and ")} away to act on all runs`;
}
