import { describe, expect, it } from "vitest";
import { filterFrom, searchOf } from "./listFilter";

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
});
