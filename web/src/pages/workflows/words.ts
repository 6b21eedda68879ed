// What starts a workflow, as the list of workflows says it. Pure.

export function startsOnWords(startsOn: string | undefined): string {
  if (startsOn === undefined || startsOn === "") return "";
  if (/^(by hand|every |cron |.* after its end)/.test(startsOn))
    return startsOn.replace(/^cron /, "at ");
  return `on ${startsOn}`;
}

/** How a run's status is coloured in a tick. */
export function tickColour(status: string): "good" | "bad" | "busy" | "quiet" {
  if (["completed", "succeeded", "success"].includes(status)) return "good";
  if (["faulted", "failed"].includes(status)) return "bad";
  return ["running", "waiting", "pending", "paused", "suspended", "parked"].includes(status)
    ? "busy"
    : "quiet";
}

/** A name as a workflow's: letters, digits and hyphens. */
export function slug(title: string): string {
  return title
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 63);
}
