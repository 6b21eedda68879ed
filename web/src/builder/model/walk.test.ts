import { describe, expect, it } from "vitest";
import { walk } from "./walk";

describe("going through a graph with the keys", () => {
  const ids = ["start", "/do/0", "/do/1"];

  it.each([
    ["start", "ArrowDown", "/do/0"],
    ["/do/0", "ArrowRight", "/do/1"],
    ["/do/1", "ArrowDown", "/do/1"],
    ["/do/1", "ArrowUp", "/do/0"],
    ["start", "ArrowLeft", "start"],
    ["/do/0", "End", "/do/1"],
    ["/do/1", "Home", "start"],
    ["nothing chosen", "ArrowDown", "start"],
    ["nothing chosen", "ArrowUp", "start"],
  ])("from %s by %s to %s", (at, key, to) => {
    expect(walk(ids, at, key)).toBe(to);
  });

  it("leaves other keys alone, and an empty graph", () => {
    expect(walk(ids, "start", "Tab")).toBeUndefined();
    expect(walk([], "start", "Home")).toBeUndefined();
  });
});
