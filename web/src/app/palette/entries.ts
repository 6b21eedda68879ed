// What the command palette offers: places, orders and things by name, and which of them fit the
// words typed. Pure.
import type { Role } from "../session";
import { places } from "../navigation";

export interface Entry {
  // Unique among the entries shown.
  id: string;
  kind: "Go to" | "Do" | "Workflow" | "Connection" | "Search";
  label: string;
  // Said behind the label, searched too.
  hint?: string;
  target: { path: string } | { order: "colours" | "sign-out" };
}

export interface Things {
  workflows: readonly { namespace: string; name: string; title?: string | null }[];
  connections: readonly { name: string; baseUrl: string }[];
}

interface Order {
  label: string;
  hint: string;
  role: Role;
  target: Entry["target"];
}

const orders: readonly Order[] = [
  {
    label: "New workflow from a template",
    hint: "create",
    role: "author",
    target: { path: "/workflows/templates" },
  },
  {
    label: "Connect GitLab",
    hint: "Settings, App Store, add",
    role: "org-admin",
    target: { path: "/settings/apps/gitlab/connect" },
  },
  {
    label: "Failed runs",
    hint: "faulted",
    role: "viewer",
    target: { path: "/runs?status=faulted" },
  },
  { label: "Waiting runs", hint: "", role: "viewer", target: { path: "/runs?status=waiting" } },
  {
    label: "API tokens",
    hint: "Admin",
    role: "org-admin",
    target: { path: "/admin/tokens" },
  },
  {
    label: "Secrets",
    hint: "Admin",
    role: "org-admin",
    target: { path: "/admin/secrets" },
  },
  {
    label: "Webhooks",
    hint: "Admin",
    role: "org-admin",
    target: { path: "/admin/webhooks" },
  },
  {
    label: "Settings",
    hint: "Admin, retention",
    role: "org-admin",
    target: { path: "/admin/settings" },
  },
  {
    label: "Your account",
    hint: "password, sessions",
    role: "viewer",
    target: { path: "/account" },
  },
  {
    label: "Switch light and dark colours",
    hint: "theme",
    role: "viewer",
    target: { order: "colours" },
  },
  { label: "Sign out", hint: "", role: "viewer", target: { order: "sign-out" } },
];

export function entriesFor(may: (role: Role) => boolean, things: Things): Entry[] {
  return [
    ...places
      .filter((place) => may(place.role))
      .map((place): Entry => {
        return {
          id: place.path,
          kind: "Go to",
          label: place.label,
          ...(place.group ? { hint: place.group } : {}),
          target: { path: place.path },
        };
      }),
    ...orders
      .filter((order) => may(order.role))
      .map((order): Entry => {
        return {
          id: order.label,
          kind: "path" in order.target && order.hint.startsWith("Admin") ? "Go to" : "Do",
          label: order.label,
          hint: order.hint,
          target: order.target,
        };
      }),
    ...things.workflows.map((workflow): Entry => {
      const name = `${workflow.namespace}/${workflow.name}`;
      return {
        id: `workflow ${name}`,
        kind: "Workflow",
        label: workflow.title ? workflow.title : name,
        hint: name,
        target: {
          path: `/workflows/${encodeURIComponent(workflow.namespace)}/${encodeURIComponent(workflow.name)}`,
        },
      };
    }),
    ...things.connections.map((connection): Entry => {
      return {
        id: `connection ${connection.name}`,
        kind: "Connection",
        label: connection.name,
        hint: connection.baseUrl,
        target: { path: `/settings/apps/gitlab/${encodeURIComponent(connection.name)}` },
      };
    }),
  ];
}

// The lower the better; undefined if a word is not there at all.
function distance(entry: Entry, words: readonly string[]): number | undefined {
  const label = entry.label.toLowerCase();
  const all = `${label} ${entry.kind} ${entry.hint ?? ""}`.toLowerCase();
  let sum = 0;
  for (const word of words) {
    if (!all.includes(word)) return undefined;
    if (label.startsWith(word)) continue;
    sum += label.includes(` ${word}`) ? 1 : label.includes(word) ? 2 : 3;
  }
  return sum;
}

export const shownMax = 12;

/** What the words say of a workflow's name: "workflow restart" looks for "restart". */
export function nameIn(typed: string): string {
  return typed
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== "" && !"workflow".startsWith(word))
    .join(" ");
}

/** The entries that have all the words, the best first, and at last the search in the runs. */
export function fitting(entries: readonly Entry[], typed: string): Entry[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const found = entries
    .map((entry) => ({ entry, far: distance(entry, words) }))
    .filter((each): each is { entry: Entry; far: number } => each.far !== undefined)
    .sort((a, b) => a.far - b.far)
    .slice(0, shownMax)
    .map(({ entry }) => entry);
  if (words.length === 0) return found;
  const text = typed.trim();
  return [
    ...found,
    {
      id: "search runs",
      kind: "Search",
      label: `Runs with “${text}”`,
      target: { path: `/runs?text=${encodeURIComponent(text)}` },
    },
  ];
}
