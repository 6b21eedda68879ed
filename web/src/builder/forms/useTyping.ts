// A field's text while it is typed: kept here, handed on when the typing pauses or the field is
// left. So a large document is not read anew at every key.

import { useCallback, useEffect, useRef, useState } from "react";

const pauseMs = 250;

export interface Typing {
  text: string;
  change: (text: string) => void;
  /** Hands on what has been typed, now. */
  settle: () => void;
}

export function useTyping(value: string, commit: (text: string) => void): Typing {
  const [text, setText] = useState(value);
  const pending = useRef<{ text: string; timer: ReturnType<typeof setTimeout> } | null>(null);
  const latest = useRef(commit);
  latest.current = commit;

  // Undo, or an edit elsewhere, changes the value under the field.
  useEffect(() => {
    if (!pending.current) setText(value);
  }, [value]);

  const settle = useCallback(() => {
    if (!pending.current) return;
    clearTimeout(pending.current.timer);
    const { text: typed } = pending.current;
    pending.current = null;
    latest.current(typed);
  }, []);
  const change = useCallback(
    (next: string) => {
      setText(next);
      if (pending.current) clearTimeout(pending.current.timer);
      pending.current = { text: next, timer: setTimeout(settle, pauseMs) };
    },
    [settle],
  );
  // A form that is closed while somebody types keeps what was typed.
  useEffect(() => settle, [settle]);
  return { text, change, settle };
}
