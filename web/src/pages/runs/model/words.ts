// Runs in words: what started one, what it waits for, how a value reads in one phrase.
//
// The server keeps causes and waiting reasons as short phrases ("event com.example.x INC-42",
// "pipeline 8123 of ops/runbooks (running)"). Here they become sentences for people. Whatever does
// not match stays as the server said it. Pure.
import { isEmpty, isObject, member, text, type Json } from "./json";
import { isPaused, type Run } from "./run";

export interface Trigger {
  kind: "event" | "hand" | "schedule" | "run" | "replay" | "other";
  // "Incident opened INC-42"
  words: string;
  // What it is exactly: the event's type, the schedule's plan.
  detail: string;
  // The run it points to, if any.
  run: string;
}

// "com.example.incident.opened" -> "incident opened"; "gitlab.push" -> "gitlab push".
export function eventWords(type: string): string {
  const parts = type.split(".").filter((part) => !/^v\d+$/.test(part));
  const head = parts[0] ?? "";
  const isHost = /^(com|org|net|dev|io|de|eu|app)$/.test(head) && parts.length > 2;
  const rest = isHost ? parts.slice(2) : parts;
  return rest.join(" ").replace(/[_-]+/g, " ");
}

function capital(words: string): string {
  return words === "" ? "" : words[0]!.toUpperCase() + words.slice(1);
}

export function shortId(id: string): string {
  return id.length > 13 ? `…${id.slice(-8)}` : id;
}

export function taskName(pointer: string): string {
  if (pointer === "") return "run";
  const last = pointer.slice(pointer.lastIndexOf("/") + 1);
  return last.replace(/~1/g, "/").replace(/~0/g, "~");
}

const generatedId = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

// An event without a subject is known by its id, which says nothing: what it tells may have a name.
function subjectOf(said: string, input: Json | undefined): string {
  if (!generatedId.test(said)) return said;
  const first = Array.isArray(input) ? input[0] : input;
  const data = member(first, "data") ?? first;
  const named = ["title", "subject", "name", "summary"].map((key) => text(data, key));
  return named.find((each) => each !== "")?.slice(0, 80) ?? "";
}

// `input`: what the run was given, where it is at hand.
export function triggerOf(cause: string, input?: Json): Trigger {
  const none = { detail: "", run: "" };
  const event = /^event (\S+) ?(.*)$/s.exec(cause);
  if (event) {
    const about = subjectOf(event[2]!, input);
    const words = capital(`${eventWords(event[1]!)} ${about}`.trim());
    return { ...none, kind: "event", words, detail: event[1]! };
  }
  const hand = /^hand of (.*)$/s.exec(cause);
  if (hand) return { ...none, kind: "hand", words: `Started by ${hand[1]!}` };
  const schedule = /^schedule ([^,]*)(?:, (.*))?$/s.exec(cause);
  if (schedule) {
    const words = `Schedule ${schedule[1]!}`;
    return { ...none, kind: "schedule", words, detail: schedule[2] ?? "" };
  }
  const child = /^run (\S+), (.*)$/s.exec(cause);
  if (child) {
    const words = `Step ${taskName(child[2]!)} of run ${shortId(child[1]!)}`;
    return { kind: "run", words, detail: child[2]!, run: child[1]! };
  }
  const replay = /^replay of (\S+)(?: from (.*?))?(?: by (.*))?$/s.exec(cause);
  if (replay) {
    const from = replay[2] ? ` from ${replay[2]}` : "";
    const by = replay[3] ? ` by ${replay[3]}` : "";
    const words = `Replay of ${shortId(replay[1]!)}${from}${by}`;
    return { kind: "replay", words, detail: "", run: replay[1]! };
  }
  return { ...none, kind: "other", words: cause === "" ? "Started by a call" : capital(cause) };
}

// "waiting for pipeline 8123", "rate limited until 12:04", "paused by ops: deploy freeze".
export function waitingWords(reason: string): string {
  if (reason === "") return "";
  return reason
    .split("; ")
    .map((each) => {
      if (each.startsWith("a person: paused by ")) return each.slice("a person: ".length);
      if (each.startsWith("until ")) return `waiting ${each}`;
      if (/^(rate limited|not reachable|connection needs|finding out|retry )/.test(each))
        return each;
      return `waiting for ${each}`;
    })
    .join("; ");
}

export function statusWords(run: Run): string {
  switch (run.status) {
    case "pending":
      return "About to begin";
    case "running":
      return "Running";
    case "waiting":
      return capital(waitingWords(run.waitingFor)) || "Waiting";
    case "suspended":
      if (isPaused(run)) return capital(waitingWords(run.waitingFor));
      return capital(waitingWords(run.waitingFor)) || "Suspended";
    case "cancelled":
      return "Cancelled";
    case "faulted":
      return `Failed: ${errorPhrase(run.error)}`;
    case "completed":
      return "Completed";
  }
}

export function linkOf(value: Json | undefined): string {
  for (const name of ["web_url", "webUrl"]) {
    const link = text(value, name);
    if (/^https?:\/\//.test(link)) return link;
  }
  return "";
}

// "https://host/ops/incidents/-/issues/42" -> "ops/incidents#42"; "ops/runbooks pipeline 7".
export function linkWords(link: string): string {
  const match =
    /^https?:\/\/[^/]+\/(.+?)\/-\/(issues|work_items|pipelines|jobs|merge_requests)\/(\d+)/.exec(
      link,
    );
  if (!match) return link.replace(/^https?:\/\//, "");
  const [, path, kind, id] = match;
  if (kind === "issues" || kind === "work_items") return `${path}#${id}`;
  if (kind === "merge_requests") return `${path}!${id}`;
  return `${path} ${kind!.slice(0, -1)} ${id}`;
}

export function phrase(value: Json | undefined, max = 160): string {
  if (isEmpty(value)) return "";
  if (text(value, "note") !== "") return text(value, "note");
  const words = typeof value === "string" ? value : JSON.stringify(value);
  return words.length > max ? `${words.slice(0, max - 1)}…` : words;
}

// An error of the journal ({kind, message, ...}) or of a run ({title, detail, ...}) in one line.
export function errorPhrase(error: Json | undefined): string {
  if (!isObject(error)) return "";
  const title = text(error, "title");
  const detail = text(error, "detail") || text(error, "message");
  if (title === "") return detail;
  return detail === "" ? title : `${title}: ${detail}`;
}

export function callName(call: string): string {
  const match = /^([^:@]+)(?::[^@]*)?(?:@(.*))?$/.exec(call);
  return match && match[2] ? `${match[2]}.${match[1]!}` : call;
}
