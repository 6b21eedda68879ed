// The places of the application in the order of the navigation, and who sees them.
import type { Role } from "./session";

export interface Place {
  label: string;
  path: string;
  role: Role;
  // Under this heading, when it is not one of the first places.
  group?: "Settings";
  // A name of ui/Icon.
  icon: "workflows" | "runs" | "approvals" | "events" | "apps" | "audit" | "admin" | "status";
}

export const places: readonly Place[] = [
  { label: "Workflows", path: "/workflows", role: "viewer", icon: "workflows" },
  { label: "Runs", path: "/runs", role: "viewer", icon: "runs" },
  { label: "Approvals", path: "/approvals", role: "viewer", icon: "approvals" },
  { label: "Events", path: "/events", role: "viewer", icon: "events" },
  { label: "Audit", path: "/audit", role: "org-admin", icon: "audit" },
  { label: "Status", path: "/admin/status", role: "viewer", icon: "status" },
  { label: "App Store", path: "/settings/apps", role: "viewer", group: "Settings", icon: "apps" },
  { label: "Admin", path: "/admin/users", role: "org-admin", group: "Settings", icon: "admin" },
];

export const firstPage = "/workflows";
