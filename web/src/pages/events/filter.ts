// Which events the page shows, as it stands in the URL: ?q=inc-42&type=com.example.x&since=24h. Pure.
import { spans, startedAfter, type Span } from "../runs/model/filters";

export interface EventFilter {
  // Words of type, subject, source or id.
  text: string;
  type: string;
  since: Span;
}

export const noFilter: EventFilter = { text: "", type: "", since: "" };

export function filterFrom(search: string): EventFilter {
  const given = new URLSearchParams(search);
  const since = given.get("since") ?? "";
  return {
    text: given.get("q") ?? "",
    type: given.get("type") ?? "",
    since: spans.find((each) => each === since) ?? "",
  };
}

/** What stands in the URL of the page. */
export function shown({ text, type, since }: EventFilter): Record<string, string> {
  return { q: text.trim(), type, since };
}

/** What the server is asked. */
export function asked({ text, type, since }: EventFilter, now: number): Record<string, string> {
  return { q: text.trim(), type, receivedAfter: startedAfter(since, now) };
}

export function isFiltered(filter: EventFilter): boolean {
  return Object.values(shown(filter)).some((each) => each !== "");
}
