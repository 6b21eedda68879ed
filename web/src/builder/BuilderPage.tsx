// The builder of one workflow: fetches what is edited, then shows list, graph, form and YAML over
// one document.

import { Alert, Button, Center, Drawer, Loader, Stack } from "@mantine/core";
import { useMediaQuery } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useEffect, useMemo, useState, type ReactNode } from "react";
import { BuilderProvider } from "./context";
import classes from "./BuilderPage.module.css";
import { DryRunDialog } from "./dialogs/DryRunDialog";
import { PublishDialog } from "./dialogs/PublishDialog";
import { pathOf, type Path } from "./document/path";
import { StepForm } from "./forms/StepForm";
import { WorkflowForm } from "./forms/WorkflowForm";
import { ProblemsPanel } from "./panels/ProblemsPanel";
import type { Workflow } from "./server/types";
import { getEditable, type WorkflowRef } from "./server/workflows";
import { TopBar, type View } from "./TopBar";
import { useAutosave, type Autosave } from "./useAutosave";
import { useDocument, type WorkflowDocument } from "./useDocument";
import { useProblems, type Problems } from "./useProblems";
import { AddStep } from "./views/AddStep";
import { StepList } from "./views/StepList";

const GraphView = lazy(() => import("./views/GraphView"));
const YamlView = lazy(() => import("./views/YamlView"));

export function BuilderOf({ namespace, name }: WorkflowRef): ReactNode {
  const ref = useMemo(() => ({ namespace, name }), [namespace, name]);
  // Read once: what is typed here is newer than what the server has.
  const answer = useQuery({
    queryKey: ["editable", namespace, name],
    queryFn: () => getEditable(ref),
    staleTime: Infinity,
    gcTime: 0,
    retry: false,
  });
  if (answer.error) {
    return (
      <Stack p="lg" align="flex-start">
        <Alert color="red" title="This workflow could not be opened">
          {answer.error.message}
        </Alert>
        <Button component="a" href="/workflows" variant="default">
          All workflows
        </Button>
      </Stack>
    );
  }
  if (!answer.data)
    return (
      <Center h="60vh">
        <Loader aria-label="Opening the workflow" />
      </Center>
    );
  return (
    <Editor
      key={`${namespace}/${name}`}
      workflow={ref}
      opened={answer.data.workflow}
      etag={answer.data.etag}
      reload={() => void answer.refetch()}
    />
  );
}

interface EditorProps {
  workflow: WorkflowRef;
  opened: Workflow;
  etag: string;
  reload: () => void;
}

function Editor({ workflow, opened, etag, reload }: EditorProps): ReactNode {
  const document = useDocument(opened.source);
  const start = useMemo(
    () => ({ ref: workflow, text: opened.source, etag, version: opened.version }),
    [workflow, opened, etag],
  );
  const autosave = useAutosave(start, document.source.text, document.adopt);
  const problems = useProblems(document.source);
  const [sampleId, setSample] = useState("");
  return (
    <BuilderProvider
      workflow={workflow}
      document={document}
      problems={problems.list}
      sampleId={sampleId}
      setSample={setSample}
    >
      <Workbench
        document={document}
        autosave={autosave}
        problems={problems}
        opened={opened}
        reload={reload}
      />
    </BuilderProvider>
  );
}

interface WorkbenchProps {
  document: WorkflowDocument;
  autosave: Autosave;
  problems: Problems;
  opened: Workflow;
  reload: () => void;
}

type Dialog = "" | "publish" | "dry-run";

