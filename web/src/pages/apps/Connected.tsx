// What a sign-in brought: as whom, with which scopes, which groups can be seen, and what to do next.
import { Alert, Anchor, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link } from "wouter";
import { server } from "../../api/server";
import { useSession } from "../../app/session";
import { type Connection, accountOf, connections } from "./connection";

const shownMax = 5;

function Groups({ name }: { name: string }) {
  const groups = useQuery({
    queryKey: ["connection", name, "groups"],
    queryFn: () => connections.pick(name, "group"),
    retry: false,
  });
  const found = groups.data?.items ?? [];
  // One line from the beginning, so that nothing moves when they come.
  if (groups.isPending) return <Text size="sm">Looking which groups it sees…</Text>;
  if (groups.isError) return <Text size="sm">Its groups could not be listed now.</Text>;
  if (found.length === 0)
    return <Text size="sm">It sees no group: only projects of its own, and public ones.</Text>;
  const more = found.length > shownMax || groups.data.nextPage !== undefined;
  return (
    <Text size="sm" style={{ overflowWrap: "anywhere" }}>
      It sees the groups{" "}
      {found
        .slice(0, shownMax)
        .map((each) => each.label)
        .join(", ")}
      {more && " and more"}.
    </Text>
  );
}

function Next() {
  const workflows = useQuery({
    queryKey: ["workflows", "any"],
    queryFn: () => server.get("/workflows"),
  });
  if (workflows.data && workflows.data.items.length > 0)
    return <Text size="sm">Runs that waited for this sign-in go on by themselves.</Text>;
  return (
    <Text size="sm">
      Next:{" "}
      <Anchor component={Link} href="/workflows/templates" size="sm">
        create your first workflow
      </Anchor>
      .
    </Text>
  );
}

export function Connected({ connection }: { connection: Connection }) {
  const session = useSession();
  const account = accountOf(connection);
  return (
    <Alert color="green" variant="light" title="Connected" mb="md" role="status">
      <Text size="sm">
        Signed in{account === "" ? "" : ` as @${account}`}
        {connection.scopes !== "" && (
          <>
            {" "}
            with <code>{connection.scopes}</code>
          </>
        )}
        .
      </Text>
      {session.may("author") && <Groups name={connection.name} />}
      <Next />
    </Alert>
  );
}
