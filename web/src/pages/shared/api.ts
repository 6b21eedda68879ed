// Calls of the REST API as the pages of runs, approvals, audit and administration make them.
//
// Answers are JSON; every other answer becomes a Problem that says what happened, why and what to
// do. The session's CSRF token travels with everything that is not a GET.

import { answered, isOfProxy } from "../../api/reach";

export interface ProblemBody {
  title?: string;
  detail?: string;
  cause?: string;
  remedy?: string;
  where?: string;
  requestId?: string; // this request's, also in the server's log
  upstreamRequestId?: string; // GitLab's
  kind?: string;
  status?: number;
}

export class Problem extends Error {
  readonly title: string;
  constructor(
    readonly status: number,
    readonly body: ProblemBody,
  ) {
    super(body.detail ?? body.title ?? `The server answered with status ${status}.`);
    this.title = body.title ?? "It did not work";
  }
}

let csrfToken = "";
export function useCsrfToken(token: string): void {
  csrfToken = token;
}

/** What a call that changes something must carry. */
export function csrfHeader(): Record<string, string> {
  return csrfToken === "" ? {} : { "X-CSRF-Token": csrfToken };
}

async function problemOf(response: Response): Promise<Problem> {
  try {
    return new Problem(response.status, (await response.json()) as ProblemBody);
  } catch {
    return new Problem(response.status, {
      title: "Unexpected answer",
      detail: `The server answered with status ${response.status} and no explanation.`,
      remedy: "Try again; if it stays, look into the server's log.",
    });
  }
}

async function send(
  method: string,
  path: string,
  body?: unknown,
  type = "application/json",
): Promise<Response> {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (body !== undefined) headers["Content-Type"] = type;
  if (method !== "GET" && csrfToken !== "") headers["X-CSRF-Token"] = csrfToken;
  const text = body === undefined ? null : JSON.stringify(body);
  return reach(`/api/v1${path}`, { method, headers, body: text, credentials: "same-origin" });
}

/** A fetch; a Problem of status 0 where nobody answers. */
export async function reach(address: string, request: RequestInit): Promise<Response> {
  const response = await fetch(address, request).catch((error: unknown) => {
    // The page gave it up itself.
    if (request.signal?.aborted) throw error;
    return undefined;
  });
  const there = response !== undefined && !isOfProxy(response.status);
  answered(there ? "yes" : "no");
  if (there) return response;
  throw new Problem(0, {
    title: "The server cannot be reached",
    detail: "The request did not get through.",
    remedy: "Check that the server runs and that you are connected, then try again.",
  });
}

export async function call<T>(
  method: string,
  path: string,
  body?: unknown,
  type?: string,
): Promise<T> {
  const response = await send(method, path, body, type);
  if (!response.ok) throw await problemOf(response);
  if (response.status === 204) return undefined as T;
  return (await response.json()) as T;
}

// "?status=a&status=b&limit=50", without what is empty; "" if nothing is left.
export function query(
  parts: Record<string, string | number | readonly string[] | undefined>,
): "" | `?${string}` {
  const search = new URLSearchParams();
  for (const [name, value] of Object.entries(parts)) {
    if (value === undefined || value === "") continue;
    if (typeof value === "string" || typeof value === "number") search.append(name, String(value));
    else value.forEach((each) => search.append(name, each));
  }
  const text = search.toString();
  return text === "" ? "" : `?${text}`;
}

// Whether the server has no such route (yet): the page then says so instead of failing.
export function isMissing(error: unknown): boolean {
  return error instanceof Problem && (error.status === 404 || error.status === 405);
}

// Whether the role is too low for it.
export function isForbidden(error: unknown): boolean {
  return error instanceof Problem && error.status === 403;
}
