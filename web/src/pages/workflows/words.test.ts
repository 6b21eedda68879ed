import { describe, expect, it } from "vitest";
import { faultOf } from "./words";

describe("faultOf", () => {
  const duration = { label: "Patience", kind: "duration" };

  it.each(["PT30M", "P1D", "P1DT2H", "PT1.5S", "P2W"])("takes %s", (value) => {
    expect(faultOf(duration, value)).toBe("");
  });

  it.each(["half an hour", "30M", "P", "PT", "30"])("refuses %s in words", (value) => {
    expect(faultOf(duration, value)).toMatch(/^A duration: PT30M/);
  });

  it("asks for what is needed", () => {
    expect(faultOf(duration, "")).toBe("Patience is needed.");
    expect(faultOf({ ...duration, required: false }, undefined)).toBe("");
    expect(faultOf({ label: "Name", kind: "text" }, "half an hour")).toBe("");
  });
});
