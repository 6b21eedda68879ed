// All workflows: what starts each and when next, how its last runs went, who changed it, and the way
// to a new one.

import { Badge, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useInViewport } from "@mantine/hooks";
import { useEffect, useState, type ReactNode } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { Icon } from "../../builder/views/Icon";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { FromNow, Moment } from "../shared/time";
import {
  filterFrom,
  passing,
  searchOf,
  stateLabels,
  states,
  type ListFilter,
  type State,
  type WorkflowRow,
} from "./listFilter";
import { NewWorkflowButton } from "./NewWorkflow";
import { RunTicks } from "./RunTicks";
import { useWorkflowList } from "./useWorkflows";
import { startsOnWords } from "./words";
import classes from "./Workflows.module.css";

/** Fewer are seen at a glance. */
const searchedFrom = 8;

export default function WorkflowsPage(): ReactNode {
  const answer = useWorkflowList();
  const [, go] = useLocation();
  const filter = filterFrom(useSearch());
  const all: readonly WorkflowRow[] = answer.data ?? [];
  const found = passing(all, filter);
  const isFiltered = searchOf(filter) !== "";
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
          A template is a whole workflow: answer a few questions, look at it, publish it.
        </EmptyState>
      ) : null}
      {all.length > searchedFrom || isFiltered ? (
        <Filters
          filter={filter}
          count={isFiltered ? `${found.length} of ${all.length}` : `${all.length} workflows`}
          onChange={(next) => {
            const search = searchOf(next);
            go(search === "" ? "/workflows" : `/workflows?${search}`, { replace: true });
          }}
        />
      ) : null}
      {found.length > 0 ? (
        <ul className={classes["list"]} aria-label="Workflows">
          <li className={classes["head"]} aria-hidden="true">
            <span>Workflow</span>
            <span>Starts</span>
            <span>Last runs</span>
            <span>Changed</span>
            <span>Version</span>
          </li>
          {found.map((one) => (
            <Row key={`${one.namespace}/${one.name}`} workflow={one} />
          ))}
        </ul>
      ) : all.length > 0 ? (
        <Text c="dimmed" size="sm">
          No workflow is like that.
        </Text>
      ) : null}
    </Stack>
  );
}

interface FiltersProps {
  filter: ListFilter;
  count: string;
  onChange: (next: ListFilter) => void;
}

function Filters({ filter, count, onChange }: FiltersProps): ReactNode {
  return (
    <Group gap="xs">
      <TextInput
        type="search"
        aria-label="Search workflows"
        placeholder="Name, title, event, person"
        leftSection={<Icon name="search" />}
        value={filter.text}
        w={320}
        maw="100%"
        onChange={(event) => {
          onChange({ ...filter, text: event.currentTarget.value });
        }}
      />
      <Select
        aria-label="State"
        w={160}
        allowDeselect={false}
        data={states.map((state) => ({ value: state, label: stateLabels[state] }))}
        value={filter.state}
        onChange={(next) => {
          onChange({ ...filter, state: (next ?? "") as State });
        }}
      />
      <Text size="sm" c="dimmed" role="status">
        {count}
      </Text>
    </Group>
  );
}

/** Its runs are asked for once it is seen: there may be hundreds of rows. */
function Ticks({ workflow }: { workflow: WorkflowRow }): ReactNode {
  const { ref, inViewport } = useInViewport<HTMLSpanElement>();
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (inViewport) setSeen(true);
  }, [inViewport]);
  const { namespace, name } = workflow;
  return (
    <span ref={ref} className={classes["ticks"]}>
      {seen ? <RunTicks workflow={{ namespace, name }} /> : null}
    </span>
  );
}

function Row({ workflow }: { workflow: WorkflowRow }): ReactNode {
  const { namespace, name, nextStart, by } = workflow;
  const starts = startsOnWords(workflow.startsOn);
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
      <span className={classes["starts"]}>
        <Text size="sm" truncate title={starts}>
          {starts}
        </Text>
        {nextStart === undefined ? null : (
          <Text size="xs" c="dimmed" truncate component="div">
            next <FromNow at={nextStart} />
          </Text>
        )}
      </span>
      <Ticks workflow={workflow} />
      <span className={classes["changed"]}>
        <Text size="sm" truncate title={by}>
          {by ?? ""}
        </Text>
        <Text size="xs" c="dimmed" component="div">
          <Moment at={workflow.createdAt} />
        </Text>
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
