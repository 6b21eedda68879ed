// A new workflow from nothing: a name, and the builder opens.

import { Alert, Button, Group, Modal, Stack, TextInput } from "@mantine/core";
import { useMutation } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { createDraft } from "../../builder/server/workflows";
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
        {create.error ? <Alert color="red">{create.error.message}</Alert> : null}
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
