// The document as YAML, the very text that is saved, with problems marked where they are. Loaded
// when first shown.

import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { yaml } from "@codemirror/lang-yaml";
import {
  bracketMatching,
  defaultHighlightStyle,
  foldGutter,
  foldKeymap,
  HighlightStyle,
  indentOnInput,
  syntaxHighlighting,
} from "@codemirror/language";
import { lintGutter, lintKeymap, setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { EditorState, type Extension } from "@codemirror/state";
import {
  drawSelection,
  EditorView,
  highlightActiveLine,
  keymap,
  lineNumbers,
  ViewPlugin,
} from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef, type ReactNode } from "react";
import { styleNonce } from "../../app/theme";
import { useBuilder } from "../context";
import { pathAt, placeOf } from "../document/source";
import { pathOf } from "../document/path";
import type { Problem } from "../server/types";
import type { WorkflowDocument } from "../useDocument";
import classes from "./YamlView.module.css";

const colours = HighlightStyle.define([
  {
    tag: [tags.propertyName, tags.definition(tags.propertyName)],
    color: "var(--mantine-primary-color-light-color)",
  },
  {
    tag: [tags.string, tags.special(tags.string)],
    color: "var(--yaml-text)",
  },
  { tag: tags.comment, color: "var(--mantine-color-dimmed)", fontStyle: "italic" },
  {
    tag: [tags.bool, tags.number, tags.null, tags.keyword],
    color: "var(--yaml-word)",
  },
]);

interface Props {
  /** A place to go to; a new object each time. */
  goTo: { line: number; column: number } | null;
}

export default function YamlView({ goTo }: Props): ReactNode {
  const { document, problems } = useBuilder();
  const holder = useRef<HTMLDivElement>(null);
  const editor = useRef<EditorView | null>(null);
  const latest = useRef(document);
  latest.current = document;

  useEffect(() => {
    if (!holder.current) return undefined;
    const view = new EditorView({
      parent: holder.current,
      state: EditorState.create({
        doc: latest.current.source.text,
        extensions: extensions(latest),
      }),
    });
    editor.current = view;
    // The editor opens where the person was in the list.
    const place = placeOf(latest.current.source, pathOf(latest.current.selected));
    if (latest.current.selected !== "") show(view, place.line, place.column);
    return () => {
      view.destroy();
      editor.current = null;
    };
  }, []);

  const { text } = document.source;
  useEffect(() => {
    const view = editor.current;
    const before = view?.state.doc.toString();
    if (!view || before === undefined || before === text) return;
    // Only what differs, so that the cursor and the folds stay.
    const change = difference(before, text);
    view.dispatch({ changes: change });
  }, [text]);

  useEffect(() => {
    const view = editor.current;
    if (view)
      view.dispatch(
        setDiagnostics(
          view.state,
          problems.map((problem) => marked(problem, view.state)),
        ),
      );
  }, [problems, text]);

  useEffect(() => {
    if (goTo && editor.current) show(editor.current, goTo.line, goTo.column);
  }, [goTo]);

  return <div ref={holder} className={classes["editor"]} />;
}

function extensions(latest: { current: WorkflowDocument }): Extension {
  return [
    lineNumbers(),
    foldGutter(),
    lintGutter(),
    history(),
    drawSelection(),
    indentOnInput(),
    bracketMatching(),
    highlightActiveLine(),
    yaml(),
    syntaxHighlighting(colours),
    syntaxHighlighting(defaultHighlightStyle, { fallback: true }),
    keymap.of([...defaultKeymap, ...historyKeymap, ...foldKeymap, ...lintKeymap, indentWithTab]),
    EditorState.tabSize.of(2),
    ViewPlugin.define((view) => {
      // Long lines scroll sideways: by keyboard, too.
      view.scrollDOM.tabIndex = 0;
      return {};
    }),
    EditorView.cspNonce.of(styleNonce()),
    EditorView.contentAttributes.of({
      "aria-label": "The workflow as YAML. Escape, then Tab leaves the editor.",
    }),
    EditorView.updateListener.of((update) => {
      if (update.docChanged) {
        const text = update.state.doc.toString();
        if (text !== latest.current.source.text) latest.current.replaceText(text, "yaml");
      } else if (update.selectionSet) {
        const { source, selectPath } = latest.current;
        if (!source.fault && update.view.hasFocus)
          selectPath(pathAt(source, update.state.selection.main.head));
      }
    }),
  ];
}

function difference(before: string, after: string): { from: number; to: number; insert: string } {
  const most = Math.min(before.length, after.length);
  let head = 0;
  while (head < most && before[head] === after[head]) ++head;
  let tail = 0;
  while (tail < most - head && before[before.length - 1 - tail] === after[after.length - 1 - tail])
    ++tail;
  return { from: head, to: before.length - tail, insert: after.slice(head, after.length - tail) };
}

function marked(problem: Problem, state: EditorState): Diagnostic {
  const line = state.doc.line(Math.min(Math.max(1, problem.line), state.doc.lines));
  const from = Math.min(line.from + Math.max(0, problem.column - 1), line.to);
  return {
    from,
    to: Math.max(from, line.to),
    severity: problem.severity,
    message: problem.message,
  };
}

function show(view: EditorView, line: number, column: number): void {
  const at = view.state.doc.line(Math.min(Math.max(1, line), view.state.doc.lines));
  const anchor = Math.min(at.from + Math.max(0, column - 1), at.to);
  view.dispatch({
    selection: { anchor },
    effects: EditorView.scrollIntoView(anchor, { y: "center" }),
  });
  view.focus();
}
