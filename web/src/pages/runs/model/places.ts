// What became of each step of the workflow, for the graph: all visits to a place as one state.
//
// A loop visits a step many times, a retry more than once. The graph shows a step once: as its last
// visit left it, and how often it was visited. Pure.
import { currentWait, visitsOf, type Story, type Visit } from "./story";

export type PlaceState = Visit["state"] | "caught" | "pending";

export interface Place {
  state: PlaceState;
  /** The visit that a click leads to. */
  key: string;
  rounds: number;
  /** Attempts beyond the first of its last visit. */
  retries: number;
  waiting: string;
}

/** By the pointer of what the step says: /do/1/createIssue. */
export function placesOf(story: Story): Map<string, Place> {
  const places = new Map<string, Place>();
  for (const visit of visitsOf(story.tasks)) {
    const rounds = (places.get(visit.pointer)?.rounds ?? 0) + 1;
    const sent = visit.attempts.filter((attempt) => attempt.mode !== "cancel").length;
    places.set(visit.pointer, {
      rounds,
      key: visit.key,
      state: visit.caught ? "caught" : visit.state,
      retries: Math.max(0, sent - 1),
      waiting: currentWait(visit)?.words ?? "",
    });
  }
  return places;
}

const stateWords: Record<PlaceState, string> = {
  running: "running",
  waiting: "waiting",
  suspended: "waits for a person",
  done: "done",
  failed: "failed",
  caught: "failed, caught",
  skipped: "skipped",
  cancelled: "cancelled",
  pending: "not reached",
};

export function placeWords({ state, rounds, retries }: Place): string {
  const often = rounds > 1 ? `, ${rounds} times` : "";
  const again = retries > 0 ? `, tried ${retries + 1} times` : "";
  return stateWords[state] + often + again;
}
