import { describe, expect, it } from "vitest";
import incident from "./fixtures/incident.json";
import restart from "./fixtures/restart-host.json";
import { placesOf, placeWords, type Place } from "./places";
import type { JournalEntry } from "./run";
import { tellStory } from "./story";

const placesIn = (journal: unknown, upTo = Infinity): Map<string, Place> =>
  placesOf(tellStory((journal as JournalEntry[]).filter((entry) => entry.seq <= upTo)));
const find = (places: Map<string, Place>, name: string): Place => {
  const found = [...places].find(([pointer]) => pointer.endsWith(`/${name}`));
  if (!found) throw new Error(`no place ${name}`);
  return found[1];
};

describe("placesOf", () => {
  it("shows a step as its last visit left it, and how often it was visited", () => {
    const places = placesIn(restart);
    const look = find(places, "look");
    expect(look.rounds).toBe(3);
    expect(look.state).toBe("caught");
    expect(look.key).toMatch(/#3$/);
    expect(placeWords(look)).toBe("failed, caught, 3 times");
    expect(find(places, "check").state).toBe("done");
    expect(find(places, "fail").state).toBe("failed");
  });

  it("names what a step waits for while it does", () => {
    const wait = find(placesIn(incident, 33), "waitForRunbook");
    expect(wait.state).toBe("waiting");
    expect(wait.waiting).toContain("pipeline 1");
    expect(find(placesIn(incident), "waitForRunbook").waiting).toBe("");
  });

  it("has no place for what was not reached", () => {
    expect([...placesIn(incident, 3).keys()].some((each) => each.endsWith("closeIssue"))).toBe(
      false,
    );
  });
});
