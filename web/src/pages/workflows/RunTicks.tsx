// The last runs of a workflow as coloured ticks, the newest at the right; each leads to its run.

import { Group, Text, Tooltip } from "@mantine/core";
import type { ReactNode } from "react";
import { Link } from "wouter";
import type { WorkflowRef } from "../../builder/server/workflows";
import { momentWords } from "../shared/time";
import { useLastRuns } from "./useWorkflows";
import { tickColour } from "./words";
import classes from "./RunTicks.module.css";

export function RunTicks({ workflow }: { workflow: WorkflowRef }): ReactNode {
  const runs = useLastRuns(workflow).data;
  if (!runs) return <span className={classes["ticks"]} />;
  if (runs.length === 0)
    return (
      <Text size="xs" c="dimmed">
        not run yet
      </Text>
    );
  return (
    <Group
      gap={3}
      wrap="nowrap"
      className={classes["ticks"] ?? ""}
      role="list"
      aria-label="Last runs"
    >
      {[...runs].reverse().map((run) => {
        const words = `${run.status}, ${momentWords(run.startedAt)}`;
        return (
          <Tooltip key={run.id} label={words}>
            <Link
              href={`/runs/${run.id}`}
              className={classes["tick"] ?? ""}
              data-colour={tickColour(run.status)}
              role="listitem"
              aria-label={words}
            />
          </Tooltip>
        );
      })}
    </Group>
  );
}
