import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { pointerOf } from "../document/path";
import { readSource } from "../document/source";
import { asExpression, modeOf, pathWords, unwrapped } from "./expression";
import { faultOf, fieldsOf, typed } from "./fields";
import { graphOf } from "./graph";
import { changed, redone, startHistory, undone } from "./history";
import { freeName, nameFor } from "./newSteps";
import { durationWords, flattened, outlineOf, stepHolding, triggerWords } from "./outline";
import { exportedNames, referencesAt } from "./references";
import { nameFault, renamed } from "./rename";
import { frameAt, knownValue, lookUp } from "./sampleContext";

const incident = readFileSync(
  fileURLToPath(
    new URL("../../../../src/workflow/templates/incident-to-issue.yaml", import.meta.url),
  ),
  "utf8",
);
const source = readSource(incident);
const steps = outlineOf(source.data);

describe("the outline", () => {
  it("has all steps with how deep they stand", () => {
    expect(flattened(steps).map(({ step, depth }) => `${depth} ${step.name} ${step.kind}`)).toEqual(
      [
        "0 settings set",
        "0 createIssue action",
        "0 repair try",
        "1 startRunbook action",
        "1 waitForRunbook action",
        "1 closeIssue action",
        "1 escalate action",
      ],
    );
  });
  it("uses the server's pointers", () => {
    expect(
      pointerOf(
        stepHolding(steps, ["do", 2, "repair", "catch", "do", 0, "escalate", "with"])?.path ?? [],
      ),
    ).toBe("/do/2/repair/catch/do/0");
  });
  it("knows which results are kept", () => {
    expect(
      flattened(steps)
        .filter(({ step }) => step.keeps)
        .map(({ step }) => step.name),
    ).toEqual(["settings", "createIssue", "startRunbook", "waitForRunbook"]);
  });
  it("says in words what starts it", () => {
    expect(triggerWords(source.data)).toBe("on com.example.incident.opened");
    expect(triggerWords({ schedule: { every: "PT15M" } })).toBe("every 15 min");
    expect(triggerWords({ do: [] })).toBe("by hand");
  });
  it.each([
    ["PT1H30M", "1 h 30 min"],
    ["P2D", "2 days"],
    ["P1M", "1 months"],
    ["${ .x }", "${ .x }"],
    ["soon", "soon"],
  ])("reads the duration %s as %s", (written, words) => {
    expect(durationWords(written)).toBe(words);
  });
});

describe("modes of a field", () => {
  it.each([
    ["plain", "text"],
    ["${ $context.a.b }", "pick"],
    ["${ .items[0].id }", "pick"],
    ["${ .a + 1 }", "jq"],
    ["a ${ .b } c", "jq"],
    ["${ .a } and ${ .b }", "jq"],
    [7, "text"],
    ["${ $item }", "pick"],
  ])("%s is %s", (value, mode) => {
    expect(modeOf(value)).toBe(mode);
  });
  it("does not take two expressions for one", () => {
    expect(unwrapped("${ .a } and ${ .b }")).toBeNull();
    expect(unwrapped('${ "}" + .a }')).toBe('"}" + .a');
  });
  it("turns a text with parts into jq", () => {
    expect(asExpression('Hi "${ .name }"!')).toBe('"Hi \\"\\(.name)\\"!"');
  });
  it("names a path for people", () => {
    expect(pathWords("$context.createIssue.iid")).toBe("createIssue › iid");
  });
});

