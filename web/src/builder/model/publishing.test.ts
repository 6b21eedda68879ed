import { describe, expect, it } from "vitest";
import type { Problem } from "../server/types";
import { noteOf, verdictOf } from "./publishing";

const problem = (severity: Problem["severity"], code: string): Problem => ({
  severity,
  code,
  line: 1,
  column: 1,
  pointer: "",
  message: code,
});

describe("verdictOf", () => {
  it("lets warnings pass", () => {
    expect(verdictOf([]).kind).toBe("free");
    expect(verdictOf([problem("warning", "own-event"), problem("warning", "role")]).kind).toBe(
      "free",
    );
  });

  it("asks for a reason where only a loop of its own events is at fault", () => {
    const verdict = verdictOf([problem("error", "own-event"), problem("warning", "unreachable")]);
    expect(verdict.kind).toBe("forced");
    expect(verdict.errors.map(({ code }) => code)).toEqual(["own-event"]);
    expect(verdict.warnings.map(({ code }) => code)).toEqual(["unreachable"]);
  });

  it("is never forced past a fault of the text", () => {
    expect(verdictOf([problem("error", "own-event"), problem("error", "syntax")]).kind).toBe(
      "stopped",
    );
  });
});

describe("noteOf", () => {
  it("says that the checks were passed over, and why", () => {
    expect(noteOf("  It ends after three.  ", true)).toBe(
      "Published against the checks: It ends after three.",
    );
    expect(noteOf(" x ", false)).toBe("x");
  });
});
