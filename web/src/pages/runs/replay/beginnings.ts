// Where a replay may begin: the steps of the workflow's own list that the run came to. Pure.
import { failedVisit, type Story } from "../model/story";

export interface Beginning {
  pointer: string;
  name: string;
}

export function beginnings(story: Story): Beginning[] {
  const found = new Map<string, Beginning>();
  for (const { pointer, name, state } of story.tasks) {
    if (state !== "skipped") found.set(pointer, { pointer, name });
  }
  return [...found.values()];
}

// The step of the workflow's own list that failed, or holds what failed. "": none.
export function failedBeginning(story: Story): string {
  const failed = failedVisit(story)?.pointer ?? "";
  const around = story.tasks.filter(
    ({ pointer }) => failed === pointer || failed.startsWith(`${pointer}/`),
  );
  return around[around.length - 1]?.pointer ?? "";
}