describe("fields of a schema", () => {
  const schema = {
    type: "object",
    required: ["project"],
    properties: {
      labels: {
        title: "Labels",
        type: "array",
        items: { type: "string" },
        "x-fairlead": { order: 3, picker: "label" },
      },
      project: {
        title: "Project",
        type: ["string", "integer"],
        "x-fairlead": { order: 1, picker: "project" },
      },
      sort: {
        type: "string",
        enum: ["asc", "desc"],
        "x-fairlead": { order: 4, labels: { asc: "Rising" }, advanced: true },
      },
      level: {
        type: ["string", "integer"],
        "x-fairlead": { order: 5, choices: [{ const: 30, title: "Developer" }] },
      },
      due: {
        type: ["string", "null"],
        format: "date",
        "x-fairlead": { order: 6, clearable: true, widget: "date" },
      },
      vars: { anyOf: [{ type: "object" }, { type: "array" }], "x-fairlead": { order: 7 } },
      count: { type: "integer", minimum: 1, "x-fairlead": { order: 8 } },
    },
  };
  const fields = fieldsOf(schema);
  it("come in the schema's order, with the control each needs", () => {
    expect(fields.map((field) => `${field.name}:${field.control}`)).toEqual([
      "project:picker",
      "labels:list",
      "sort:select",
      "level:select",
      "due:date",
      "vars:map",
      "count:number",
    ]);
  });
  it("know what a lookup is about", () => {
    expect(fields[1]?.item?.picker).toEqual({ kind: "label", parents: ["project", "group"] });
  });
  it("keep the labels of choices", () => {
    expect(fields[2]?.choices).toEqual([
      { value: "asc", label: "Rising" },
      { value: "desc", label: "desc" },
    ]);
  });
  it("take digits for a number where one is wanted", () => {
    expect(typed(fields[0]!, "42")).toBe(42);
    expect(typed(fields[0]!, "ops/42")).toBe("ops/42");
    expect(typed({ ...fields[0]!, types: ["string"] }, "42")).toBe("42");
  });
  it("say what is wrong with a value", () => {
    expect(faultOf(fields[0]!, undefined)).toBe("Project is needed.");
    expect(faultOf(fields[6]!, 0)).toBe("At least 1.");
    expect(faultOf(fields[6]!, "${ .n }")).toBe("");
  });
});

describe("what an expression can name", () => {
  const outputOf = (call: string): unknown =>
    call.startsWith("create-issue")
      ? { properties: { iid: { title: "Issue number" } } }
      : undefined;
  const at = ["do", 2, "repair", "try", 2, "closeIssue", "with", "comment"];
  const expressions = referencesAt(source.data, steps, at, outputOf).map(
    (reference) => reference.expression,
  );
  it("are the kept results of the steps before, with their fields", () => {
    expect(expressions).toContain("$context.createIssue.iid");
    expect(expressions).toContain("$context.settings.runbook_ref");
    expect(expressions).toContain("$context.startRunbook");
    expect(expressions).not.toContain("$context.escalate");
  });
  it("and the input, by the name it was exported under", () => {
    expect(expressions).toContain("$context.incident.severity");
  });
  it("and the error in a catch", () => {
    const caught = referencesAt(
      source.data,
      steps,
      ["do", 2, "repair", "catch", "do", 0, "escalate"],
      outputOf,
    );
    expect(caught.map((reference) => reference.expression)).toContain("$problem.detail");
  });
  it("reads names out of an export", () => {
    expect(
      exportedNames("$context + { settings: ., incident: $input, n: (.a | {b: 1, c: 2}) }").map(
        (one) => one.name,
      ),
    ).toEqual(["settings", "incident", "n"]);
  });
});

describe("renaming a step", () => {
  it("changes everything that names it, and nothing else", () => {
    const step = steps.find((one) => one.name === "createIssue")!;
    const after = renamed(source, step, "openIssue").text;
    expect(after).not.toMatch(/createIssue/);
    expect(after.replaceAll("openIssue", "createIssue")).toBe(incident);
  });
  it("follows `then`", () => {
    const text =
      "do:\n  - a:\n      switch:\n        - x: { when: .y, then: b }\n" +
      "  - b:\n      set: { q: 1 }\n      then: b\n";
    const one = readSource(text);
    const step = outlineOf(one.data)[1]!;
    expect(renamed(one, step, "c").text).toBe(
      text.replaceAll("then: b", "then: c").replace("- b:", "- c:"),
    );
  });
  it("says what a name may be", () => {
    expect(nameFault("a b", [])).not.toBe("");
    expect(nameFault("a", ["a"])).not.toBe("");
    expect(nameFault("a_b-1", ["a"])).toBe("");
  });
  it("finds a free name", () => {
    expect(nameFor("create-issue")).toBe("createIssue");
    expect(freeName(steps, "createIssue")).toBe("createIssue2");
  });
});

