// The top of a run's page: what it is, how it stands in words, and what can be ordered.
import { Anchor, Button, Group, Menu } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { useSession } from "../../../app/session";
import { server } from "../../../api/server";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { PageHeader } from "../../shared/PageHeader";
import { StatusChip } from "../../shared/StatusChip";
import { Duration, Moment } from "../../shared/time";
import { paths } from "../links";
import {
  hasEnded,
  isPaused,
  ordersFor,
  workflowPath,
  type JournalEntry,
  type Run,
} from "../model/run";
import { shortId, triggerOf } from "../model/words";
import { CancelDialog, PauseDialog } from "./OrderDialogs";
import { saveRun } from "./saveRun";

interface Props {
  run: Run;
  journal: readonly JournalEntry[];
  onReplay: (from: "start" | "failed") => void;
}

export function RunHeader({ run, journal, onReplay }: Props) {
  const client = useQueryClient();
  const [open, setOpen] = useState<"" | "cancel" | "pause">("");
  const order = useMutation({
    mutationFn: ({ name, reason }: { name: "resume" | "cancel" | "pause"; reason?: string }) =>
      name === "pause"
        ? server.post(`/runs/${run.id}/pause`, reason ? { reason } : {})
        : server.post(`/runs/${run.id}/${name}`),
    onSuccess: (answer) => client.setQueryData(["run", run.id], answer),
    onSettled: () => setOpen(""),
  });
  const operates = useSession().may("operator");
  const may = ordersFor(run);
  const { namespace, name } = run.workflow;
  return (
    <>
      <PageHeader
        title={triggerOf(run.cause, run.input).words}
        above={
          <>
            <Anchor component={Link} href={paths.runs} size="xs">
              Runs
            </Anchor>{" "}
            /{" "}
            <Anchor component={Link} href={paths.workflow(namespace, name)} size="xs">
              {workflowPath(run.workflow)}
            </Anchor>{" "}
            {run.workflow.version}
          </>
        }
        actions={
          <>
            {operates && may.pause && (
              <Button size="xs" variant="default" onClick={() => setOpen("pause")}>
                Pause
              </Button>
            )}
            {operates && may.resume && (
              <Button
                size="xs"
                variant="default"
                loading={order.isPending}
                onClick={() => order.mutate({ name: "resume" })}
              >
                {isPaused(run) ? "Resume" : "Go on now"}
              </Button>
            )}
            {operates && may.cancel && (
              <Button size="xs" variant="default" color="red" onClick={() => setOpen("cancel")}>
                Cancel
              </Button>
            )}
            {operates && run.status === "faulted" && (
              <Button size="xs" onClick={() => onReplay("failed")}>
                Replay from the failed step
              </Button>
            )}
            {operates && hasEnded(run.status) && (
              <Button
                size="xs"
                variant={run.status === "faulted" ? "default" : "filled"}
                onClick={() => onReplay("start")}
              >
                Replay…
              </Button>
            )}
            <Menu position="bottom-end">
              <Menu.Target>
                <Button size="xs" variant="default" aria-label="More">
                  ⋯
                </Button>
              </Menu.Target>
              <Menu.Dropdown>
                <Menu.Item onClick={() => saveRun(run, journal)}>Export as JSON</Menu.Item>
                <Menu.Item onClick={() => void navigator.clipboard.writeText(run.id)}>
                  Copy the run&apos;s id
                </Menu.Item>
                <Menu.Item component={Link} href={`${paths.runs}?workflow=${namespace}/${name}`}>
                  Other runs of {name}
                </Menu.Item>
              </Menu.Dropdown>
            </Menu>
          </>
        }
      >
        <Facts run={run} />
      </PageHeader>
      {order.isError && <ErrorPanel error={order.error} />}
      <CancelDialog
        opened={open === "cancel"}
        busy={order.isPending}
        onClose={() => setOpen("")}
        onConfirm={() => order.mutate({ name: "cancel" })}
      />
      <PauseDialog
        opened={open === "pause"}
        busy={order.isPending}
        onClose={() => setOpen("")}
        onConfirm={(reason) => order.mutate({ name: "pause", reason })}
      />
    </>
  );
}

function Facts({ run }: { run: Run }) {
  return (
    <Group gap="md" mt={6}>
      <StatusChip status={run.status} />
      <span>
        Started <Moment at={run.startedAt} />
      </span>
      <span>
        {run.endedAt ? "Took" : "For"} <Duration begin={run.startedAt} end={run.endedAt} />
      </span>
      {run.eventSeq > 0 && (
        <Anchor component={Link} href={paths.event(run.eventSeq)} size="sm">
          Event {run.eventSeq}
        </Anchor>
      )}
      {run.replayOf !== "" &&
        (run.replayOfRemoved ? (
          <span>Replay of {shortId(run.replayOf)} (its history is removed)</span>
        ) : (
          <Anchor component={Link} href={paths.run(run.replayOf)} size="sm">
            Replay of {shortId(run.replayOf)}
          </Anchor>
        ))}
      {run.parent && (
        <Anchor component={Link} href={paths.run(run.parent.run)} size="sm">
          Started by run {shortId(run.parent.run)}
        </Anchor>
      )}
    </Group>
  );
}
