// What exactly happens after a yes: a dry run of the workflow from the step behind the question on.
import { Badge, Box, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { Schema } from "../../api/routes";
import { server } from "../../api/server";
import { isForbidden } from "../shared/api";
import { ErrorPanel } from "../shared/ErrorPanel";
import { JsonView } from "../shared/JsonView";
import type { Run } from "../runs/model/run";
import { callName, taskName } from "../runs/model/words";
import type { Approval } from "./approval";
import classes from "./WhatFollows.module.css";

export type DryStep = Schema<"DryStep">;

// The steps that come after `pointer` in the order of the document, and what is inside of them.
export function stepsBehind(steps: readonly DryStep[], pointer: string): DryStep[] {
  const at = steps.findIndex((step) => step.task === pointer);
  return steps.slice(at + 1).filter((step) => !step.task.startsWith(`${pointer}/`));
}

function useDryRun(approval: Approval, run: Run | undefined) {
  return useQuery({
    queryKey: ["follows", approval.id],
    queryFn: async () => {
      const { namespace, name, version } = run!.workflow;
      const { source } = await server.get(`/workflows/${namespace}/${name}?version=${version}`);
      const dry = await server.post("/workflows/dry-run", {
        source,
        input: run!.input,
      });
      return stepsBehind(dry.steps, approval.task);
    },
    enabled: run !== undefined && approval.status === "open",
    staleTime: Infinity,
    retry: false,
  });
}

export function WhatFollows({ approval, run }: { approval: Approval; run: Run | undefined }) {
  const dry = useDryRun(approval, run);
  // Who may only decide sees the question and not what stands behind it.
  if (approval.status !== "open" || isForbidden(dry.error)) return null;
  return (
    <Stack gap="xs" component="section" aria-label="What will happen">
      <Title order={2} size="h5">
        What happens if it is approved
      </Title>
      {dry.isError && <ErrorPanel error={dry.error} onRetry={() => void dry.refetch()} />}
      {dry.isPending && <Skeleton height={80} />}
      {dry.data?.length === 0 && (
        <Text size="sm" c="dimmed">
          Nothing: it is the last step.
        </Text>
      )}
      {dry.data && dry.data.length > 0 && (
        <>
          <Text size="xs" c="dimmed">
            A dry run: nothing is sent. What depends on the answer or on earlier results is shown as
            it stands in the workflow.
          </Text>
          <ol className={classes.steps}>
            {dry.data.map((step) => (
              <Step key={step.task} step={step} />
            ))}
          </ol>
        </>
      )}
    </Stack>
  );
}

function Step({ step }: { step: DryStep }) {
  return (
    <li className={classes.step}>
      <Group gap="sm">
        <Text size="sm" fw={500}>
          {step.title || taskName(step.task)}
        </Text>
        {step.call && (
          <Text size="xs" c="dimmed">
            {callName(step.call)}
          </Text>
        )}
        {step.allowed === false && (
          <Badge color="red" variant="light">
            {step.reason ?? "not allowed"}
          </Badge>
        )}
      </Group>
      {step.request?.requests.map((each, i) => (
        <Box mt={4} key={i}>
          <Text size="xs" ff="monospace" style={{ overflowWrap: "anywhere" }}>
            <b>{each.method}</b> {each.path}
          </Text>
          {each.body !== undefined && each.body !== null && (
            <JsonView value={each.body} label="Body" />
          )}
        </Box>
      ))}
      {step.problem && (
        <Text size="xs" c="red">
          {step.problem}
        </Text>
      )}
      {step.note && (
        <Text size="xs" c="dimmed">
          {step.note}
        </Text>
      )}
    </li>
  );
}
