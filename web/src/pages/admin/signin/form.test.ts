import { describe, expect, it } from "vitest";
import { formOf, whoComesIn, wishOf, type SignInWay } from "./form";

const way: SignInWay = {
  connection: "gitlab",
  label: "GitLab",
  clientId: "id",
  hasSecret: true,
  allowedGroups: ["company/ops"],
  allowedDomains: [],
  roles: [{ group: "company/ops/leads", role: "org-admin" }],
  defaultRole: null,
};

describe("wishOf", () => {
  it("sends back what it was given, and no secret unless one was typed", () => {
    const { connection, hasSecret, ...kept } = way;
    expect([connection, hasSecret]).toEqual(["gitlab", true]);
    expect(wishOf(formOf(way))).toEqual(kept);
    expect(wishOf({ ...formOf(way), clientSecret: " s " })).toHaveProperty("clientSecret", "s");
  });

  it("leaves rows without a group out", () => {
    const form = formOf(undefined);
    const roles = [{ key: 1, group: " ", role: "viewer" as const }];
    expect(wishOf({ ...form, roles }).roles).toEqual([]);
  });
});

describe("whoComesIn", () => {
  it("warns where everybody of that GitLab comes in", () => {
    expect(whoComesIn(formOf(undefined))).toEqual({
      words: "Everybody with an account at this GitLab comes in, as Viewer.",
      open: true,
    });
  });

  it("says the limits and what the groups do", () => {
    expect(whoComesIn(formOf(way)).words).toBe(
      "Whoever is in company/ops comes in, as Org admin in company/ops/leads; nobody else.",
    );
    const both = { ...formOf(way), allowedDomains: ["a.example"], defaultRole: "viewer" as const };
    expect(whoComesIn(both)).toEqual({
      words:
        "Whoever is in company/ops and has a confirmed e-mail address at a.example comes in, " +
        "as Viewer, or as Org admin in company/ops/leads.",
      open: false,
    });
  });

  it("says when nobody does", () => {
    expect(whoComesIn({ ...formOf(way), roles: [] }).words).toMatch(/^Nobody/);
  });
});
