import { describe, expect, it } from "vitest";
import { addressFault, baseUrlOf, connectionRequest, noAnswers, suggestedName } from "./wizard";

const own = { ...noAnswers, place: "own" as const, url: "git.example.com/gitlab/" };

describe("baseUrlOf", () => {
  it("takes a host without a scheme for https and keeps a sub-path", () => {
    expect(baseUrlOf(own)).toBe("https://git.example.com/gitlab");
    expect(baseUrlOf({ ...own, url: "http://127.0.0.1:9000" })).toBe("http://127.0.0.1:9000");
    expect(baseUrlOf(noAnswers)).toBe("https://gitlab.com");
  });
});

describe("addressFault", () => {
  it.each([
    ["ftp://git.example.com", "ftp://"],
    ["ssh://git@git.example.com", "ssh://"],
  ])("%s is no address of a GitLab", (url, named) => {
    expect(addressFault({ ...own, url })).toContain(named);
  });

  it.each(["", "git.example.com:8443/gitlab", "http://127.0.0.1:9000", "HTTPS://git.example.com"])(
    "%s has nothing wrong",
    (url) => expect(addressFault({ ...own, url })).toBe(""),
  );
});

describe("suggestedName", () => {
  it("follows the host and avoids what is taken", () => {
    expect(suggestedName(own, [])).toBe("git");
    expect(suggestedName(noAnswers, ["gitlab", "gitlab-2"])).toBe("gitlab-3");
    expect(suggestedName({ ...own, url: "http://10.0.0.1" }, [])).toBe("gitlab");
  });
});

describe("connectionRequest", () => {
  it("sends the secret of the chosen way only", () => {
    const both = { ...own, name: "git", clientId: "id", clientSecret: "s", accessToken: "t" };
    expect(connectionRequest(both)).toEqual({
      name: "git",
      baseUrl: "https://git.example.com/gitlab",
      clientId: "id",
      clientSecret: "s",
      scopes: "api",
    });
    expect(connectionRequest({ ...both, way: "token" })).toEqual({
      name: "git",
      baseUrl: "https://git.example.com/gitlab",
      accessToken: "t",
    });
  });

  it("leaves a private CA out for gitlab.com", () => {
    expect(connectionRequest({ ...noAnswers, caPem: "PEM" })).not.toHaveProperty("caPem");
  });
});
