// A failure as a person needs it: what happened, why, what to do, and GitLab's correlation id.
import { Alert, Button, Group, Text } from "@mantine/core";
import { Problem, isForbidden } from "./api";
import { EmptyState } from "./EmptyState";
import { isObject, text, type Json } from "../runs/model/json";
import { Words } from "./Words";

interface Told {
  title: string;
  what: string;
  why: string;
  remedy: string;
  requestId: string;
}

function told(error: unknown): Told {
  if (error instanceof Problem) {
    const { detail, cause, remedy, requestId } = error.body;
    return {
      title: error.title,
      what: detail ?? "",
      why: cause ?? "",
      remedy: remedy ?? "",
      requestId: requestId ?? "",
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return { title: "It did not work", what: message, why: "", remedy: "", requestId: "" };
}

// An error of a journal or of a run.
function toldOf(error: Json): Told {
  const title = text(error, "title");
  const what = text(error, "detail") || text(error, "message");
  const details = isObject(error) ? error["details"] : undefined;
  const either = (name: string) => text(error, name) || text(details, name);
  return {
    title: title || "Failed",
    what,
    why: either("cause"),
    remedy: either("remedy"),
    requestId: either("requestId"),
  };
}

function Panel({ told, onRetry }: { told: Told; onRetry?: () => void }) {
  return (
    <Alert color="red" variant="light" title={told.title} role="alert">
      {told.what !== "" && (
        <Text size="sm" style={{ overflowWrap: "anywhere" }}>
          <Words text={told.what} />
        </Text>
      )}
      {told.why !== "" && (
        <Text size="sm" mt={4}>
          <b>Why:</b> <Words text={told.why} />
        </Text>
      )}
      {told.remedy !== "" && (
        <Text size="sm" mt={4}>
          <b>What to do:</b> <Words text={told.remedy} />
        </Text>
      )}
      {told.requestId !== "" && (
        <Text size="xs" mt={4} c="dimmed">
          GitLab&apos;s correlation id: <code>{told.requestId}</code>
        </Text>
      )}
      {onRetry && (
        <Group mt="xs">
          <Button size="xs" variant="default" onClick={onRetry}>
            Try again
          </Button>
        </Group>
      )}
    </Alert>
  );
}

// What could be read again, were it not for others: trying again is of no use.
function NotForYou({ told }: { told: Told }) {
  return (
    <EmptyState title="This page is for others">
      <Words text={told.what} /> {told.remedy !== "" && <Words text={told.remedy} />}
    </EmptyState>
  );
}

export function ErrorPanel({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  if (onRetry && isForbidden(error)) return <NotForYou told={told(error)} />;
  return <Panel told={told(error)} {...(onRetry ? { onRetry } : {})} />;
}

export function JournalError({ error }: { error: Json }) {
  return <Panel told={toldOf(error)} />;
}
