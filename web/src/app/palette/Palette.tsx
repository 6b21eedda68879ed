// The command palette: type a few letters, go there. Fetched when it is first opened.
import { Modal, Text, useComputedColorScheme, useMantineColorScheme } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { type KeyboardEvent, useEffect, useId, useMemo, useRef, useState } from "react";
import { useLocation } from "wouter";
import { server } from "../../api/server";
import { query } from "../../pages/shared/api";
import { useSession } from "../session";
import { type Entry, type Things, entriesFor, fitting, nameIn, shownMax } from "./entries";
import classes from "./Palette.module.css";

const typingPauseMs = 150;

// Workflows are searched at the server: there may be thousands.
function useThings(typed: string): Things {
  const [text] = useDebouncedValue(nameIn(typed), typingPauseMs);
  const workflows = useQuery({
    queryKey: ["workflows", "palette", text],
    queryFn: () => server.get(`/workflows${query({ q: text, limit: shownMax })}`),
    placeholderData: keepPreviousData,
  });
  const connections = useQuery({
    queryKey: ["connections", "palette"],
    queryFn: () => server.get("/connections"),
  });
  return useMemo(
    () => ({
      workflows: workflows.data?.items ?? [],
      connections: connections.data?.items ?? [],
    }),
    [workflows.data, connections.data],
  );
}

function useDo(onClose: () => void): (entry: Entry) => void {
  const session = useSession();
  const [, go] = useLocation();
  const { setColorScheme } = useMantineColorScheme();
  const now = useComputedColorScheme("light");
  return (entry) => {
    onClose();
    if ("path" in entry.target) go(entry.target.path);
    else if (entry.target.order === "colours") setColorScheme(now === "dark" ? "light" : "dark");
    else void session.signOut();
  };
}

export default function Palette({ onClose }: { onClose: () => void }) {
  const session = useSession();
  const [typed, setTyped] = useState("");
  const things = useThings(typed);
  const [chosen, setChosen] = useState(0);
  const list = useRef<HTMLUListElement>(null);
  const id = useId();
  const take = useDo(onClose);
  const entries = useMemo(
    () => fitting(entriesFor(session.may, things), typed),
    [session.may, things, typed],
  );
  const at = Math.min(chosen, entries.length - 1);
  useEffect(() => {
    list.current?.children[at]?.scrollIntoView({ block: "nearest" });
  }, [at]);
  const pressed = (event: KeyboardEvent) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const entry = entries[at];
    if (step !== undefined) setChosen((at + step + entries.length) % Math.max(entries.length, 1));
    else if (event.key === "Enter" && entry) take(entry);
    else return;
    event.preventDefault();
  };
  return (
    <Modal.Root
      opened
      onClose={onClose}
      size={560}
      yOffset="10vh"
      transitionProps={{ duration: 0 }}
    >
      <Modal.Overlay />
      <Modal.Content aria-label="Go to or do">
        <input
          className={classes["input"]}
          data-autofocus
          role="combobox"
          aria-label="Go to or do"
          aria-expanded="true"
          aria-controls={id}
          aria-activedescendant={entries.length > 0 ? `${id}-${at}` : undefined}
          aria-autocomplete="list"
          autoComplete="off"
          spellCheck={false}
          placeholder="Where to? A page, a workflow, words of a run"
          value={typed}
          onChange={(event) => {
            setTyped(event.currentTarget.value);
            setChosen(0);
          }}
          onKeyDown={pressed}
        />
        <ul className={classes["list"]} id={id} role="listbox" aria-label="What fits" ref={list}>
          {entries.map((entry, i) => (
            <li
              key={entry.id}
              id={`${id}-${i}`}
              role="option"
              aria-selected={i === at}
              className={classes["entry"]}
              onMouseMove={() => setChosen(i)}
              onClick={() => take(entry)}
            >
              <span className={classes["label"]}>{entry.label}</span>
              <span className={classes["kind"]}>{entry.kind}</span>
            </li>
          ))}
        </ul>
        <Text size="xs" c="dimmed" className={classes["foot"]} visibleFrom="sm">
          <kbd>↑</kbd> <kbd>↓</kbd> to choose, <kbd>Enter</kbd> to go, <kbd>Esc</kbd> to leave
        </Text>
      </Modal.Content>
    </Modal.Root>
  );
}
