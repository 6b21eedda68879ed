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

const duration = /^P(?=.)([0-9]+[YMWD])*(T(?=.)([0-9.]+[HMS])*)?$/;

/** What is wrong with an answer to a template's question; "" if nothing is. */
export function faultOf(
  field: { label: string; kind: string; required?: boolean },
  value: unknown,
): string {
  const isEmpty = value === undefined || value === null || value === "";
  if (isEmpty) return field.required === false ? "" : `${field.label} is needed.`;
  if (field.kind === "duration" && !duration.test(String(value)))
    return "A duration: PT30M is 30 minutes, PT2H two hours, P1D a day.";
  return "";
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
