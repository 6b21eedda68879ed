import { describe, expect, it } from "vitest";
import { deviceStand, leftWords } from "./device";

const started = { signIn: "b", expiresAt: "2026-01-01T00:05:00Z" };
const now = Date.parse("2026-01-01T00:01:00Z");

describe("deviceStand", () => {
  it("waits while only an earlier sign-in has ended", () => {
    expect(deviceStand(undefined, started, now)).toEqual({ state: "waiting", leftMs: 240_000 });
    expect(deviceStand({ id: "a", outcome: "failed" }, started, now).state).toBe("waiting");
  });

  it("does not say how it ended before the server does", () => {
    expect(deviceStand(undefined, started, now + 240_000)).toEqual({ state: "over" });
  });

  it("tells success, and a failure with its reason", () => {
    expect(deviceStand({ id: "b", outcome: "completed" }, started, now).state).toBe("completed");
    const error = {
      kind: "denied" as const,
      title: "Sign-in expired",
      message: "Nobody entered it.",
      remedy: "Again.",
    };
    expect(deviceStand({ id: "b", outcome: "failed", error }, started, now)).toEqual({
      state: "failed",
      title: "Sign-in expired",
      message: "Nobody entered it.",
      remedy: "Again.",
    });
    expect(deviceStand({ id: "b", outcome: "failed" }, started, now)).toMatchObject({
      title: "The sign-in did not work",
    });
  });
});

describe("leftWords", () => {
  it("counts whole seconds down and never below nothing", () => {
    expect([247_999, 60_000, 1_500, 999, -5_000].map(leftWords)).toEqual([
      "4:07",
      "1:00",
      "0:01",
      "0:00",
      "0:00",
    ]);
  });
});
