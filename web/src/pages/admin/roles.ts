// The four roles in words. Each may do what the ones below it may.
import type { Role } from "../../app/session";

export type { Role };

export const roleWords: Record<Role, { title: string; may: string }> = {
  "org-admin": { title: "Org admin", may: "connects apps, manages users, secrets and settings" },
  author: { title: "Author", may: "builds and publishes workflows" },
  operator: { title: "Operator", may: "starts, replays, pauses and cancels runs, sends events" },
  viewer: {
    title: "Viewer",
    may: "looks at everything but secrets, and decides approvals they are named in",
  },
};

export const roles: readonly Role[] = ["viewer", "operator", "author", "org-admin"];

export const roleOptions = roles.map((role) => ({ value: role, label: roleWords[role].title }));
