import { describe, expect, it } from "vitest";
import { query } from "../shared/api";
import { asked, filterFrom, isFiltered, noFilter, shown } from "./filter";

describe("the filter of the events", () => {
  it.each(["", "?q=inc+42", "?type=com.example.x&since=24h", "?q=a&type=b&since=7d"])(
    "stands in the URL: %s",
    (search) => expect(query(shown(filterFrom(search)))).toBe(search),
  );

  it("forgets what is no span", () => {
    expect(filterFrom("?since=ever").since).toBe("");
  });

  it("asks for what came since then", () => {
    const now = Date.parse("2026-11-23T12:00:30Z");
    expect(asked(filterFrom("?since=1h&q= x "), now)).toEqual({
      q: "x",
      type: "",
      receivedAfter: "2026-11-23T11:00:00.000Z",
    });
  });

  it("knows when there is none", () => {
    expect(isFiltered(noFilter)).toBe(false);
    expect(isFiltered(filterFrom("?q=+"))).toBe(false);
    expect(isFiltered(filterFrom("?type=x"))).toBe(true);
  });
});
