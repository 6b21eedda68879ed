// Runs: what ran, what waits and why, what failed; with filters in the URL and orders for many.
import { Button, Skeleton, Stack } from "@mantine/core";
import { useCallback, useEffect, useMemo, useState } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { More } from "../shared/More";
import { PageHeader } from "../shared/PageHeader";
import { BulkBar } from "./bulk/BulkBar";
import { useSession } from "../../app/session";
import { paths } from "./links";
import { filterFrom, isFiltered, noFilter, searchOf, type RunFilter } from "./model/filters";
import { RunFilters } from "./RunFilters";
import { RunsTable } from "./RunsTable";
import { useRuns } from "./useRuns";

const noneSelected: ReadonlySet<string> = new Set();

export default function RunsPage() {
  const search = useSearch();
  const [, go] = useLocation();
  const filter = useMemo(() => filterFrom(search), [search]);
  const change = useCallback(
    (next: RunFilter) => {
      const text = searchOf(next);
      go(text === "" ? paths.runs : `${paths.runs}?${text}`, { replace: true });
    },
    [go],
  );
  const [selected, setSelected] = useState(noneSelected);
  useEffect(() => setSelected(noneSelected), [search]);
  const { rows, pages, refresh } = useRuns(filter);
  const operates = useSession().may("operator");
  const chosen = useMemo(() => rows.filter((run) => selected.has(run.id)), [rows, selected]);
  return (
    <>
      <PageHeader title="Runs" actions={operates && <SendEvent />}>
        What ran, what waits and why. The newest are on top.
      </PageHeader>
      <RunFilters filter={filter} onChange={change} />
      {operates && (
        <BulkBar
          chosen={chosen}
          filter={filter}
          onClear={() => setSelected(noneSelected)}
          onDone={() => void refresh()}
        />
      )}
      {pages.isError ? (
        <ErrorPanel error={pages.error} onRetry={() => void pages.refetch()} />
      ) : pages.isPending ? (
        <Waiting />
      ) : rows.length === 0 ? (
        <NoRuns filter={filter} onClear={() => change(noFilter)} />
      ) : (
        <RunsTable
          runs={rows}
          label="Runs"
          selected={selected}
          onSelect={operates ? setSelected : undefined}
        />
      )}
      <More
        list={pages}
        count={rows.length}
        one="run"
        many="runs"
        label="Show older runs"
        reads="by itself"
      />
    </>
  );
}

function SendEvent() {
  return (
    <Button component={Link} href={paths.events} size="xs" variant="default">
      Send a test event
    </Button>
  );
}

function Waiting() {
  return (
    <Stack gap="xs" aria-busy="true" aria-label="Loading runs">
      {Array.from({ length: 8 }, (_, i) => (
        <Skeleton key={i} height={40} />
      ))}
    </Stack>
  );
}

function NoRuns({ filter, onClear }: { filter: RunFilter; onClear: () => void }) {
  if (isFiltered(filter)) {
    return (
      <EmptyState
        title="No run matches"
        action={
          <Button size="xs" onClick={onClear}>
            Clear filters
          </Button>
        }
      >
        There are runs of other kinds; take a filter away to see them.
      </EmptyState>
    );
  }
  return (
    <EmptyState
      title="Nothing has run yet"
      action={
        <Button component={Link} href={paths.events} size="xs">
          Send a test event
        </Button>
      }
    >
      A run begins when an event comes that a published workflow waits for, on a schedule, or by
      hand. Send an event to see one.
    </EmptyState>
  );
}
