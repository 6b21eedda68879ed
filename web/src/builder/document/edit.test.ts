import { readFileSync, readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { edited, EditRefused } from "./edit";
import { pathAt, placeOf, readSource } from "./source";
import { editedData, type Edit } from "./plain";
import { pathOf, pointerOf, type Path } from "./path";

const templatesFolder = fileURLToPath(
  new URL("../../../../src/workflow/templates/", import.meta.url),
);
const templates = readdirSync(templatesFolder)
  .filter((name) => name.endsWith(".yaml"))
  .map((name) => [name, readFileSync(templatesFolder + name, "utf8")] as const);

const small = `# head
do:
  # about a
  - a:
      # why
      call: x   # tail
      with:
        t: >-
          foo
          bar

        list: [a, 'b']   # l
      export: { as: 'x' }
  # about b
  - b:
      set:
        q: 1
        r:

# end
`;

function edit(text: string, change: Edit): string {
  return edited(readSource(text), change).text;
}

describe("an edit of the text", () => {
  const cases: [string, Edit, string, string][] = [
    [
      "sets a value and keeps the comment behind it",
      { kind: "set", path: ["do", 0, "a", "call"], value: "y" },
      "call: x   # tail",
      "call: y   # tail",
    ],
    [
      "sets a value inside of [ ] without touching the rest",
      { kind: "set", path: ["do", 0, "a", "with", "list", 0], value: "c" },
      "[a, 'b']   # l",
      "[c, 'b']   # l",
    ],
    [
      "quotes what holds an expression",
      { kind: "set", path: ["do", 0, "a", "call"], value: "${ .a }" },
      "call: x   # tail",
      "call: '${ .a }'   # tail",
    ],
    [
      "gives a key without a value one",
      { kind: "set", path: ["do", 1, "b", "set", "r"], value: 2 },
      "r:\n",
      "r: 2\n",
    ],
    [
      "adds a key behind the last",
      { kind: "set", path: ["do", 0, "a", "with", "n"], value: true },
      "list: [a, 'b']   # l\n",
      "list: [a, 'b']   # l\n        n: true\n",
    ],
    [
      "adds a key where the order wants it",
      { kind: "set", path: ["do", 0, "a", "if"], value: "${ .x }", order: ["call", "if", "with"] },
      "# tail\n",
      "# tail\n      if: '${ .x }'\n",
    ],
    [
      "adds a map and a key in it",
      { kind: "set", path: ["do", 1, "b", "timeout", "after"], value: "PT1M" },
      "r:\n",
      "r:\n      timeout:\n        after: PT1M\n",
    ],
    [
      "removes a key with its lines",
      { kind: "remove", path: ["do", 0, "a", "with", "t"] },
      "        t: >-\n          foo\n          bar\n",
      "",
    ],
    [
      "removes a step with the comment above it",
      { kind: "remove", path: ["do", 1] },
      "  # about b\n  - b:\n      set:\n        q: 1\n        r:\n",
      "",
    ],
    [
      "renames a step",
      { kind: "rename", path: ["do", 0, "a"], to: "newName" },
      "- a:",
      "- newName:",
    ],
    [
      "turns a value into a block and keeps the comment",
      { kind: "set", path: ["do", 0, "a", "with", "list"], value: [{ a: 1 }] },
      "list: [a, 'b']   # l\n",
      "list:   # l\n          - a: 1\n",
    ],
    [
      "inserts a step before another's comment",
      { kind: "insert", list: ["do"], index: 1, value: { c: { wait: { seconds: 1 } } } },
      "  # about b\n",
      "  - c:\n      wait:\n        seconds: 1\n  # about b\n",
    ],
    [
      "inserts a step at the end",
      { kind: "insert", list: ["do"], index: 2, value: { c: { set: {} } } },
      "r:\n",
      "r:\n  - c:\n      set: {}\n",
    ],
  ];
  it.each(cases)("%s", (_name, change, before, after) => {
    expect(small).toContain(before);
    expect(edit(small, change)).toBe(small.replace(before, after));
  });

  it("moves a step with its comments", () => {
    const moved = edit(small, { kind: "move", from: ["do", 1], list: ["do"], index: 0 });
    expect(moved.indexOf("# about b\n  - b:")).toBeLessThan(moved.indexOf("# about a\n  - a:"));
    expect(moved.indexOf("# about b\n  - b:")).toBeGreaterThan(0);
  });

  it("moves a step into a nested list that is not there yet", () => {
    const text =
      "do:\n  - a: { set: { x: 1 } }\n  # why\n  - b:\n" +
      "      try:\n        - c:\n            set: {}\n      catch: {}\n";
    const moved = edit(text, {
      kind: "move",
      from: ["do", 0],
      list: ["do", 1, "b", "catch", "do"],
      index: 0,
    });
    expect(readSource(moved).data).toEqual({
      do: [{ b: { try: [{ c: { set: {} } }], catch: { do: [{ a: { set: { x: 1 } } }] } } }],
    });
    expect(moved).toContain("# why");
  });

  it("refuses to move a step into itself", () => {
    const text = "do:\n  - a:\n      do:\n        - b: { set: 1 }\n";
    expect(() =>
      edit(text, { kind: "move", from: ["do", 0], list: ["do", 0, "a", "do"], index: 0 }),
    ).toThrow(EditRefused);
  });

  it("refuses a name that is taken and a place behind an alias", () => {
    expect(() => edit("a: 1\nb: 2\n", { kind: "rename", path: ["a"], to: "b" })).toThrow(
      EditRefused,
    );
    expect(() =>
      edit("a: &x { c: 1 }\nb: *x\n", { kind: "set", path: ["b", "c"], value: 2 }),
    ).toThrow(EditRefused);
  });

  it("edits JSON as JSON", () => {
    const text = JSON.stringify({ do: [{ a: { set: { x: 1 } } }] });
    expect(
      JSON.parse(edit(text, { kind: "set", path: ["do", 0, "a", "set", "x"], value: 2 })),
    ).toEqual({ do: [{ a: { set: { x: 2 } } }] });
  });

  it("refuses a text with a fault, and says where it is", () => {
    const source = readSource("a: [1\nb: 2\n");
    expect(source.fault?.line).toBeGreaterThan(0);
    expect(() => edited(source, { kind: "set", path: ["b"], value: 1 })).toThrow(EditRefused);
  });
});

describe("places", () => {
  it("finds line and column of a pointer and back", () => {
    const source = readSource(small);
    expect(placeOf(source, pathOf("/do/0/a/with/list"))).toEqual({ line: 12, column: 9 });
    expect(pointerOf(pathAt(source, small.indexOf("q: 1") + 3))).toBe("/do/1/b/set/q");
    expect(pointerOf(pathAt(source, small.indexOf("'b'")))).toBe("/do/0/a/with/list/1");
  });
});

// ---- random edits mean the same on the text as on plain data ----

function random(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function paths(data: unknown, at: Path = []): Path[] {
  if (data === null || typeof data !== "object") return [at];
  return [
    at,
    ...Object.entries(data).flatMap(([key, value]) =>
      paths(value, [...at, Array.isArray(data) ? Number(key) : key]),
    ),
  ];
}

const values: unknown[] = [
  "plain",
  "${ .a + 1 }",
  "two\nlines",
  "",
  7,
  true,
  null,
  [],
  {},
  ["a", "${ .b }"],
  { k: "v", deep: { l: [1, 2] } },
  "- dash",
  "a: b",
  "# no comment",
  "'quoted'",
  "x".repeat(120),
  "ends with\n",
];

function randomEdit(data: unknown, next: (below: number) => number): Edit {
  const all = paths(data).filter((path) => path.length > 0);
  const lists = paths(data).filter((path) => Array.isArray(get(data, path)));
  const path = all[next(all.length)] as Path;
  const value = values[next(values.length)];
  const list = lists[next(lists.length)] ?? ["do"];
  const length = (get(data, list) as unknown[] | undefined)?.length ?? 0;
  switch (next(5)) {
    case 0:
      return { kind: "set", path, value };
    case 1:
      return { kind: "remove", path };
    case 2:
      return { kind: "insert", list, index: next(length + 1), value };
    case 3:
      return {
        kind: "set",
        path: [...(path.slice(0, -1) as (string | number)[]), "added" + next(9)],
        value,
      };
    default:
      return {
        kind: "move",
        from: [...list, next(Math.max(1, length))],
        list,
        index: next(Math.max(1, length)),
      };
  }
}

function get(data: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, part) => (at as Record<string, unknown> | undefined)?.[part],
    data,
  );
}

