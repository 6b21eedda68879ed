// The webhooks Fairlead keeps at GitLab, and how deliveries arrive.
import { Group, Skeleton, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { server } from "../../api/server";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { StatusChip } from "../shared/StatusChip";
import classes from "../shared/Table.module.css";
import { Moment } from "../shared/time";
import { nameWords } from "./statusWords";
import { AdminFrame } from "./AdminFrame";

export default function WebhooksPage() {
  const hooks = useQuery({
    queryKey: ["webhooks"],
    queryFn: () => server.get("/webhooks"),
    refetchInterval: 10_000,
  });
  const items = hooks.data?.items ?? [];
  const deliveries = hooks.data?.deliveries ?? {};
  return (
    <AdminFrame>
      <Stack gap="md">
        <PageHeader title="Webhooks">
          Made at GitLab when a run or a workflow needs them, tried, repaired, and removed when
          unused.
        </PageHeader>
        {hooks.isError && <ErrorPanel error={hooks.error} onRetry={() => void hooks.refetch()} />}
        {hooks.isPending && <Skeleton height={120} />}
        {hooks.data && (
          <Group gap="lg" role="group" aria-label="Deliveries since the server started">
            {Object.entries(deliveries).map(([name, count]) => (
              <Text key={name} size="sm">
                <b>{count}</b>{" "}
                <Text span size="sm" c="dimmed">
                  {nameWords(name).toLowerCase()}
                </Text>
              </Text>
            ))}
          </Group>
        )}
        {hooks.data && items.length === 0 && (
          <EmptyState title="No webhooks yet">
            The first one is made when a workflow waits for a pipeline or begins with an event of
            GitLab. Until then, and where none can be made, Fairlead asks GitLab now and then.
          </EmptyState>
        )}
        {items.length > 0 && (
          <table className={classes.table} aria-label="Webhooks at GitLab">
            <thead>
              <tr>
                <th scope="col">Connection</th>
                <th scope="col">For</th>
                <th scope="col">State</th>
                <th scope="col">Last delivery</th>
                <th scope="col">Checked</th>
              </tr>
            </thead>
            <tbody>
              {items.map((hook) => (
                <tr key={hook.id}>
                  <td data-label="Connection">{hook.connection || "–"}</td>
                  <td data-label="For">
                    {hook.group ? `group ${hook.group}` : `project ${hook.project}`}
                  </td>
                  <td data-label="State">
                    <div>
                      <StatusChip status={hook.status} />
                      {hook.reason !== "" && (
                        <Text size="xs" c="dimmed">
                          {hook.reason}
                        </Text>
                      )}
                    </div>
                  </td>
                  <td data-label="Last delivery">
                    {hook.deliveredAt ? <Moment at={hook.deliveredAt} /> : "none yet"}
                  </td>
                  <td data-label="Checked">
                    {hook.checkedAt ? <Moment at={hook.checkedAt} /> : "not yet"}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </Stack>
    </AdminFrame>
  );
}
