// What the list of workflows shows, as it stands in the URL: ?text=incident&state=draft. Pure.

import type { WorkflowBrief } from "../../builder/server/types";

/** A row of the list. */
export type WorkflowRow = WorkflowBrief;

export const states = ["", "published", "draft", "disabled"] as const;
export type State = (typeof states)[number];
export const stateLabels: Record<State, string> = {
  "": "All",
  published: "On",
  draft: "Never published",
  disabled: "Off",
};

export interface ListFilter {
  text: string;
  state: State;
}

export function filterFrom(search: string): ListFilter {
  const given = new URLSearchParams(search);
  const state = given.get("state") ?? "";
  return {
    text: given.get("text") ?? "",
    state: (states as readonly string[]).includes(state) ? (state as State) : "",
  };
}

export function searchOf({ text, state }: ListFilter): string {
  const search = new URLSearchParams();
  if (text !== "") search.set("text", text);
  if (state !== "") search.set("state", state);
  return search.toString();
}
