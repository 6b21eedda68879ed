// On every page: a connection that needs somebody, with the way to mend it.
import { Alert, Anchor, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { Link, useLocation } from "wouter";
import { server } from "../api/server";
import { useSession } from "./session";

export function ConnectionBanner() {
  const session = useSession();
  const query = useQuery({
    queryKey: ["connections"],
    queryFn: () => server.get("/connections"),
    refetchInterval: 60_000,
  });
  const [location] = useLocation();
  const pageOf = (name: string) => `/settings/apps/gitlab/${encodeURIComponent(name)}`;
  // Its own page says it in full.
  const broken =
    query.data?.items.filter(
      (each) => each.status === "needs-sign-in" && location !== pageOf(each.name),
    ) ?? [];
  if (broken.length === 0) return null;
  const [first] = broken;
  const names = broken.map((each) => each.name).join(", ");
  return (
    <Alert color="red" variant="light" mb="md" role="alert" title={`Sign-in needed: ${names}`}>
      <Text size="sm">
        GitLab no longer accepts what this connection holds. Runs that need it wait and go on by
        themselves after the sign-in.{" "}
        {session.may("org-admin") && first ? (
          <Anchor component={Link} href={pageOf(first.name)}>
            Reconnect
          </Anchor>
        ) : (
          "An org admin can reconnect it."
        )}
      </Text>
    </Alert>
  );
}
