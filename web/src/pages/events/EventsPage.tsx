// Events: send one to see what it starts, and look at those that came.
import { Anchor, Button, Code, Group, JsonInput, Stack, Text, TextInput } from "@mantine/core";
import { useInfiniteQuery, useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { useSession } from "../../app/session";
import type { Answer } from "../../api/routes";
import { server } from "../../api/server";
import { api, query } from "../shared/api";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import classes from "../shared/Table.module.css";
import { Moment } from "../shared/time";
import { paths } from "../runs/links";
import { Samples, type Sample } from "./Samples";

export default function EventsPage() {
  const operates = useSession().may("operator");
  return (
    <>
      <PageHeader title="Events">
        What comes in from other systems and GitLab, and what it starts.
      </PageHeader>
      {operates && <SendForm />}
      <Received />
    </>
  );
}

const firstSample: Sample = {
  type: "com.example.incident.opened",
  subject: "INC-42",
  data: '{\n  "title": "Disk full on db-1",\n  "service": "database",\n  "severity": 2\n}',
};

function SendForm() {
  const [sample, setSample] = useState<Sample>(firstSample);
  const [, go] = useLocation();
  const client = useQueryClient();
  const set = (part: Partial<Sample>) => setSample({ ...sample, ...part });
  const send = useMutation({
    mutationFn: () =>
      api.post<Answer<"post", "/events">>(
        "/events",
        {
          specversion: "1.0",
          id: crypto.randomUUID(),
          source: "/fairlead/events-page",
          type: sample.type.trim(),
          ...(sample.subject.trim() !== "" ? { subject: sample.subject.trim() } : {}),
          datacontenttype: "application/json",
          data: JSON.parse(sample.data) as unknown,
        },
        "application/cloudevents+json",
      ),
    onSuccess: ({ accepted }) => {
      void client.invalidateQueries({ queryKey: ["events"] });
      if (accepted[0]) go(paths.event(accepted[0].seq));
    },
  });
  return (
    <form
      aria-label="Send an event"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <Stack gap="sm" maw={680} mb="xl">
        <Samples onChoose={setSample} />
        <Group grow align="flex-start">
          <TextInput
            label="Type"
            required
            value={sample.type}
            onChange={(event) => set({ type: event.currentTarget.value })}
          />
          <TextInput
            label="Subject"
            description=""
            value={sample.subject}
            onChange={(event) => set({ subject: event.currentTarget.value })}
          />
        </Group>
        <JsonInput
          label="Data"
          value={sample.data}
          onChange={(data) => set({ data })}
          validationError="This is not JSON"
          autosize
          minRows={4}
          maxRows={14}
          styles={{ input: { fontFamily: "monospace", fontSize: 12 } }}
        />
        {send.isError && <ErrorPanel error={send.error} />}
        <Group>
          <Button type="submit" size="sm" loading={send.isPending}>
            Send the event
          </Button>
        </Group>
        <Text size="xs" c="dimmed">
          Other systems send CloudEvents to <Code>POST /api/v1/events</Code> with an API token.
        </Text>
      </Stack>
    </form>
  );
}

function Received() {
  const list = useInfiniteQuery({
    queryKey: ["events"],
    queryFn: ({ pageParam }) => server.get(`/events${query({ limit: 50, cursor: pageParam })}`),
    initialPageParam: "",
    getNextPageParam: (last) => last.nextCursor || undefined,
    refetchInterval: 5_000,
  });
  if (list.isError) return <ErrorPanel error={list.error} onRetry={() => void list.refetch()} />;
  const items = list.data?.pages.flatMap((page) => page.items) ?? [];
  if (list.isSuccess && items.length === 0)
    return (
      <EmptyState title="No event has come yet">
        Send one above, or connect GitLab: its webhooks arrive here.
      </EmptyState>
    );
  return (
    <>
      <table className={classes.table} aria-label="Events received">
        <thead>
          <tr>
            <th scope="col">Event</th>
            <th scope="col">Type</th>
            <th scope="col">Subject</th>
            <th scope="col">From</th>
            <th scope="col">Received</th>
          </tr>
        </thead>
        <tbody>
          {items.map((each) => (
            <tr key={each.seq}>
              <td data-label="Event">
                <Anchor component={Link} href={paths.event(each.seq)} size="sm">
                  {each.seq}
                </Anchor>
              </td>
              <td data-label="Type">{each.type}</td>
              <td data-label="Subject">{each.subject}</td>
              <td data-label="From">{each.source}</td>
              <td data-label="Received">
                <Moment at={each.receivedAt} />
              </td>
            </tr>
          ))}
        </tbody>
      </table>
      {list.hasNextPage && (
        <Group justify="center" py="md">
          <Button
            size="xs"
            variant="subtle"
            loading={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            Show older events
          </Button>
        </Group>
      )}
    </>
  );
}
