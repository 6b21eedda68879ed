import { describe, expect, it } from "vitest";
import { filterFrom, passing, searchOf, type WorkflowRow } from "./listFilter";

const row = (name: string, more: Partial<WorkflowRow> = {}): WorkflowRow =>
  ({
    namespace: "ops",
    name,
    version: "1.0.0",
    status: "published",
    createdAt: "",
    ...more,
  }) as WorkflowRow;

describe("the filter of the list", () => {
  it.each(["", "text=a+b", "state=draft", "text=x&state=disabled"])(
    "stands in the URL: %s",
    (search) => {
      expect(searchOf(filterFrom(search))).toBe(search);
    },
  );

  it("forgets what is no state", () => {
    expect(filterFrom("state=nonsense").state).toBe("");
  });

  it("looks for every word in name, title, event and person", () => {
    const rows = [
      row("incident", { title: "Incident to issue", startsOn: "com.example.incident", by: "ada" }),
      row("nightly", { status: "disabled", by: "bob" }),
    ];
    const names = (text: string, state = "") =>
      passing(rows, filterFrom(new URLSearchParams({ text, state }).toString())).map(
        ({ name }) => name,
      );
    expect(names("")).toEqual(["incident", "nightly"]);
    expect(names("ISSUE ada")).toEqual(["incident"]);
    expect(names("ops/night")).toEqual(["nightly"]);
    expect(names("issue bob")).toEqual([]);
    expect(names("", "disabled")).toEqual(["nightly"]);
    expect(names("incident", "disabled")).toEqual([]);
  });
});
