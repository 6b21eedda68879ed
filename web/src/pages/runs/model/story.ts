// The story of a run: its journal as a tree of visits to tasks, ready to be drawn.
//
// A visit is one time a task was gone through: a loop or a retry visits a task several times. Under
// it are the attempts of its call, its waits by name, and what else happened to it. Entries that
// only the engine needs (evaluated values, timers) leave no mark. Pure: the same entries always
// give the same story, and half a journal gives half a story.
import { flag, member, number, text, type Json } from "./json";
import type { JournalEntry } from "./run";
import { linkOf, taskName } from "./words";

export type VisitState =
  "running" | "waiting" | "suspended" | "done" | "failed" | "skipped" | "cancelled";

export interface Attempt {
  number: number;
  // "first": sent. "recover": looked up whether an earlier one took effect, sent again if not.
  // "cancel": undoes what it waited for.
  mode: "first" | "recover" | "cancel";
  call: string;
  connection: string;
  marker: string;
  input: Json;
  sentAt: string;
  returnedAt: string;
  state: "under way" | "answered" | "failed" | "waiting" | "no answer";
  output: Json | undefined;
  error: Json | undefined;
  adopted: boolean;
  looks: number; // how often what it waits for was looked at
}

export interface Wait {
  words: string;
  since: string;
  until: string;
  endedAt: string;
  link: string;
}

export type Tone = "plain" | "dim" | "good" | "warn" | "bad";

export interface Mark {
  seq: number;
  at: string;
  words: string;
  tone: Tone;
  detail?: Json;
}

export interface ChildRun {
  run: string;
  workflow: string;
  status: string;
}

export interface Visit {
  key: string;
  pointer: string;
  name: string;
  round: number; // 1: the first visit to this task
  state: VisitState;
  startedAt: string;
  endedAt: string;
  input: Json | undefined;
  output: Json | undefined;
  error: Json | undefined;
  adopted: boolean;
  caught: boolean; // it failed, and a task around it dealt with that
  attempts: Attempt[];
  waits: Wait[];
  marks: Mark[];
  child: ChildRun | undefined;
  link: string; // to the object in GitLab
  children: Visit[];
}

export interface Story {
  tasks: Visit[];
  marks: Mark[]; // of the run itself
  startedAt: string;
  endedAt: string;
  lastSeq: number;
}

export function tellStory(journal: readonly JournalEntry[]): Story {
  const teller = new Teller();
  for (const entry of journal) teller.hear(entry);
  return teller.story;
}

// Depth first, as drawn.
export function* visitsOf(visits: readonly Visit[]): Generator<Visit> {
  for (const visit of visits) {
    yield visit;
    yield* visitsOf(visit.children);
  }
}

export function currentWait(visit: Visit): Wait | undefined {
  const last = visit.waits[visit.waits.length - 1];
  return last && last.endedAt === "" ? last : undefined;
}

// The innermost task that failed last: where a replay from the failed step begins, what to look at.
export function failedVisit(story: Story): Visit | undefined {
  let found: Visit | undefined;
  for (const visit of visitsOf(story.tasks)) {
    const inner = visit.children.some((child) => child.state === "failed" && !child.caught);
    if (visit.state === "failed" && !visit.caught && !inner) found = visit;
  }
  return found;
}

class Teller {
  story: Story = { tasks: [], marks: [], startedAt: "", endedAt: "", lastSeq: 0 };
  private readonly open = new Map<string, Visit>(); // by pointer: the visit under way
  private readonly rounds = new Map<string, number>();

  hear(entry: JournalEntry): void {
    this.story.lastSeq = entry.seq;
    if (this.hearRun(entry)) return;
    const visit = this.visitAt(entry);
    if (visit) this.hearTask(entry, visit);
  }

  // ---- the run ----

  private hearRun({ seq, kind, at, payload }: JournalEntry): boolean {
    const mark = (words: string, tone: Tone, detail?: Json): true => {
      this.story.marks.push({ seq, at, words, tone, ...(detail === undefined ? {} : { detail }) });
      return true;
    };
    switch (kind) {
      case "run-started":
        this.story.startedAt = at;
        return true;
      case "run-paused":
        return mark(withReason(`Paused by ${text(payload, "by")}`, payload), "warn");
      case "run-resumed":
        return mark(`Goes on, ${text(payload, "by")}`, "plain");
      case "recovered":
        return mark("The server restarted; the run goes on", "dim");
      case "cancel-requested":
        return mark(`${text(payload, "by") || "Somebody"} asked to cancel`, "warn");
      case "limit-reached":
        return mark("The run holds too much", "bad", member(payload, "error") ?? null);
      // Also after the end of the task, and of the run.
      case "cancel-postponed":
        return mark(
          `${text(payload, "call")} could not be cancelled outside, is tried again`,
          "warn",
          member(payload, "error") ?? null,
        );
      case "cancel-parked":
        return mark(
          `What ${text(payload, "call")} waited for may go on outside: ${text(payload, "reason")}. Resume tries again`,
          "bad",
        );
      case "run-completed":
        return this.end(at, () => mark("Completed", "good"));
      case "run-faulted":
        return this.end(at, () => mark("Failed", "bad", member(payload, "error") ?? null));
      case "run-cancelled":
        return this.end(at, () => mark(`Cancelled by ${text(payload, "by") || "request"}`, "warn"));
      default:
        return false;
    }
  }

