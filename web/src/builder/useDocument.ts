// The document being edited: its text, what it means, its history, what is selected. All changes go
// through `apply` (edits of parts) or `replaceText` (the YAML view); both can be undone.

import { useCallback, useMemo, useReducer, useRef } from "react";
import { edited, EditRefused } from "./document/edit";
import { pathOf, pointerOf, type Path } from "./document/path";
import type { Edit } from "./document/plain";
import { readSource, type Source } from "./document/source";
import { changed, redone, startHistory, undone, type History } from "./model/history";
import { outlineOf, stepHolding, type Step } from "./model/outline";

/** The pointer of a step, or "" for the workflow itself (its trigger, input and settings). */
export type Selection = string;

interface State {
  history: History;
  selected: Selection;
  refused: string;
}

type Change =
  | { kind: "text"; text: string; about: string; selected?: Selection }
  | { kind: "adopt"; from: string; text: string }
  | { kind: "load"; text: string }
  | { kind: "undo" }
  | { kind: "redo" }
  | { kind: "select"; selected: Selection }
  | { kind: "refuse"; why: string };

function reduce(state: State, change: Change): State {
  switch (change.kind) {
    case "text":
      return {
        history: changed(state.history, change.text, change.about),
        selected: change.selected ?? state.selected,
        refused: "",
      };
    case "adopt": {
      // The server wrote the draft's version into the text: nothing to undo. Only if nothing came
      // between.
      if (state.history.present !== change.from) return state;
      return { ...state, history: { ...state.history, present: change.text } };
    }
    case "load":
      return { history: startHistory(change.text), selected: "", refused: "" };
    case "undo":
      return { ...state, history: undone(state.history), refused: "" };
    case "redo":
      return { ...state, history: redone(state.history), refused: "" };
    case "select":
      return { ...state, selected: change.selected };
    case "refuse":
      return { ...state, refused: change.why };
  }
}

export interface EditOptions {
  /** Changes about the same place are undone together. */
  about?: string;
  select?: Selection;
}

export interface WorkflowDocument {
  source: Source;
  steps: Step[];
  selected: Selection;
  /** The selected step, or null: the workflow itself. */
  step: Step | null;
  /** Why the last edit was not made; "" if it was. */
  refused: string;
  canUndo: boolean;
  canRedo: boolean;
  apply: (edits: readonly Edit[], options?: EditOptions) => void;
  change: (make: (source: Source) => Source, options?: EditOptions) => void;
  replaceText: (text: string, about?: string) => void;
  adopt: (from: string, text: string) => void;
  load: (text: string) => void;
  undo: () => void;
  redo: () => void;
  select: (selected: Selection) => void;
  selectPath: (path: Path) => void;
}

export function useDocument(initial: string): WorkflowDocument {
  const [state, dispatch] = useReducer(reduce, initial, (text): State => ({
    history: startHistory(text),
    selected: "",
    refused: "",
  }));
  const text = state.history.present;
  // An edit has read its own result already: large documents are not read twice.
  const read = useRef<Source | null>(null);
  const source = useMemo(
    () => (read.current?.text === text ? read.current : readSource(text)),
    [text],
  );
  const steps = useMemo(() => outlineOf(source.data), [source]);
  const step = useMemo(() => selectedStep(steps, state.selected), [steps, state.selected]);

  const change = useCallback(
    (make: (source: Source) => Source, options: EditOptions = {}) => {
      try {
        const next = make(source);
        read.current = next;
        const { select } = options;
        dispatch({
          kind: "text",
          text: next.text,
          about: options.about ?? "",
          ...(select === undefined ? {} : { selected: select }),
        });
      } catch (error) {
        if (!(error instanceof EditRefused)) throw error;
        dispatch({ kind: "refuse", why: error.message });
      }
    },
    [source],
  );
  const apply = useCallback(
    (edits: readonly Edit[], options?: EditOptions) => {
      change((from) => edits.reduce(edited, from), options);
    },
    [change],
  );
  const actions = useMemo(
    () => ({
      replaceText: (next: string, about = "") => {
        dispatch({ kind: "text", text: next, about });
      },
      adopt: (from: string, next: string) => {
        dispatch({ kind: "adopt", from, text: next });
      },
      load: (next: string) => {
        dispatch({ kind: "load", text: next });
      },
      undo: () => {
        dispatch({ kind: "undo" });
      },
      redo: () => {
        dispatch({ kind: "redo" });
      },
      select: (selected: Selection) => {
        dispatch({ kind: "select", selected });
      },
    }),
    [],
  );
  const selectPath = useCallback(
    (path: Path) => {
      const found = stepHolding(steps, path);
      actions.select(found ? pointerOf(found.path) : "");
    },
    [steps, actions],
  );
  return {
    source,
    steps,
    step,
    selected: state.selected,
    refused: state.refused,
    canUndo: state.history.past.length > 0,
    canRedo: state.history.future.length > 0,
    apply,
    change,
    selectPath,
    ...actions,
  };
}

// After undo the selected pointer may name nothing; then the workflow itself is shown.
function selectedStep(steps: readonly Step[], selected: Selection): Step | null {
  if (selected === "") return null;
  const found = stepHolding(steps, pathOf(selected));
  return found && pointerOf(found.path) === selected ? found : null;
}
