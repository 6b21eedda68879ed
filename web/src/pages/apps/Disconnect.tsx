// Taking a connection away: what breaks is shown before, and its name must be typed.
import {
  Alert,
  Anchor,
  Button,
  Card,
  Checkbox,
  Group,
  List,
  Modal,
  Stack,
  Text,
  TextInput,
} from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link, useLocation } from "wouter";
import { counted } from "../shared/counted";
import { ErrorPanel } from "../shared/ErrorPanel";
import { type Connection, type Impact, connections } from "./connection";

function What({ impact }: { impact: Impact }) {
  const nothing =
    impact.workflows.length === 0 && impact.waitingRuns === 0 && impact.webhooks.length === 0;
  if (nothing) return <Text size="sm">Nothing uses it now.</Text>;
  return (
    <Alert color="yellow" variant="light" title="What breaks">
      <List size="sm">
        {impact.workflows.map((each) => (
          <List.Item key={`${each.namespace}/${each.name}`}>
            <Anchor component={Link} size="sm" href={`/workflows/${each.namespace}/${each.name}`}>
              {each.namespace}/{each.name}
            </Anchor>
            {each.certain ? "" : " may use it"}
          </List.Item>
        ))}
        {impact.waitingRuns > 0 && (
          <List.Item>{counted(impact.waitingRuns, "waiting run")}</List.Item>
        )}
        {impact.webhooks.length > 0 && (
          <List.Item>
            {counted(impact.webhooks.length, "webhook")} at GitLab, removed with it
          </List.Item>
        )}
      </List>
    </Alert>
  );
}

// Steps that name no connection use the default one; nothing takes its place by itself.
function DefaultGoes({ name }: { name: string }) {
  const others = useQuery({ queryKey: ["connections"], queryFn: connections.list });
  const next = (others.data?.items ?? []).find((each) => each.name !== name);
  return (
    <Alert color="yellow" variant="light" title="This is the default connection">
      <Text size="sm">
        Steps that name no connection use it, and have none afterwards.{" "}
        {next ? (
          <>
            Make another one the default first:{" "}
            <Anchor
              component={Link}
              size="sm"
              href={`/settings/apps/gitlab/${encodeURIComponent(next.name)}`}
            >
              {next.name}
            </Anchor>
            , under Settings.
          </>
        ) : (
          "There is no other one: connect another GitLab before, or such steps fail."
        )}
      </Text>
    </Alert>
  );
}

export function Disconnect({ connection }: { connection: Connection }) {
  const queries = useQueryClient();
  const [, go] = useLocation();
  const [opened, setOpened] = useState(false);
  const [revoke, setRevoke] = useState(true);
  const [typed, setTyped] = useState("");
  const impact = useQuery({
    queryKey: ["connection", connection.name, "impact"],
    queryFn: () => connections.impact(connection.name),
    enabled: opened,
  });
  const disconnect = useMutation({
    mutationFn: () => connections.disconnect(connection.name, revoke),
    onSuccess: async () => {
      go("/settings/apps", { replace: true });
      await queries.invalidateQueries({ queryKey: ["connections"] });
    },
  });
  return (
    <Card withBorder>
      <Group justify="space-between">
        <Text size="sm">Take this connection away and forget its tokens.</Text>
        <Button color="red" variant="outline" size="xs" onClick={() => setOpened(true)}>
          Disconnect
        </Button>
      </Group>
      <Modal
        opened={opened}
        onClose={() => setOpened(false)}
        title={`Disconnect ${connection.name}?`}
      >
        <Stack gap="sm">
          {impact.isError && <ErrorPanel error={impact.error} />}
          {connection.default && <DefaultGoes name={connection.name} />}
          {impact.data && <What impact={impact.data} />}
          <Checkbox
            label="Revoke the grant at GitLab, too"
            checked={revoke}
            onChange={(event) => setRevoke(event.currentTarget.checked)}
          />
          <TextInput
            label={`Type ${connection.name} to confirm`}
            value={typed}
            onChange={(event) => setTyped(event.currentTarget.value)}
          />
          {disconnect.isError && <ErrorPanel error={disconnect.error} />}
          <Group justify="flex-end">
            <Button variant="default" onClick={() => setOpened(false)}>
              Keep it
            </Button>
            <Button
              color="red.9"
              disabled={typed !== connection.name}
              loading={disconnect.isPending}
              onClick={() => disconnect.mutate()}
            >
              Disconnect
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Card>
  );
}
