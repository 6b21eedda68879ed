// What changes at the server, as it changes: /api/v1/live tells, and whatever shows it asks anew.
import { useQueryClient } from "@tanstack/react-query";
import { useEffect } from "react";

// Kind of event -> first words of the queries that show such things.
const shows: Readonly<Record<string, readonly string[]>> = {
  run: ["runs", "run", "approvals"],
  approval: ["approvals", "approval"],
  connection: ["connections", "connection"],
};
const quietMs = 400;

export function useLiveUpdates(): void {
  const queries = useQueryClient();
  useEffect(() => {
    const source = new EventSource("/api/v1/live");
    const stale = new Set<string>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    const refresh = () => {
      timer = undefined;
      for (const key of stale) void queries.invalidateQueries({ queryKey: [key] });
      stale.clear();
    };
    const heard = (kind: string) => () => {
      shows[kind]?.forEach((key) => stale.add(key));
      timer ??= setTimeout(refresh, quietMs);
    };
    for (const kind of Object.keys(shows)) source.addEventListener(kind, heard(kind));
    // What happened while the line was down is not told again.
    let wasDown = false;
    source.onerror = () => {
      wasDown = true;
    };
    source.onopen = () => {
      if (wasDown) for (const kind of Object.keys(shows)) heard(kind)();
      wasDown = false;
    };
    return () => {
      if (timer !== undefined) clearTimeout(timer);
      source.close();
    };
  }, [queries]);
}
