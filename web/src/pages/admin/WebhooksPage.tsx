// The webhooks Fairlead keeps at GitLab, and how deliveries arrive.
import { Anchor, Button, Group, Stack, Text } from "@mantine/core";
import { useState } from "react";
import { Link } from "wouter";
import { server } from "../../api/server";
import { usePages } from "../../api/usePages";
import { useSession } from "../../app/session";
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
import { ForgetWebhook, KeepWebhookDialog } from "./KeepWebhook";
import { placeWords, reasonWords, type Reason } from "./webhookWords";

const pageRows = 50;
const freshEveryMs = 10_000;

// Why the webhook is there: workflows and runs that wait, each with its page, and who keeps it.
function WantedBy({ reasons }: { reasons: readonly Reason[] }) {
  if (reasons.length === 0) return <>nothing now</>;
  return (
    <div>
      {reasons.map((reason) => {
        const { words, href } = reasonWords(reason);
        return (
          <Text key={words} size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
            {href ? (
              <Anchor component={Link} href={href} size="sm">
                {words}
              </Anchor>
            ) : (
              words
            )}
          </Text>
        );
      })}
    </div>
  );
}

export default function WebhooksPage() {
  const [text, search] = useSearchText();
  const hooks = usePages(
    ["webhooks", text],
    (cursor) => server.get(`/webhooks${query({ q: text, limit: pageRows, cursor })}`),
    { freshEveryMs },
  );
  const deliveries = hooks.first?.deliveries;
  const mayKeep = useSession().may("author");
  const [keeping, setKeeping] = useState(false);
  const keep = mayKeep ? (
    <Button size="xs" onClick={() => setKeeping(true)}>
      Keep a webhook
    </Button>
  ) : undefined;
  return (
    <AdminFrame>
      <Stack gap="md">
        <PageHeader title="Webhooks" actions={keep}>
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
            <EmptyState title="No webhooks yet" action={keep}>
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
                <th scope="col" aria-label="Orders" />
              </tr>
            </thead>
            <tbody>
              {hooks.items.map((hook) => (
                <tr key={hook.id}>
                  <td data-label="Connection">{hook.connection || "–"}</td>
                  <td
                    data-label="For"
                    title={hook.projectId ? `project no. ${hook.projectId}` : undefined}
                  >
                    {placeWords(hook)}
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
                  <td data-label="Wanted by">
                    <WantedBy reasons={hook.wantedBy} />
                  </td>
                  <td data-label="Last delivery">
                    {hook.deliveredAt ? <Moment at={hook.deliveredAt} /> : "none yet"}
                  </td>
                  <td data-label="Checked">
                    {hook.checkedAt ? <Moment at={hook.checkedAt} /> : "not yet"}
                  </td>
                  <td>
                    {mayKeep && hook.wantedBy.some((each) => each.kind === "hand") && (
                      <ForgetWebhook hook={hook} place={placeWords(hook)} />
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </SearchedList>
      </Stack>
      {keeping && <KeepWebhookDialog onClose={() => setKeeping(false)} />}
    </AdminFrame>
  );
}
