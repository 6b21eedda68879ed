// Publishing: what is wrong with it, what changes against what is in force, and a note of why.

import { Alert, Button, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useBuilder } from "../context";
import { edited } from "../document/edit";
import { valueAt } from "../document/path";
import type { Source } from "../document/source";
import { problemWords } from "../panels/ProblemsPanel";
import { Refusal } from "../server/request";
import type { Workflow } from "../server/types";
import { difference, publishDraft } from "../server/workflows";
import type { Autosave } from "../useAutosave";
import type { Problems } from "../useProblems";
import { DiffView } from "../views/DiffView";
import { Icon } from "../views/Icon";

const notePath = ["document", "metadata", "changeNote"];

/** The note is part of the document: it stays with the version, also in git. */
function withNote(source: Source, note: string): Source {
  if (note !== "") return edited(source, { kind: "set", path: notePath, value: note });
  const hasOld = valueAt(source.data, notePath) !== undefined;
  return hasOld ? edited(source, { kind: "remove", path: notePath }) : source;
}

interface Props {
  opened: boolean;
  onClose: () => void;
  autosave: Autosave;
  problems: Problems;
  workflow: Workflow;
}

export function PublishDialog(props: Props): ReactNode {
  return (
    <Modal
      opened={props.opened}
      onClose={props.onClose}
      title={`Publish version ${props.autosave.version}`}
      size="lg"
    >
      <Body {...props} />
    </Modal>
  );
}

function Body({ autosave, problems, workflow, onClose }: Props): ReactNode {
  const { ref, document } = useBuilder();
  const [note, setNote] = useState("");
  const [, go] = useLocation();
  const client = useQueryClient();
  const before = workflow.versions.find((version) => version.status !== "draft")?.version;
  const saved = useQuery({
    queryKey: ["flush", autosave.version, autosave.state.kind],
    queryFn: () => autosave.flush(),
    gcTime: 0,
    retry: false,
  });
  const isDraft = before !== autosave.version;
  const diff = useQuery({
    queryKey: ["diff", ref, before, autosave.version],
    queryFn: () => difference(ref, before ?? "", autosave.version),
    enabled: before !== undefined && isDraft && saved.data === true,
    gcTime: 0,
    retry: false,
  });
  const publish = useMutation({
    mutationFn: async () => {
      const next = withNote(document.source, note.trim());
      document.replaceText(next.text, "note");
      const isSaved = await autosave.flush(next.text);
      if (!isSaved) throw new Refusal(0, { title: "The draft is not saved." });
      return publishDraft(ref, autosave.version);
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["workflow-list"] });
      await client.invalidateQueries({ queryKey: ["workflow-shown", ref.namespace, ref.name] });
      onClose();
      go(`/workflows/${ref.namespace}/${ref.name}`);
    },
  });
  const errors = problems.list.filter((problem) => problem.severity === "error");
  const unchanged = before !== undefined && !isDraft;
  return (
    <Stack gap="md">
      {errors.length > 0 ? (
        <Alert color="red" icon={<Icon name="error" />} title={problemWords(problems.list)}>
          {errors.slice(0, 5).map((problem) => (
            <Text key={problem.pointer + problem.message} size="sm">
              {problem.message}
            </Text>
          ))}
        </Alert>
      ) : problems.list.length > 0 ? (
        <Alert color="yellow" icon={<Icon name="warning" />} title={problemWords(problems.list)}>
          {problems.list.map((problem) => (
            <Text key={problem.pointer + problem.message} size="sm">
              {problem.message} {problem.fix ?? ""}
            </Text>
          ))}
        </Alert>
      ) : (
        <Text size="sm">The checks found nothing.</Text>
      )}
      {before === undefined ? <Text size="sm">This is its first version.</Text> : null}
      {unchanged ? <Text size="sm">Nothing has changed since version {before}.</Text> : null}
      {diff.data ? (
        <DiffView difference={diff.data} />
      ) : diff.isFetching ? (
        <Text size="sm" c="dimmed">
          Comparing with {before}…
        </Text>
      ) : null}
      <Textarea
        label="Change note"
        description="Why; for those who look at the versions later."
        autosize
        minRows={2}
        value={note}
        onChange={(event) => {
          setNote(event.currentTarget.value);
        }}
      />
      {publish.error ? (
        <Alert color="red" title={publish.error.message}>
          {publish.error instanceof Refusal ? publish.error.remedy : null}
        </Alert>
      ) : null}
      <Group justify="flex-end">
        <Button variant="default" onClick={onClose}>
          Not now
        </Button>
        <Button
          loading={publish.isPending}
          disabled={errors.length > 0 || unchanged || !problems.current}
          onClick={() => {
            publish.mutate();
          }}
        >
          Publish {autosave.version}
        </Button>
      </Group>
    </Stack>
  );
}
