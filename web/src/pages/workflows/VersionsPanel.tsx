// The versions of a workflow: compare two, go back to one, throw a draft away.

import { Alert, Badge, Button, Group, Modal, Stack, Text } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import type { Workflow, WorkflowVersion } from "../../builder/server/types";
import { difference, discardDraft, rollback } from "../../builder/server/workflows";
import { DiffView } from "../../builder/views/DiffView";
import { Moment } from "../shared/time";
import classes from "./WorkflowPage.module.css";

type Asked =
  { kind: "rollback" | "discard"; version: string } | { kind: "diff"; from: string; to: string };

export function VersionsPanel({ workflow }: { workflow: Workflow }): ReactNode {
  const [asked, setAsked] = useState<Asked | null>(null);
  const { versions } = workflow;
  const inForce = versions.find((version) => version.status === "published")?.version;
  return (
    <>
      <ol className={classes["versions"]} aria-label="Versions, newest first">
        {versions.map((version, index) => (
          <li key={version.version}>
            <Text size="sm" fw={500} w={70}>
              {version.version}
            </Text>
            <State version={version} inForce={inForce} />
            <Text size="sm" c="dimmed" style={{ flex: 1 }}>
              <Moment at={version.createdAt} />
              {version.by ? ` by ${version.by}` : ""}
              {version.note ? ` · ${version.note}` : ""}
            </Text>
            <Group gap="xs">
              {versions[index + 1] ? (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  onClick={() => {
                    setAsked({
                      kind: "diff",
                      from: versions[index + 1]?.version ?? "",
                      to: version.version,
                    });
                  }}
                >
                  What changed
                </Button>
              ) : null}
              {version.status === "draft" ? (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  color="red"
                  onClick={() => {
                    setAsked({ kind: "discard", version: version.version });
                  }}
                >
                  Throw away
                </Button>
              ) : null}
              {version.status !== "draft" && version.version !== inForce ? (
                <Button
                  size="compact-sm"
                  variant="subtle"
                  onClick={() => {
                    setAsked({ kind: "rollback", version: version.version });
                  }}
                >
                  Go back to it
                </Button>
              ) : null}
            </Group>
          </li>
        ))}
      </ol>
      <Modal
        opened={asked !== null}
        onClose={() => {
          setAsked(null);
        }}
        size="lg"
        title={asked ? titleOf(asked) : ""}
      >
        {asked?.kind === "diff" ? (
          <Diff workflow={workflow} from={asked.from} to={asked.to} />
        ) : asked ? (
          <Confirm
            workflow={workflow}
            asked={asked}
            onDone={() => {
              setAsked(null);
            }}
          />
        ) : null}
      </Modal>
    </>
  );
}

function titleOf(asked: Asked): string {
  if (asked.kind === "diff") return `From ${asked.from} to ${asked.to}`;
  return asked.kind === "discard"
    ? `Throw the draft ${asked.version} away?`
    : `Go back to ${asked.version}?`;
}

function State({
  version,
  inForce,
}: {
  version: WorkflowVersion;
  inForce: string | undefined;
}): ReactNode {
  if (version.status === "draft")
    return (
      <Badge size="sm" variant="light" color="blue" tt="none">
        draft
      </Badge>
    );
  if (version.status === "disabled")
    return (
      <Badge size="sm" variant="light" color="gray" tt="none">
        off
      </Badge>
    );
  return version.version === inForce ? (
    <Badge size="sm" variant="light" color="green" tt="none">
      in force
    </Badge>
  ) : (
    <Badge size="sm" variant="default" tt="none">
      published
    </Badge>
  );
}

function Diff({ workflow, from, to }: { workflow: Workflow; from: string; to: string }): ReactNode {
  const ref = useMemo(() => ({ namespace: workflow.namespace, name: workflow.name }), [workflow]);
  const answer = useQuery({
    queryKey: ["diff", ref, from, to],
    queryFn: () => difference(ref, from, to),
    retry: false,
  });
  if (answer.error) return <Alert color="red">{answer.error.message}</Alert>;
  return answer.data ? (
    <DiffView difference={answer.data} />
  ) : (
    <Text size="sm" c="dimmed">
      Comparing…
    </Text>
  );
}

interface ConfirmProps {
  workflow: Workflow;
  asked: { kind: "rollback" | "discard"; version: string };
  onDone: () => void;
}

function Confirm({ workflow, asked, onDone }: ConfirmProps): ReactNode {
  const client = useQueryClient();
  const act = useMutation({
    mutationFn: async () => {
      await (asked.kind === "rollback"
        ? rollback(workflow, asked.version)
        : discardDraft(workflow, asked.version));
    },
    onSuccess: async () => {
      await client.invalidateQueries({
        queryKey: ["workflow-shown", workflow.namespace, workflow.name],
      });
      await client.invalidateQueries({ queryKey: ["workflow-list"] });
      onDone();
    },
  });
  return (
    <Stack gap="md">
      <Text size="sm">
        {asked.kind === "rollback"
          ? "What it says becomes the next version, in force at once. Running ones stay on theirs."
          : "What was changed in it is lost. What is in force stays."}
      </Text>
      {act.error ? <Alert color="red">{act.error.message}</Alert> : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={onDone}>
          Cancel
        </Button>
        <Button
          color={asked.kind === "discard" ? "red" : ""}
          loading={act.isPending}
          onClick={() => {
            act.mutate();
          }}
        >
          {asked.kind === "rollback" ? "Go back" : "Throw away"}
        </Button>
      </Group>
    </Stack>
  );
}
