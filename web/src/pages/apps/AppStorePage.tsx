// Settings > App Store: one card for each app, with what is connected.
import {
  Anchor,
  Badge,
  Button,
  Card,
  Group,
  SimpleGrid,
  Skeleton,
  Stack,
  Text,
  TextInput,
  ThemeIcon,
  Title,
} from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "wouter";
import { useSession } from "../../app/session";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { GitLabMark } from "./GitLabMark";
import { type Connection, connections, standing } from "./connection";

// One entry an app; a second app is one more line and its own wizard.
const apps = [
  {
    id: "gitlab",
    name: "GitLab",
    category: "Source code and CI",
    sentence: "Create projects and issues, run and watch pipelines, manage who has access.",
    connect: "/settings/apps/gitlab/connect",
    at: (name: string) => `/settings/apps/gitlab/${encodeURIComponent(name)}`,
  },
];

function chip(rows: readonly Connection[]): { label: string; color: string } {
  if (rows.length === 0) return { label: "Not set up", color: "gray" };
  if (rows.some((each) => each.status === "needs-sign-in"))
    return { label: "Needs attention", color: "red" };
  const good = rows.filter((each) => standing(each).color === "green").length;
  if (good < rows.length)
    return { label: good === 0 ? "Not signed in yet" : "Needs attention", color: "yellow" };
  return { label: `Connected ${good}`, color: "green" };
}

// How many workflows count on it: known a moment later, in a place that is kept for it.
function Used({ name }: { name: string }) {
  const impact = useQuery({
    queryKey: ["connection", name, "impact"],
    queryFn: () => connections.impact(name),
    staleTime: 60_000,
  });
  const count = impact.data?.workflows.length ?? 0;
  return (
    <Text size="xs" c="dimmed" mih={18}>
      {impact.data &&
        (count === 0
          ? "used by no workflow yet"
          : `used by ${count}${impact.data.more ? " or more" : ""} ${count === 1 ? "workflow" : "workflows"}`)}
    </Text>
  );
}

function Row({ row, href }: { row: Connection; href: string }) {
  const state = standing(row);
  return (
    <Group justify="space-between" gap="xs">
      <div style={{ minWidth: 0, flex: "1 1 12rem" }}>
        <Anchor component={Link} href={href} size="sm" truncate display="block">
          {row.name}
          <Text span c="dimmed" size="sm">
            {" "}
            {row.baseUrl.replace(/^https?:\/\//, "")}
          </Text>
        </Anchor>
        <Used name={row.name} />
      </div>
      <Group gap={4} wrap="nowrap" flex="none">
        {row.default && (
          <Badge size="sm" variant="default" flex="none">
            Default
          </Badge>
        )}
        <Badge size="sm" variant="light" color={state.color} flex="none">
          {state.label}
        </Badge>
      </Group>
    </Group>
  );
}

const steps = ["Say where your GitLab is", "Sign in there", "Build a workflow"];

function ThreeSteps() {
  return (
    <SimpleGrid cols={{ base: 1, xs: 3 }} spacing="xs" component="ol" p={0} my={6}>
      {steps.map((words, at) => (
        <Group key={words} component="li" gap={8} wrap="nowrap" style={{ listStyle: "none" }}>
          <ThemeIcon size={24} radius="xl" variant="light" aria-hidden="true">
            {at + 1}
          </ThemeIcon>
          <Text size="sm">{words}</Text>
        </Group>
      ))}
    </SimpleGrid>
  );
}

export default function AppStorePage() {
  const session = useSession();
  const [search, setSearch] = useState("");
  const query = useQuery({ queryKey: ["connections"], queryFn: connections.list });
  const wanted = search.trim().toLowerCase();
  const shown = apps.filter((app) =>
    `${app.name} ${app.category} ${app.sentence}`.toLowerCase().includes(wanted),
  );
  return (
    <>
      <PageHeader above="Settings" title="App Store">
        What Fairlead works with. An org admin connects an app once.
      </PageHeader>
      <TextInput
        placeholder="Search apps"
        aria-label="Search apps"
        value={search}
        onChange={(event) => setSearch(event.currentTarget.value)}
        maw={360}
        mb="md"
      />
      {query.isError && <ErrorPanel error={query.error} onRetry={() => void query.refetch()} />}
      {shown.length === 0 && <Text c="dimmed">No app is called “{search}”.</Text>}
      <Stack maw={640}>
        {shown.map((app) => {
          const rows = query.data?.items.filter((each) => each.app === app.id) ?? [];
          const state = chip(rows);
          return (
            <Card key={app.id} withBorder padding="lg">
              <Group align="flex-start" wrap="nowrap">
                <GitLabMark size={40} />
                <Stack gap={6} style={{ flex: 1, minWidth: 0 }}>
                  <Group justify="space-between" gap="xs">
                    <Title order={2} size="h5">
                      {app.name}
                    </Title>
                    {query.data && (
                      <Badge variant="light" color={state.color}>
                        {state.label}
                      </Badge>
                    )}
                  </Group>
                  <Text size="xs" c="dimmed">
                    {app.category}
                  </Text>
                  <Text size="sm">{app.sentence}</Text>
                  {rows.map((row) => (
                    <Row key={row.id} row={row} href={app.at(row.name)} />
                  ))}
                  {query.isPending && <Skeleton height={38} />}
                  {query.data && rows.length === 0 && <ThreeSteps />}
                  <Group mt={4}>
                    {session.may("org-admin") ? (
                      <Button
                        component={Link}
                        href={app.connect}
                        variant={rows.length > 0 ? "default" : "filled"}
                      >
                        {rows.length > 0 ? "Connect another" : "Connect"}
                      </Button>
                    ) : (
                      <Text size="sm" c="dimmed">
                        An org admin connects it.
                      </Text>
                    )}
                  </Group>
                </Stack>
              </Group>
            </Card>
          );
        })}
      </Stack>
    </>
  );
}
