// What the API's document says of each route, found by the path as a page writes it: of
// `/users/${id}/password-link` the compiler sees "/users/*/password-link", and no other path, method,
// body or answer passes. Only types: nothing of this is in the bundle.

import type { components, paths } from "./schema.gen";

export type Schema<Name extends keyof components["schemas"]> = components["schemas"][Name];

type Blank<Path extends string> = Path extends `${infer Before}{${string}}${infer After}`
  ? `${Before}*${Blank<After>}`
  : Path;

type Routes = {
  [Path in keyof paths as Path extends `/api/v1${infer Rest}` ? Blank<Rest> : never]: paths[Path];
};

// A piece of the path that is only known when the page runs.
type Piece<Text extends string> = {} extends Record<Text, 1> ? "*" : Text;
type Pieces<Path extends string> = Path extends `${infer Head}/${infer Rest}`
  ? `${Piece<Head>}/${Pieces<Rest>}`
  : Piece<Path>;
type Key<Path extends string> = Path extends `${infer Before}?${string}`
  ? Pieces<Before>
  : Pieces<Path>;

export type Method = "get" | "post" | "put" | "patch" | "delete";

type Operation<M extends Method, Path extends string> =
  Key<Path> extends infer Found extends keyof Routes
    ? Routes[Found] extends Record<M, infer Described>
      ? Described
      : never
    : never;

type Good = 200 | 201 | 202;
type Content<Answered> = Answered extends { content: { "application/json": infer Body } }
  ? Body
  : undefined;

/** What the server answers when it worked. */
export type Answer<M extends Method, Path extends string> =
  Operation<M, Path> extends { responses: infer Answers }
    ? Content<Answers[keyof Answers & Good]>
    : undefined;

/** What the server takes; undefined for a route that takes nothing. */
export type Body<M extends Method, Path extends string> =
  Operation<M, Path> extends { requestBody?: infer Sent }
    ? NonNullable<Sent> extends { content: { "application/json": infer Given } }
      ? Given
      : undefined
    : undefined;

/** What a call takes after its path: nothing, a body, or what nobody can give for a path not there. */
export type Sent<M extends Method, Path extends string> = [Operation<M, Path>] extends [never]
  ? [noSuchRoute: never]
  : [Body<M, Path>] extends [undefined]
    ? []
    : {} extends Body<M, Path>
      ? [body?: Body<M, Path>]
      : [body: Body<M, Path>];
