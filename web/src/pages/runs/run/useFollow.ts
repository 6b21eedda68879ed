// A run's journal, from its beginning and on as it grows.
//
// One stream of server-sent events gives the entries there are and then each new one; the browser
// takes it up again where it broke off (Last-Event-ID). Entries are handed on a few times a second,
// so that a run of thousands of steps does not draw the page thousands of times.
import { useEffect, useReducer } from "react";
import type { JournalEntry, Run } from "../model/run";

const batchMs = 150;

export interface Following {
  entries: readonly JournalEntry[];
  ended: Run | undefined;
  live: "connecting" | "live" | "broken" | "over";
}

const nothing: Following = { entries: [], ended: undefined, live: "connecting" };

type Change = Partial<Following> & { added?: readonly JournalEntry[]; restart?: true };

function changed(state: Following, { added, restart, ...rest }: Change): Following {
  const base = restart ? nothing : state;
  const last = base.entries[base.entries.length - 1]?.seq ?? 0;
  const fresh = added?.filter((entry) => entry.seq > last) ?? [];
  return { ...base, ...rest, entries: fresh.length ? [...base.entries, ...fresh] : base.entries };
}

export function useFollow(id: string): Following {
  const [state, dispatch] = useReducer(changed, nothing);
  useEffect(() => {
    dispatch({ restart: true });
    const source = new EventSource(`/api/v1/runs/${encodeURIComponent(id)}/follow`);
    let waiting: JournalEntry[] = [];
    let timer: ReturnType<typeof setTimeout> | undefined;
    const flush = () => {
      timer = undefined;
      dispatch({ added: waiting });
      waiting = [];
    };
    source.onopen = () => dispatch({ live: "live" });
    source.onerror = () => dispatch({ live: "broken" });
    source.addEventListener("entry", (event: MessageEvent<string>) => {
      waiting.push(JSON.parse(event.data) as JournalEntry);
      timer ??= setTimeout(flush, batchMs);
    });
    source.addEventListener("end", (event: MessageEvent<string>) => {
      source.close();
      clearTimeout(timer);
      flush();
      dispatch({ ended: JSON.parse(event.data) as Run, live: "over" });
    });
    return () => {
      source.close();
      clearTimeout(timer);
    };
  }, [id]);
  return state;
}
