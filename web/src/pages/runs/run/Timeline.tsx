// The story of a run as a tree with time beside it: what ran inside what, when, and for how long.
//
// Keyboard as in any tree: up and down move, left and right close and open, Enter shows the step.
import { useMemo, useState, type KeyboardEvent } from "react";
import { StatusGlyph } from "../../shared/StatusChip";
import { Duration, useNow } from "../../shared/time";
import { currentWait, type Story, type Visit } from "../model/story";
import { errorPhrase, linkWords, phrase, waitingWords } from "../model/words";
import classes from "./Timeline.module.css";

interface Props {
  story: Story;
  chosen: string;
  onChoose: (key: string) => void;
}

interface Row {
  visit: Visit;
  depth: number;
  open: boolean;
}

function rowsOf(visits: readonly Visit[], closed: ReadonlySet<string>, depth = 1): Row[] {
  return visits.flatMap((visit) => {
    const open = !closed.has(visit.key);
    const row = { visit, depth, open };
    return open ? [row, ...rowsOf(visit.children, closed, depth + 1)] : [row];
  });
}

export function visitWords(visit: Visit): string {
  const wait = currentWait(visit);
  if (visit.state === "failed") return errorPhrase(visit.error) || "failed";
  if (visit.state === "skipped") return "skipped: its condition does not hold";
  if (visit.state === "suspended") return "waits for a person";
  if (wait) return waitingWords(wait.words);
  const adopted = visit.adopted ? "found, not sent again" : "";
  const what =
    visit.link !== ""
      ? linkWords(visit.link)
      : visit.children.length > 0
        ? ""
        : phrase(visit.output, 80);
  return [adopted, what].filter((each) => each !== "").join(": ");
}

const glyphOf: Record<Visit["state"], string> = {
  running: "running",
  waiting: "waiting",
  suspended: "suspended",
  done: "done",
  failed: "failed",
  skipped: "skipped",
  cancelled: "cancelled",
};

export function Timeline({ story, chosen, onChoose }: Props) {
  const [closed, setClosed] = useState<ReadonlySet<string>>(new Set());
  const rows = useMemo(() => rowsOf(story.tasks, closed), [story, closed]);
  const active = rows.some((row) => row.visit.key === chosen) ? chosen : rows[0]?.visit.key;
  const toggle = (key: string, open: boolean) => {
    const next = new Set(closed);
    if (open) next.delete(key);
    else next.add(key);
    setClosed(next);
  };
  const press = (event: KeyboardEvent<HTMLElement>) => {
    const at = rows.findIndex((row) => row.visit.key === active);
    const row = rows[at];
    if (!row) return;
    const inner = row.visit.children.length > 0;
    if (event.key === "ArrowLeft" && row.open && inner) toggle(row.visit.key, false);
    else if (event.key === "ArrowRight" && !row.open) toggle(row.visit.key, true);
    else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      const next = rows[at + (event.key === "ArrowDown" ? 1 : -1)];
      if (!next) return;
      onChoose(next.visit.key);
      const place = event.currentTarget.querySelector<HTMLElement>(
        `[data-key="${CSS.escape(next.visit.key)}"]`,
      );
      place?.focus();
    } else return;
    event.preventDefault();
  };
  return (
    <div className={classes.tree} role="tree" aria-label="Steps" tabIndex={-1} onKeyDown={press}>
      {rows.map(({ visit, depth, open }) => (
        <div
          key={visit.key}
          data-key={visit.key}
          className={classes.row}
          role="treeitem"
          aria-level={depth}
          aria-selected={visit.key === chosen}
          {...(visit.children.length > 0 ? { "aria-expanded": open } : {})}
          tabIndex={visit.key === active ? 0 : -1}
          onClick={() => onChoose(visit.key)}
          onKeyDown={(event) => event.key === "Enter" && onChoose(visit.key)}
          style={{ paddingInlineStart: 8 + (depth - 1) * 18 }}
        >
          <span
            className={classes.fold}
            aria-hidden
            onClick={(event) => {
              if (visit.children.length === 0) return;
              event.stopPropagation();
              toggle(visit.key, !open);
            }}
          >
            {visit.children.length === 0 ? "" : open ? "▾" : "▸"}
          </span>
          <StatusGlyph status={visit.caught ? "expired" : glyphOf[visit.state]} />
          <span className={classes.name}>
            {visit.name}
            {visit.round > 1 && <span className={classes.round}> ×{visit.round}</span>}
          </span>
          <span className={classes.words} data-state={visit.caught ? "caught" : visit.state}>
            {visitWords(visit)}
            {visit.caught && " (caught)"}
          </span>
          <Bar visit={visit} story={story} />
          <span className={classes.took}>
            <Duration begin={visit.startedAt} end={visit.endedAt} />
          </span>
        </div>
      ))}
    </div>
  );
}

// When within the run: a bar as long as the task took.
function Bar({ visit, story }: { visit: Visit; story: Story }) {
  return visit.endedAt !== "" && story.endedAt !== "" ? (
    <Drawn visit={visit} story={story} now={Date.parse(story.endedAt)} />
  ) : (
    <Growing visit={visit} story={story} />
  );
}

function Growing({ visit, story }: { visit: Visit; story: Story }) {
  return <Drawn visit={visit} story={story} now={useNow() + 1_000} />;
}

function Drawn({ visit, story, now }: { visit: Visit; story: Story; now: number }) {
  const begin = Date.parse(story.startedAt);
  const whole = Math.max(1, (story.endedAt ? Date.parse(story.endedAt) : now) - begin);
  const from = (100 * (Date.parse(visit.startedAt) - begin)) / whole;
  const to = (100 * ((visit.endedAt ? Date.parse(visit.endedAt) : now) - begin)) / whole;
  const x = Math.min(99, Math.max(0, from));
  return (
    <svg className={classes.bar} viewBox="0 0 100 8" preserveAspectRatio="none" aria-hidden>
      <rect className={classes.track} x="0" y="3.5" width="100" height="1" />
      <rect
        data-state={visit.state}
        x={x}
        y="0"
        width={Math.max(1, Math.min(100, to) - x)}
        height="8"
        rx="1"
      />
    </svg>
  );
}
