// How long ended runs are kept, set while the server runs.
import { Button, Card, Group, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import type { Answer, Body } from "../../api/routes";
import { server } from "../../api/server";
import { ErrorPanel } from "../shared/ErrorPanel";
import { Moment } from "../shared/time";
import { ageOf, ageWords, runsOf } from "./retentionWords";

type Settings = Answer<"get", "/settings">;
type Wanted = NonNullable<Body<"put", "/settings">>["retention"];
export const settingsKey = ["settings"];

export function Retention() {
  const settings = useQuery({ queryKey: settingsKey, queryFn: () => server.get("/settings") });
  return (
    <Stack gap="sm" component="section" aria-label="Retention">
      <Title order={2} size="h5">
        Retention
      </Title>
      {settings.isError && (
        <ErrorPanel error={settings.error} onRetry={() => void settings.refetch()} />
      )}
      {settings.isPending && <Skeleton height={200} />}
      {settings.data && (
        <RetentionForm key={JSON.stringify(settings.data.retention)} settings={settings.data} />
      )}
    </Stack>
  );
}

function RetentionForm({ settings }: { settings: Settings }) {
  const { retention } = settings;
  const [keepAge, setKeepAge] = useState(retention.keepAge);
  const [keepRuns, setKeepRuns] = useState(String(retention.keepRuns));
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: (wanted: Wanted) => server.put("/settings", { retention: wanted }),
    onSuccess: (saved) => {
      client.setQueryData(settingsKey, saved);
      void client.invalidateQueries({ queryKey: ["history"] });
    },
  });
  const runs = runsOf(keepRuns);
  const touched = keepAge !== retention.keepAge || keepRuns !== String(retention.keepRuns);
  return (
    <Card withBorder>
      <form
        aria-label="Retention"
        onSubmit={(event) => {
          event.preventDefault();
          if (runs !== undefined) save.mutate({ keepAge: ageOf(keepAge), keepRuns: runs });
        }}
      >
        <Stack gap="sm">
          <TextInput
            label="Keep ended runs for"
            description={`Days such as 90, an ISO 8601 duration such as P90D, or forever. ${ageWords(keepAge)}`}
            required
            value={keepAge}
            onChange={(event) => setKeepAge(event.currentTarget.value)}
          />
          <TextInput
            label="Keep at most, of each workflow"
            description="A number of ended runs, or forever."
            required
            value={keepRuns}
            error={runs === undefined ? "A number, or forever." : undefined}
            onChange={(event) => setKeepRuns(event.currentTarget.value)}
          />
          {save.isError && <ErrorPanel error={save.error} />}
          <Group gap="xs">
            <Button
              type="submit"
              loading={save.isPending}
              disabled={!touched || runs === undefined}
            >
              Save
            </Button>
            {retention.changed && (
              <Button variant="default" loading={save.isPending} onClick={() => save.mutate(null)}>
                As the server was started
              </Button>
            )}
          </Group>
          <Text size="xs" c="dimmed" role="status">
            {retention.changed ? "Set here" : "As the server was started"}
            {retention.changedBy ? ` by ${retention.changedBy}` : ""}
            {retention.changedAt && (
              <>
                , <Moment at={retention.changedAt} />
              </>
            )}
            . A workflow may say otherwise for itself.
          </Text>
        </Stack>
      </form>
    </Card>
  );
}
