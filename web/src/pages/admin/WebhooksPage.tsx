// The webhooks Fairlead keeps at GitLab, and how deliveries arrive.
import { Group, Stack, Text } from "@mantine/core";
import { server } from "../../api/server";
import { usePages } from "../../api/usePages";
import { query } from "../shared/api";
import { EmptyState } from "../shared/EmptyState";
import { PageHeader } from "../shared/PageHeader";
import { StatusChip } from "../shared/StatusChip";
import classes from "../shared/Table.module.css";
import { Moment } from "../shared/time";
import { useSearchText } from "../shared/useSearchText";
import { SearchedList } from "./SearchedList";
import { nameWords } from "./statusWords";
import { AdminFrame } from "./AdminFrame";

const pageRows = 50;
const freshEveryMs = 10_000;

// Why the webhook is there: "workflow ops/heal, by hand (ada)".
function wantedWords(reasons: { kind: string; name: string }[]): string {
  const words = reasons.map(({ kind, name }) =>
    kind === "hand" ? `by hand (${name})` : `${kind} ${kind === "run" ? name.slice(0, 8) : name}`,
  );
  return words.join(", ") || "nothing now";
}

export default function WebhooksPage() {
  const [text, search] = useSearchText();
  const hooks = usePages(
    ["webhooks", text],
    (cursor) => server.get(`/webhooks${query({ q: text, limit: pageRows, cursor })}`),
    { freshEveryMs },
  );
  const deliveries = hooks.first?.deliveries;
  return (
    <AdminFrame>
      <Stack gap="md">
        <PageHeader title="Webhooks">
          Made at GitLab when a run or a workflow needs them, tried, repaired, and removed when
          unused.
        </PageHeader>
        {deliveries && (
          <Group gap="lg" role="group" aria-label="Deliveries since the server started">
            {Object.entries<number>(deliveries).map(([name, count]) => (
              <Text key={name} size="sm">
                <b>{count}</b>{" "}
                <Text span size="sm" c="dimmed">
                  {nameWords(name).toLowerCase()}
                </Text>
              </Text>
            ))}
          </Group>
        )}
        <SearchedList
          list={hooks}
          text={text}
          onSearch={search}
          one="webhook"
          many="webhooks"
          placeholder="Connection, project or state"
          empty={
            <EmptyState title="No webhooks yet">
              The first one is made when a workflow waits for a pipeline or begins with an event of
              GitLab. Until then, and where none can be made, Fairlead asks GitLab now and then.
            </EmptyState>
          }
        >
          <table className={classes.table} aria-label="Webhooks at GitLab">
            <thead>
              <tr>
                <th scope="col">Connection</th>
                <th scope="col">For</th>
                <th scope="col">State</th>
                <th scope="col">Wanted by</th>
                <th scope="col">Last delivery</th>
                <th scope="col">Checked</th>
              </tr>
            </thead>
            <tbody>
              {hooks.items.map((hook) => (
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
                  <td data-label="Wanted by">{wantedWords(hook.wantedBy)}</td>
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
        </SearchedList>
      </Stack>
    </AdminFrame>
  );
}
