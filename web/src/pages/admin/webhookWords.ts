// What is said of a webhook: where it is, and where those are that need it.

export const places = ["project", "group"] as const;
export type PlaceKind = (typeof places)[number];

interface Placed {
  group: string;
  project: string;
  projectId: number | null;
}

/** "group ops", "ops/web"; until GitLab has told the path, "project no. 2, its path not known yet". */
export function placeWords({ group, project, projectId }: Placed): string {
  if (group !== "") return `group ${group}`;
  if (projectId === null || project !== String(projectId)) return project;
  return `project no. ${projectId}, its path not known yet`;
}

export interface Reason {
  kind: string;
  name: string;
}

const idLength = 8;

/** One reason: "kept by ada", "workflow ops/heal", "run 01jd9w2k"; and its page, if it has one. */
export function reasonWords({ kind, name }: Reason): { words: string; href?: string } {
  switch (kind) {
    case "hand":
      return { words: name === "" ? "kept by hand" : `kept by ${name}` };
    case "workflow":
      return { words: `workflow ${name}`, href: `/workflows/${name}` };
    case "run":
      return { words: `run ${name.slice(0, idLength)}`, href: `/runs/${name}` };
    default:
      return { words: `${kind} ${name}` };
  }
}
