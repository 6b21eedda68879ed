// The form about signing in with a GitLab: what it shows, what of it is sent, and whom it lets in.
// Pure.
import type { Body, Schema } from "../../../api/routes";
import type { Role } from "../../../app/session";
import { roleWords } from "../roles";

export type SignInWay = Schema<"SignInWay">;
export type WayWish = Body<"put", "/settings/sign-in/*">;

export interface RoleRow {
  // Of this page only: rows come and go.
  key: number;
  group: string;
  role: Role;
}

export interface WayForm {
  label: string;
  clientId: string;
  clientSecret: string;
  allowedGroups: string[];
  allowedDomains: string[];
  roles: RoleRow[];
  // "": nobody else comes in.
  defaultRole: Role | "";
}

export function formOf(way: SignInWay | undefined): WayForm {
  return {
    label: way?.label ?? "Sign in with GitLab",
    clientId: way?.clientId ?? "",
    clientSecret: "",
    allowedGroups: way?.allowedGroups ?? [],
    allowedDomains: way?.allowedDomains ?? [],
    roles: (way?.roles ?? []).map((each, key) => ({ key, ...each })),
    defaultRole: way === undefined ? "viewer" : (way.defaultRole ?? ""),
  };
}

/** An empty secret leaves the one that is kept. */
export function wishOf(form: WayForm): WayWish {
  const secret = form.clientSecret.trim();
  return {
    label: form.label.trim(),
    clientId: form.clientId.trim(),
    ...(secret === "" ? {} : { clientSecret: secret }),
    allowedGroups: form.allowedGroups,
    allowedDomains: form.allowedDomains,
    roles: form.roles
      .map(({ group, role }) => ({ group: group.trim(), role }))
      .filter(({ group }) => group !== ""),
    defaultRole: form.defaultRole === "" ? null : form.defaultRole,
  };
}

/** Who comes in, in words; `open`: everybody that GitLab knows. */
export function whoComesIn(form: WayForm): { words: string; open: boolean } {
  const { allowedGroups: groups, allowedDomains: domains, roles, defaultRole } = form;
  const limits = [
    groups.length > 0 ? `is in ${groups.join(" or ")}` : "",
    domains.length > 0 ? `has a confirmed e-mail address at ${domains.join(" or ")}` : "",
  ].filter((each) => each !== "");
  const mapped = roles
    .filter((each) => each.group.trim() !== "")
    .map((each) => `${roleWords[each.role].title} in ${each.group.trim()}`)
    .join(", ");
  if (defaultRole === "" && mapped === "")
    return { words: "Nobody: there is neither a group's role nor one for everybody.", open: false };
  const who =
    limits.length === 0
      ? "Everybody with an account at this GitLab"
      : `Whoever ${limits.join(" and ")}`;
  const as =
    defaultRole === ""
      ? `as ${mapped}; nobody else`
      : `as ${roleWords[defaultRole].title}${mapped === "" ? "" : `, or as ${mapped}`}`;
  return { words: `${who} comes in, ${as}.`, open: limits.length === 0 && defaultRole !== "" };
}
