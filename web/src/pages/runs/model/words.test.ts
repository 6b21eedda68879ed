import { describe, expect, it } from "vitest";
import { durationWords, fromNowWords, runningWords } from "./durations";
import type { Run } from "./run";
import { callName, errorPhrase, linkWords, statusWords, triggerOf, waitingWords } from "./words";

describe("triggerOf", () => {
  it.each([
    ["event com.example.incident.opened INC-42", "event", "Incident opened INC-42"],
    ["event gitlab.push 17", "event", "Gitlab push 17"],
    ["event dev.fairlead.approval.requested x", "event", "Approval requested x"],
    ["hand of admin", "hand", "Started by admin"],
    ["schedule every PT5M", "schedule", "Schedule every PT5M"],
    ["run 01a205f5-3588-7849-a2d9-72ed8c0698d2, /do/0/child", "run", "Step child of run …8c0698d2"],
    [
      "replay of 01a205f5-3588-7849-a2d9-72ed8c0698d2 from post by eve",
      "replay",
      "Replay of …8c0698d2 from post by eve",
    ],
    ["", "other", "Started by a call"],
  ])("%s", (cause, kind, words) => {
    expect(triggerOf(cause)).toMatchObject({ kind, words });
  });

  it.each([
    [[{ title: "Disk full" }], "Incident opened Disk full"],
    [[{ id: "1", data: { name: "db-1" } }], "Incident opened db-1"],
    [undefined, "Incident opened"],
    [[{ other: 1 }], "Incident opened"],
  ])("names an event without a subject by what it tells: %j", (input, words) => {
    const cause = "event com.example.incident.opened 01a20702-e9ff-7cf3-8849-a2d972ed8c06";
    expect(triggerOf(cause, input).words).toBe(words);
  });
});

describe("waitingWords", () => {
  it.each([
    [
      "pipeline 8123 of ops/runbooks (running)",
      "waiting for pipeline 8123 of ops/runbooks (running)",
    ],
    ["until 17:00 UTC", "waiting until 17:00 UTC"],
    ["rate limited until 12:04:10 UTC", "rate limited until 12:04:10 UTC"],
    ["connection ops to be signed in again", "waiting for connection ops to be signed in again"],
    ["a person: paused by ops: deploy freeze", "paused by ops: deploy freeze"],
    ["event a.b; pipeline 1", "waiting for event a.b; waiting for pipeline 1"],
    ["", ""],
  ])("%s", (reason, words) => {
    expect(waitingWords(reason)).toBe(words);
  });
});

describe("statusWords", () => {
  const run = {
    status: "faulted",
    error: { title: "Not found", detail: "no issue 7" },
    waitingFor: "",
  };
  it("says why a run failed", () => {
    expect(statusWords(run as unknown as Run)).toBe("Failed: Not found: no issue 7");
  });
});

describe("small words", () => {
  it("reads links to GitLab's objects", () => {
    expect(linkWords("https://g.example/a/b/-/issues/42")).toBe("a/b#42");
    expect(linkWords("https://g.example/gitlab/a/b/-/pipelines/7")).toBe("gitlab/a/b pipeline 7");
    expect(linkWords("https://g.example/a")).toBe("g.example/a");
  });
  it("reads calls and errors", () => {
    expect(callName("create-issue:1.0.0@gitlab")).toBe("gitlab.create-issue");
    expect(callName("http")).toBe("http");
    expect(errorPhrase({ kind: "denied", message: "no" })).toBe("no");
    expect(errorPhrase(null)).toBe("");
  });
  it.each([
    [0, "0 ms"],
    [999, "999 ms"],
    [1_500, "1.5 s"],
    [61_000, "1 min 1 s"],
    [120_000, "2 min"],
    [93_784_000, "1 d 2 h"],
  ])("%d ms is %s", (ms, words) => expect(durationWords(ms)).toBe(words));
  it("counts in whole seconds while it runs", () => {
    expect(runningWords(1_900)).toBe("1 s");
    expect(fromNowWords("1970-01-01T00:00:10Z", 0)).toBe("in 10 s");
    expect(fromNowWords("1970-01-01T00:00:00Z", 180_000)).toBe("3 min ago");
  });
});
