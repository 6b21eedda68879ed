// How the server is: queues, what waits longest, workers, webhooks, rate budgets, storage, version.
import { Anchor, SimpleGrid, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import { Link } from "wouter";
import { api } from "../shared/api";
import { ErrorPanel } from "../shared/ErrorPanel";
import { JsonView } from "../shared/JsonView";
import { PageHeader } from "../shared/PageHeader";
import classes from "../shared/Table.module.css";
import { Duration, Moment } from "../shared/time";
import { isObject, member, number, text, type Json } from "../runs/model/json";
import card from "./StatusPage.module.css";
import { bytesWords, nameWords } from "./statusWords";

const freshEveryMs = 5_000;

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

export default function StatusPage() {
  const status = useQuery({
    queryKey: ["status"],
    queryFn: () => api.get<Json>("/status"),
    refetchInterval: freshEveryMs,
  });
  return (
    <>
      <PageHeader title="Status">How this server is doing, read every few seconds.</PageHeader>
      {status.isError && (
        <ErrorPanel error={status.error} onRetry={() => void status.refetch()} />
      )}
      {status.isPending && <Skeleton height={240} />}
      {status.data !== undefined && <Shown status={status.data} />}
    </>
  );
}

function Shown({ status }: { status: Json }) {
  const started = text(status, "startedAt");
  const runs = member(status, "runs");
  const store = member(status, "store");
  const webhooks = member(status, "webhooks");
  return (
    <Stack gap="lg">
      <SimpleGrid cols={{ base: 2, sm: 3, lg: 5 }} spacing="sm">
        <Card title="Version">{text(status, "version")}</Card>
        <Card title="Up for">{started !== "" && <Duration begin={started} />}</Card>
        <Card title="Oldest waiting">
          <Oldest value={member(status, "oldestWaiting")} />
        </Card>
        <Card title="Storage">{bytesWords(number(store, "bytes"))}</Card>
        <Card title="Oldest event">
          <Oldest value={member(status, "oldestEventAt")} />
        </Card>
      </SimpleGrid>
      {isObject(runs) && <Counts title="Runs" counts={runs} />}
      {isObject(webhooks) && <Counts title="Webhook deliveries since the start" counts={webhooks} />}
      <Queues queues={list(member(status, "queues"))} />
      <Budgets connections={list(member(status, "connections"))} />
      <details>
        <summary>
          <Text span size="sm">
            Everything the server says of itself
          </Text>
        </summary>
        <JsonView value={status} label="Status" />
      </details>
    </Stack>
  );
}

function Card({ title, children }: { title: string; children: ReactNode }) {
  return (
    <div className={card.card}>
      <Text size="xs" c="dimmed">
        {title}
      </Text>
      <Text size="lg" fw={600} component="div" style={{ overflowWrap: "anywhere" }}>
        {children || "–"}
      </Text>
    </div>
  );
}

function Oldest({ value }: { value: Json | undefined }) {
  if (typeof value === "string" && value !== "") return <Duration begin={value} />;
  const since = text(value, "since") || text(value, "startedAt") || text(value, "at");
  const run = text(value, "run") || text(value, "id");
  if (since === "") return <>nothing</>;
  return run === "" ? (
    <Duration begin={since} />
  ) : (
    <Anchor component={Link} href={`/runs/${run}`} size="lg">
      <Duration begin={since} />
    </Anchor>
  );
}

function Counts({ title, counts }: { title: string; counts: { [name: string]: Json } }) {
  const entries = Object.entries(counts).filter(([, count]) => typeof count === "number");
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        {title}
      </Title>
      <SimpleGrid cols={{ base: 2, sm: 4, lg: 7 }} spacing="sm">
        {entries.map(([name, count]) => (
          <Card key={name} title={nameWords(name)}>
            {String(count)}
          </Card>
        ))}
      </SimpleGrid>
    </section>
  );
}

function Queues({ queues }: { queues: Json[] }) {
  if (queues.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        Queues
      </Title>
      <table className={classes.table} aria-label="Queues">
        <thead>
          <tr>
            <th scope="col">Queue</th>
            <th scope="col">Waiting</th>
          </tr>
        </thead>
        <tbody>
          {queues.map((queue) => (
            <tr key={text(queue, "name")}>
              <td data-label="Queue">{nameWords(text(queue, "name"))}</td>
              <td data-label="Waiting">{number(queue, "depth")}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}

function Budgets({ connections }: { connections: Json[] }) {
  if (connections.length === 0) return null;
  return (
    <section>
      <Title order={2} size="h5" mb="xs">
        Rate budgets
      </Title>
      <table className={classes.table} aria-label="Rate budgets">
        <thead>
          <tr>
            <th scope="col">Connection</th>
            <th scope="col">Left</th>
            <th scope="col">Limit</th>
            <th scope="col">Resets</th>
          </tr>
        </thead>
        <tbody>
          {connections.map((connection) => {
            const budget = member(connection, "budget");
            const resets = text(budget, "limitedUntil") || text(budget, "resetsAt");
            const known = isObject(budget) && typeof member(budget, "limit") === "number";
            return (
              <tr key={text(connection, "name")}>
                <td data-label="Connection">{text(connection, "name")}</td>
                <td data-label="Left">{known ? number(budget, "remaining") : "not told yet"}</td>
                <td data-label="Limit">{known ? number(budget, "limit") : "–"}</td>
                <td data-label="Resets">{resets === "" ? "–" : <Moment at={resets} />}</td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </section>
  );
}
