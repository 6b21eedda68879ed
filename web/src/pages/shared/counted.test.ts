import { describe, expect, it } from "vitest";
import { counted } from "./counted";

describe("counted", () => {
  it("says one as one", () => {
    expect(counted(0, "run")).toBe("0 runs");
    expect(counted(1, "run")).toBe("1 run");
    expect(counted(2, "run")).toBe("2 runs");
  });
});
