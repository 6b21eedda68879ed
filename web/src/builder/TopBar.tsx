// The bar above the builder: which workflow, whether it is saved, undo and redo, the three views,
// and what is done with the whole of it.

import {
  ActionIcon,
  Alert,
  Anchor,
  Badge,
  Button,
  Group,
  Menu,
  SegmentedControl,
  Text,
  Tooltip,
} from "@mantine/core";
import { useRef, type ReactNode } from "react";
import { Link } from "wouter";
import { useBuilder } from "./context";
import { valueAt } from "./document/path";
import { text } from "./model/outline";
import type { Workflow } from "./server/types";
import { fileNameOf, saveAsFile } from "./saveAsFile";
import classes from "./TopBar.module.css";
import type { Autosave, SaveState } from "./useAutosave";
import type { Problems } from "./useProblems";
import { Icon } from "./views/Icon";

export type View = "steps" | "graph" | "yaml";

interface Props {
  autosave: Autosave;
  problems: Problems;
  view: View;
  setView: (view: View) => void;
  opened: Workflow;
  reload: () => void;
  isNarrow: boolean;
  onPublish: () => void;
  onDryRun: () => void;
}

export function TopBar({
  autosave,
  problems,
  view,
  setView,
  opened,
  reload,
  isNarrow,
  onPublish,
  onDryRun,
}: Props): ReactNode {
  const { document, ref } = useBuilder();
  const file = useRef<HTMLInputElement>(null);
  const title = text(valueAt(document.source.data, ["document", "title"])) || opened.name;
  const version = text(valueAt(document.source.data, ["document", "version"])) || autosave.version;
  const errors = problems.list.filter((problem) => problem.severity === "error").length;
  const views = isNarrow
    ? [
        ["steps", "Steps"],
        ["graph", "Graph"],
        ["yaml", "YAML"],
      ]
    : [
        ["steps", "Steps"],
        ["yaml", "YAML"],
      ];
  const read = async (chosen: File | undefined): Promise<void> => {
    if (chosen) document.replaceText(await chosen.text());
    if (file.current) file.current.value = "";
  };
  return (
    <>
      <div className={classes["bar"]}>
        <div className={classes["name"]}>
          <Text component="h1" fw={600} size="md" truncate m={0}>
            {title}
          </Text>
          <Group gap={6} wrap="nowrap">
            <Anchor
              component={Link}
              href={`/workflows/${ref.namespace}/${ref.name}`}
              size="xs"
              c="dimmed"
              truncate
            >
              {ref.namespace}/{ref.name}
            </Anchor>
            <Badge size="xs" variant="default" tt="none" flex="none">
              {version}
            </Badge>
            <Saved state={autosave.state} />
          </Group>
        </div>
        <Group gap={4} wrap="nowrap">
          <Tooltip label="Undo (Ctrl Z)">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="Undo"
              disabled={!document.canUndo}
              onClick={document.undo}
            >
              <Icon name="undo" />
            </ActionIcon>
          </Tooltip>
          <Tooltip label="Redo (Ctrl Shift Z)">
            <ActionIcon
              variant="subtle"
              color="gray"
              aria-label="Redo"
              disabled={!document.canRedo}
              onClick={document.redo}
            >
              <Icon name="redo" />
            </ActionIcon>
          </Tooltip>
        </Group>
        <SegmentedControl
          size="xs"
          aria-label="View"
          value={view === "graph" && !isNarrow ? "steps" : view}
          onChange={(next) => {
            setView(next as View);
          }}
          data={views.map(([value, label]) => ({ value: value ?? "", label: label ?? "" }))}
        />
        <Group gap="xs" wrap="nowrap" className={classes["actions"] ?? ""}>
          {isNarrow ? null : (
            <Button size="xs" variant="default" onClick={onDryRun}>
              Dry run
            </Button>
          )}
          <Button
            size="xs"
            onClick={onPublish}
            {...(errors > 0 ? { variant: "light" as const } : {})}
          >
            Publish…
          </Button>
          <Menu position="bottom-end" withinPortal shadow="md">
            <Menu.Target>
              <ActionIcon variant="default" size={30} aria-label="More">
                <Icon name="more" />
              </ActionIcon>
            </Menu.Target>
            <Menu.Dropdown>
              {isNarrow ? <Menu.Item onClick={onDryRun}>Dry run</Menu.Item> : null}
              <Menu.Item
                onClick={() => {
                  saveAsFile(fileNameOf(ref.name), document.source.text);
                }}
              >
                Save as a file
              </Menu.Item>
              <Menu.Item
                onClick={() => {
                  file.current?.click();
                }}
              >
                Read from a file…
              </Menu.Item>
              <Menu.Item component={Link} href={`/workflows/${ref.namespace}/${ref.name}`}>
                Versions and runs
              </Menu.Item>
            </Menu.Dropdown>
          </Menu>
          <input
            ref={file}
            type="file"
            hidden
            accept=".yaml,.yml,.json"
            aria-label="File to read"
            onChange={(event) => void read(event.currentTarget.files?.[0])}
          />
        </Group>
      </div>
      <Conflict autosave={autosave} reload={reload} />
    </>
  );
}

const words: Record<SaveState["kind"], string> = {
  saved: "Saved",
  waiting: "Not saved yet",
  saving: "Saving…",
  conflict: "Not saved",
  failed: "Not saved",
};

function Saved({ state }: { state: SaveState }): ReactNode {
  const bad = state.kind === "conflict" || state.kind === "failed";
  return (
    <Text size="xs" role="status" c={bad ? "red" : "dimmed"} className={classes["saved"] ?? ""}>
      {words[state.kind]}
    </Text>
  );
}

function Conflict({ autosave, reload }: { autosave: Autosave; reload: () => void }): ReactNode {
  const { state } = autosave;
  if (state.kind !== "conflict" && state.kind !== "failed") return null;
  return (
    <Alert
      color="red"
      radius={0}
      p="xs"
      title={
        state.kind === "conflict"
          ? "Somebody else has saved this workflow meanwhile"
          : "The draft could not be saved"
      }
    >
      <Group gap="sm">
        <Text size="sm">{state.why}</Text>
        {state.kind === "conflict" ? (
          <>
            <Button size="compact-sm" variant="default" onClick={reload}>
              Take theirs
            </Button>
            <Button size="compact-sm" variant="default" onClick={() => void autosave.overwrite()}>
              Keep mine
            </Button>
          </>
        ) : (
          <Button size="compact-sm" variant="default" onClick={() => void autosave.flush()}>
            Try again
          </Button>
        )}
      </Group>
    </Alert>
  );
}
