// What is wrong with a connection, or was with its last sign-in, and what to do about it.
import { Alert, Button, Stack, Text } from "@mantine/core";
import { Words } from "../shared/Words";
import { text, type Json } from "../runs/model/json";
import { FromNow } from "../shared/time";
import type { Connection } from "./connection";

function Trouble({ error, title, color }: { error: Json; title: string; color: "red" | "yellow" }) {
  const said = text(error, "message") || text(error, "detail");
  return (
    <Alert color={color} variant="light" title={text(error, "title") || title}>
      {said !== "" && (
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {said}
        </Text>
      )}
      {text(error, "cause") !== "" && (
        <Text size="sm">
          <b>Why:</b> {text(error, "cause")}
        </Text>
      )}
      {text(error, "remedy") !== "" && (
        <Text size="sm">
          <b>What to do:</b> <Words text={text(error, "remedy")} />
        </Text>
      )}
    </Alert>
  );
}

interface Props {
  connection: Connection;
  // Shown to those who may sign it in.
  onAskAgain: (() => void) | undefined;
}

export function Standing({ connection, onAskAgain }: Props) {
  const { lastError, lastSignIn, missingScopes, pendingSignIn, status } = connection;
  const broken = lastError !== undefined && status !== "active";
  const refused = lastSignIn?.outcome === "failed" && !pendingSignIn;
  const lacks = missingScopes !== undefined && missingScopes.length > 0;
  if (!broken && !refused && !pendingSignIn && !lacks) return null;
  return (
    <Stack gap="sm" mb="md">
      {broken && <Trouble error={lastError} title="Sign-in needed" color="red" />}
      {refused && (
        <Trouble
          error={lastSignIn.error ?? null}
          title="The last sign-in did not work"
          color={status === "active" ? "yellow" : "red"}
        />
      )}
      {pendingSignIn && (
        <Alert color="blue" variant="light" title="A sign-in by device code is under way">
          <Text size="sm">
            It ends <FromNow at={pendingSignIn.expiresAt} />. If the code is lost, start again: a
            new one takes its place.
          </Text>
        </Alert>
      )}
      {lacks && (
        <Alert color="yellow" variant="light" title="GitLab granted less than was asked for">
          <Text size="sm">
            Not granted: <code>{missingScopes.join(" ")}</code>. Tick it in the application at
            GitLab, then ask again.
          </Text>
          {onAskAgain && (
            <Button size="xs" mt="xs" variant="default" onClick={onAskAgain}>
              Ask again
            </Button>
          )}
        </Alert>
      )}
    </Stack>
  );
}
