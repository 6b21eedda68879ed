import { describe, expect, it } from "vitest";
import incident from "./fixtures/incident.json";
import restart from "./fixtures/restart-host.json";
import type { JournalEntry } from "./run";
import { currentWait, failedVisit, tellStory, visitsOf, type Story, type Visit } from "./story";

const restartJournal = restart as unknown as JournalEntry[];
const incidentJournal = incident as unknown as JournalEntry[];

function names(visits: readonly Visit[]): unknown[] {
  return visits.map((each) =>
    each.children.length ? [each.name, names(each.children)] : each.name,
  );
}
function find(story: Story, name: string, round = 1): Visit {
  for (const each of visitsOf(story.tasks)) {
    if (each.name === name && each.round === round) return each;
  }
  throw new Error(`no visit ${name}`);
}
function journal(...entries: [kind: string, task: string, payload?: object][]): JournalEntry[] {
  return entries.map(([kind, task, payload], i) => ({
    seq: i + 1,
    kind: kind as JournalEntry["kind"],
    task,
    at: new Date(i * 1_000).toISOString(),
    payload: (payload ?? {}) as JournalEntry["payload"],
  }));
}

describe("tellStory", () => {
  it("nests tasks as in the document, loops and retries as further visits", () => {
    const look = "look";
    expect(names(tellStory(restartJournal).tasks)).toEqual([
      "remember",
      "ask",
      "act",
      ["both", ["tell", ["check", [look, look, look, "fallback"]]]],
      ["rounds", ["round", "round", "round"]],
      "rest",
      "fail",
    ]);
  });

  it("counts looks at what is waited for, and makes no attempts of them", () => {
    const wait = find(tellStory(incidentJournal), "waitForRunbook");
    expect(wait.attempts).toHaveLength(1);
    expect(wait.attempts[0]!.looks).toBe(5);
    expect(wait.attempts[0]!.state).toBe("answered");
    expect(wait.link).toBe("https://gitlab.example.com/ops/runbooks/-/pipelines/1");
  });

  it("names a wait while it lasts and closes it with the answer", () => {
    const half = incidentJournal.filter((entry) => entry.seq <= 33);
    const waiting = find(tellStory(half), "waitForRunbook");
    expect(waiting.state).toBe("waiting");
    expect(currentWait(waiting)?.words).toBe("pipeline 1 of ops/runbooks (running, job compile)");
    expect(currentWait(waiting)?.link).toContain("/pipelines/1");
    const done = find(tellStory(incidentJournal), "waitForRunbook");
    expect(currentWait(done)).toBeUndefined();
    expect(done.state).toBe("done");
  });

  it("keeps a timer's end as an end and the time of a look out of it", () => {
    const story = tellStory(restartJournal);
    expect(find(story, "rest").waits[0]!.until).toBe("2026-11-23T01:15:32.633Z");
    expect(find(story, "ask").waits[0]!.until).toBe("");
  });

  it("marks what a task around it caught, and finds the failure that was not", () => {
    const story = tellStory(restartJournal);
    expect(find(story, "look").caught).toBe(true);
    expect(find(story, "look").error).toBeDefined();
    expect(find(story, "check").state).toBe("done");
    expect(failedVisit(story)?.pointer).toBe("/do/6/fail");
  });

  it("finds the innermost failure", () => {
    const story = tellStory(
      journal(
        ["task-started", "/do/0/a", { name: "a" }],
        ["task-started", "/do/0/a/do/0/b", { name: "b" }],
        ["task-faulted", "/do/0/a/do/0/b", { error: { title: "x" } }],
        ["task-faulted", "/do/0/a", { error: { title: "x" } }],
        ["run-faulted", ""],
      ),
    );
    expect(failedVisit(story)?.name).toBe("b");
  });

  it("puts the tasks of a function below its call", () => {
    const story = tellStory(
      journal(
        ["task-started", "/do/0/call", { name: "call" }],
        ["task-started", "/use/functions/f", { name: "f", calledFrom: "/do/0/call" }],
        ["task-started", "/use/functions/f/do/0/x", { name: "x" }],
      ),
    );
    expect(names(story.tasks)).toEqual([["call", [["f", ["x"]]]]]);
  });

  it("tells attempts with their errors and correlation id apart", () => {
    const story = tellStory(
      journal(
        ["task-started", "/do/0/a", { name: "a" }],
        [
          "call-intended",
          "/do/0/a",
          { call: "c:1.0.0@gitlab", attempt: 1, mode: "first", input: {} },
        ],
        [
          "call-returned",
          "/do/0/a",
          { attempt: 1, error: { kind: "uncertain", requestId: "01X" } },
        ],
        ["waiting", "/do/0/a", { waitingFor: "finding out whether c took effect", until: "x" }],
        [
          "call-intended",
          "/do/0/a",
          { call: "c:1.0.0@gitlab", attempt: 2, mode: "recover", input: {} },
        ],
        [
          "call-returned",
          "/do/0/a",
          { attempt: 2, adopted: true, output: { web_url: "https://g/x" } },
        ],
        ["task-completed", "/do/0/a", { name: "a", output: {}, adopted: true }],
      ),
    );
    const visit = find(story, "a");
    expect(visit.attempts.map((each) => [each.mode, each.state])).toEqual([
      ["first", "failed"],
      ["recover", "answered"],
    ]);
    expect(visit.attempts[0]!.error).toMatchObject({ requestId: "01X" });
    expect(visit.adopted).toBe(true);
    expect(visit.waits[0]!.endedAt).not.toBe("");
  });

  it("says of a call whose answer was lost that it has none", () => {
    const story = tellStory(
      journal(
        ["task-started", "/do/0/a", { name: "a" }],
        ["call-intended", "/do/0/a", { call: "c", attempt: 1, mode: "first" }],
        ["run-cancelled", "", { by: "ops", inFlight: ["/do/0/a"] }],
      ),
    );
    expect(find(story, "a").state).toBe("cancelled");
    expect(find(story, "a").attempts[0]!.state).toBe("no answer");
    expect(story.marks[0]!.words).toBe("Cancelled by ops");
  });

  it("shows a decision of a person on what nobody could look up", () => {
    const entries = journal(
      ["task-started", "/do/0/a", { name: "a" }],
      ["suspended", "/do/0/a", { reason: "a person: it is not known whether x took effect" }],
      ["effect-decided", "/do/0/a", { decision: "happened", by: "eve", reason: "seen in the log" }],
    );
    expect(find(tellStory(entries.slice(0, 2)), "a").state).toBe("suspended");
    const marks = find(tellStory(entries), "a").marks.map((each) => each.words);
    expect(marks[1]).toBe("eve says: it happened: seen in the log");
  });

  it("skips what it does not know", () => {
    const story = tellStory(journal(["something-new", "/do/0/a"], ["evaluated", ""]));
    expect(story.tasks).toEqual([]);
  });
});
