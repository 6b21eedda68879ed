import { describe, expect, it } from "vitest";
import { filterFrom, isFiltered, noFilter, notForAll, searchOf, startedAfter } from "./filters";

describe("filters", () => {
  it("survive the way through the URL", () => {
    const search = "status=running&status=faulted&workflow=ops%2Fx&since=24h&text=db+1&event=7";
    expect(searchOf(filterFrom(search))).toBe(search);
  });
  it("leave out what is not known", () => {
    expect(filterFrom("status=odd&since=5y&more=1")).toEqual(noFilter);
    expect(isFiltered(noFilter)).toBe(false);
  });
  it("ask the same question within a minute", () => {
    expect(startedAfter("1h", 7_201_000)).toBe(startedAfter("1h", 7_259_000));
    expect(startedAfter("", 1)).toBe("");
  });
  it("say why an order for all is not possible", () => {
    expect(notForAll({ ...noFilter, workflow: "a/b" })).toBe("");
    expect(notForAll({ ...noFilter, text: "x", event: "1" })).toContain("text and event");
  });
});
