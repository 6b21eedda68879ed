// Entries of the audit log as a table; a row opens to all that is known of it.
import { Fragment, useState } from "react";
import type { Schema } from "../../api/routes";
import { JsonView } from "../shared/JsonView";
import { StatusChip } from "../shared/StatusChip";
import { Moment } from "../shared/time";
import { isEmpty } from "../runs/model/json";
import classes from "../shared/Table.module.css";

export type AuditEntry = Schema<"AuditEntry">;

function chipOf(outcome: string): string {
  if (/^(ok|done|allowed|success)/.test(outcome)) return "done";
  return /refused|denied|failed|error/.test(outcome) ? "failed" : outcome;
}

export function AuditTable({ entries }: { entries: readonly AuditEntry[] }) {
  const [open, setOpen] = useState(0);
  return (
    <table className={`${classes.table} ${classes.compact}`} aria-label="Audit log">
      <thead>
        <tr>
          <th scope="col">When</th>
          <th scope="col">Who</th>
          <th scope="col">Action</th>
          <th scope="col">On what</th>
          <th scope="col">Outcome</th>
          <th scope="col">From</th>
        </tr>
      </thead>
      <tbody>
        {entries.map((entry) => {
          const more = !isEmpty(entry.detail);
          return (
            <Fragment key={entry.seq}>
              <tr>
                <td data-label="When">
                  <Moment at={entry.at} />
                </td>
                <td data-label="Who">{entry.actor.name || entry.actor.kind}</td>
                <td data-label="Action">
                  {more ? (
                    <button
                      type="button"
                      className={classes.opener}
                      aria-expanded={open === entry.seq}
                      onClick={() => setOpen(open === entry.seq ? 0 : entry.seq)}
                    >
                      {entry.action}
                    </button>
                  ) : (
                    entry.action
                  )}
                </td>
                <td data-label="On what">{entry.target}</td>
                <td data-label="Outcome">
                  <StatusChip status={chipOf(entry.outcome)} label={entry.outcome} />
                </td>
                <td data-label="From">{entry.from}</td>
              </tr>
              {open === entry.seq && (
                <tr>
                  <td colSpan={6}>
                    <JsonView value={entry.detail} label={`Detail of entry ${entry.seq}`} />
                  </td>
                </tr>
              )}
            </Fragment>
          );
        })}
      </tbody>
    </table>
  );
}