  private end(at: string, mark: () => true): true {
    this.story.endedAt = at;
    for (const visit of this.open.values()) close(visit, "cancelled", at);
    this.open.clear();
    return mark();
  }

  // ---- its tasks ----

  private visitAt(entry: JournalEntry): Visit | undefined {
    const { kind, task, at, payload } = entry;
    const begins = kind === "task-started" || kind === "task-skipped";
    if (!begins && kind !== "task-faulted") return this.open.get(task);
    const known = this.open.get(task);
    if (known && !begins) return known;
    if (task === "") return undefined;
    return this.begin(task, text(payload, "name"), at, text(payload, "calledFrom"));
  }

  private begin(pointer: string, name: string, at: string, calledFrom: string): Visit {
    const round = (this.rounds.get(pointer) ?? 0) + 1;
    this.rounds.set(pointer, round);
    const visit: Visit = {
      key: `${pointer}#${round}`,
      pointer,
      name: name || taskName(pointer),
      round,
      state: "running",
      startedAt: at,
      endedAt: "",
      input: undefined,
      output: undefined,
      error: undefined,
      adopted: false,
      caught: false,
      attempts: [],
      waits: [],
      marks: [],
      child: undefined,
      link: "",
      children: [],
    };
    const parent = this.parentOf(pointer, calledFrom);
    (parent ? parent.children : this.story.tasks).push(visit);
    this.open.set(pointer, visit);
    return visit;
  }

  // The innermost task under way that this one stands in.
  private parentOf(pointer: string, calledFrom: string): Visit | undefined {
    if (calledFrom !== "") return this.open.get(calledFrom);
    for (let end = pointer.lastIndexOf("/"); end > 0; end = pointer.lastIndexOf("/", end - 1)) {
      const around = this.open.get(pointer.slice(0, end));
      if (around) return around;
    }
    return undefined;
  }

  private hearTask(entry: JournalEntry, visit: Visit): void {
    const { kind, at, payload } = entry;
    switch (kind) {
      case "task-started":
        visit.input = member(payload, "input");
        return;
      case "task-skipped":
        return this.leave(visit, "skipped", at);
      case "task-completed":
        visit.output = member(payload, "output");
        visit.adopted = visit.adopted || flag(payload, "adopted");
        visit.link = linkOf(visit.output) || visit.link;
        return this.leave(visit, "done", at);
      case "task-faulted":
        visit.error = member(payload, "error");
        return this.leave(visit, "failed", at);
      case "task-cancelled":
        if (flag(payload, "inFlight"))
          mark(visit, entry, "Its call was under way and may still take effect", "warn");
        else mark(visit, entry, withReason("Cancelled", payload), "warn");
        return this.leave(visit, "cancelled", at);
      default:
        return hearInside(entry, visit);
    }
  }

  private leave(visit: Visit, state: VisitState, at: string): void {
    close(visit, state, at);
    if (this.open.get(visit.pointer) === visit) this.open.delete(visit.pointer);
  }
}

