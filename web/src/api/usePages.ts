// A list read a page at a time: the first at once, each further one when it is asked for.
//
// While a filter changes the rows of the one before stay, so that the page does not jump. A list
// that is refreshed by the clock is so only while its first page is all there is: of what has been
// read further down nothing moves.

import { keepPreviousData, useInfiniteQuery } from "@tanstack/react-query";
import { useMemo } from "react";

interface Paged {
  items: readonly unknown[];
  nextCursor: string;
}

interface Options {
  freshEveryMs?: number;
}

export type Pages<Page extends Paged> = ReturnType<typeof usePages<Page>>;

/** `read` gets the cursor, "" first. `key` names the list and its filter. */
export function usePages<Page extends Paged>(
  key: readonly unknown[],
  read: (cursor: string) => Promise<Page>,
  { freshEveryMs }: Options = {},
) {
  const list = useInfiniteQuery({
    queryKey: key,
    queryFn: ({ pageParam }) => read(pageParam),
    initialPageParam: "",
    getNextPageParam: (last: Page) => last.nextCursor || undefined,
    placeholderData: keepPreviousData,
    refetchInterval: ({ state }) =>
      freshEveryMs !== undefined && (state.data?.pages.length ?? 1) === 1 ? freshEveryMs : false,
  });
  const items = useMemo(
    () => (list.data?.pages ?? []).flatMap((page) => page.items) as Page["items"][number][],
    [list.data],
  );
  return { ...list, items, first: list.data?.pages[0] };
}