describe("undo", () => {
  it("goes back and forth, and takes a row of changes to one place as one", () => {
    let history = startHistory("a");
    history = changed(history, "ab", "x");
    history = changed(history, "abc", "x");
    history = changed(history, "abcd", "y");
    expect(undone(history).present).toBe("abc");
    expect(undone(undone(history)).present).toBe("a");
    expect(redone(undone(history)).present).toBe("abcd");
    expect(undone(startHistory("a")).present).toBe("a");
  });
});

describe("the graph", () => {
  const graph = graphOf(steps, "on an event");
  const overlaps = (boxes: typeof graph.boxes): string[] =>
    boxes.flatMap((a, i) =>
      boxes
        .slice(i + 1)
        .filter(
          (b) =>
            a.x < b.x + b.width &&
            b.x < a.x + a.width &&
            a.y < b.y + b.height &&
            b.y < a.y + a.height,
        )
        .map((b) => `${a.id} ${b.id}`),
    );
  it("has a box for every step, none of them over another", () => {
    expect(graph.boxes.filter((box) => box.step).map((box) => box.step?.name)).toHaveLength(7);
    expect(overlaps(graph.boxes.filter((box) => !box.holds && box.step))).toEqual([]);
  });
  it("draws what holds steps around them", () => {
    const around = graph.boxes.find((box) => box.id === "/do/2")!;
    const inner = graph.boxes.filter((box) => box.id.startsWith("/do/2/"));
    expect(inner.length).toBeGreaterThan(3);
    for (const box of inner) {
      expect(box.x).toBeGreaterThanOrEqual(around.x);
      expect(box.x + box.width).toBeLessThanOrEqual(around.x + around.width);
      expect(box.y + box.height).toBeLessThanOrEqual(around.y + around.height);
    }
  });
  it("leads from the start to the end", () => {
    expect(graph.lines.map((one) => `${one.from}>${one.to}`)).toEqual(
      expect.arrayContaining(["start>/do/0", "/do/0>/do/1", "/do/1>/do/2", "/do/2>end"]),
    );
  });
  it("draws the ways of a switch and its jumps", () => {
    const one = outlineOf({
      do: [
        { a: { switch: [{ x: { when: ".q", then: "c" } }, { y: { then: "end" } }] } },
        { b: { set: {} } },
        { c: { set: {}, then: "b" } },
      ],
    });
    expect(
      graphOf(one, "")
        .lines.filter((l) => l.jump)
        .map((l) => `${l.from}>${l.to} ${l.label}`),
    ).toEqual(["/do/0>/do/2 x", "/do/0>end y", "/do/2>/do/1 "]);
  });
});

describe("sample data at a step", () => {
  it("has the literals and the input that the steps before export", () => {
    const sample = { id: "s", label: "", input: { title: "Down" } };
    const frame = frameAt(source.data, steps, ["do", 1, "createIssue"], sample);
    expect(lookUp("$context.settings.runbook_ref", frame)).toBe("main");
    expect(lookUp("$context.incident.title", frame)).toBe("Down");
    expect(knownValue("${ $context.settings.project }", frame)).toBe("ops/incidents");
  });
  it("prefers what a run really had, and binds the error of a catch", () => {
    const at = ["do", 2, "repair", "catch", "do", 0, "escalate"];
    const sample = { id: "s", label: "", input: {}, context: { createIssue: { iid: 4 } } };
    const frame = frameAt(source.data, steps, at, sample);
    expect(lookUp("$context.createIssue.iid", frame)).toBe(4);
    expect(frame.variables["problem"]).toMatchObject({ status: 500 });
  });
});
