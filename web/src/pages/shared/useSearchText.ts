// The words a list is searched for, as they stand in the URL: /admin/users?q=eve.
import { useCallback } from "react";
import { useLocation, useSearch } from "wouter";
import { query } from "./api";

export function useSearchText(): readonly [string, (text: string) => void] {
  const [path, go] = useLocation();
  const text = new URLSearchParams(useSearch()).get("q") ?? "";
  const search = useCallback(
    (next: string) => go(`${path}${query({ q: next.trim() })}`, { replace: true }),
    [go, path],
  );
  return [text, search];
}
