// One event: what it says, and the runs it started.
import { Anchor, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useParams } from "wouter";
import { server } from "../../api/server";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { JsonView } from "../shared/JsonView";
import { PageHeader } from "../shared/PageHeader";
import { Moment } from "../shared/time";
import { paths } from "../runs/links";
import { noFilter } from "../runs/model/filters";
import { eventWords } from "../runs/model/words";
import { RunsTable } from "../runs/RunsTable";
import { useRuns } from "../runs/useRuns";

export default function EventPage() {
  const { seq = "" } = useParams<{ seq: string }>();
  const event = useQuery({
    queryKey: ["event", seq],
    queryFn: () => server.get(`/events/${seq}`),
    refetchInterval: (state) => (state.state.data?.dispatched ? false : 1_000),
  });
  if (event.isError) return <ErrorPanel error={event.error} onRetry={() => void event.refetch()} />;
  if (!event.data) return <Skeleton height={200} />;
  const { type, source, receivedAt, dispatched } = event.data;
  const words = eventWords(type);
  return (
    <Stack gap="lg">
      <PageHeader
        title={`Event ${seq}: ${words}`}
        above={
          <Anchor component={Link} href={paths.events} size="xs">
            Events
          </Anchor>
        }
      >
        {type} from {source}, received <Moment at={receivedAt} />
      </PageHeader>
      <Started seq={seq} dispatched={dispatched} />
      <Stack gap="xs">
        <Title order={2} size="h5">
          What it says
        </Title>
        <JsonView value={event.data.event} label="CloudEvent" />
      </Stack>
    </Stack>
  );
}

function Started({ seq, dispatched }: { seq: string; dispatched: boolean }) {
  const { rows, pages } = useRuns({ ...noFilter, event: seq });
  return (
    <Stack gap="xs">
      <Title order={2} size="h5">
        Runs it started
      </Title>
      {pages.isError && <ErrorPanel error={pages.error} />}
      {rows.length > 0 && <RunsTable runs={rows} label="Runs this event started" />}
      {rows.length === 0 && pages.isSuccess && !dispatched && (
        <Text size="sm" role="status">
          Looking which workflows wait for it…
        </Text>
      )}
      {rows.length === 0 && pages.isSuccess && dispatched && (
        <EmptyState
          title="It started nothing"
          action={
            <Anchor component={Link} href="/workflows" size="sm">
              Look at the workflows
            </Anchor>
          }
        >
          No published workflow begins with events of this type and content. A run that listens for
          it may have heard it.
        </EmptyState>
      )}
    </Stack>
  );
}
