// Sign in with GitLab: by which connections' GitLab people may sign in here, and who comes in.
import { Anchor, Button, Card, Group, Skeleton, Stack, Text, Title } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { server } from "../../../api/server";
import { connections } from "../../apps/connection";
import { ErrorPanel } from "../../shared/ErrorPanel";
import { SignInForm } from "./SignInForm";
import { type SignInWay, formOf, whoComesIn } from "./form";

export const signInWaysKey = ["settings", "sign-in"];

export function SignInSection() {
  const ways = useQuery({
    queryKey: signInWaysKey,
    queryFn: () => server.get("/settings/sign-in"),
  });
  const list = useQuery({ queryKey: ["connections"], queryFn: connections.list });
  // The name of the connection whose form is open.
  const [open, setOpen] = useState("");
  const items = ways.data?.items ?? [];
  const free = (list.data?.items ?? [])
    .map((each) => each.name)
    .filter((name) => !items.some((way) => way.connection === name));
  return (
    <Stack gap="sm" component="section" aria-label="Sign in with GitLab">
      <Title order={2} size="h5">
        Sign in with GitLab
      </Title>
      <Text size="sm" c="dimmed">
        People come in with their account at GitLab (OpenID Connect); passwords stay possible.
      </Text>
      {ways.isError && <ErrorPanel error={ways.error} onRetry={() => void ways.refetch()} />}
      {ways.isPending && <Skeleton height={72} />}
      {ways.data &&
        items.map((way) =>
          open === way.connection ? null : (
            <WayCard key={way.connection} way={way} onEdit={() => setOpen(way.connection)} />
          ),
        )}
      {ways.data && open !== "" && (
        <SignInForm
          key={open}
          connection={open}
          way={items.find((way) => way.connection === open)}
          redirectUri={ways.data.redirectUri}
          scopes={ways.data.scopes}
          onClose={() => setOpen("")}
        />
      )}
      {ways.data && list.data && open === "" && (
        <Add free={free} connected={list.data.items.length > 0} onAdd={setOpen} />
      )}
    </Stack>
  );
}

interface AddProps {
  free: readonly string[];
  connected: boolean;
  onAdd: (connection: string) => void;
}

function Add({ free, connected, onAdd }: AddProps) {
  if (!connected)
    return (
      <Text size="sm">
        It needs a connection to that GitLab first:{" "}
        <Anchor component={Link} href="/settings/apps/gitlab/connect" size="sm">
          connect GitLab
        </Anchor>
        .
      </Text>
    );
  return (
    <Group gap="xs">
      {free.map((name) => (
        <Button key={name} size="xs" variant="default" onClick={() => onAdd(name)}>
          Set it up for {name}
        </Button>
      ))}
    </Group>
  );
}

function WayCard({ way, onEdit }: { way: SignInWay; onEdit: () => void }) {
  const client = useQueryClient();
  const [sure, setSure] = useState(false);
  const remove = useMutation({
    mutationFn: () => server.delete(`/settings/sign-in/${encodeURIComponent(way.connection)}`),
    onSuccess: () => client.invalidateQueries({ queryKey: signInWaysKey }),
  });
  return (
    <Card withBorder padding="sm">
      <Group justify="space-between" gap="sm" align="flex-start">
        <div style={{ flex: "1 1 260px", minWidth: 0, overflowWrap: "anywhere" }}>
          <Text size="sm" fw={600}>
            {way.label}
          </Text>
          <Text size="sm" c="dimmed">
            Connection {way.connection}. {whoComesIn(formOf(way)).words}
          </Text>
        </div>
        <Group gap={4}>
          <Button
            size="compact-xs"
            variant="default"
            onClick={onEdit}
            aria-label={`Change the sign-in with ${way.connection}`}
          >
            Change
          </Button>
          <Button
            size="compact-xs"
            {...(sure ? { color: "red" } : { variant: "default" })}
            loading={remove.isPending}
            onClick={() => (sure ? remove.mutate() : setSure(true))}
          >
            {sure ? "Switch it off now" : "Switch off"}
          </Button>
        </Group>
      </Group>
      {sure && (
        <Text size="xs" mt={4} role="status">
          Who has no password cannot sign in any more; sessions there are go on.
        </Text>
      )}
      {remove.isError && <ErrorPanel error={remove.error} />}
    </Card>
  );
}
