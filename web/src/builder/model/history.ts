// Undo and redo: the texts a document has had. A row of changes to the same place counts as one.
// Pure values.

export interface History {
  readonly past: readonly string[];
  readonly present: string;
  readonly future: readonly string[];
  /** What the last change was about; a change of the same replaces it. */
  readonly about: string;
}

export const stepsMax = 300;

export function startHistory(present: string): History {
  return { past: [], present, future: [], about: "" };
}

/** A new text. With the same non-empty `about` as the change before, both are undone at once. */
export function changed(history: History, text: string, about = ""): History {
  if (text === history.present) return history;
  const joined = about !== "" && about === history.about && history.future.length === 0;
  const past = joined ? history.past : [...history.past, history.present].slice(-stepsMax);
  return { past, present: text, future: [], about };
}

export function undone(history: History): History {
  const previous = history.past.at(-1);
  if (previous === undefined) return history;
  return {
    past: history.past.slice(0, -1),
    present: previous,
    future: [history.present, ...history.future],
    about: "",
  };
}

export function redone(history: History): History {
  const [next, ...future] = history.future;
  if (next === undefined) return history;
  return { past: [...history.past, history.present], present: next, future, about: "" };
}
