// The table of runs. Selecting is the caller's: without `onSelect` there are no check boxes.
import { Checkbox, VisuallyHidden } from "@mantine/core";
import { type Dispatch, type SetStateAction, useCallback } from "react";
import type { Run } from "./model/run";
import { RunRow } from "./RunRow";
import classes from "./RunsTable.module.css";

interface Props {
  runs: readonly Run[];
  label: string;
  selected?: ReadonlySet<string>;
  onSelect?: Dispatch<SetStateAction<ReadonlySet<string>>> | undefined;
}

const none: ReadonlySet<string> = new Set();

export function RunsTable({ runs, label, selected = none, onSelect }: Props) {
  const pick = useCallback(
    (id: string, on: boolean) =>
      // From what is selected then, so that `pick` stays the same and only one row is drawn again.
      onSelect?.((before) => {
        const next = new Set(before);
        if (on) next.add(id);
        else next.delete(id);
        return next;
      }),
    [onSelect],
  );
  const all = runs.length > 0 && runs.every((run) => selected.has(run.id));
  const some = runs.some((run) => selected.has(run.id));
  return (
    <table className={classes.table} aria-label={label}>
      <thead>
        <tr>
          {onSelect && (
            <th className={classes.pick} scope="col">
              <Checkbox
                size="xs"
                aria-label="Select all runs shown"
                checked={all}
                indeterminate={some && !all}
                onChange={() => onSelect(all ? none : new Set(runs.map((run) => run.id)))}
              />
            </th>
          )}
          <th className={classes.status} scope="col">
            Status
          </th>
          <th scope="col">Triggered by</th>
          <th className={classes.workflow} scope="col">
            Workflow
          </th>
          <th className={classes.started} scope="col">
            Started
          </th>
          <th className={classes.took} scope="col">
            Took<VisuallyHidden> so far</VisuallyHidden>
          </th>
        </tr>
      </thead>
      <tbody>
        {runs.map((run) => (
          <RunRow
            key={run.id}
            run={run}
            selected={selected.has(run.id)}
            onSelect={onSelect ? pick : undefined}
          />
        ))}
      </tbody>
    </table>
  );
}
