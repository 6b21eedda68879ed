// A failure as a person needs it: what happened, why, what to do, and the ids by which it is found in
// the server's log and in GitLab's.
import { Alert, Anchor, Button, CopyButton, Group, Text } from "@mantine/core";
import { Problem, isForbidden } from "./api";
import { EmptyState } from "./EmptyState";
import { isObject, text, type Json } from "../runs/model/json";
import { Words } from "./Words";

interface Told {
  title: string;
  what: string;
  why: string;
  remedy: string;
  requestId: string; // Fairlead's
  upstreamId: string; // GitLab's
}

function told(error: unknown): Told {
  if (error instanceof Problem) {
    const { detail, cause, remedy, requestId, upstreamRequestId } = error.body;
    return {
      title: error.title,
      what: detail ?? "",
      why: cause ?? "",
      remedy: remedy ?? "",
      requestId: requestId ?? "",
      upstreamId: upstreamRequestId ?? "",
    };
  }
  const message = error instanceof Error ? error.message : String(error);
  return {
    title: "It did not work",
    what: message,
    why: "",
    remedy: "",
    requestId: "",
    upstreamId: "",
  };
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
    requestId: "",
    upstreamId: either("requestId"),
  };
}

// What to tell whoever reads the server's log.
function RequestId({ id }: { id: string }) {
  return (
    <Text size="xs" mt={4} c="dimmed">
      Request id: <code>{id}</code>{" "}
      <CopyButton value={id}>
        {({ copied, copy }) => (
          <Anchor component="button" type="button" size="xs" onClick={copy}>
            {copied ? "Copied" : "Copy"}
          </Anchor>
        )}
      </CopyButton>
    </Text>
  );
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
      {told.upstreamId !== "" && (
        <Text size="xs" mt={4} c="dimmed">
          GitLab&apos;s correlation id: <code>{told.upstreamId}</code>
        </Text>
      )}
      {told.requestId !== "" && <RequestId id={told.requestId} />}
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
