// How the server is: version, what waits longest, runs, queues, webhooks, rate budgets, storage.
import { Anchor, SimpleGrid, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import type { Answer } from "../../api/routes";
import { server } from "../../api/server";
import { durationWords } from "../runs/model/durations";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { Duration } from "../shared/time";
import { Card, Count, Section } from "./StatusCards";
import { Budgets, Queues, Workers } from "./StatusTables";
import { bytesWords } from "./statusWords";

const freshEveryMs = 5_000;
type Status = Answer<"get", "/status">;

export default function StatusPage() {
  const status = useQuery({
    queryKey: ["status"],
    queryFn: () => server.get("/status"),
    refetchInterval: freshEveryMs,
  });
  return (
    <>
      <PageHeader title="Status">How this server is doing, read every few seconds.</PageHeader>
      {status.isError && <ErrorPanel error={status.error} onRetry={() => void status.refetch()} />}
      {status.isPending && <Skeleton height={420} />}
      {status.data && <Shown status={status.data} />}
    </>
  );
}

function Shown({ status }: { status: Status }) {
  const { runs, webhooks } = status;
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
        <Card title="Oldest waiting run">
          <OldestRun oldest={status.oldestWaiting} />
        </Card>
        <Card title="Oldest event not yet handed on">
          {status.oldestEventAt ? <Duration begin={status.oldestEventAt} /> : "none"}
        </Card>
        <Card title="Up for" note={`Version ${status.version}`}>
          <Duration begin={status.startedAt} />
        </Card>
        <Card title="Storage">
          {status.store.bytes === null ? "in memory" : bytesWords(status.store.bytes) || "0 B"}
        </Card>
      </SimpleGrid>
      <Section title="Runs">
        <SimpleGrid cols={3} spacing="sm">
          <Count title="Under way" count={runs.active} />
          <Count title="Listeners for events" count={runs.listeners} />
          <Count title="Steps done since the start" count={runs.steps} />
        </SimpleGrid>
      </Section>
      <Section title="Deliveries of webhooks since the start">
        <SimpleGrid cols={{ base: 2, md: 4 }} spacing="sm">
          <Count title="Accepted" count={webhooks.accepted} />
          <Count title="Known already" count={webhooks.duplicates} />
          <Count title="Refused" count={webhooks.refused} bad />
          <Card title="The newest came after">
            {webhooks.newest ? durationWords(webhooks.newest.lagMs) : "none yet"}
          </Card>
        </SimpleGrid>
      </Section>
      <Queues queues={status.queues} />
      <Workers workers={status.workers} />
      <Budgets connections={status.connections} />
      <Text size="sm" c="dimmed">
        For machines:{" "}
        {["/healthz", "/readyz", "/metrics"].map((path) => (
          <Anchor key={path} href={path} size="sm" mr="sm">
            {path}
          </Anchor>
        ))}
      </Text>
    </Stack>
  );
}

function OldestRun({ oldest }: { oldest: Status["oldestWaiting"] }) {
  if (!oldest) return <>none</>;
  return (
    <>
      <Anchor component={Link} href={`/runs/${oldest.run}`} size="lg" fw={600}>
        <Duration begin={oldest.since} />
      </Anchor>
      {oldest.waitingFor !== "" && (
        <Text size="xs" c="dimmed">
          {oldest.waitingFor}
        </Text>
      )}
    </>
  );
}
