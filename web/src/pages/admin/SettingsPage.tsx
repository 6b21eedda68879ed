// Settings of the server that can be changed while it runs, and old history removed by hand.
import { Alert, Button, Group, Skeleton, Stack, Text, TextInput, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { api, isMissing } from "../shared/api";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { Moment } from "../shared/time";
import { AdminFrame } from "./AdminFrame";

interface Settings {
  publicUrl?: string;
  retention?: { keepAge?: string; keepRuns?: string | number };
}

export default function SettingsPage() {
  const settings = useQuery({
    queryKey: ["settings"],
    queryFn: () => api.get<Settings>("/settings"),
    retry: false,
  });
  return (
    <AdminFrame>
      <Stack gap="xl" maw={620}>
        <PageHeader title="Server settings">What can be changed while the server runs.</PageHeader>
        {settings.isPending && <Skeleton height={160} />}
        {isMissing(settings.error) && (
          <Alert title="Set when the server starts">
            These settings come from the command line: <code>fairlead serve --help</code> lists
            them.
          </Alert>
        )}
        {settings.isError && !isMissing(settings.error) && (
          <ErrorPanel error={settings.error} onRetry={() => void settings.refetch()} />
        )}
        {settings.data && <SettingsForm settings={settings.data} />}
        <History />
      </Stack>
    </AdminFrame>
  );
}

function SettingsForm({ settings }: { settings: Settings }) {
  const [publicUrl, setPublicUrl] = useState(settings.publicUrl ?? "");
  const [keepAge, setKeepAge] = useState(settings.retention?.keepAge ?? "");
  const [keepRuns, setKeepRuns] = useState(String(settings.retention?.keepRuns ?? ""));
  const client = useQueryClient();
  const save = useMutation({
    mutationFn: () =>
      api.put<Settings>("/settings", {
        ...settings,
        publicUrl,
        retention: { ...settings.retention, keepAge, keepRuns },
      }),
    onSuccess: (saved) => client.setQueryData(["settings"], saved),
  });
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        save.mutate();
      }}
    >
      <Stack gap="sm">
        <TextInput
          label="Public URL"
          description="How browsers and GitLab reach this server; webhooks begin with it."
          value={publicUrl}
          onChange={(event) => setPublicUrl(event.currentTarget.value)}
        />
        <TextInput
          label="Keep ended runs for"
          description="An ISO 8601 duration such as P90D, or forever."
          value={keepAge}
          onChange={(event) => setKeepAge(event.currentTarget.value)}
        />
        <TextInput
          label="Keep at most, of each workflow"
          description="A number of ended runs, or forever."
          value={keepRuns}
          onChange={(event) => setKeepRuns(event.currentTarget.value)}
        />
        {save.isError && <ErrorPanel error={save.error} />}
        <Group>
          <Button type="submit" loading={save.isPending}>
            Save
          </Button>
          {save.isSuccess && (
            <Text size="sm" c="dimmed" role="status">
              Saved.
            </Text>
          )}
        </Group>
      </Stack>
    </form>
  );
}

interface Kept {
  runsRemoved: number;
  entriesRemoved: number;
  prunedAt: string | null;
}
interface Pruned {
  dryRun: boolean;
  items: { workflow: string; runs: number; entries: number }[];
}

function History() {
  const kept = useQuery({ queryKey: ["history"], queryFn: () => api.get<Kept>("/history") });
  const client = useQueryClient();
  const prune = useMutation({
    mutationFn: (dryRun: boolean) => api.post<Pruned>("/history/prune", { dryRun }),
    onSuccess: ({ dryRun }) => {
      if (!dryRun) void client.invalidateQueries({ queryKey: ["history"] });
    },
  });
  const runs = prune.data?.items.reduce((sum, each) => sum + each.runs, 0) ?? 0;
  return (
    <Stack gap="sm" component="section" aria-label="Old history">
      <Title order={2} size="h5">
        Old history
      </Title>
      {kept.isError && <ErrorPanel error={kept.error} />}
      {kept.data && (
        <Text size="sm">
          {kept.data.runsRemoved} ended runs removed since the server started
          {kept.data.prunedAt && (
            <>
              , last looked <Moment at={kept.data.prunedAt} />
            </>
          )}
          . Runs under way are never removed.
        </Text>
      )}
      {prune.isError && <ErrorPanel error={prune.error} />}
      {prune.data && (
        <Text size="sm" role="status">
          {prune.data.dryRun
            ? `${runs} runs are old enough to be removed.`
            : `${runs} runs were removed.`}
        </Text>
      )}
      <Group gap="xs">
        <Button
          size="xs"
          variant="default"
          loading={prune.isPending}
          onClick={() => prune.mutate(true)}
        >
          Count what is old
        </Button>
        {prune.data?.dryRun && runs > 0 && (
          <Button
            size="xs"
            color="red"
            loading={prune.isPending}
            onClick={() => prune.mutate(false)}
          >
            Remove {runs} runs now
          </Button>
        )}
      </Group>
    </Stack>
  );
}
