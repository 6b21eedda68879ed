// How a connection stands: who, since when, how long the token lives, how much room GitLab leaves.
import { Card, SimpleGrid, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import type { ReactNode } from "react";
import type { Answer } from "../../api/routes";
import { server } from "../../api/server";
import { FromNow, Moment } from "../shared/time";
import { type Connection, accountOf } from "./connection";

type Budget = Answer<"get", "/connections/*/budget">;

function Fact({ label, children }: { label: string; children: ReactNode }) {
  return (
    <Stack gap={0}>
      <Text size="xs" c="dimmed">
        {label}
      </Text>
      <Text size="sm" component="div" style={{ overflowWrap: "anywhere" }}>
        {children}
      </Text>
    </Stack>
  );
}

function room(budget: Budget): ReactNode {
  if (budget.limitedUntil)
    return (
      <>
        rate limited until <Moment at={budget.limitedUntil} />
      </>
    );
  if (budget.remaining === null || budget.limit === null) return "GitLab has not said yet";
  return `${budget.remaining} of ${budget.limit} calls a minute left`;
}

// Failed calls are counted in memory: a server that runs for less knows less.
function isYoung(startedAt: string | undefined): boolean {
  const day = 24 * 60 * 60 * 1000;
  return startedAt !== undefined && Date.now() - Date.parse(startedAt) < day;
}

const ways: Readonly<Record<string, string>> = { oauth: "OAuth", token: "Access token" };

export function ConnectionFacts({ connection }: { connection: Connection }) {
  const budget = useQuery({
    queryKey: ["connection", connection.name, "budget"],
    queryFn: () => server.get(`/connections/${encodeURIComponent(connection.name)}/budget`),
    refetchInterval: 15_000,
    retry: false,
  });
  const status = useQuery({
    queryKey: ["status"],
    queryFn: () => server.get("/status"),
    staleTime: 60_000,
    retry: false,
  });
  const account = accountOf(connection);
  return (
    <Card withBorder>
      <SimpleGrid cols={{ base: 1, xs: 2, sm: 3 }} spacing="sm">
        <Fact label="Signed in as">{account === "" ? "nobody yet" : `@${account}`}</Fact>
        <Fact label="Way">{ways[connection.auth] ?? connection.auth}</Fact>
        <Fact label="Scopes">{connection.scopes || "unknown"}</Fact>
        <Fact label="Token ends">
          {connection.tokenExpiresAt ? (
            <FromNow at={connection.tokenExpiresAt} />
          ) : account === "" ? (
            "none yet"
          ) : (
            "GitLab does not say"
          )}
        </Fact>
        {connection.lastRefreshAt && (
          <Fact label="Last renewed">
            <FromNow at={connection.lastRefreshAt} />
          </Fact>
        )}
        {connection.nextRefreshAt && (
          <Fact label="Next renewal">
            <FromNow at={connection.nextRefreshAt} />
          </Fact>
        )}
        <Fact label="Errors in the last 24 h">
          {connection.errors24h === 0 ? "none" : connection.errors24h}
          {isYoung(status.data?.startedAt) && ", since the server started"}
        </Fact>
        <Fact label="Rate limit">{budget.data ? room(budget.data) : "…"}</Fact>
        <Fact label="Offers">{connection.readOnly ? "actions that only read" : "all actions"}</Fact>
        <Fact label="May be used from">{connection.minimumRole} up</Fact>
        {connection.aliases.length > 0 && (
          <Fact label="Also called">{connection.aliases.join(", ")}</Fact>
        )}
        <Fact label={account === "" ? "Added" : "Connected"}>
          <Moment at={connection.createdAt} />
        </Fact>
      </SimpleGrid>
    </Card>
  );
}
