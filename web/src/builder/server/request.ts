// One call to the REST API. Errors are thrown as Refusal: what happened, why and what to do, as the
// server's problem+json says it.

import { csrfHeader, Problem, type ProblemBody } from "../../pages/shared/api";

import type { Role } from "../../app/session";

export type { Role };

/** What the server refused, with its words; the pages show it with ErrorPanel. */
export class Refusal extends Problem {
  get remedy(): string {
    return this.body.remedy ?? "";
  }
}

export interface Answer<T> {
  body: T;
  etag: string;
}

export interface Options {
  json?: unknown;
  body?: { text: string; type: string };
  ifMatch?: string;
  signal?: AbortSignal | undefined;
}

type Method = "GET" | "POST" | "PUT" | "PATCH" | "DELETE";

export async function request<T = unknown>(
  method: Method,
  path: string,
  options: Options = {},
): Promise<Answer<T>> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (method !== "GET") Object.assign(headers, csrfHeader());
  if (options.json !== undefined) headers["Content-Type"] = "application/json";
  if (options.body) headers["Content-Type"] = options.body.type;
  if (options.ifMatch) headers["If-Match"] = options.ifMatch;
  const body =
    options.json !== undefined ? JSON.stringify(options.json) : (options.body?.text ?? null);
  const response = await fetch("/api/v1" + path, {
    method,
    headers,
    body,
    signal: options.signal ?? null,
  });
  const text = await response.text();
  const parsed: unknown = text === "" ? null : parse(text);
  if (!response.ok) throw refusal(response.status, parsed);
  return { body: parsed as T, etag: response.headers.get("ETag") ?? "" };
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
