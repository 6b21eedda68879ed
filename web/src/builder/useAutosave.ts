// Saves the draft a moment after each change, with the ETag of what was last read, so that two
// people who edit the same workflow are told instead of overwriting each other.

import { useCallback, useEffect, useRef, useState } from "react";
import { edited } from "./document/edit";
import { valueAt } from "./document/path";
import { readSource } from "./document/source";
import { Refusal } from "./server/request";
import type { Problem } from "./server/types";
import { saveDraft, type WorkflowRef } from "./server/workflows";

export type SaveState =
  | { kind: "saved"; at: number }
  | { kind: "waiting" }
  | { kind: "saving" }
  | { kind: "conflict"; why: string }
  | { kind: "failed"; why: string };

const quietMs = 1200;

export interface Autosave {
  state: SaveState;
  version: string; // of the draft on the server
  problems: Problem[];
  /** Saves now, that text or what there is; resolves to whether the server has it. */
  flush: (text?: string) => Promise<boolean>;
  /** After a conflict: writes over what the other person saved. */
  overwrite: () => Promise<boolean>;
}

interface Start {
  ref: WorkflowRef;
  text: string;
  etag: string;
  version: string;
}

export function useAutosave(
  start: Start,
  text: string,
  adopt: (from: string, text: string) => void,
): Autosave {
  const [state, setState] = useState<SaveState>({ kind: "saved", at: Date.now() });
  const [version, setVersion] = useState(start.version);
  const [problems, setProblems] = useState<Problem[]>([]);
  const saved = useRef({ text: start.text, etag: start.etag });
  const latest = useRef(text);
  const refused = useRef<string | null>(null);
  const draft = useRef(""); // its version, where that is not the one the text was opened in
  const running = useRef<Promise<boolean>>(Promise.resolve(true));
  latest.current = text;

  const save = useCallback(async (): Promise<boolean> => {
    const written = latest.current;
    if (written === saved.current.text) return true;
    // Typed, or undone to, while the first save made the draft: it still has the old version.
    const sent =
      draft.current === "" ? written : withVersion(written, start.version, draft.current);
    setState({ kind: "saving" });
    refused.current = null;
    try {
      const answer = await saveDraft(start.ref, sent, saved.current.etag);
      saved.current = { text: answer.saved.source, etag: answer.etag };
      setVersion(answer.saved.version);
      setProblems(answer.saved.problems);
      if (answer.saved.version !== start.version) draft.current = answer.saved.version;
      if (answer.saved.source !== written) adopt(written, answer.saved.source);
      const isLatest = latest.current === written || latest.current === answer.saved.source;
      setState(isLatest ? { kind: "saved", at: Date.now() } : { kind: "waiting" });
      return true;
    } catch (error) {
      refused.current = written;
      const why =
        error instanceof Refusal
          ? [error.message, error.remedy].join(" ").trim()
          : "The server could not be reached.";
      setState({
        kind: error instanceof Refusal && error.status === 412 ? "conflict" : "failed",
        why,
      });
      return false;
    }
  }, [start, adopt]);

  const flush = useCallback(
    (given?: string): Promise<boolean> => {
      // One after the other: a second request at a time would carry the ETag of before the first.
      running.current = running.current.then(() => {
        if (given !== undefined) latest.current = given;
        return save();
      });
      return running.current;
    },
    [save],
  );

  const overwrite = useCallback(() => {
    saved.current = { text: "", etag: "" };
    return flush();
  }, [flush]);

  const isConflict = state.kind === "conflict";
  const { kind } = state;
  useEffect(() => {
    if (isConflict || kind === "saving") return undefined;
    // What was refused is not sent again until it has changed, or somebody asks for it.
    if (text === refused.current) return undefined;
    if (text === saved.current.text) {
      // Undone before it was saved: there is nothing to save.
      setState((before) =>
        before.kind === "waiting" ? { kind: "saved", at: Date.now() } : before,
      );
      return undefined;
    }
    setState((before) => (before.kind === "saving" ? before : { kind: "waiting" }));
    const timer = setTimeout(() => void flush(), quietMs);
    return () => {
      clearTimeout(timer);
    };
  }, [text, flush, isConflict, kind]);

  const unsaved = state.kind !== "saved";
  useEffect(() => {
    if (!unsaved) return undefined;
    const ask = (event: BeforeUnloadEvent): void => {
      event.preventDefault();
    };
    window.addEventListener("beforeunload", ask);
    return () => {
      window.removeEventListener("beforeunload", ask);
    };
  }, [unsaved]);

  return { state, version, problems, flush, overwrite };
}

export function withVersion(text: string, from: string, to: string): string {
  const source = readSource(text);
  const path = ["document", "version"];
  if (source.fault || valueAt(source.data, path) !== from) return text;
  return edited(source, { kind: "set", path, value: to }).text;
}
