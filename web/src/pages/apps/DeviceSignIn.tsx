// A sign-in by device code: the code to be entered at GitLab, on any device, and how it goes on.
import { Alert, Anchor, Button, Card, CopyButton, Group, Loader, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { ErrorPanel } from "../shared/ErrorPanel";
import { Words } from "../shared/Words";
import { useNow } from "../shared/time";
import classes from "./DeviceSignIn.module.css";
import { type SignInStarted, connections } from "./connection";
import { type DeviceStand, deviceStand, leftWords } from "./device";

const lookEveryMs = 2_000;

interface Props {
  name: string;
  scopes?: string;
  onDone: () => void;
  onLeave: () => void;
}

export function DeviceSignIn({ name, scopes, onDone, onLeave }: Props) {
  const queries = useQueryClient();
  const [started, setStarted] = useState<SignInStarted>();
  const begin = useMutation({
    mutationFn: () => connections.signIn(name, { way: "device", ...(scopes ? { scopes } : {}) }),
    onSuccess: async (answer) => {
      setStarted(answer);
      await queries.invalidateQueries({ queryKey: ["connection", name] });
    },
  });
  const { mutate } = begin;
  useEffect(() => mutate(), [mutate]);
  const again = () => {
    setStarted(undefined);
    mutate();
  };
  return (
    <Card withBorder component="section" aria-label="Sign in by device code">
      {begin.isError && <ErrorPanel error={begin.error} onRetry={again} />}
      {begin.isPending && (
        <Group gap="xs" mih={180}>
          <Loader size="xs" />
          <Text size="sm">Asking GitLab for a code…</Text>
        </Group>
      )}
      {started && <Code name={name} started={started} onDone={onDone} onAgain={again} />}
      <Group mt="sm">
        <Button size="xs" variant="default" onClick={onLeave}>
          Sign in another way
        </Button>
      </Group>
    </Card>
  );
}

function useStand(name: string, started: SignInStarted): DeviceStand {
  const now = useNow();
  const query = useQuery({
    queryKey: ["connection", name],
    queryFn: () => connections.get(name),
    refetchInterval: lookEveryMs,
  });
  return deviceStand(query.data?.lastSignIn, started, now);
}

interface CodeProps {
  name: string;
  started: SignInStarted;
  onDone: () => void;
  onAgain: () => void;
}

function Code({ name, started, onDone, onAgain }: CodeProps) {
  const stand = useStand(name, started);
  const done = stand.state === "completed";
  useEffect(() => {
    if (done) onDone();
  }, [done, onDone]);
  if (stand.state === "failed")
    return (
      <Alert color="red" variant="light" role="alert" title={stand.title}>
        <Text size="sm">{stand.message}</Text>
        {stand.remedy !== "" && (
          <Text size="sm">
            <b>What to do:</b> <Words text={stand.remedy} />
          </Text>
        )}
        <Button size="xs" mt="xs" onClick={onAgain}>
          Get a new code
        </Button>
      </Alert>
    );
  const page = started.verificationUri ?? "";
  const code = started.userCode ?? "";
  return (
    <Stack gap="sm">
      <Text size="sm">
        1. Open{" "}
        <Anchor
          size="sm"
          href={started.verificationUriComplete ?? page}
          target="_blank"
          rel="noreferrer"
        >
          {page} ↗
        </Anchor>{" "}
        on any device, and sign in there as the user Fairlead shall act for.
      </Text>
      <Text size="sm">2. Enter this code and authorize it:</Text>
      <Group gap="sm">
        <output className={classes["code"]} aria-label="Code for GitLab">
          {code}
        </output>
        <CopyButton value={code}>
          {({ copied, copy }) => (
            <Button variant="default" onClick={copy}>
              {copied ? "Copied" : "Copy the code"}
            </Button>
          )}
        </CopyButton>
      </Group>
      <Group gap="xs" role="status" wrap="nowrap">
        {stand.state === "waiting" && <Loader size="xs" aria-hidden />}
        <Text size="sm" c="dimmed">
          {done ? (
            "Signed in."
          ) : stand.state === "over" ? (
            "The code's time is over; asking GitLab how it ended."
          ) : (
            <>
              Waiting for you at GitLab. The code ends in{" "}
              <span className={classes["left"]} aria-live="off">
                {leftWords(stand.leftMs)}
              </span>
              .
            </>
          )}
        </Text>
      </Group>
    </Stack>
  );
}
