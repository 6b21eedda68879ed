// The rows of the runs table: pages by cursor, kept fresh from the top.
//
// Pages are read once. The newest page is read again when the live stream says that a run changed
// (app/live.ts makes queries of "runs" stale), and every few seconds in case it is down, and laid
// over the rows there are: what is new comes in at the top, what changed changes in place. Rows
// further down that have not ended are asked for singly.
import { useInfiniteQuery, useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { server } from "../../api/server";
import { query } from "../shared/api";
import { startedAfter, type RunFilter } from "./model/filters";
import { hasEnded, type Run } from "./model/run";

const pageSize = 50;
const freshEveryMs = 4_000;
const oldRowsEveryMs = 15_000;
const oldRowsMax = 25;

function path(filter: RunFilter, cursor: string) {
  const parts = {
    status: filter.statuses,
    workflow: filter.workflow,
    text: filter.text,
    event: filter.event,
    parent: filter.parent,
    startedAfter: startedAfter(filter.since, Date.now()),
    limit: pageSize,
    cursor,
  };
  return `/runs${query(parts)}` as const;
}

function matches(run: Run, filter: RunFilter): boolean {
  return filter.statuses.length === 0 || filter.statuses.includes(run.status);
}

export function useRuns(filter: RunFilter) {
  const pages = useInfiniteQuery({
    queryKey: ["run-pages", filter],
    queryFn: ({ pageParam }) => server.get(path(filter, pageParam)),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor || undefined,
    staleTime: Infinity,
    refetchOnWindowFocus: false,
    gcTime: 0,
  });
  const head = useQuery({
    queryKey: ["runs", "head", filter],
    queryFn: () => server.get(path(filter, "")),
    refetchInterval: freshEveryMs,
    enabled: pages.isSuccess,
    gcTime: 0,
  });
  const known = useMemo(() => pages.data?.pages.flatMap((page) => page.items) ?? [], [pages.data]);
  const under = useOldRows(known, head.data?.items ?? []);
  const rows = useMemo(() => {
    const fresh = new Map<string, Run>();
    for (const run of under.data ?? []) fresh.set(run.id, run);
    for (const run of head.data?.items ?? []) fresh.set(run.id, run);
    const seen = new Set(known.map((run) => run.id));
    const added = (head.data?.items ?? []).filter((run) => !seen.has(run.id));
    const all = [...added, ...known.map((run) => fresh.get(run.id) ?? run)];
    return all.filter((run) => matches(run, filter));
  }, [known, head.data, under.data, filter]);
  return { rows, pages, refresh: head.refetch };
}

// Rows below the newest page that may still change.
function useOldRows(known: readonly Run[], head: readonly Run[]) {
  const covered = new Set(head.map((run) => run.id));
  const ids = known
    .filter((run) => !hasEnded(run.status) && !covered.has(run.id))
    .slice(0, oldRowsMax)
    .map((run) => run.id);
  return useQuery({
    queryKey: ["runs", "old", ids],
    queryFn: () => Promise.all(ids.map((id) => server.get(`/runs/${id}`))),
    enabled: ids.length > 0,
    refetchInterval: oldRowsEveryMs,
    placeholderData: (before) => before,
    gcTime: 0,
  });
}
