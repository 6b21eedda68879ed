// A list of the administration: searched at the server, read page by page, with its four states.
import { Group, Skeleton } from "@mantine/core";
import type { ReactNode } from "react";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { More } from "../shared/More";
import { SearchField } from "../shared/SearchField";

/** Fewer are seen at a glance. */
const searchedFrom = 8;

interface Props {
  list: {
    items: readonly unknown[];
    isError: boolean;
    error: unknown;
    isPending: boolean;
    refetch: () => unknown;
    hasNextPage: boolean;
    isFetchingNextPage: boolean;
    fetchNextPage: () => unknown;
  };
  text: string;
  onSearch: (text: string) => void;
  // "user", "users".
  one: string;
  many: string;
  // What it may be found by.
  placeholder: string;
  empty: ReactNode;
  // The table.
  children: ReactNode;
}

export function SearchedList(props: Props) {
  const { list, text, onSearch, one, many } = props;
  const searched = text !== "" || list.items.length > searchedFrom || list.hasNextPage;
  return (
    <>
      {searched && (
        <Group mb="sm" role="search">
          <SearchField
            label={`Search ${many}`}
            placeholder={props.placeholder}
            text={text}
            onSearch={onSearch}
          />
        </Group>
      )}
      {list.isError ? (
        <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton height={160} />
      ) : list.items.length > 0 ? (
        <>
          {props.children}
          {searched && (
            <More
              list={list}
              count={list.items.length}
              one={one}
              many={many}
              label={`Show more ${many}`}
            />
          )}
        </>
      ) : text !== "" ? (
        <EmptyState title={`No ${one} has these words`}>
          Every word must stand somewhere in a row. Take one away to see more.
        </EmptyState>
      ) : (
        props.empty
      )}
    </>
  );
}
