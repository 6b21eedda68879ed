// Calls of the REST API with the types of its document: the path says what is to be sent and what
// comes back (see routes.ts).

import { call } from "../pages/shared/api";
import type { Answer, Method, Sent } from "./routes";

const caller =
  <M extends Method>(method: M) =>
  <P extends string>(path: P, ...[body]: Sent<M, P>) =>
    // A POST that says nothing says an empty object.
    call<Answer<M, P>>(method.toUpperCase(), path, body ?? (method === "post" ? {} : undefined));

export const server = {
  get: caller("get"),
  post: caller("post"),
  put: caller("put"),
  patch: caller("patch"),
  delete: caller("delete"),
};
