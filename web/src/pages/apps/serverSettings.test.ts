import { describe, expect, it } from "vitest";
import { needsSignIn, noServerChange, serverChange } from "./serverSettings";

const shown = { baseUrl: "https://git.example.com", clientId: "abc" };
const form = noServerChange(shown);

describe("serverChange", () => {
  it("sends nothing of what nobody touched", () => {
    expect(serverChange(shown, form)).toEqual({});
    expect(serverChange(shown, { ...form, clientId: " abc ", baseUrl: "" })).toEqual({});
  });

  it("sends a corrected application, and says that it needs a sign-in", () => {
    const change = serverChange(shown, { ...form, clientId: "abd ", clientSecret: " gloas-1" });
    expect(change).toEqual({ clientId: "abd", clientSecret: "gloas-1" });
    expect(needsSignIn(change)).toBe(true);
    expect(needsSignIn({ clientSecret: "gloas-1" })).toBe(false);
  });

  it("takes a certificate authority and a proxy away", () => {
    const change = serverChange(shown, { ...form, dropCa: true, caPem: "x", proxy: "None" });
    expect(change).toEqual({ caPem: null, proxy: null });
  });
});
