// Trying one step: what it would send, what it gives, and the same as a command for a terminal.

import { Alert, Button, Code, CopyButton, Group, Select, Stack, Text } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useBuilder } from "../context";
import { pointerOf } from "../document/path";
import { frameAt } from "../model/sampleContext";
import { type Step } from "../model/outline";
import type { Action, StepResult } from "../server/types";
import { actionCommand, testStep } from "../server/workflows";
import { Json } from "../views/Json";

interface Props {
  step: Step;
  action: Action | undefined;
}

export function StepTest({ step, action }: Props): ReactNode {
  const { document, sample } = useBuilder();
  const [sure, setSure] = useState(false);
  const writes = action === undefined ? step.kind !== "set" : action.effect !== "reads";
  const frame = frameAt(document.source.data, document.steps, step.path, sample);
  const test = useMutation({
    mutationFn: (way: "dry" | "real") =>
      testStep(document.source.text, pointerOf(step.body), frame, way),
  });
  return (
    <Stack gap="md">
      <SampleChoice />
      <Group gap="xs">
        <Button
          variant="default"
          loading={test.isPending && test.variables === "dry"}
          onClick={() => {
            test.mutate("dry");
          }}
        >
          Show the request
        </Button>
        {writes && !sure ? (
          <Button
            variant="light"
            color="orange"
            onClick={() => {
              setSure(true);
            }}
          >
            Run this step…
          </Button>
        ) : (
          <Button
            variant={writes ? "filled" : "light"}
            color={writes ? "orange" : ""}
            loading={test.isPending && test.variables === "real"}
            onClick={() => {
              test.mutate("real");
              setSure(false);
            }}
          >
            {writes ? "Run it for real" : "Run this step"}
          </Button>
        )}
      </Group>
      {sure ? (
        <Text size="sm" c="orange">
          This really {action?.effect ?? "does"} something at{" "}
          {action?.catalog === "gitlab" ? "GitLab" : "the service"}.
        </Text>
      ) : null}
      {test.error ? (
        <Alert color="red" title={test.error.message}>
          {"remedy" in test.error ? String(test.error.remedy) : null}
        </Alert>
      ) : null}
      {test.data ? <Outcome result={test.data} /> : null}
      {step.kind === "action" && action ? <Commands step={step} action={action} /> : null}
    </Stack>
  );
}

function Outcome({ result }: { result: StepResult }): ReactNode {
  return (
    <Stack gap="xs" aria-live="polite">
      {result.problem ? (
        <Alert color="red" title={result.problem.title ?? "It failed"}>
          {result.problem.message} {result.problem.remedy}
        </Alert>
      ) : null}
      {result.request === undefined ? null : <Json label="Request" value={result.request} />}
      {result.output === undefined ? null : <Json label="Result" value={result.output} />}
    </Stack>
  );
}

/** The data that previews, tests and dry runs use. */
export function SampleChoice(): ReactNode {
  const { samples, sample, setSample } = useBuilder();
  if (samples.length === 0)
    return (
      <Text size="sm" c="dimmed">
        There is no sample data yet. Once it has run, its events and results are offered here.
      </Text>
    );
  return (
    <Select
      label="Sample data"
      data={samples.map((one) => ({ value: one.id, label: one.label }))}
      value={sample?.id ?? null}
      allowDeselect={false}
      onChange={(next) => {
        if (next !== null) setSample(next);
      }}
    />
  );
}

function Commands({ step, action }: { step: Step; action: Action }): ReactNode {
  const { document, sample } = useBuilder();
  const command = useMutation({
    mutationFn: async (as: "curl" | "glab") => {
      const { source } = document;
      const frame = frameAt(source.data, document.steps, step.path, sample);
      const tried = await testStep(source.text, pointerOf(step.body), frame, "dry");
      // With the values that the expressions have on the sample data.
      const input = tried.request?.input;
      if (input === undefined) throw new Error(tried.problem?.message ?? "It has no request yet.");
      return actionCommand(action.id, input, as);
    },
  });
  return (
    <Stack gap="xs">
      <Group gap="xs">
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            command.mutate("curl");
          }}
        >
          As cURL
        </Button>
        <Button
          size="compact-sm"
          variant="subtle"
          onClick={() => {
            command.mutate("glab");
          }}
        >
          As glab
        </Button>
        {command.data ? (
          <CopyButton value={command.data}>
            {({ copied, copy }) => (
              <Button size="compact-sm" variant="light" onClick={copy}>
                {copied ? "Copied" : "Copy"}
              </Button>
            )}
          </CopyButton>
        ) : null}
      </Group>
      {command.error ? (
        <Text size="sm" c="red">
          {command.error.message}
        </Text>
      ) : null}
      {command.data ? (
        <Code block tabIndex={0}>
          {command.data}
        </Code>
      ) : null}
    </Stack>
  );
}
