// What is wrong with a connection, or was with its last sign-in, and what to do about it.
import { Alert, Button, Stack, Text } from "@mantine/core";
import type { Schema } from "../../api/routes";
import { Words } from "../shared/Words";
import { FromNow } from "../shared/time";
import type { Connection } from "./connection";

interface TroubleProps {
  error: Schema<"Fault"> | undefined;
  title: string;
  color: "red" | "yellow";
}

function Trouble({ error, title, color }: TroubleProps) {
  return (
    <Alert color={color} variant="light" title={error?.title ?? title}>
      {error && (
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          {error.message}
        </Text>
      )}
      {error?.cause && (
        <Text size="sm">
          <b>Why:</b> {error.cause}
        </Text>
      )}
      {error?.remedy && (
        <Text size="sm">
          <b>What to do:</b> <Words text={error.remedy} />
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
          error={lastSignIn.error}
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
        <Alert color="yellow" variant="light" title="This connection lacks scopes">
          <Text size="sm">
            Not granted: <code>{missingScopes.join(" ")}</code>. Actions that need it are refused.
            Tick it in the application or token at GitLab, then ask again.
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
