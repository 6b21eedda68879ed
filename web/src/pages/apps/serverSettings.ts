// The form about a connection's server and application, and what of it is sent. Pure.
import type { Connection, ConnectionChange } from "./connection";

export interface ServerForm {
  baseUrl: string;
  clientId: string;
  clientSecret: string;
  caPem: string;
  dropCa: boolean;
  proxy: string;
}

type Shown = Pick<Connection, "baseUrl" | "clientId">;

export const noServerChange = ({ baseUrl, clientId }: Shown): ServerForm => {
  return { baseUrl, clientId, clientSecret: "", caPem: "", dropCa: false, proxy: "" };
};

const proxyOff = /^none$/i;

/** Only what differs: what is left empty stays as it is. */
export function serverChange(connection: Shown, form: ServerForm): ConnectionChange {
  const change: ConnectionChange = {};
  const [baseUrl, clientId, proxy] = [form.baseUrl, form.clientId, form.proxy].map((each) =>
    each.trim(),
  ) as [string, string, string];
  if (baseUrl !== "" && baseUrl !== connection.baseUrl) change.baseUrl = baseUrl;
  if (clientId !== "" && clientId !== connection.clientId) change.clientId = clientId;
  if (form.clientSecret.trim() !== "") change.clientSecret = form.clientSecret.trim();
  if (form.dropCa) change.caPem = null;
  else if (form.caPem.trim() !== "") change.caPem = form.caPem;
  if (proxy !== "") change.proxy = proxyOff.test(proxy) ? null : proxy;
  return change;
}

/** Whether the tokens it holds are of no use afterwards. */
export const needsSignIn = (change: ConnectionChange): boolean =>
  change.baseUrl !== undefined || change.clientId !== undefined;
