// The runs that steps of this run started.
import { Skeleton } from "@mantine/core";
import { EmptyState } from "../../shared/EmptyState";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { noFilter } from "../model/filters";
import { RunsTable } from "../RunsTable";
import { useRuns } from "../useRuns";

export function ChildrenTab({ run }: { run: string }) {
  const { rows, pages } = useRuns({ ...noFilter, parent: run });
  if (pages.isError) return <ErrorPanel error={pages.error} onRetry={() => void pages.refetch()} />;
  if (pages.isPending) return <Skeleton height={80} />;
  if (rows.length === 0) {
    return (
      <EmptyState title="It started no other run">
        A step `run: workflow` starts another workflow; its run is listed here.
      </EmptyState>
    );
  }
  return <RunsTable runs={rows} label="Runs that this run started" />;
}
