// A connection as the API gives it, and what its states mean to a person.
import { api } from "../shared/api";

export interface ConnectionProblem {
  title?: string;
  message?: string;
  detail?: string;
  cause?: string;
  remedy?: string;
}

export interface Connection {
  id: string;
  name: string;
  app: string;
  baseUrl: string;
  auth: string;
  status: string;
  default: boolean;
  scopes: string;
  account: { username?: string; name?: string } | null;
  clientId: string;
  createdAt: string;
  updatedAt: string;
  tokenExpiresAt?: string;
  lastRefreshAt?: string;
  nextRefreshAt?: string;
  lastError?: ConnectionProblem;
  lastSignIn?: { id: string; outcome: "completed" | "failed"; error?: ConnectionProblem };
  aliases: string[];
  readOnly: boolean;
  minimumRole: string;
  privateCa: boolean;
}

export interface Step {
  id: string;
  title: string;
  state: "ok" | "failed" | "warning" | "skipped";
  detail: string;
  fix?: string;
}

export interface Permissions {
  readOnly: boolean;
  scopes: { scope: string; why: string; granted: boolean }[];
  actions: ActionPermission[];
}

export interface ActionPermission {
  id: string;
  title: string;
  scope: string;
  role: string;
  narrowerScope?: string;
  narrowerCovers?: boolean;
  note: string;
  allowed: boolean;
  reason?: string;
}

export interface Impact {
  workflows: { namespace: string; name: string; version: string; certain: boolean }[];
  waitingRuns: number;
  more: boolean;
  webhooks: { project: string; status: string }[];
}

export interface Probe {
  baseUrl: string;
  reachable: boolean;
  gitlab: boolean;
  version?: string;
  issuer?: string;
  rootPathHint?: string;
  tls: { used: boolean; state: "good" | "refused" | "none" | "unknown" };
  deviceSignIn: boolean;
  redirectUri: string;
  applicationPageUrl: string;
  applicationPages: { user: string; group: string; instance: string };
  accessTokenPageUrl: string;
  problem?: ConnectionProblem & { kind: string; stage?: string };
}

const at = (name: string) => `/connections/${encodeURIComponent(name)}`;

export const connections = {
  list: () => api.get<{ items: Connection[] }>("/connections"),
  get: (name: string) => api.get<Connection>(at(name)),
  create: (body: object) => api.post<Connection>("/connections", body),
  change: (name: string, body: object) => api.patch<Connection>(at(name), body),
  probe: (body: object) => api.post<Probe>("/connections/probe", body),
  signIn: (name: string) => api.post<{ startUrl: string }>(`${at(name)}/sign-in`),
  test: (name: string) => api.post<{ ok: boolean; steps: Step[] }>(`${at(name)}/test`),
  permissions: (name: string) => api.get<Permissions>(`${at(name)}/permissions`),
  impact: (name: string) => api.get<Impact>(`${at(name)}/impact`),
  disconnect: (name: string, revoke: boolean) =>
    api.delete<{ note: string }>(`${at(name)}${revoke ? "?revoke=true" : ""}`),
};

export interface Standing {
  label: string;
  color: "green" | "red" | "yellow" | "gray";
}

export function standing(connection: Pick<Connection, "status">): Standing {
  switch (connection.status) {
    case "active":
    case "refreshing":
      return { label: "Connected", color: "green" };
    case "uncertain":
      return { label: "Checking the grant", color: "yellow" };
    case "needs-sign-in":
      return { label: "Sign-in needed", color: "red" };
    default:
      return { label: "Not signed in yet", color: "gray" };
  }
}

export const gitlabCom = "https://gitlab.com";
