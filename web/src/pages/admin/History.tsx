// Ended runs that are old enough to go: counted, and removed by hand.
import { Button, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { server } from "../../api/server";
import { counted } from "../shared/counted";
import { ErrorPanel } from "../shared/ErrorPanel";
import { Moment } from "../shared/time";

export function History() {
  const kept = useQuery({ queryKey: ["history"], queryFn: () => server.get("/history") });
  const client = useQueryClient();
  const prune = useMutation({
    mutationFn: (dryRun: boolean) => server.post("/history/prune", { dryRun }),
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
      {kept.isPending && <Skeleton height={20} />}
      {kept.data && (
        <Text size="sm">
          {counted(kept.data.runsRemoved, "ended run")} removed since the server started
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
            ? `Old enough to be removed: ${counted(runs, "run")}.`
            : `Removed: ${counted(runs, "run")}.`}
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
            Remove {counted(runs, "run")} now
          </Button>
        )}
      </Group>
    </Stack>
  );
}
