// One workflow: what it does and when, its versions, its last runs; run it, edit it, switch it off.

import { Badge, Button, Group, Menu, Stack, Tabs, Text } from "@mantine/core";
import { useMutation, useQueryClient } from "@tanstack/react-query";
import { Fragment, useMemo, useState, type ReactNode } from "react";
import { Link, useLocation, useParams } from "wouter";
import { readSource } from "../../builder/document/source";
import { outlineOf, triggerWords, type Step } from "../../builder/model/outline";
import { pointerOf } from "../../builder/document/path";
import { fileNameOf, saveAsFile } from "../../builder/saveAsFile";
import type { Workflow } from "../../builder/server/types";
import { setEnabled, type WorkflowRef } from "../../builder/server/workflows";
import { Icon, kindLabels } from "../../builder/views/Icon";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { Moment } from "../shared/time";
import { RunDialog } from "./RunDialog";
import { RunTicks } from "./RunTicks";
import { useWorkflow } from "./useWorkflows";
import { VersionsPanel } from "./VersionsPanel";
import classes from "./WorkflowPage.module.css";

export default function WorkflowPage(): ReactNode {
  const { namespace = "", name = "" } = useParams<{ namespace: string; name: string }>();
  const ref = useMemo(() => ({ namespace, name }), [namespace, name]);
  const answer = useWorkflow(ref);
  if (answer.error)
    return <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />;
  if (!answer.data) return null;
  return <Shown workflow={answer.data} target={ref} />;
}

function Shown({ workflow, target }: { workflow: Workflow; target: WorkflowRef }): ReactNode {
  const [running, setRunning] = useState(false);
  const draft = workflow.versions.find((version) => version.status === "draft");
  const isPublished = workflow.status === "published";
  const edit = `/workflows/${target.namespace}/${target.name}/edit`;
  return (
    <Stack gap="md">
      <PageHeader
        above={<Link href="/workflows">Workflows</Link>}
        title={
          <>
            {workflow.title || workflow.name}{" "}
            <Badge variant="default" tt="none" size="lg">
              {workflow.version}
            </Badge>{" "}
            {isPublished ? null : (
              <Badge
                variant="light"
                tt="none"
                size="lg"
                color={workflow.status === "draft" ? "blue" : "gray"}
              >
                {workflow.status === "draft" ? "draft, never published" : "switched off"}
              </Badge>
            )}
          </>
        }
        actions={
          <Group gap="xs">
            <Button component={Link} href={edit} variant={isPublished ? "default" : "filled"}>
              {draft ? "Go on editing" : "Edit"}
            </Button>
            {isPublished ? (
              <Button
                onClick={() => {
                  setRunning(true);
                }}
              >
                Run…
              </Button>
            ) : null}
            <More workflow={workflow} target={target} />
          </Group>
        }
      >
        {workflow.summary}
      </PageHeader>
      <Facts workflow={workflow} target={target} />
      <Tabs defaultValue="steps" keepMounted={false}>
        <Tabs.List>
          <Tabs.Tab value="steps">Steps</Tabs.Tab>
          <Tabs.Tab value="versions">Versions ({workflow.versions.length})</Tabs.Tab>
          <Tabs.Tab value="yaml">YAML</Tabs.Tab>
        </Tabs.List>
        <Tabs.Panel value="steps" pt="md">
          <Steps source={workflow.source} />
        </Tabs.Panel>
        <Tabs.Panel value="versions" pt="md">
          <VersionsPanel workflow={workflow} />
        </Tabs.Panel>
        <Tabs.Panel value="yaml" pt="md">
          <pre className={classes["yaml"]} tabIndex={0}>
            {workflow.source}
          </pre>
        </Tabs.Panel>
      </Tabs>
      <RunDialog
        opened={running}
        onClose={() => {
          setRunning(false);
        }}
        workflow={workflow}
      />
    </Stack>
  );
}

