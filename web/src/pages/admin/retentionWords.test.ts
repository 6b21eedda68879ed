import { expect, it } from "vitest";
import { ageOf, ageWords, runsOf } from "./retentionWords";

it.each([
  ["90", "P90D"],
  [" 1 day ", "P1D"],
  ["30d", "P30D"],
  ["P1Y", "P1Y"],
  ["forever", "forever"],
  ["soon", "soon"],
])("sends the age %s as %s", (typed, sent) => expect(ageOf(typed)).toBe(sent));

it.each([
  ["500", 500],
  [" Forever", "forever"],
  ["", undefined],
  ["-1", undefined],
  ["many", undefined],
])("reads the number %s as %s, and takes nothing for forever", (typed, read) =>
  expect(runsOf(typed)).toBe(read),
);

it("says the days it understood", () => {
  expect(ageWords("1")).toBe("That is 1 day.");
  expect(ageWords("P1Y")).toBe("");
});
