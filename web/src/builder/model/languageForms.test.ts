import { describe, expect, it } from "vitest";
import { knownBy, uncovered } from "./coverage";
import { addEdits, eventsOf, freeKey, strategyEdits } from "./eventFilters";
import { httpForms } from "./httpForms";
import { coveredOf } from "./kindForms";

const type = (name: string) => ({ with: { type: name } });

describe("eventsOf", () => {
  it.each([
    [{ one: type("a") }, "one", [["to", "one"]]],
    [
      { any: [type("a"), type("b")] },
      "any",
      [
        ["to", "any", 0],
        ["to", "any", 1],
      ],
    ],
    [{ all: [type("a")] }, "all", [["to", "all", 0]]],
    [{ any: [] }, "any", []],
    [{ one: type("a"), any: [] }, null, []],
    [{ any: "x" }, null, []],
    ["x", null, []],
  ])("reads %j", (value, strategy, paths) => {
    const events = eventsOf(value, ["to"]);
    expect(events.strategy).toBe(strategy);
    expect(events.filters.map((filter) => filter.path)).toEqual(paths);
  });
});

describe("strategyEdits", () => {
  const set = (value: unknown) => [{ kind: "set", path: ["to"], value }];

  it.each([
    [{ one: type("a") }, "all", set({ all: [type("a")] })],
    [{ any: [type("a"), type("b")] }, "all", set({ all: [type("a"), type("b")] })],
    [{ any: [type("a"), type("b")] }, "one", set({ one: type("a") })],
    [{ any: [] }, "one", set({ one: type("com.example.event") })],
    [{ one: type("a") }, "one", []],
  ] as const)("of %j to %s", (value, to, edits) => {
    expect(strategyEdits(value, ["to"], to)).toEqual(edits);
  });

  it("adds a filter behind the others, and none to a single one", () => {
    expect(addEdits(eventsOf({ any: [type("a")] }, ["to"]), ["to"])).toMatchObject([
      { kind: "insert", list: ["to", "any"], index: 1 },
    ]);
    expect(addEdits(eventsOf({ one: type("a") }, ["to"]), ["to"])).toEqual([]);
  });
});

it("freeKey finds a name that is not taken", () => {
  expect(freeKey({})).toBe("key");
  expect(freeKey({ key: 1, key2: 1 })).toBe("key3");
});

describe("uncovered", () => {
  it("names what no form shows", () => {
    const known = knownBy(
      [
        {
          path: ["catch"],
          schema: { properties: { as: {}, retry: { properties: { delay: {} } } } },
        },
      ],
      ["try", "catch.do"],
    );
    const value = { try: [{}], catch: { as: "e", do: [], retry: { delay: 1, x: 2 } }, foreach: {} };
    expect(uncovered(value, known)).toEqual(["catch.retry.x", "foreach"]);
    expect(uncovered({ catch: { retry: "named" } }, known)).toEqual(["catch.retry"]);
  });

  it.each([
    [
      "try",
      {
        try: [],
        catch: {
          errors: { with: { status: 503 } },
          as: "e",
          when: ".x",
          exceptWhen: ".y",
          retry: {
            when: ".a",
            exceptWhen: ".b",
            delay: "PT1S",
            backoff: { exponential: {} },
            jitter: { from: "PT0S", to: "PT1S" },
            limit: { attempt: { count: 3, duration: "PT1M" }, duration: "PT1H" },
          },
          do: [],
          then: "end",
        },
      },
    ],
    [
      "listen",
      {
        listen: { to: { any: [{ with: {}, correlate: {} }] }, read: "data" },
        timeout: { after: "PT1H" },
      },
    ],
    [
      "http",
      {
        call: "http",
        with: {
          method: "get",
          endpoint: { uri: "x", authentication: {} },
          query: {},
          headers: {},
          body: 1,
          output: "raw",
          redirect: true,
        },
      },
    ],
    [
      "openapi",
      {
        call: "openapi",
        with: {
          operationId: "x",
          document: { endpoint: "y" },
          parameters: {},
          authentication: {},
          output: "raw",
          redirect: true,
        },
      },
    ],
    ["for", { for: { in: ".", each: "x", at: "i" }, while: ".", do: [] }],
    ["fork", { fork: { branches: [], compete: true } }],
    [
      "raise",
      { raise: { error: { type: "x", status: 400, title: "t", detail: "d", instance: "i" } } },
    ],
    [
      "workflow",
      { run: { workflow: { namespace: "a", name: "b", version: "c", input: {} }, await: true } },
    ],
    [
      "set",
      {
        set: { x: 1 },
        if: ".x",
        input: { from: ".", schema: { document: {} } },
        output: { as: ".", schema: { document: {} } },
        export: { as: "." },
        then: "end",
      },
    ],
    ["switch", { switch: [] }],
    ["wait", { wait: { minutes: 5 } }],
    [
      "emit",
      {
        emit: {
          event: {
            with: {
              id: "1",
              source: "s",
              type: "t",
              subject: "x",
              time: "t",
              datacontenttype: "j",
              dataschema: "s",
              data: {},
            },
          },
        },
      },
    ],
    ["do", { do: [] }],
    ["function", { call: "f", with: { x: 1 } }],
    ["action", { call: "a:1.0.0@gitlab", with: { x: 1 } }],
  ] as const)("is nothing of what the first version runs: %s", (kind, body) => {
    expect(uncovered(body, coveredOf(kind))).toEqual([]);
  });

  it("is what a later version may have", () => {
    expect(uncovered({ listen: { to: { one: {} } }, foreach: {} }, coveredOf("listen"))).toEqual([
      "foreach",
    ]);
    expect(uncovered({ try: [], catch: { retry: "named" } }, coveredOf("try"))).toEqual([
      "catch.retry",
    ]);
    expect(uncovered({ set: {}, timeout: "named" }, coveredOf("set"))).toEqual(["timeout"]);
  });
});

it("an endpoint with authentication has other fields than a plain one", () => {
  const names = (endpoint: unknown) => httpForms(endpoint).map((form) => form.path.join("."));
  expect(names("https://x")).toEqual(["with"]);
  expect(names({ uri: "https://x" })).toEqual(["with.endpoint", "with"]);
});
