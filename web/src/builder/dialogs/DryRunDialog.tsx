// What the whole workflow would do with some input, step by step, without doing it.

import {
  Alert,
  Anchor,
  Button,
  Code,
  Group,
  List,
  Modal,
  Stack,
  Text,
  Textarea,
} from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useEffect, useState, type ReactNode } from "react";
import { useBuilder } from "../context";
import { SampleChoice } from "../panels/StepTest";
import type { PlannedStep } from "../server/types";
import { dryRun } from "../server/workflows";
import { Json } from "../views/Json";

interface Props {
  opened: boolean;
  onClose: () => void;
  onJump: (pointer: string) => void;
}

export function DryRunDialog({ opened, onClose, onJump }: Props): ReactNode {
  return (
    <Modal opened={opened} onClose={onClose} title="Dry run" size="xl">
      <Body onJump={onJump} />
    </Modal>
  );
}

function Body({ onJump }: { onJump: (pointer: string) => void }): ReactNode {
  const { document, sample } = useBuilder();
  const [input, setInput] = useState("");
  const [fault, setFault] = useState("");
  useEffect(() => {
    setInput(JSON.stringify(sample?.input ?? {}, null, 2));
  }, [sample]);
  const plan = useMutation({ mutationFn: (value: unknown) => dryRun(document.source.text, value) });
  const start = (): void => {
    try {
      const value = JSON.parse(input) as unknown;
      setFault("");
      plan.mutate(value);
    } catch {
      setFault("This is no JSON.");
    }
  };
  return (
    <Stack gap="md">
      <Text size="sm" c="dimmed">
        Nothing is done: it shows what each step would ask of GitLab, as far as that can be known
        before.
      </Text>
      <SampleChoice />
      <Textarea
        label="Input"
        autosize
        minRows={3}
        maxRows={10}
        spellCheck={false}
        value={input}
        error={fault === "" ? undefined : fault}
        styles={{
          input: {
            fontFamily: "var(--mantine-font-family-monospace)",
            fontSize: "var(--mantine-font-size-xs)",
          },
        }}
        onChange={(event) => {
          setInput(event.currentTarget.value);
        }}
      />
      <Group>
        <Button onClick={start} loading={plan.isPending}>
          Show what would happen
        </Button>
      </Group>
      {plan.error ? (
        <Alert color="red" title="It could not be worked out">
          {plan.error.message}
        </Alert>
      ) : null}
      {plan.data ? (
        <List type="ordered" spacing="sm" size="sm" aria-label="What would happen">
          {plan.data.steps.map((step, index) => (
            <List.Item key={index}>
              <Planned step={step} onJump={onJump} />
            </List.Item>
          ))}
        </List>
      ) : null}
      {plan.data?.more ? (
        <Text size="sm" c="dimmed">
          There is more; only the first {plan.data.steps.length} steps are shown.
        </Text>
      ) : null}
    </Stack>
  );
}

function Planned({
  step,
  onJump,
}: {
  step: PlannedStep;
  onJump: (pointer: string) => void;
}): ReactNode {
  return (
    <Stack gap={4}>
      <Group gap="xs">
        <Anchor
          component="button"
          type="button"
          size="sm"
          onClick={() => {
            onJump(step.task);
          }}
        >
          {step.title ?? step.task}
        </Anchor>
        {step.call ? <Code>{step.call}</Code> : null}
      </Group>
      {step.note ? (
        <Text size="sm" c="dimmed">
          {step.note}
        </Text>
      ) : null}
      {step.allowed === false ? (
        <Text size="sm" c="red">
          Not allowed: {step.reason}
        </Text>
      ) : null}
      {step.request === undefined || step.request === null ? null : (
        <Json label="Request" value={step.request} />
      )}
      {step.problem ? (
        <Text size="sm" c="red">
          {step.problem}
        </Text>
      ) : null}
      {step.expression ? <Code block>{step.expression}</Code> : null}
      {step.output === undefined || step.output === null ? null : (
        <Json label="Output" value={step.output} />
      )}
    </Stack>
  );
}
