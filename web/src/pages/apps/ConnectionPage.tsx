// One connection: its health, what it may do, a test of it, reconnect and disconnect.
import { Alert, Anchor, Badge, Button, Card, Group, Stack, Tabs, Text } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useParams, useSearch } from "wouter";
import { useSession } from "../../app/session";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { Checklist } from "./Checklist";
import { ConnectionFacts } from "./ConnectionFacts";
import { ConnectionSettings } from "./ConnectionSettings";
import { Disconnect } from "./Disconnect";
import { PermissionsTable } from "./PermissionsTable";
import { type Connection, accountOf, connections, standing } from "./connection";

function useReconnect(name: string) {
  return useMutation({ mutationFn: () => connections.consent(name) });
}

function Broken({ connection }: { connection: Connection }) {
  const error = connection.lastError;
  if (!error || connection.status === "active") return null;
  return (
    <Alert color="red" variant="light" title={error.title ?? "Sign-in needed"} mb="md">
      <Text size="sm">{error.message ?? error.detail}</Text>
      {error.cause && (
        <Text size="sm">
          <b>Why:</b> {error.cause}
        </Text>
      )}
      {error.remedy && (
        <Text size="sm">
          <b>What to do:</b> {error.remedy}
        </Text>
      )}
    </Alert>
  );
}

function TestCard({ name, may }: { name: string; may: boolean }) {
  const test = useMutation({ mutationFn: () => connections.test(name) });
  return (
    <Card withBorder>
      <Group justify="space-between" mb="sm">
        <Text fw={600}>Test connection</Text>
        <Button
          size="xs"
          variant="default"
          disabled={!may}
          loading={test.isPending}
          onClick={() => test.mutate()}
        >
          {test.data ? "Test again" : "Test"}
        </Button>
      </Group>
      {test.isError && <ErrorPanel error={test.error} />}
      {test.data ? (
        <Checklist steps={test.data.steps} />
      ) : (
        <Text size="sm" c="dimmed">
          Goes from the name of the server to its webhooks, and says for each step what to do if it
          fails.
        </Text>
      )}
    </Card>
  );
}

function Permissions({ name }: { name: string }) {
  const query = useQuery({
    queryKey: ["connection", name, "permissions"],
    queryFn: () => connections.permissions(name),
  });
  if (query.isError) return <ErrorPanel error={query.error} />;
  if (!query.data) return null;
  return (
    <Stack>
      <Stack gap={4}>
        {query.data.scopes.map((each) => (
          <Text key={each.scope} size="sm">
            <Badge
              size="sm"
              variant="light"
              color={each.granted ? "green" : "gray"}
              mr={6}
              tt="none"
            >
              {each.scope}
            </Badge>
            {each.why}
          </Text>
        ))}
      </Stack>
      <PermissionsTable permissions={query.data} />
    </Stack>
  );
}

export default function ConnectionPage() {
  const { name = "" } = useParams<{ name: string }>();
  const connected = new URLSearchParams(useSearch()).get("connected") === "1";
  const session = useSession();
  const admin = session.may("org-admin");
  const query = useQuery({ queryKey: ["connection", name], queryFn: () => connections.get(name) });
  const reconnect = useReconnect(name);
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  const connection = query.data;
  if (!connection) return null;
  const state = standing(connection);
  const account = accountOf(connection);
  return (
    <>
      <PageHeader
        title={connection.name}
        above={
          <Anchor component={Link} href="/settings/apps" size="xs">
            App Store
          </Anchor>
        }
        actions={
          admin &&
          connection.auth === "oauth" && (
            <Button
              variant={connection.status === "active" ? "default" : "filled"}
              loading={reconnect.isPending}
              onClick={() => reconnect.mutate()}
            >
              {connection.account ? "Reconnect" : "Sign in at GitLab"}
            </Button>
          )
        }
      >
        <Group gap={6}>
          <Badge variant="light" color={state.color}>
            {state.label}
          </Badge>
          <Anchor href={connection.baseUrl} target="_blank" rel="noreferrer" size="sm">
            {connection.baseUrl}
          </Anchor>
        </Group>
      </PageHeader>
      {connected && connection.status === "active" && (
        <Alert color="green" variant="light" title="Connected" mb="md">
          <Text size="sm">
            Signed in{account === "" ? "" : ` as @${account}`}. Next:{" "}
            <Anchor component={Link} href="/workflows/templates" size="sm">
              create your first workflow
            </Anchor>
            .
          </Text>
        </Alert>
      )}
      <Broken connection={connection} />
      {reconnect.isError && <ErrorPanel error={reconnect.error} />}
      <Tabs defaultValue="health" keepMounted={false}>
        <Tabs.List mb="md">
          <Tabs.Tab value="health">Health</Tabs.Tab>
          <Tabs.Tab value="permissions">Permissions</Tabs.Tab>
          {admin && <Tabs.Tab value="settings">Settings</Tabs.Tab>}
        </Tabs.List>
        <Tabs.Panel value="health">
          <Stack maw={760}>
            <ConnectionFacts connection={connection} />
            <TestCard name={name} may={session.may("operator")} />
          </Stack>
        </Tabs.Panel>
        <Tabs.Panel value="permissions">
          <Permissions name={name} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <Stack maw={560}>
            <ConnectionSettings connection={connection} />
            <Disconnect connection={connection} />
          </Stack>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}
