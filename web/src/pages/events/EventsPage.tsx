// Events: send one to see what it starts, and look at those that came.
import { Button, Code, Group, JsonInput, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "wouter";
import { useSession } from "../../app/session";
import type { Json } from "../../api/json";
import type { Answer, Body } from "../../api/routes";
import { call } from "../shared/api";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { paths } from "../runs/links";
import { Received } from "./Received";
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
      call<Answer<"post", "/events">>(
        "POST",
        "/events",
        {
          specversion: "1.0",
          id: crypto.randomUUID(),
          source: "/fairlead/events-page",
          type: sample.type.trim(),
          ...(sample.subject.trim() !== "" ? { subject: sample.subject.trim() } : {}),
          datacontenttype: "application/json",
          data: JSON.parse(sample.data) as Json,
        } satisfies Body<"post", "/events">,
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
