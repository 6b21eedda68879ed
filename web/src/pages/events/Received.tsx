// The events that came in, newest first, filtered at the server.
import { Anchor, Button, Skeleton } from "@mantine/core";
import { useCallback } from "react";
import { Link, useLocation, useSearch } from "wouter";
import type { Schema } from "../../api/routes";
import { server } from "../../api/server";
import { usePages } from "../../api/usePages";
import { paths } from "../runs/links";
import { query } from "../shared/api";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { More } from "../shared/More";
import classes from "../shared/Table.module.css";
import { Moment } from "../shared/time";
import { EventFilters } from "./EventFilters";
import { asked, filterFrom, isFiltered, noFilter, shown, type EventFilter } from "./filter";

const pageRows = 50;
const freshEveryMs = 5_000;

export function Received() {
  const [, go] = useLocation();
  const filter = filterFrom(useSearch());
  const change = useCallback(
    (next: EventFilter) => go(`${paths.events}${query(shown(next))}`, { replace: true }),
    [go],
  );
  const list = usePages(
    ["events", filter],
    (cursor) =>
      server.get(`/events${query({ ...asked(filter, Date.now()), limit: pageRows, cursor })}`),
    { freshEveryMs },
  );
  // A search looks at so many events a page: none may be among them, and more below.
  const none = list.isSuccess && list.items.length === 0 && !list.hasNextPage;
  return (
    <>
      {(!none || isFiltered(filter)) && <EventFilters filter={filter} onChange={change} />}
      {list.isError ? (
        <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />
      ) : list.isPending ? (
        <Skeleton height={240} />
      ) : none ? (
        <Nothing filter={filter} onClear={() => change(noFilter)} />
      ) : (
        <EventTable events={list.items} onType={(type) => change({ ...filter, type })} />
      )}
      <More
        list={list}
        count={list.items.length}
        one="event"
        many="events"
        label="Show older events"
      />
    </>
  );
}

function Nothing({ filter, onClear }: { filter: EventFilter; onClear: () => void }) {
  if (!isFiltered(filter))
    return (
      <EmptyState title="No event has come yet">
        Send one above, or connect GitLab: its webhooks arrive here.
      </EmptyState>
    );
  return (
    <EmptyState
      title="No event is like that"
      action={
        <Button size="xs" onClick={onClear}>
          Clear filters
        </Button>
      }
    >
      There are others; take a filter away to see them.
    </EmptyState>
  );
}

interface TableProps {
  events: readonly Schema<"EventRow">[];
  onType: (type: string) => void;
}

function EventTable({ events, onType }: TableProps) {
  return (
    <table className={`${classes.table} ${classes.compact}`} aria-label="Events received">
      <thead>
        <tr>
          <th scope="col">Event</th>
          <th scope="col">Type</th>
          <th scope="col">Subject</th>
          <th scope="col">From</th>
          <th scope="col">Received</th>
        </tr>
      </thead>
      <tbody>
        {events.map((each) => (
          <tr key={each.seq}>
            <td data-label="Event">
              <Anchor component={Link} href={paths.event(each.seq)} size="sm">
                {each.seq}
              </Anchor>
            </td>
            <td data-label="Type">
              <button
                type="button"
                className={classes.filter}
                title="Only events of this type"
                onClick={() => onType(each.type)}
              >
                {each.type}
              </button>
            </td>
            <td data-label="Subject">{each.subject}</td>
            <td data-label="From">{each.source}</td>
            <td data-label="Received">
              <Moment at={each.receivedAt} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
