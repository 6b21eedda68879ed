// A run's life as CloudEvents of the standard: what other systems see of it.
import { Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { server } from "../../../api/server";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { JsonView } from "../../shared/JsonView";
import { Moment } from "../../shared/time";
import { text } from "../model/json";
import classes from "./JournalTab.module.css";

const pageMax = 500;

export function LifecycleTab({ run, version }: { run: string; version: number }) {
  const events = useQuery({
    queryKey: ["lifecycle", run, version],
    queryFn: () => server.get(`/runs/${run}/events?limit=${pageMax}`),
    placeholderData: (before) => before,
  });
  if (events.isError)
    return <ErrorPanel error={events.error} onRetry={() => void events.refetch()} />;
  if (!events.data) return <Skeleton height={120} />;
  return (
    <Stack gap="xs">
      <div className={classes.list}>
        {events.data.items.map((event) => (
          <details key={text(event, "id")} className={classes.entry}>
            <summary>
              <Text span size="xs" c="dimmed">
                <Moment at={text(event, "time")} />
              </Text>
              <Text span size="sm" fw={500} className={classes.task}>
                {text(event, "type")}
              </Text>
            </summary>
            <JsonView value={event} label="CloudEvent" />
          </details>
        ))}
      </div>
      {events.data.nextAfter !== null && (
        <Text size="xs" c="dimmed">
          The first {pageMax} entries of the journal; the API gives the rest.
        </Text>
      )}
    </Stack>
  );
}
