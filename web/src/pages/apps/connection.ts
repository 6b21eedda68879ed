// A connection as the API gives it, and what its states mean to a person.
import type { Answer, Body, Schema } from "../../api/routes";
import { server } from "../../api/server";

export type Connection = Schema<"Connection">;
export type Step = Schema<"CheckStep">;
export type Impact = Schema<"Impact">;
export type Permissions = Answer<"get", "/connections/*/permissions">;
export type NewConnection = Body<"post", "/connections">;
export type ConnectionChange = Body<"patch", "/connections/*">;
export type SignInWish = Body<"post", "/connections/*/sign-in">;
export type SignInStarted = Answer<"post", "/connections/*/sign-in">;

// What a look at a server found.
export type Probe = Answer<"post", "/connections/probe">;

const at = (name: string) => `/connections/${encodeURIComponent(name)}` as const;

export const connections = {
  list: (): Promise<{ items: Connection[] }> => server.get("/connections"),
  get: (name: string): Promise<Connection> => server.get(at(name)),
  create: (body: NewConnection): Promise<Connection> => server.post("/connections", body),
  change: (name: string, body: ConnectionChange): Promise<Connection> =>
    server.patch(at(name), body),
  probe: (body: Body<"post", "/connections/probe">) => server.post("/connections/probe", body),
  signIn: (name: string, wish: SignInWish = {}) => server.post(`${at(name)}/sign-in`, wish),
  /** Off to GitLab's page of consent, with this browser. */
  consent: async (name: string, wish: { scopes?: string } = {}) => {
    const { startUrl } = await connections.signIn(name, { ...wish, way: "browser" });
    if (startUrl) window.location.assign(startUrl);
  },
  pick: (name: string, kind: string) => server.get(`${at(name)}/pick/${kind}`),
  test: (name: string) => server.post(`${at(name)}/test`),
  permissions: (name: string) => server.get(`${at(name)}/permissions`),
  impact: (name: string) => server.get(`${at(name)}/impact`),
  disconnect: (name: string, revoke: boolean) =>
    server.delete(`${at(name)}${revoke ? "?revoke=true" : ""}`),
};

/** Who it is signed in as at GitLab, "" if nobody. */
export const accountOf = (connection: Connection): string => connection.account?.username ?? "";

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
      return { label: "Not signed in yet", color: "yellow" };
  }
}

export const gitlabCom = "https://gitlab.com";
