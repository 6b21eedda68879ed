// All workflows: what starts each, how its last runs went, and the way to a new one.

import { Badge, Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useState, type ReactNode } from "react";
import { Link } from "wouter";
import type { WorkflowBrief } from "../../builder/server/types";
import { Icon } from "../../builder/views/Icon";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { NewWorkflowButton } from "./NewWorkflow";
import { RunTicks } from "./RunTicks";
import { useWorkflowList } from "./useWorkflows";
import { startsOnWords } from "./words";
import classes from "./Workflows.module.css";

export default function WorkflowsPage(): ReactNode {
  const answer = useWorkflowList();
  const [search, setSearch] = useState("");
  const all = answer.data ?? [];
  const words = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "");
  const found = all.filter((one) =>
    words.every((word) =>
      `${one.namespace}/${one.name} ${one.title ?? ""} ${one.startsOn ?? ""}`
        .toLowerCase()
        .includes(word),
    ),
  );
  return (
    <Stack gap="md">
      <PageHeader
        title="Workflows"
        actions={
          <Group gap="xs">
            <Button component={Link} href="/workflows/templates" variant="default">
              Templates
            </Button>
            <NewWorkflowButton />
          </Group>
        }
      />
      {answer.error ? (
        <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />
      ) : null}
      {answer.data && all.length === 0 ? (
        <EmptyState
          title="No workflows yet"
          action={
            <Button component={Link} href="/workflows/templates">
              Choose a template
            </Button>
          }
        >
          A template is a whole workflow: answer three to five questions, look at it, publish it.
        </EmptyState>
      ) : null}
      {all.length > 8 ? (
        <TextInput
          aria-label="Search workflows"
          placeholder="Search"
          leftSection={<Icon name="search" />}
          value={search}
          maw={360}
          onChange={(event) => {
            setSearch(event.currentTarget.value);
          }}
        />
      ) : null}
      {found.length > 0 ? (
        <ul className={classes["list"]} aria-label="Workflows">
          <li className={classes["head"]} aria-hidden="true">
            <span>Workflow</span>
            <span>Starts</span>
            <span>Last runs</span>
            <span>Version</span>
          </li>
          {found.map((one) => (
            <Row key={`${one.namespace}/${one.name}`} workflow={one} />
          ))}
        </ul>
      ) : all.length > 0 ? (
        <Text c="dimmed" size="sm">
          No workflow is called that.
        </Text>
      ) : null}
    </Stack>
  );
}

function Row({ workflow }: { workflow: WorkflowBrief }): ReactNode {
  const { namespace, name } = workflow;
  return (
    <li className={classes["row"]}>
      <span className={classes["name"]}>
        <Link href={`/workflows/${namespace}/${name}`} className={classes["link"] ?? ""}>
          {workflow.title || name}
        </Link>
        <Text size="xs" c="dimmed" truncate>
          {namespace}/{name}
        </Text>
      </span>
      <Text size="sm" className={classes["starts"] ?? ""} title={startsOnWords(workflow.startsOn)}>
        {startsOnWords(workflow.startsOn)}
      </Text>
      <span>
        <RunTicks workflow={{ namespace, name }} />
      </span>
      <span className={classes["version"]}>
        <Text size="sm" c="dimmed">
          {workflow.version}
        </Text>
        {workflow.status === "published" ? null : (
          <Badge
            size="sm"
            variant="light"
            color={workflow.status === "draft" ? "blue" : "gray"}
            tt="none"
          >
            {workflow.status === "draft" ? "draft" : "off"}
          </Badge>
        )}
      </span>
    </li>
  );
}
