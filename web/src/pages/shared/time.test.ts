import { describe, expect, it } from "vitest";
import { momentWords } from "./time";

describe("momentWords", () => {
  const now = new Date(2026, 0, 2, 9, 0, 0);
  const words = (...at: [number, number, number, number, number]) =>
    momentWords(new Date(...at).toISOString(), now);

  it("says today by the clock", () => {
    expect(words(2026, 0, 2, 8, 15)).toMatch(/^08:15:00$/);
  });
  it("says the year only of another year", () => {
    expect(words(2026, 0, 1, 8, 15)).not.toMatch(/2026/);
    expect(words(2025, 11, 31, 8, 15)).toMatch(/2025/);
  });
  it("says nothing of what is no moment", () => {
    expect(momentWords("soon", now)).toBe("");
  });
});
