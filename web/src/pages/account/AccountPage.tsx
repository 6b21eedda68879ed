// One's own account: who one is, the password, the places one is signed in at, the colours.
import {
  Badge,
  Button,
  Card,
  Group,
  PasswordInput,
  SegmentedControl,
  Stack,
  Table,
  Text,
  useMantineColorScheme,
} from "@mantine/core";
import { notifications } from "@mantine/notifications";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { useSession } from "../../app/session";
import { passwordFault } from "../access/password";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { query } from "../shared/api";
import { server } from "../../api/server";
import { FromNow } from "../shared/time";

function PasswordCard() {
  const [current, setCurrent] = useState("");
  const [wanted, setWanted] = useState("");
  const fault = wanted === "" ? "" : passwordFault(wanted);
  const change = useMutation({
    mutationFn: () => server.post("/users/me/password", { current, new: wanted }),
    onSuccess: () => {
      setCurrent("");
      setWanted("");
      notifications.show({ message: "Your password is changed." });
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (fault === "") change.mutate();
  };
  return (
    <Card withBorder>
      <form onSubmit={submit}>
        <Stack gap="sm">
          <Text fw={600}>Password</Text>
          {change.isError && <ErrorPanel error={change.error} />}
          <PasswordInput
            label="Present password"
            autoComplete="current-password"
            required
            value={current}
            onChange={(event) => setCurrent(event.currentTarget.value)}
          />
          <PasswordInput
            label="New password"
            autoComplete="new-password"
            required
            value={wanted}
            error={fault}
            onChange={(event) => setWanted(event.currentTarget.value)}
          />
          <Group>
            <Button type="submit" loading={change.isPending}>
              Change
            </Button>
          </Group>
        </Stack>
      </form>
    </Card>
  );
}

// An account made with a password may be signed in to with GitLab, too, once it is linked.
function LinkCard() {
  const { signIn } = useSession();
  if (signIn.gitlab.length === 0) return null;
  return (
    <Card withBorder>
      <Text fw={600} mb="xs">
        Sign in with GitLab
      </Text>
      <Text size="sm" c="dimmed" mb="sm">
        Link your account at GitLab to sign in with it instead of the password.
      </Text>
      <Group gap="xs">
        {signIn.gitlab.map((way) => (
          <Button
            key={way.connection}
            size="xs"
            variant="default"
            component="a"
            href={`/sign-in/gitlab${query({ connection: way.connection, link: "1", return: "/account" })}`}
          >
            Link {way.connection}
          </Button>
        ))}
      </Group>
    </Card>
  );
}

// "Firefox on Linux" of what a browser says of itself.
function browserOf(agent: string): string {
  const name =
    ["Edg", "Firefox", "Chrome", "Safari"].find((each) => agent.includes(each)) ?? "A browser";
  const system = ["Windows", "Android", "iPhone", "Mac OS", "Linux"].find((each) =>
    agent.includes(each),
  );
  return `${name === "Edg" ? "Edge" : name}${system ? ` on ${system}` : ""}`;
}

function SessionsCard() {
  const queries = useQueryClient();
  const query = useQuery({
    queryKey: ["sessions"],
    queryFn: () => server.get("/users/me/sessions"),
  });
  const end = useMutation({
    mutationFn: (id: string) => server.delete(`/users/me/sessions/${id}`),
    onSettled: () => queries.invalidateQueries({ queryKey: ["sessions"] }),
  });
  return (
    <Card withBorder>
      <Text fw={600} mb="xs">
        Signed in at
      </Text>
      {query.isError && <ErrorPanel error={query.error} />}
      {end.isError && <ErrorPanel error={end.error} />}
      <Table verticalSpacing={6}>
        <Table.Tbody>
          {query.data?.items.map((each) => (
            <Table.Tr key={each.id}>
              <Table.Td>
                <Text size="sm">{browserOf(each.agent)}</Text>
                <Text size="xs" c="dimmed">
                  {each.from}, seen <FromNow at={each.seenAt} />
                </Text>
              </Table.Td>
              <Table.Td ta="right">
                {each.current ? (
                  <Badge variant="light">This one</Badge>
                ) : (
                  <Button size="xs" variant="default" onClick={() => end.mutate(each.id)}>
                    Sign out
                  </Button>
                )}
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </Card>
  );
}

export default function AccountPage() {
  const { user } = useSession();
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  if (!user) return null;
  return (
    <>
      <PageHeader title={user.name || user.username}>
        @{user.username}
        {user.email ? ` · ${user.email}` : ""} · {user.role}
      </PageHeader>
      <Stack maw={560}>
        <Card withBorder>
          <Group justify="space-between">
            <Text fw={600}>Colours</Text>
            <SegmentedControl
              size="xs"
              aria-label="Colours"
              value={colorScheme}
              onChange={(value) => setColorScheme(value as typeof colorScheme)}
              data={[
                { value: "auto", label: "As the system" },
                { value: "light", label: "Light" },
                { value: "dark", label: "Dark" },
              ]}
            />
          </Group>
        </Card>
        <LinkCard />
        <PasswordCard />
        <SessionsCard />
      </Stack>
    </>
  );
}
