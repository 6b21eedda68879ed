// Places in a workflow: paths (lists of keys and numbers) and JSON pointers ("/do/1/repair/try").
// The pointers are the server's own: the same in problems, runs and the journal. Pure.

export type Path = readonly (string | number)[];

/** "/do/0/createIssue/with/title" of a path. "" is the whole document. */
export function pointerOf(path: Path): string {
  return path
    .map((part) => "/" + String(part).replaceAll("~", "~0").replaceAll("/", "~1"))
    .join("");
}

/** The path of a pointer. Numbers become list indexes: no key of the format is a number. */
export function pathOf(pointer: string): Path {
  if (pointer === "" || pointer === "/") return [];
  return pointer
    .slice(1)
    .split("/")
    .map((part) => part.replaceAll("~1", "/").replaceAll("~0", "~"))
    .map((part) => (/^(0|[1-9][0-9]*)$/.test(part) ? Number(part) : part));
}

export function startsWith(path: Path, head: Path): boolean {
  return head.length <= path.length && head.every((part, i) => part === path[i]);
}

export function samePath(a: Path, b: Path): boolean {
  return a.length === b.length && startsWith(a, b);
}

/** What stands at a path in plain data; undefined where there is nothing. */
export function valueAt(data: unknown, path: Path): unknown {
  let at: unknown = data;
  for (const part of path) {
    if (at === null || typeof at !== "object") return undefined;
    at = (at as Record<string | number, unknown>)[part];
  }
  return at;
}

/** Where a path points when the item at `list`/`index` is gone; null if it was in that item. */
export function afterRemoval(path: Path, list: Path, index: number): Path | null {
  if (path.length <= list.length || !startsWith(path, list)) return path;
  const at = path[list.length] as number;
  if (at === index) return null;
  if (at < index) return path;
  return [...list, at - 1, ...path.slice(list.length + 1)];
}

/** Where a path points after an item was put into `list` at `index`. */
export function afterInsertion(path: Path, list: Path, index: number): Path {
  if (path.length <= list.length || !startsWith(path, list)) return path;
  const at = path[list.length] as number;
  return at < index ? path : [...list, at + 1, ...path.slice(list.length + 1)];
}
