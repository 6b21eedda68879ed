import { expect, test } from "vitest";
import { piecesOf } from "./Words";

test("what stands between backticks is code", () => {
  expect(piecesOf("Run `fairlead serve`, or `doctor`.")).toEqual([
    { text: "Run ", code: false },
    { text: "fairlead serve", code: true },
    { text: ", or ", code: false },
    { text: "doctor", code: true },
    { text: ".", code: false },
  ]);
});

test("an odd backtick is no code", () => {
  expect(piecesOf("a ` b")).toEqual([{ text: "a ` b", code: false }]);
  expect(piecesOf("")).toEqual([]);
});