function Workbench({ document, autosave, problems, opened, reload }: WorkbenchProps): ReactNode {
  const isNarrow = useMediaQuery("(max-width: 62em)", false, { getInitialValueInEffect: false });
  const [view, setView] = useState<View>(document.source.fault ? "yaml" : "steps");
  const [adding, setAdding] = useState<{ list: Path; index: number } | null>(null);
  const [editing, setEditing] = useState(!isNarrow);
  const [dialog, setDialog] = useState<Dialog>("");
  const [goTo, setGoTo] = useState<{ line: number; column: number } | null>(null);
  useShortcuts(document, view);

  const edit = (): void => {
    setEditing(true);
    requestAnimationFrame(() =>
      globalThis.document
        .querySelector<HTMLElement>(`.${classes["form"]} input, .${classes["form"]} textarea`)
        ?.focus({ preventScroll: false }),
    );
  };
  const jump = (pointer: string, place: { line: number; column: number }): void => {
    if (view === "yaml") setGoTo({ ...place });
    else {
      document.selectPath(pathOf(pointer));
      setEditing(true);
    }
  };
  const broken = document.source.fault !== null;
  const form = document.step ? (
    <StepForm
      key={document.selected}
      step={document.step}
      onClose={() => {
        setEditing(false);
      }}
    />
  ) : (
    <WorkflowForm
      onClose={() => {
        setEditing(false);
      }}
    />
  );
  const select = (): void => {
    if (isNarrow) setEditing(true);
  };
  return (
    <div className={classes["page"]}>
      <TopBar
        autosave={autosave}
        problems={problems}
        view={view}
        setView={setView}
        opened={opened}
        reload={reload}
        isNarrow={isNarrow ?? false}
        onPublish={() => {
          setDialog("publish");
        }}
        onDryRun={() => {
          setDialog("dry-run");
        }}
      />
      {document.refused === "" ? null : (
        <Alert color="yellow" p="xs" radius={0}>
          {document.refused}
        </Alert>
      )}
      <div
        className={classes["body"]}
        data-view={view}
        data-form={editing && !isNarrow && view !== "yaml"}
      >
        {view === "yaml" ? (
          <Suspense
            fallback={
              <Center h="100%">
                <Loader />
              </Center>
            }
          >
            <div className={classes["yaml"]}>
              <YamlView goTo={goTo} />
            </div>
          </Suspense>
        ) : broken ? (
          <Stack p="lg" align="flex-start">
            <Alert color="red" title={`Line ${document.source.fault?.line ?? 1} cannot be read`}>
              {document.source.fault?.message}
            </Alert>
            <Button
              onClick={() => {
                setView("yaml");
              }}
            >
              Mend it in the YAML view
            </Button>
          </Stack>
        ) : (
          <>
            {isNarrow && view === "graph" ? null : (
              <div className={classes["steps"]} onClick={select}>
                <StepList onAdd={setAdding} onEdit={edit} />
              </div>
            )}
            {isNarrow && view !== "graph" ? null : (
              <div className={classes["graph"]}>
                <Suspense
                  fallback={
                    <Center h="100%">
                      <Loader />
                    </Center>
                  }
                >
                  <GraphView />
                </Suspense>
              </div>
            )}
            {editing && !isNarrow ? (
              <aside className={classes["form"]} aria-label="Form of the selected step">
                {form}
              </aside>
            ) : null}
          </>
        )}
      </div>
      <ProblemsPanel problems={problems} onJump={jump} />
      {isNarrow ? (
        <Drawer.Root
          opened={editing && view !== "yaml" && !broken}
          onClose={() => setEditing(false)}
          position="right"
          size="100%"
          padding={0}
          transitionProps={{ duration: 0 }}
        >
          <Drawer.Content aria-label="Form of the selected step">{form}</Drawer.Content>
        </Drawer.Root>
      ) : null}
      <AddStep
        at={adding}
        onClose={() => {
          setAdding(null);
          focusRow(document.selected);
        }}
        onAdded={edit}
      />
      <DryRunDialog
        opened={dialog === "dry-run"}
        onClose={() => {
          setDialog("");
        }}
        onJump={(pointer) => {
          setDialog("");
          jump(pointer, { line: 1, column: 1 });
        }}
      />
      <PublishDialog
        opened={dialog === "publish"}
        onClose={() => {
          setDialog("");
        }}
        autosave={autosave}
        problems={problems}
        workflow={opened}
      />
    </div>
  );
}

/** Back to the list: whoever adds by keyboard goes on there. */
function focusRow(pointer: string): void {
  requestAnimationFrame(() =>
    globalThis.document
      .querySelector<HTMLElement>(`[data-row="${CSS.escape(pointer)}"]`)
      ?.focus({ preventScroll: true }),
  );
}

/** Undo and redo. The YAML editor has its own while it has the focus. */
function useShortcuts(document: WorkflowDocument, view: View): void {
  useEffect(() => {
    const onKeyDown = (event: KeyboardEvent): void => {
      const isUndo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z";
      const isRedo = (event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "y";
      if (!isUndo && !isRedo) return;
      if (view === "yaml" && (event.target as HTMLElement).closest(".cm-editor")) return;
      event.preventDefault();
      if (isRedo || event.shiftKey) document.redo();
      else document.undo();
    };
    window.addEventListener("keydown", onKeyDown);
    return () => {
      window.removeEventListener("keydown", onKeyDown);
    };
  }, [document, view]);
}
