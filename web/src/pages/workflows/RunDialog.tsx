// Starting a run by hand: the fields of the workflow's input schema where it has one, else JSON,
// with the sample data the workflow brings.

import {
  Alert,
  Button,
  Group,
  Modal,
  NumberInput,
  Select,
  Stack,
  Switch,
  Text,
  Textarea,
  TextInput,
} from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useMemo, useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { valueAt } from "../../builder/document/path";
import { readSource } from "../../builder/document/source";
import { fieldsOf, type Field } from "../../builder/model/fields";
import type { Workflow } from "../../builder/server/types";
import { startRun } from "../../builder/server/workflows";
import { isData, text } from "../../builder/model/outline";

interface Props {
  opened: boolean;
  onClose: () => void;
  workflow: Workflow;
}

export function RunDialog({ opened, onClose, workflow }: Props): ReactNode {
  return (
    <Modal
      opened={opened}
      onClose={onClose}
      title={`Run ${workflow.title || workflow.name}`}
      size="lg"
    >
      {opened ? <Form workflow={workflow} onClose={onClose} /> : null}
    </Modal>
  );
}

function Form({ workflow, onClose }: { workflow: Workflow; onClose: () => void }): ReactNode {
  const data = useMemo(() => readSource(workflow.source).data, [workflow.source]);
  const fields = useMemo(() => fieldsOf(valueAt(data, ["input", "schema", "document"])), [data]);
  const sample = valueAt(data, ["document", "metadata", "template", "sampleEvent", "data"]);
  const begin = isData(sample) ? sample : {};
  const [written, setWritten] = useState(JSON.stringify(begin, null, 2));
  const [values, setValues] = useState<Record<string, unknown>>(begin);
  const [asJson, setAsJson] = useState(fields.length === 0);
  const [, go] = useLocation();
  const start = useMutation({
    mutationFn: (input: unknown) => startRun(workflow, input),
    onSuccess: ({ id }) => {
      onClose();
      go(`/runs/${id}`);
    },
  });
  const parsed = asJson ? parse(written) : { value: values as unknown, fault: "" };
  const toggle = (json: boolean): void => {
    if (json) setWritten(JSON.stringify(values, null, 2));
    else {
      const read = parse(written).value;
      if (isData(read)) setValues(read);
    }
    setAsJson(json);
  };
  return (
    <Stack gap="md">
      {asJson ? (
        <Textarea
          data-autofocus
          label="Input"
          description="JSON"
          autosize
          minRows={6}
          maxRows={20}
          spellCheck={false}
          value={written}
          error={parsed.fault === "" ? undefined : parsed.fault}
          styles={{
            input: {
              fontFamily: "var(--mantine-font-family-monospace)",
              fontSize: "var(--mantine-font-size-xs)",
            },
          }}
          onChange={(event) => {
            setWritten(event.currentTarget.value);
          }}
        />
      ) : (
        fields.map((field) => (
          <Input
            key={field.name}
            field={field}
            value={values[field.name]}
            onChange={(value) => {
              setValues({ ...values, [field.name]: value });
            }}
          />
        ))
      )}
      {fields.length > 0 ? (
        <Button
          variant="subtle"
          size="compact-sm"
          onClick={() => {
            toggle(!asJson);
          }}
        >
          {asJson ? "As a form" : "As JSON"}
        </Button>
      ) : null}
      {workflow.versions.some((version) => version.status === "draft") ? (
        <Text size="sm" c="dimmed">
          Version {workflow.version} runs. The draft must be published first.
        </Text>
      ) : null}
      {start.error ? <Alert color="red" title={start.error.message} /> : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Cancel
        </Button>
        <Button
          loading={start.isPending}
          disabled={parsed.fault !== ""}
          onClick={() => {
            start.mutate(parsed.value);
          }}
        >
          Run
        </Button>
      </Group>
    </Stack>
  );
}

function parse(written: string): { value: unknown; fault: string } {
  try {
    return { value: JSON.parse(written) as unknown, fault: "" };
  } catch {
    return { value: null, fault: "This is no JSON." };
  }
}

function Input({
  field,
  value,
  onChange,
}: {
  field: Field;
  value: unknown;
  onChange: (value: unknown) => void;
}): ReactNode {
  const shared = { label: field.label, description: field.help, required: field.required };
  if (field.control === "number")
    return (
      <NumberInput
        {...shared}
        value={typeof value === "number" ? value : ""}
        onChange={(next) => {
          onChange(next === "" ? undefined : Number(next));
        }}
      />
    );
  if (field.control === "boolean")
    return (
      <Switch
        {...shared}
        checked={value === true}
        onChange={(event) => {
          onChange(event.currentTarget.checked);
        }}
      />
    );
  if (field.control === "select") {
    return (
      <Select
        {...shared}
        value={value === undefined ? null : text(value)}
        data={field.choices.map((choice) => ({ value: String(choice.value), label: choice.label }))}
        onChange={(next) => {
          onChange(field.choices.find((choice) => String(choice.value) === next)?.value);
        }}
      />
    );
  }
  return (
    <TextInput
      {...shared}
      placeholder={field.example}
      value={text(value)}
      onChange={(event) => {
        onChange(event.currentTarget.value === "" ? undefined : event.currentTarget.value);
      }}
    />
  );
}
