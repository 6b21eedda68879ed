// The questions of a template. The answers make a draft, and the builder opens with it.

import { Alert, Button, Group, Select, Stack, Text, TextInput } from "@mantine/core";
import { useMutation, useQuery } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { Link, useLocation, useParams } from "wouter";
import { readSource } from "../../builder/document/source";
import { valueAt } from "../../builder/document/path";
import { durationWords, text } from "../../builder/model/outline";
import type { Template, TemplateField } from "../../builder/server/types";
import { createDraft, instantiate, listConnections } from "../../builder/server/workflows";
import { ErrorPanel } from "../shared/ErrorPanel";
import { PageHeader } from "../shared/PageHeader";
import { FieldPicker } from "./FieldPicker";
import { useTemplates } from "./useWorkflows";
import { faultOf } from "./words";

export default function TemplatePage(): ReactNode {
  const { id = "" } = useParams<{ id: string }>();
  const answer = useTemplates();
  if (answer.error)
    return <ErrorPanel error={answer.error} onRetry={() => void answer.refetch()} />;
  const template = answer.data?.find((one) => one.id === id);
  if (!answer.data) return null;
  if (!template)
    return (
      <Alert color="red" title="There is no such template">
        <Link href="/workflows/templates">All templates</Link>
      </Alert>
    );
  return <Questions template={template} />;
}

/** What was answered, by the name of the question. */
type Answers = Record<string, string | string[]>;

function Questions({ template }: { template: Template }): ReactNode {
  const [name, setName] = useState(template.id);
  const [values, setValues] = useState<Answers>(() =>
    Object.fromEntries(template.fields.map((field) => [field.name, field.default])),
  );
  const [, go] = useLocation();
  const create = useMutation({
    mutationFn: async () => {
      const source = await instantiate(template.id, name, values);
      await createDraft(source);
      const named = valueAt(readSource(source).data, ["document"]);
      const part = (key: string): string => text(valueAt(named, [key]));
      return `/workflows/${part("namespace")}/${part("name")}/edit`;
    },
    onSuccess: (path) => {
      go(path);
    },
  });
  const [tried, setTried] = useState(false);
  const faults = new Map(
    template.fields
      .map((field) => [field.name, faultOf(field, values[field.name])] as const)
      .filter(([, fault]) => fault !== ""),
  );
  return (
    <Stack gap="md" maw={560}>
      <PageHeader above={<Link href="/workflows/templates">Templates</Link>} title={template.title}>
        {template.summary}
      </PageHeader>
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          setTried(true);
          if (faults.size === 0) create.mutate();
        }}
      >
        <Stack gap="md">
          {template.fields.map((field) => (
            <Question
              key={field.name}
              field={field}
              value={values[field.name]}
              values={values}
              fault={tried || values[field.name] ? faults.get(field.name) : undefined}
              onChange={(value) => {
                setValues((before) => ({ ...before, [field.name]: value }));
              }}
            />
          ))}
          <TextInput
            label="Name of the workflow"
            description="Small letters, digits and hyphens."
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
            error={
              /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/.test(name)
                ? undefined
                : "Small letters, digits and hyphens."
            }
          />
          {template.steps.length > 0 ? (
            <Text size="sm" c="dimmed">
              It will: {template.steps.join(" → ")}
            </Text>
          ) : null}
          {create.error ? <ErrorPanel error={create.error} /> : null}
          <Group>
            <Button type="submit" loading={create.isPending}>
              Make the draft
            </Button>
            <Button variant="default" component={Link} href="/workflows/templates">
              Back
            </Button>
          </Group>
        </Stack>
      </form>
    </Stack>
  );
}

interface QuestionProps {
  field: TemplateField;
  value: string | string[] | undefined;
  values: Answers;
  fault: string | undefined;
  onChange: (value: string | string[]) => void;
}

const pickers: readonly string[] = ["group", "project", "branch", "user"];

function Question({ field, value, values, fault, onChange }: QuestionProps): ReactNode {
  const connections = useQuery({ queryKey: ["connections", "brief"], queryFn: listConnections });
  const shared = {
    label: field.label,
    description: field.help,
    required: field.required,
    error: fault,
  };
  if (pickers.includes(field.kind))
    return <FieldPicker {...{ field, value, values, fault, onChange }} />;
  if (field.kind === "connection") {
    const names = (connections.data ?? []).map((one) => one.name);
    return (
      <Select
        {...shared}
        clearable
        placeholder="The default one"
        data={names}
        value={value === undefined || value === "" ? null : text(value)}
        onChange={(next) => onChange(next ?? "")}
      />
    );
  }
  if (field.kind === "choice") {
    return (
      <Select
        {...shared}
        data={field.choices}
        value={value === undefined ? null : text(value)}
        allowDeselect={false}
        onChange={(next) => {
          onChange(next ?? "");
        }}
      />
    );
  }
  const words = durationWords(value);
  return (
    <TextInput
      {...shared}
      value={text(value)}
      rightSectionWidth={words === text(value) ? 0 : 110}
      rightSection={words === text(value) ? null : <small>{words}</small>}
      onChange={(event) => {
        onChange(event.currentTarget.value);
      }}
    />
  );
}