function Facts({ workflow, target }: { workflow: Workflow; target: WorkflowRef }): ReactNode {
  const data = useMemo(() => readSource(workflow.source).data, [workflow.source]);
  const { schedule } = workflow;
  const fact = (label: string, value: ReactNode): ReactNode => (
    <div className={classes["fact"]}>
      <Text size="xs" c="dimmed" component="dt">
        {label}
      </Text>
      <Text size="sm" component="dd" m={0}>
        {value}
      </Text>
    </div>
  );
  return (
    <dl className={classes["facts"]}>
      {fact("Starts", triggerWords(data))}
      {schedule?.nextStart ? fact("Next start", <Moment at={schedule.nextStart} />) : null}
      {schedule?.skipped
        ? fact(
            "Left out",
            `${schedule.skipped}${schedule.skippedWhy ? `: ${schedule.skippedWhy}` : ""}`,
          )
        : null}
      {fact("Last runs", <RunTicks workflow={target} />)}
      {fact("This version", <Moment at={workflow.createdAt} />)}
      {fact(
        "Runs",
        <Link href={`/runs?workflow=${encodeURIComponent(`${target.namespace}/${target.name}`)}`}>
          All its runs
        </Link>,
      )}
    </dl>
  );
}

function More({ workflow, target }: { workflow: Workflow; target: WorkflowRef }): ReactNode {
  const client = useQueryClient();
  const [, go] = useLocation();
  const isOn = workflow.versions.some((version) => version.status === "published");
  const wasPublished = isOn || workflow.versions.some((version) => version.status === "disabled");
  const turn = useMutation({
    mutationFn: () => setEnabled(target, isOn ? "disable" : "enable"),
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["workflow-list"] });
      await client.invalidateQueries({
        queryKey: ["workflow-shown", target.namespace, target.name],
      });
    },
  });
  return (
    <Menu position="bottom-end" withinPortal shadow="md">
      <Menu.Target>
        <Button variant="default" px="xs" aria-label="More">
          <Icon name="more" />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Item
          onClick={() => {
            saveAsFile(fileNameOf(workflow.name), workflow.source);
          }}
        >
          Export as a file
        </Menu.Item>
        <Menu.Item
          onClick={() => {
            go(`/runs?workflow=${encodeURIComponent(`${target.namespace}/${target.name}`)}`);
          }}
        >
          Show its runs
        </Menu.Item>
        {wasPublished ? (
          <Menu.Item
            color={isOn ? "red" : ""}
            onClick={() => {
              turn.mutate();
            }}
          >
            {isOn ? "Switch off: start no more runs" : "Switch on"}
          </Menu.Item>
        ) : null}
      </Menu.Dropdown>
    </Menu>
  );
}

function Steps({ source }: { source: string }): ReactNode {
  const steps = useMemo(() => outlineOf(readSource(source).data), [source]);
  return <ol className={classes["steps"]}>{steps.map((step) => rowsOf(step, 0))}</ol>;
}

function saidOf(step: Step): string {
  return step.kind === "action"
    ? step.call.replace(/:.*/, "").replaceAll("-", " ")
    : kindLabels[step.kind];
}

const inset = (depth: number): { paddingInlineStart: string } => ({
  paddingInlineStart: `${depth * 1.5}rem`,
});

/** A step and what stands inside of it; a block that has a name (catch) is named. */
function rowsOf(step: Step, depth: number): ReactNode {
  return (
    <Fragment key={pointerOf(step.path)}>
      <li style={inset(depth)}>
        <Icon name={step.kind} />
        <span className={classes["said"]}>{saidOf(step)}</span>
        <Text span size="xs" c="dimmed" truncate>
          <code>{step.name}</code>
          {step.detail === "" ? "" : ` · ${step.detail}`}
        </Text>
      </li>
      {step.blocks.map((block) =>
        block.steps.length === 0 ? null : (
          <Fragment key={pointerOf(block.list)}>
            {block.label === "" ? null : (
              <li className={classes["block"]} style={inset(depth + 1)}>
                {block.label}
              </li>
            )}
            {block.steps.map((inner) => rowsOf(inner, depth + 1))}
          </Fragment>
        ),
      )}
    </Fragment>
  );
}
