// One run with its story, kept true while one looks.
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useMemo } from "react";
import { server } from "../../../api/server";
import { tellStory } from "../model/story";
import { useFollow } from "./useFollow";

const rowEveryMs = 10_000;

export function useRun(id: string) {
  const follow = useFollow(id);
  const client = useQueryClient();
  const over = follow.live === "over";
  const row = useQuery({
    queryKey: ["run", id],
    queryFn: () => server.get(`/runs/${encodeURIComponent(id)}`),
    refetchInterval: over ? false : rowEveryMs,
  });
  // What a new entry did to the row.
  const last = follow.entries[follow.entries.length - 1]?.seq ?? 0;
  useEffect(() => {
    if (last > 0) void client.invalidateQueries({ queryKey: ["run", id] });
  }, [client, id, last, over]);
  const story = useMemo(() => tellStory(follow.entries), [follow.entries]);
  return { row, run: row.data, story, journal: follow.entries, live: follow.live };
}
