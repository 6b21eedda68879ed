import { describe, expect, it } from "vitest";
import { entriesFor, fitting, nameIn, shownMax, type Things } from "./entries";

const things: Things = {
  workflows: [
    { namespace: "ops", name: "incident-to-issue", title: "Incident to issue" },
    { namespace: "ops", name: "no-title" },
  ],
  connections: [{ name: "gitlab", baseUrl: "https://gitlab.example.com/sub" }],
};
const all = entriesFor(() => true, things);
const labels = (typed: string) => fitting(all, typed).map((entry) => entry.label);

describe("the palette", () => {
  it("offers nothing a role may not use", () => {
    const seen = entriesFor((role) => role === "viewer", things).map((entry) => entry.label);
    expect(seen).toContain("Runs");
    for (const forbidden of ["Audit", "Admin", "Connect GitLab", "Secrets"])
      expect(seen).not.toContain(forbidden);
  });

  it("has no two entries with one id", () => {
    expect(new Set(all.map((entry) => entry.id)).size).toBe(all.length);
  });

  it("puts what begins with the word first", () => {
    expect(labels("st")[0]).toBe("Status");
    expect(labels("settings app store")[0]).toBe("App Store");
    expect(labels("issue inc")[0]).toBe("Incident to issue");
  });

  it("finds by hint, and names a workflow without a title by its name", () => {
    expect(labels("gitlab.example")).toEqual(["gitlab", "Runs with “gitlab.example”"]);
    expect(labels("no-title")[0]).toBe("ops/no-title");
  });

  it("always leads on to the runs, with what was typed escaped", () => {
    const [only, ...more] = fitting(all, " a&b ");
    expect(more).toEqual([]);
    expect(only?.target).toEqual({ path: "/runs?text=a%26b" });
  });

  it("is bounded", () => {
    const many: Things = {
      ...things,
      workflows: Array.from({ length: 500 }, (_, i) => ({ namespace: "a", name: `w${i}` })),
    };
    expect(
      fitting(
        entriesFor(() => true, many),
        "w",
      ),
    ).toHaveLength(shownMax + 1);
    expect(
      fitting(
        entriesFor(() => true, many),
        "",
      ),
    ).toHaveLength(shownMax);
  });
});

describe("what the server is asked for", () => {
  it.each([
    ["", ""],
    ["workflow restart", "restart"],
    ["w", ""],
    ["Restart HOST ", "restart host"],
  ])("of %s", (typed, asked) => expect(nameIn(typed)).toBe(asked));
});
