// One run as a row of the table; on a narrow screen the same cells stand below each other.
import { Checkbox } from "@mantine/core";
import { memo } from "react";
import { Link } from "wouter";
import { StatusChip } from "../shared/StatusChip";
import { Duration, Moment } from "../shared/time";
import { paths } from "./links";
import { workflowPath, type Run } from "./model/run";
import { errorPhrase, shortId, triggerOf, waitingWords } from "./model/words";
import classes from "./RunsTable.module.css";

interface Props {
  run: Run;
  selected: boolean;
  onSelect?: ((id: string, on: boolean) => void) | undefined;
}

function why(run: Run): string {
  if (run.status === "faulted") return errorPhrase(run.error);
  return waitingWords(run.waitingFor);
}

export const RunRow = memo(function RunRow({ run, selected, onSelect }: Props) {
  const trigger = triggerOf(run.cause, run.input);
  const reason = why(run);
  return (
    <tr className={classes.row} data-selected={selected || undefined} data-run={run.id}>
      {onSelect && (
        <td className={classes.pick}>
          <Checkbox
            size="xs"
            checked={selected}
            onChange={(event) => onSelect(run.id, event.currentTarget.checked)}
            aria-label={`Select run ${shortId(run.id)}`}
          />
        </td>
      )}
      <td className={classes.status}>
        <StatusChip status={run.status} />
      </td>
      <td className={classes.what}>
        <Link href={paths.run(run.id)} className={classes.link}>
          {trigger.words}
        </Link>
        {reason !== "" && (
          <div
            className={classes.reason}
            data-bad={run.status === "faulted" || undefined}
            title={reason}
          >
            {reason}
          </div>
        )}
      </td>
      <td className={classes.workflow}>
        <span className={classes.name}>{workflowPath(run.workflow)}</span>{" "}
        <span className={classes.version}>{run.workflow.version}</span>
      </td>
      <td className={classes.started}>
        <Moment at={run.startedAt} />
      </td>
      <td className={classes.took}>
        <Duration begin={run.startedAt} end={run.endedAt} />
      </td>
    </tr>
  );
});
