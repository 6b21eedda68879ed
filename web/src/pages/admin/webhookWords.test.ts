import { expect, test } from "vitest";
import { placeWords, reasonWords } from "./webhookWords";

test("a project is called by its path, and by its number only until that is known", () => {
  expect(placeWords({ group: "", project: "ops/web", projectId: 2 })).toBe("ops/web");
  expect(placeWords({ group: "", project: "ops/web", projectId: null })).toBe("ops/web");
  expect(placeWords({ group: "", project: "2", projectId: 2 })).toBe(
    "project no. 2, its path not known yet",
  );
  expect(placeWords({ group: "ops", project: "", projectId: null })).toBe("group ops");
});

test("each reason leads to its page", () => {
  expect(reasonWords({ kind: "hand", name: "ada" })).toEqual({ words: "kept by ada" });
  expect(reasonWords({ kind: "hand", name: "" })).toEqual({ words: "kept by hand" });
  expect(reasonWords({ kind: "workflow", name: "ops/heal" })).toEqual({
    words: "workflow ops/heal",
    href: "/workflows/ops/heal",
  });
  expect(reasonWords({ kind: "run", name: "01jd9w2k7x" })).toEqual({
    words: "run 01jd9w2k",
    href: "/runs/01jd9w2k7x",
  });
});
