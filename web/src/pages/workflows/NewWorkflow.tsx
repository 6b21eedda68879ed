// A new workflow from nothing or from a file, and the builder opens.

import { Button, FileButton, Group, Modal, Stack, Text, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { createDraft } from "../../builder/server/workflows";
import { ErrorPanel } from "../shared/ErrorPanel";
import { slug } from "./words";

function blank(namespace: string, name: string, title: string): string {
  return [
    "document:",
    "  dsl: '1.0.3'",
    `  namespace: ${namespace}`,
    `  name: ${name}`,
    "  version: '1.0.0'",
    `  title: ${JSON.stringify(title)}`,
    "do:",
    "  - settings:",
    "      set:",
    "        project: ops/incidents",
    "      export:",
    "        as: '$context + { settings: . }'",
    "",
  ].join("\n");
}

export function NewWorkflowButton(): ReactNode {
  const [open, setOpen] = useState(false);
  return (
    <>
      <Button
        onClick={() => {
          setOpen(true);
        }}
      >
        New workflow
      </Button>
      <Modal
        opened={open}
        onClose={() => {
          setOpen(false);
        }}
        title="New workflow"
      >
        <Form
          onClose={() => {
            setOpen(false);
          }}
        />
      </Modal>
    </>
  );
}

const namePattern = /^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$/;

function Form({ onClose }: { onClose: () => void }): ReactNode {
  const [title, setTitle] = useState("");
  const [name, setName] = useState("");
  const [namespace, setNamespace] = useState("ops");
  const [, go] = useLocation();
  const used = name === "" ? slug(title) : name;
  const create = useMutation({
    mutationFn: () => createDraft(blank(namespace, used, title)),
    onSuccess: () => {
      onClose();
      go(`/workflows/${namespace}/${used}/edit`);
    },
  });
  // The file says what it is called; what is wrong with it otherwise is mended in the builder.
  const read = useMutation({
    mutationFn: async (file: File) => createDraft(await file.text()),
    onSuccess: (draft) => {
      onClose();
      go(`/workflows/${draft.namespace}/${draft.name}/edit`);
    },
  });
  const isReady = title.trim() !== "" && namePattern.test(used) && namePattern.test(namespace);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (isReady) create.mutate();
      }}
    >
      <Stack gap="md">
        <TextInput
          data-autofocus
          label="Title"
          placeholder="Incident to issue"
          value={title}
          onChange={(event) => {
            setTitle(event.currentTarget.value);
          }}
        />
        <Group grow align="flex-start">
          <TextInput
            label="Namespace"
            value={namespace}
            onChange={(event) => {
              setNamespace(event.currentTarget.value);
            }}
            error={namePattern.test(namespace) ? undefined : "Letters, digits, hyphens."}
          />
          <TextInput
            label="Name"
            placeholder={slug(title)}
            value={name}
            onChange={(event) => {
              setName(event.currentTarget.value);
            }}
            error={name === "" || namePattern.test(name) ? undefined : "Letters, digits, hyphens."}
          />
        </Group>
        {create.error ? <ErrorPanel error={create.error} /> : null}
        {read.error ? <ErrorPanel error={read.error} /> : null}
        <Group gap="xs">
          <Text size="sm" c="dimmed">
            There is one in a file?
          </Text>
          <FileButton
            accept=".yaml,.yml,.json"
            inputProps={{ "aria-label": "File of a workflow" }}
            onChange={(file) => {
              if (file) read.mutate(file);
            }}
          >
            {(props) => (
              <Button {...props} variant="default" size="compact-sm" loading={read.isPending}>
                Read it from there…
              </Button>
            )}
          </FileButton>
        </Group>
        <Group justify="flex-end">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={!isReady}>
            Open the builder
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
