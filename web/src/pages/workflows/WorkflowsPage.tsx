// All workflows: what starts each and when next, how its last runs went, who changed it, and the way
// to a new one.

import { Badge, Button, Group, Select, Skeleton, Stack, Text } from "@mantine/core";
import { useInViewport } from "@mantine/hooks";
import { useCallback, useEffect, useState, type ReactNode } from "react";
import { Link, useLocation, useSearch } from "wouter";
import { EmptyState } from "../shared/EmptyState";
import { ErrorPanel } from "../shared/ErrorPanel";
import { More } from "../shared/More";
import { PageHeader } from "../shared/PageHeader";
import { SearchField } from "../shared/SearchField";
import { FromNow, Moment } from "../shared/time";
import {
  filterFrom,
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
  const [, go] = useLocation();
  const filter = filterFrom(useSearch());
  const list = useWorkflowList(filter);
  const found: readonly WorkflowRow[] = list.items;
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
      {list.isError ? <ErrorPanel error={list.error} onRetry={() => void list.refetch()} /> : null}
      {list.isSuccess && found.length === 0 && !isFiltered ? (
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
      {found.length > searchedFrom || list.hasNextPage || isFiltered ? (
        <Filters
          filter={filter}
          found={list.isSuccess ? foundWords(found.length, list.hasNextPage) : ""}
          onChange={(next) => {
            const search = searchOf(next);
            go(search === "" ? "/workflows" : `/workflows?${search}`, { replace: true });
          }}
        />
      ) : null}
      {list.isPending ? <Skeleton height={240} /> : null}
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
      ) : list.isSuccess && isFiltered ? (
        <EmptyState
          title="No workflow is like that"
          action={
            <Button component={Link} href="/workflows" variant="default">
              Show all workflows
            </Button>
          }
        >
          Every word must stand in the name, the title, what starts it or who changed it.
        </EmptyState>
      ) : null}
      {found.length > searchedFrom || list.hasNextPage ? (
        <More
          list={list}
          count={found.length}
          one="workflow"
          many="workflows"
          label="Show more workflows"
          reads="by itself"
        />
      ) : null}
    </Stack>
  );
}

/** "1 workflow"; "50+ workflows" while there are more to read. */
function foundWords(count: number, more: boolean): string {
  return `${count}${more ? "+" : ""} ${count === 1 && !more ? "workflow" : "workflows"}`;
}

interface FiltersProps {
  filter: ListFilter;
  // How many there are, in words.
  found: string;
  onChange: (next: ListFilter) => void;
}

function Filters({ filter, found, onChange }: FiltersProps): ReactNode {
  const search = useCallback((text: string) => onChange({ ...filter, text }), [filter, onChange]);
  return (
    <Group gap="xs" role="search" aria-label="Filter workflows">
      <SearchField
        label="Search workflows"
        placeholder="Name, title, event, person"
        text={filter.text}
        onSearch={search}
        w={320}
      />
      <Select
        aria-label="State"
        size="xs"
        w={160}
        allowDeselect={false}
        data={states.map((state) => ({ value: state, label: stateLabels[state] }))}
        value={filter.state}
        onChange={(next) => {
          onChange({ ...filter, state: (next ?? "") as State });
        }}
      />
      <Text size="xs" c="dimmed" role="status">
        {found}
      </Text>
    </Group>
  );
}

const outcomeWords = { completed: "Done", faulted: "Failed", cancelled: "Cancelled" } as const;

/** Its runs are asked for once it is seen: there may be hundreds of rows. */
function Ticks({ workflow }: { workflow: WorkflowRow }): ReactNode {
  const { ref, inViewport } = useInViewport<HTMLSpanElement>();
  const [seen, setSeen] = useState(false);
  useEffect(() => {
    if (inViewport) setSeen(true);
  }, [inViewport]);
  const { namespace, name, lastOutcome } = workflow;
  return (
    <span ref={ref} className={classes["ticks"]}>
      {seen ? <RunTicks workflow={{ namespace, name }} /> : null}
      {lastOutcome ? (
        <Text
          size="xs"
          component="div"
          c={lastOutcome.status === "faulted" ? "red" : "dimmed"}
          truncate
        >
          {outcomeWords[lastOutcome.status]} <Moment at={lastOutcome.endedAt} />
        </Text>
      ) : null}
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
          <Moment at={workflow.updatedAt} />
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
