// What each edit means, on plain data. The edits of the text are defined by this. Pure.

import { afterRemoval, valueAt, type Path } from "./path";

export type Edit =
  | { kind: "set"; path: Path; value: unknown; order?: readonly string[] }
  | { kind: "remove"; path: Path }
  | { kind: "rename"; path: Path; to: string }
  | { kind: "insert"; list: Path; index: number; value: unknown }
  /** Moves a list item; `index` counts in `list` without the item. */
  | { kind: "move"; from: Path; list: Path; index: number };

type Container = Record<string | number, unknown>;

function copyWith(data: unknown, path: Path, change: (at: unknown) => unknown): unknown {
  const [head, ...rest] = path;
  if (head === undefined) return change(data);
  const missing = typeof head === "number" ? [] : {};
  const copy = (
    Array.isArray(data) ? [...data] : { ...((data as object | null | undefined) ?? missing) }
  ) as Container;
  copy[head] = copyWith(copy[head], rest, change);
  return copy;
}

function without(container: unknown, key: string | number): unknown {
  if (Array.isArray(container)) return container.filter((_, i) => i !== key);
  return Object.fromEntries(
    Object.entries(container as object).filter(([name]) => name !== String(key)),
  );
}

export function editedData(data: unknown, edit: Edit): unknown {
  switch (edit.kind) {
    case "set":
      return copyWith(data, edit.path, () => edit.value);
    case "remove":
      return copyWith(data, edit.path.slice(0, -1), (at) =>
        without(at, edit.path.at(-1) as string | number),
      );
    case "rename": {
      const key = String(edit.path.at(-1));
      return copyWith(data, edit.path.slice(0, -1), (at) =>
        Object.fromEntries(
          Object.entries(at as object).map(([name, value]) => [
            name === key ? edit.to : name,
            value,
          ]),
        ),
      );
    }
    case "insert":
      return copyWith(data, edit.list, (at) => {
        const items = Array.isArray(at) ? (at as unknown[]) : [];
        return [...items.slice(0, edit.index), edit.value, ...items.slice(edit.index)];
      });
    case "move": {
      const value = valueAt(data, edit.from);
      const list = afterRemoval(edit.list, edit.from.slice(0, -1), edit.from.at(-1) as number);
      const rest = editedData(data, { kind: "remove", path: edit.from });
      return editedData(rest, { kind: "insert", list: list ?? [], index: edit.index, value });
    }
  }
}
