// One connection: its health, what it may do, a test of it, reconnect and disconnect.
import { Anchor, Badge, Button, Card, Group, Skeleton, Stack, Tabs, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type ReactNode, useState } from "react";
import { Link, useLocation, useParams, useSearch } from "wouter";
import { useSession } from "../../app/session";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { AccessDialog } from "./AccessDialog";
import { Checklist } from "./Checklist";
import { Connected } from "./Connected";
import { ConnectionFacts } from "./ConnectionFacts";
import { ConnectionSettings } from "./ConnectionSettings";
import { DeviceSignIn } from "./DeviceSignIn";
import { Disconnect } from "./Disconnect";
import { Permissions } from "./Permissions";
import { ServerSettings } from "./ServerSettings";
import { SignInMenu } from "./SignInMenu";
import { Standing } from "./Standing";
import { type Connection, connections, standing } from "./connection";

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

function PermissionsTab({
  name,
  onAsk,
}: {
  name: string;
  onAsk: ((scopes: string[]) => void) | undefined;
}) {
  const query = useQuery({
    queryKey: ["connection", name, "permissions"],
    queryFn: () => connections.permissions(name),
  });
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data) return <Skeleton height={320} />;
  return <Permissions permissions={query.data} onAsk={onAsk} />;
}

function useConnection(name: string) {
  return useQuery({
    queryKey: ["connection", name],
    queryFn: () => connections.get(name),
  });
}

export default function ConnectionPage() {
  const { name = "" } = useParams<{ name: string }>();
  const query = useConnection(name);
  if (query.isError) return <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />;
  if (!query.data)
    return (
      <Stack aria-busy="true">
        <Skeleton height={64} maw={420} />
        <Skeleton height={240} maw={760} />
      </Stack>
    );
  return <Shown key={query.data.id} connection={query.data} />;
}

function Shown({ connection }: { connection: Connection }) {
  const { name } = connection;
  const [, go] = useLocation();
  const queries = useQueryClient();
  const connected = new URLSearchParams(useSearch()).get("connected") === "1";
  const session = useSession();
  const admin = session.may("org-admin");
  const mends = admin && connection.auth === "oauth";
  // Scopes asked for in a dialog; a sign-in by device code under way here.
  const [asking, setAsking] = useState<string[]>();
  const [device, setDevice] = useState<{ scopes?: string }>();
  const here = `/settings/apps/gitlab/${encodeURIComponent(name)}`;
  return (
    <>
      <Header
        connection={connection}
        actions={
          mends && (
            <SignInMenu
              connection={connection}
              onDevice={() => setDevice({})}
              onAccess={() => setAsking([])}
            />
          )
        }
      />
      {connected && connection.status === "active" && <Connected connection={connection} />}
      {device ? (
        <Stack maw={760} mb="md">
          <DeviceSignIn
            name={name}
            {...device}
            onDone={() => {
              setDevice(undefined);
              void queries.invalidateQueries({ queryKey: ["connections"] });
              void queries.invalidateQueries({ queryKey: ["connection"] });
              go(`${here}?connected=1`, { replace: true });
            }}
            onLeave={() => setDevice(undefined)}
          />
        </Stack>
      ) : (
        <Standing connection={connection} onAskAgain={mends ? () => setAsking([]) : undefined} />
      )}
      {asking && (
        <AccessDialog
          name={name}
          wanted={asking}
          onClose={() => setAsking(undefined)}
          onDevice={(scopes) => {
            setAsking(undefined);
            setDevice({ scopes });
          }}
        />
      )}
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
          <PermissionsTab name={name} onAsk={mends ? setAsking : undefined} />
        </Tabs.Panel>
        <Tabs.Panel value="settings">
          <Stack maw={560}>
            <ConnectionSettings connection={connection} />
            <ServerSettings connection={connection} />
            <Disconnect connection={connection} />
          </Stack>
        </Tabs.Panel>
      </Tabs>
    </>
  );
}

function Header({ connection, actions }: { connection: Connection; actions: ReactNode }) {
  const state = standing(connection);
  return (
    <PageHeader
      title={connection.name}
      above={
        <Anchor component={Link} href="/settings/apps" size="xs">
          Settings › App Store
        </Anchor>
      }
      actions={actions}
    >
      <Group gap={6}>
        <Badge variant="light" color={state.color}>
          {state.label}
        </Badge>
        <Anchor
          href={connection.baseUrl}
          target="_blank"
          rel="noreferrer"
          size="sm"
          style={{ overflowWrap: "anywhere" }}
        >
          {connection.baseUrl}
        </Anchor>
      </Group>
    </PageHeader>
  );
}
