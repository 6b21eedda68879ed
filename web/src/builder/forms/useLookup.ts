// What there is of one kind at the connected GitLab: searched there, page by page.

import { useDebouncedValue } from "@mantine/hooks";
import { useInfiniteQuery } from "@tanstack/react-query";
import type { PickItem } from "../server/types";
import { pick } from "../server/workflows";

export interface About {
  connection: string | undefined;
  kind: string;
  /** Names of the fields one of which says where to look; none if it is not needed. */
  parents: readonly string[];
  /** What that field says; "" if nothing yet. */
  parent: string;
}

export interface Lookup {
  items: PickItem[];
  busy: boolean;
  hasMore: boolean;
  more: () => void;
  /** Why there is nothing to choose from; "" if there is, or may be. */
  hint: string;
}

export function useLookup(about: About, search: string, open: boolean): Lookup {
  const [asked] = useDebouncedValue(search.trim(), 250);
  const { connection, kind, parents, parent } = about;
  const lacksParent = parents.length > 0 && parent === "";
  const answer = useInfiniteQuery({
    queryKey: ["pick", connection, kind, parent, asked],
    queryFn: ({ pageParam, signal }) =>
      pick({ connection: connection ?? "", kind, search: asked, parent, page: pageParam }, signal),
    initialPageParam: "",
    getNextPageParam: (last) => (last.nextPage ? String(last.nextPage) : undefined),
    enabled: open && connection !== undefined && !lacksParent,
    staleTime: 30_000,
    retry: false,
  });
  return {
    items: answer.data?.pages.flatMap((page) => page.items) ?? [],
    busy: answer.isFetching,
    hasMore: answer.hasNextPage,
    more: () => void answer.fetchNextPage(),
    hint: hintOf(about, answer.error),
  };
}

function hintOf({ connection, parents, parent }: About, error: Error | null): string {
  if (connection === undefined)
    return "No GitLab is connected: type the value, or connect one in Settings > App Store.";
  if (parents.length > 0 && parent === "")
    return `Choose the ${parents.join(" or ")} first, or type the value.`;
  return error?.message ?? "";
}
