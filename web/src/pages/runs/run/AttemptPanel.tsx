// One attempt at a call: what was asked for, the literal request, what came back.
import { Box, Button, Group, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { server } from "../../../api/server";
import { ErrorPanel, JournalError } from "../../shared/ErrorPanel";
import { JsonView } from "../../shared/JsonView";
import { Duration, Moment } from "../../shared/time";
import type { Attempt } from "../model/story";
import { callName } from "../model/words";
import classes from "./AttemptPanel.module.css";

const stateWords: Record<Attempt["state"], string> = {
  "under way": "under way",
  answered: "answered",
  failed: "failed",
  waiting: "begun, not finished",
  "no answer": "its answer was not heard",
};
const modeWords: Record<Attempt["mode"], string> = {
  first: "",
  recover: "looks whether an earlier attempt took effect, sends only if not",
  cancel: "undoes what it waited for",
};

export function AttemptPanel({ attempt }: { attempt: Attempt }) {
  const [shown, setShown] = useState(false);
  const [requests, setRequests] = useState(false);
  const planned = attempt.call.endsWith("@gitlab");
  return (
    <Box className={classes.attempt} data-state={attempt.state}>
      <Group justify="space-between" gap="xs">
        <Text size="sm" fw={600}>
          {attempt.number}. {callName(attempt.call)}
          {attempt.connection !== "" && (
            <Text span size="sm" c="dimmed">
              {" "}
              on {attempt.connection}
            </Text>
          )}
        </Text>
        <Text size="xs" c="dimmed">
          <Moment at={attempt.sentAt} /> · {stateWords[attempt.state]}
          {attempt.returnedAt !== "" && attempt.state !== "waiting" && (
            <>
              {" "}
              in <Duration begin={attempt.sentAt} end={attempt.returnedAt} />
            </>
          )}
          {attempt.looks > 0 && ` · looked at ${attempt.looks} more times`}
        </Text>
      </Group>
      {modeWords[attempt.mode] !== "" && (
        <Text size="xs" c="dimmed">
          {modeWords[attempt.mode]}
        </Text>
      )}
      {attempt.adopted && (
        <Text size="xs" c="teal">
          It had taken effect before: taken over, not sent again.
        </Text>
      )}
      <Stack gap="xs" mt="xs">
        {attempt.error !== undefined && <JournalError error={attempt.error} />}
        <Group gap="xs">
          <Button
            size="compact-xs"
            variant="default"
            aria-expanded={shown}
            onClick={() => setShown(!shown)}
          >
            {shown ? "Hide" : "Show"} arguments{attempt.output !== undefined && " and answer"}
          </Button>
          {planned && (
            <Button
              size="compact-xs"
              variant="default"
              aria-expanded={requests}
              onClick={() => setRequests(!requests)}
            >
              {requests ? "Hide" : "Show"} request
            </Button>
          )}
        </Group>
        {requests && <Requests attempt={attempt} />}
        {shown && (
          <>
            <JsonView value={attempt.input} label="Arguments" />
            {attempt.output !== undefined && <JsonView value={attempt.output} label="Answer" />}
            <Text size="xs" c="dimmed">
              Marker <code>{attempt.marker}</code>: the same on every attempt, so that it is found
              again.
            </Text>
          </>
        )}
      </Stack>
    </Box>
  );
}

async function planOf(id: string, { input, connection }: Attempt) {
  const answer = await server.post(`/actions/${encodeURIComponent(id)}/run`, {
    input,
    dryRun: true,
    ...(connection !== "" ? { connection } : {}),
  });
  if (!("requests" in answer)) throw new Error("The server answered a dry run with a result.");
  return answer;
}

// The journal keeps arguments; the literal request follows from them. No token is in it.
function Requests({ attempt }: { attempt: Attempt }) {
  const id = callName(attempt.call);
  const plan = useQuery({
    queryKey: ["request", id, attempt.marker],
    queryFn: () => planOf(id, attempt),
    staleTime: Infinity,
  });
  if (plan.isError) return <ErrorPanel error={plan.error} />;
  if (!plan.data)
    return (
      <Text size="xs" c="dimmed">
        Working it out…
      </Text>
    );
  return (
    <Stack gap={6}>
      {plan.data.requests.map((request, i) => (
        <Box key={i}>
          <Text size="xs" ff="monospace" style={{ overflowWrap: "anywhere" }}>
            <b>{request.method}</b> {request.url}
          </Text>
          {request.body !== undefined && <JsonView value={request.body} label="Body" />}
        </Box>
      ))}
      <Text size="xs" c="dimmed">
        Needs the scope {plan.data.scope} and at least the role {plan.data.role}. Worked out from
        the arguments above.
      </Text>
    </Stack>
  );
}