describe.each([["small", small] as const, ...templates])("random edits of %s", (_name, text) => {
  it.each([1, 2, 3, 4, 5, 6, 7, 8])("mean the same as on plain data (seed %i)", (seed) => {
    const next = random(seed * 7919);
    let source = readSource(text);
    for (let step = 0; step < 40; ++step) {
      const change = randomEdit(source.data, next);
      if (change.kind === "set" && typeof get(source.data, change.path.slice(0, -1)) !== "object")
        continue;
      if (
        Array.isArray(get(source.data, "path" in change ? change.path.slice(0, -1) : [])) &&
        change.kind === "set" &&
        typeof change.path.at(-1) === "string"
      )
        continue;
      if (change.kind === "move" && get(source.data, change.from) === undefined) continue;
      let after;
      try {
        after = edited(source, change);
      } catch (error) {
        if (error instanceof EditRefused && !/cannot be written/.test(error.message)) continue;
        throw new Error(`step ${step} ${JSON.stringify(change)}\n${source.text}`, { cause: error });
      }
      expect(
        after.data,
        `step ${step} ${JSON.stringify(change)}\n${source.text}\n---\n${after.text}`,
      ).toEqual(editedData(source.data, change));
      source = after;
    }
  });
});

describe("comments", () => {
  it.each(templates)("all survive changes of every value of %s", (_name, text) => {
    const comments = text.split("\n").filter((line) => line.trim().startsWith("#"));
    let source = readSource(text);
    for (const path of paths(source.data)) {
      const value = get(source.data, path);
      if (typeof value !== "string" || path.length === 0) continue;
      source = edited(source, { kind: "set", path, value: value + "x" });
    }
    expect(source.text.split("\n").filter((line) => line.trim().startsWith("#"))).toEqual(comments);
  });

  it.each(templates)("and all other lines survive one change in %s", (_name, text) => {
    const before = text.split("\n");
    const after = edit(text, {
      kind: "set",
      path: ["document", "title"],
      value: "Another title",
    }).split("\n");
    expect(after.length).toBe(before.length);
    expect(after.filter((line, i) => line !== before[i])).toHaveLength(1);
  });
});
