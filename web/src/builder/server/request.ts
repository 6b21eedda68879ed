// One call to the REST API. Errors are thrown as Refusal: what happened, why and what to do, as the
// server's problem+json says it.

import type { Answer, Body, Method } from "../../api/routes";
import { csrfHeader, Problem, reach, type ProblemBody } from "../../pages/shared/api";

import type { Role } from "../../app/session";

export type { Role };

/** What the server refused, with its words; the pages show it with ErrorPanel. */
export class Refusal extends Problem {
  get remedy(): string {
    return this.body.remedy ?? "";
  }
}

export interface Options<M extends Method, Path extends string> {
  json?: Body<M, Path>;
  body?: { text: string; type: string };
  ifMatch?: string;
  signal?: AbortSignal | undefined;
}

/** Path, body and answer are checked against the API's document, as in api/server.ts. */
export async function request<M extends Method, Path extends string>(
  method: M,
  path: Path,
  options: Options<M, Path> = {},
): Promise<{ body: Answer<M, Path>; etag: string }> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "get") Object.assign(headers, csrfHeader());
  if (options.json !== undefined) headers["Content-Type"] = "application/json";
  if (options.body) headers["Content-Type"] = options.body.type;
  if (options.ifMatch) headers["If-Match"] = options.ifMatch;
  const body =
    options.json !== undefined ? JSON.stringify(options.json) : (options.body?.text ?? null);
  const response = await reach("/api/v1" + path, {
    method: method.toUpperCase(),
    headers,
    body,
    signal: options.signal ?? null,
  });
  const text = await response.text();
  const parsed: unknown = text === "" ? null : parse(text);
  if (!response.ok) throw refusal(response.status, parsed);
  return { body: parsed as Answer<M, Path>, etag: response.headers.get("ETag") ?? "" };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return null;
  }
}

function refusal(status: number, body: unknown): Refusal {
  const said = (body ?? {}) as ProblemBody;
  return new Refusal(status, { ...said, title: said.title ?? `The server answered ${status}.` });
}
