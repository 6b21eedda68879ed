// Publishing: what is wrong with it, what changes against what is in force, and a note of why.

import { Alert, Button, Checkbox, Group, Modal, Stack, Text, Textarea } from "@mantine/core";
import { useMutation, useQuery, useQueryClient } from "@tanstack/react-query";
import { useState, type ReactNode } from "react";
import { useLocation } from "wouter";
import { useBuilder } from "../context";
import { edited } from "../document/edit";
import { valueAt } from "../document/path";
import type { Source } from "../document/source";
import { noteOf, verdictOf, type Verdict } from "../model/publishing";
import { problemWords } from "../panels/ProblemsPanel";
import { Refusal } from "../server/request";
import type { Problem, Workflow } from "../server/types";
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
  const [against, setAgainst] = useState(false);
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
  const verdict = verdictOf(problems.list);
  const forced = verdict.kind === "forced" && against;
  const publish = useMutation({
    mutationFn: async () => {
      const next = withNote(document.source, noteOf(note, forced));
      document.replaceText(next.text, "note");
      const isSaved = await autosave.flush(next.text);
      if (!isSaved) throw new Refusal(0, { title: "The draft is not saved." });
      return publishDraft(ref, autosave.version, forced ? "against" : "heeded");
    },
    onSuccess: async () => {
      await client.invalidateQueries({ queryKey: ["workflow-list"] });
      await client.invalidateQueries({ queryKey: ["workflow-shown", ref.namespace, ref.name] });
      onClose();
      go(`/workflows/${ref.namespace}/${ref.name}`);
    },
  });
  const allowed = verdict.kind === "free" || (forced && note.trim() !== "");
  const unchanged = before !== undefined && !isDraft;
  return (
    <Stack gap="md">
      <Findings verdict={verdict} />
      {verdict.kind === "forced" ? (
        <Checkbox
          label="Publish it against the checks"
          description="For one who knows why it ends. The reason stays with the version."
          checked={against}
          onChange={(event) => {
            setAgainst(event.currentTarget.checked);
          }}
        />
      ) : null}
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
        label={forced ? "Reason" : "Change note"}
        description={
          forced
            ? "Why it does no harm; kept as the change note."
            : "Why; for those who look at the versions later."
        }
        required={forced}
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
          color={forced ? "red" : undefined}
          disabled={!allowed || unchanged || !problems.current}
          onClick={() => {
            publish.mutate();
          }}
        >
          Publish {autosave.version}
          {forced ? " against the checks" : ""}
        </Button>
      </Group>
    </Stack>
  );
}

function Findings({ verdict }: { verdict: Verdict }): ReactNode {
  const { errors, warnings } = verdict;
  if (errors.length + warnings.length === 0)
    return <Text size="sm">The checks found nothing.</Text>;
  return (
    <>
      <Found severity="error" problems={errors} />
      <Found severity="warning" problems={warnings} />
    </>
  );
}

const shownMax = 8;

function Found({
  severity,
  problems,
}: {
  severity: Problem["severity"];
  problems: Problem[];
}): ReactNode {
  if (problems.length === 0) return null;
  return (
    <Alert
      color={severity === "error" ? "red" : "yellow"}
      icon={<Icon name={severity} />}
      title={problemWords(problems)}
    >
      {problems.slice(0, shownMax).map((problem) => (
        <Text key={problem.pointer + problem.message} size="sm">
          {problem.message}
        </Text>
      ))}
      {problems.length > shownMax ? (
        <Text size="sm">And {problems.length - shownMax} more: see the problems panel.</Text>
      ) : null}
    </Alert>
  );
}
