import { describe, expect, it } from "vitest";
import { countWords, fieldsOf, hindranceOf, valuesOf, type Approval } from "./approval";

const form = {
  type: "object",
  properties: {
    window: { type: "string", enum: ["now", "tonight"], title: "When" },
    hosts: { type: "integer", minimum: 1, maximum: 5, enum: [1, 2] },
    share: { type: "number", default: 0.5 },
    sure: { type: "boolean" },
    note: { type: "string", description: "Anything", maxLength: 80 },
  },
  required: ["window"],
};

describe("an approval's form", () => {
  it("becomes fields in its own order", () => {
    expect(fieldsOf(form).map((each) => [each.name, each.kind, each.label, each.required])).toEqual(
      [
        ["window", "choice", "When", true],
        ["hosts", "choice", "hosts", false],
        ["share", "number", "share", false],
        ["sure", "yes-no", "sure", false],
        ["note", "text", "note", false],
      ],
    );
    expect(fieldsOf(null)).toEqual([]);
  });

  it("sends values in their types and leaves empty ones out", () => {
    const values = valuesOf(fieldsOf(form), form, {
      window: "now",
      hosts: "2",
      sure: true,
      note: "",
    });
    expect(values).toEqual({ window: "now", hosts: 2, share: 0.5, sure: true });
  });
});

describe("countWords", () => {
  it("counts who approved", () => {
    const approval = { required: 3, decisions: [{ decision: "approved" }] } as unknown as Approval;
    expect(countWords(approval)).toBe("1 of 3 approvals");
    expect(countWords({ ...approval, required: 1 })).toBe("one approval decides");
  });
});

describe("who decides", () => {
  const approval = (approvers: Approval["approvers"], by: string[] = []): Approval => ({
    ...({} as Approval),
    approvers,
    requestedBy: "rita",
    waitsFor: "somebody",
    decisions: by.map((each) => ({
      decision: "approved",
      by: each,
      at: "",
      comment: "",
      values: null,
    })),
  });
  const ada = { username: "ada", role: "operator" };

  it.each([
    ["any operator, if nobody is named", approval({}), ada, ""],
    ["no viewer then", approval({ users: [], roles: [] }), { ...ada, role: "viewer" }, "Not yours"],
    ["higher roles, too", approval({ roles: ["operator"] }), { ...ada, role: "org-admin" }, ""],
    ["no lower one", approval({ roles: ["author"] }), ada, "Not yours"],
    ["who is named", approval({ users: ["ada"] }), { ...ada, role: "viewer" }, ""],
    ["nobody else then", approval({ users: ["bob"] }), { ...ada, role: "org-admin" }, "Not yours"],
    ["not who asked", approval({}), { ...ada, username: "rita" }, "You asked"],
    ["each once", approval({}, ["ada"]), ada, "You have decided"],
  ])("%s", (_what, given, who, words) => {
    const said = hindranceOf(given, who);
    expect(words === "" ? said : said.slice(0, words.length)).toBe(words);
  });
});
