// A workflow's text with what it means: the parsed YAML (with the offsets of every token) and its
// plain data. Immutable; every edit makes a new one, so undo is keeping the old. Pure.

import {
  isAlias,
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";
import type { Path } from "./path";

export interface Place {
  line: number; // from 1
  column: number; // from 1
}

export interface Fault extends Place {
  message: string;
}

export interface Source {
  readonly text: string;
  readonly root: Document;
  /** Plain data; null while the text is no YAML. */
  readonly data: unknown;
  /** Why the text cannot be read; then no edit but of the text itself is possible. */
  readonly fault: Fault | null;
  readonly lines: LineCounter;
}

/** Reads a text. Never throws: a text that is no YAML has a `fault`. */
export function readSource(text: string): Source {
  const lines = new LineCounter();
  const root = parseDocument(text, { keepSourceTokens: true, lineCounter: lines });
  const error = root.errors[0];
  let fault: Fault | null = null;
  if (error) {
    const at = lines.linePos(error.pos[0]);
    const message = error.message.split("\n")[0]?.replace(/ at line .*$/, "") ?? "";
    fault = { message, line: Math.max(1, at.line), column: Math.max(1, at.col) };
  } else if (root.contents !== null && !isMap(root.contents)) {
    fault = {
      message: "A workflow is a mapping: `document:`, `do:` and so on.",
      line: 1,
      column: 1,
    };
  }
  return { text, root, data: fault ? null : root.toJS({ maxAliasCount: 100 }), fault, lines };
}

/** JSON is YAML, too, but is edited as JSON: it has no comments to keep. */
export function isJson(source: Source): boolean {
  return source.text.trimStart().startsWith("{");
}

export interface Found {
  node: Node | null;
  pair: Pair<Node, Node | null> | null; // where the last part of the path is a key
  parent: YAMLMap | YAMLSeq | null;
  index: number; // in parent.items
}

export function findPair(map: YAMLMap, key: string | number): number {
  return map.items.findIndex(
    (pair) => isScalar(pair.key) && String(pair.key.value) === String(key),
  );
}

/** The node at a path, or null. Does not look through aliases: what they name stands elsewhere. */
export function find(source: Source, path: Path): Found | null {
  let found: Found = { node: source.root.contents, pair: null, parent: null, index: 0 };
  for (const part of path) {
    const at = found.node;
    if (isMap(at)) {
      const index = findPair(at, part);
      if (index < 0) return null;
      const pair = at.items[index] as Pair<Node, Node | null>;
      found = { node: pair.value, pair, parent: at, index };
    } else if (isSeq(at) && typeof part === "number" && part < at.items.length) {
      found = { node: at.items[part] as Node, pair: null, parent: at, index: part };
    } else {
      return null;
    }
  }
  return found;
}

/** Whether an alias (`*name`) stands on the way to a path: such a place cannot be edited there. */
export function throughAlias(source: Source, path: Path): boolean {
  for (let length = 0; length <= path.length; ++length) {
    if (isAlias(find(source, path.slice(0, length))?.node)) return true;
  }
  return false;
}

/** Line and column of a path, or of the nearest place above it that there is. */
export function placeOf(source: Source, path: Path): Place {
  for (let length = path.length; length > 0; --length) {
    const found = find(source, path.slice(0, length));
    const node = found?.pair?.key ?? found?.node;
    if (node?.range) {
      const at = source.lines.linePos(node.range[0]);
      return { line: at.line, column: at.col };
    }
  }
  return { line: 1, column: 1 };
}

/** The path of the innermost thing at an offset in the text. */
export function pathAt(source: Source, offset: number): Path {
  const path: (string | number)[] = [];
  let node: Node | null = source.root.contents;
  while (isCollection(node)) {
    let next: Node | null = null;
    for (const [index, item] of node.items.entries()) {
      const key: Node | null = isPair(item) ? (item.key as Node) : (item as Node);
      if (!key?.range || key.range[0] > offset) break;
      path[path.length - (next === null ? 0 : 1)] =
        isPair(item) && isScalar(item.key) ? String(item.key.value) : index;
      next = isPair(item) ? ((item.value as Node | null) ?? key) : (item as Node);
    }
    if (next === null) return path;
    node = next;
  }
  return path;
}
