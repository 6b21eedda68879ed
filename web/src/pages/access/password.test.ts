import { describe, expect, it } from "vitest";
import { localPath, passwordFault } from "./password";

describe("passwordFault", () => {
  it("counts bytes as the server does", () => {
    expect(passwordFault("123456789")).toContain("At least 10");
    expect(passwordFault("1234567890")).toBe("");
    expect(passwordFault("ä".repeat(129))).toContain("At most 256");
  });
});

describe("localPath", () => {
  it("keeps pages of this application and nothing else", () => {
    expect(localPath("/runs?status=faulted", "/")).toBe("/runs?status=faulted");
    for (const other of ["https://example.com", "//example.com", "/\\example.com", "", null])
      expect(localPath(other, "/home")).toBe("/home");
  });
});