// What happens to a task while it is under way.
function hearInside(entry: JournalEntry, visit: Visit): void {
  const { kind, at, payload } = entry;
  switch (kind) {
    case "call-intended":
      endWait(visit, at);
      visit.state = "running";
      visit.attempts.push(attemptOf(entry));
      return;
    case "call-returned":
      return hearAnswer(entry, visit);
    case "waiting":
      return beginWait(entry, visit);
    case "suspended":
      endWait(visit, at);
      visit.state = "suspended";
      mark(
        visit,
        entry,
        `Waits for a person: ${text(payload, "reason").replace(/^a person: /, "")}`,
        "bad",
      );
      return;
    case "error-caught":
      for (const child of visit.children) child.caught = child.caught || child.state === "failed";
      mark(visit, entry, "Caught the error", "warn", member(payload, "error"));
      return;
    case "retry-scheduled":
      beginWait(entry, visit);
      return;
    case "effect-adopted":
      visit.adopted = true;
      visit.link = linkOf(member(payload, "output")) || visit.link;
      mark(visit, entry, adoptedWords(payload), "good");
      return;
    case "effect-decided":
      visit.state = "running";
      mark(visit, entry, decidedWords(payload), "warn");
      return;
    case "child-intended":
      visit.child = {
        run: text(payload, "run"),
        workflow: `${text(payload, "namespace")}/${text(payload, "name")}`,
        status: "",
      };
      return;
    case "child-ended":
      if (visit.child) visit.child.status = text(payload, "status");
      endWait(visit, at);
      return;
    case "child-cancelled":
      mark(visit, entry, withReason("Cancels the run it started", payload), "warn");
      return;
    case "event-heard":
      mark(
        visit,
        entry,
        `Heard event ${number(payload, "seq")}`,
        "plain",
        member(payload, "event"),
      );
      return;
    case "emitted":
      if (number(payload, "seq") > 0)
        mark(visit, entry, `Sent event ${number(payload, "seq")}`, "plain");
      return;
  }
}

function attemptOf({ at, payload }: JournalEntry): Attempt {
  const mode = text(payload, "mode");
  return {
    number: number(payload, "attempt"),
    mode: mode === "recover" || mode === "cancel" ? mode : "first",
    call: text(payload, "call"),
    connection: text(payload, "connection"),
    marker: text(payload, "marker"),
    input: member(payload, "input") ?? null,
    sentAt: at,
    returnedAt: "",
    state: "under way",
    output: undefined,
    error: undefined,
    adopted: false,
    looks: 0,
  };
}

// A call that waits is asked again and again under a growing number: looks, no new attempts.
function hearAnswer({ at, payload }: JournalEntry, visit: Visit): void {
  const attempt = visit.attempts[visit.attempts.length - 1];
  if (!attempt) return;
  const wait = member(payload, "wait");
  attempt.looks += attempt.state === "under way" ? 0 : 1;
  attempt.returnedAt = at;
  attempt.error = member(payload, "error");
  attempt.output = member(payload, "output");
  attempt.adopted = flag(payload, "adopted");
  attempt.state = attempt.error ? "failed" : wait ? "waiting" : "answered";
  visit.link = linkOf(attempt.output) || linkOf(member(wait, "state")) || visit.link;
  if (attempt.adopted) visit.adopted = true;
  if (!wait) endWait(visit, at);
}

function beginWait({ kind, at, payload }: JournalEntry, visit: Visit): void {
  endWait(visit, at);
  visit.state = "waiting";
  const retry = kind === "retry-scheduled";
  const words = retry ? `retry ${number(payload, "retry")}` : text(payload, "waitingFor");
  // A look at what is waited for has a time too, which is no end of the wait.
  const timed = retry || /^(until |rate limited|not reachable)/.test(words);
  const until = retry ? text(payload, "at") : timed ? text(payload, "until") : "";
  visit.waits.push({ words, since: at, until, endedAt: "", link: visit.link });
  if (retry)
    visit.marks.push({
      seq: 0,
      at,
      words: `Tries again (${words})`,
      tone: "warn",
      detail: member(payload, "error") ?? null,
    });
}

function endWait(visit: Visit, at: string): void {
  const wait = currentWait(visit);
  if (!wait) return;
  wait.endedAt = at;
  if (visit.state === "waiting") visit.state = "running";
}

function close(visit: Visit, state: VisitState, at: string): void {
  endWait(visit, at);
  visit.state = state;
  visit.endedAt = at;
  const last = visit.attempts[visit.attempts.length - 1];
  if (last && last.state === "under way") last.state = "no answer";
}

function mark(
  visit: Visit,
  { seq, at }: JournalEntry,
  words: string,
  tone: Tone,
  detail?: Json,
): void {
  visit.marks.push({ seq, at, words, tone, ...(detail === undefined ? {} : { detail }) });
}

function withReason(words: string, payload: Json): string {
  const reason = text(payload, "reason");
  return reason === "" ? words : `${words}: ${reason}`;
}

function adoptedWords(payload: Json): string {
  const differs = flag(payload, "inputDiffers") ? " (its input was another one)" : "";
  return `Taken over from run ${text(payload, "run")}${differs}; nothing was sent`;
}

function decidedWords(payload: Json): string {
  const by = text(payload, "by") || "Somebody";
  const decision = text(payload, "decision");
  const said =
    decision === "happened"
      ? "says: it happened"
      : decision === "not-happened"
        ? "says: it did not happen"
        : "lets the task fail";
  return withReason(`${by} ${said}`, payload);
}
