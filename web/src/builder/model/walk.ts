// Going through a graph with the keys: which box a key leads to. Pure.

import type { Graph } from "./graph";

/** The boxes a person can stand on, in the order of the list: the start, then every step. */
export function stops(graph: Graph): string[] {
  return graph.boxes.filter((box) => box.step || box.id === "start").map((box) => box.id);
}

/** Where the key leads from `at`; undefined if it leads nowhere. At both ends it stays. */
export function walk(ids: readonly string[], at: string, key: string): string | undefined {
  const last = ids.length - 1;
  if (last < 0) return undefined;
  const now = ids.indexOf(at);
  switch (key) {
    case "ArrowDown":
    case "ArrowRight":
      return ids[Math.min(now + 1, last)];
    case "ArrowUp":
    case "ArrowLeft":
      return ids[Math.max(now - 1, 0)];
    case "Home":
      return ids[0];
    case "End":
      return ids[last];
    default:
      return undefined;
  }
}
