// Where things stand in the text, to the character: the lines of a list item, the end of a value,
// the colon of a key. The edits cut and paste these ranges, so all else stays as its author wrote
// it, comments and spacing included. Pure.

import {
  isCollection,
  isMap,
  isPair,
  isScalar,
  isSeq,
  type Node,
  type Pair,
  type YAMLMap,
  type YAMLSeq,
} from "yaml";

interface Token {
  type: string;
  offset: number;
}
interface ItemToken {
  start?: Token[];
  sep?: Token[];
}

export interface Range {
  from: number;
  to: number;
}

export function replaced(text: string, range: Range, by: string): string {
  return text.slice(0, range.from) + by + text.slice(range.to);
}

export function lineStart(text: string, offset: number): number {
  return text.lastIndexOf("\n", offset - 1) + 1;
}

/** The offset of the line's end, before its "\n". */
export function lineEnd(text: string, offset: number): number {
  const at = text.indexOf("\n", offset);
  return at < 0 ? text.length : at;
}

export function columnOf(text: string, offset: number): number {
  return offset - lineStart(text, offset);
}

/** Just behind the ":" of a pair. */
export function colonEnd(pair: Pair): number {
  const token = (pair.srcToken as ItemToken | undefined)?.sep?.find(
    (t) => t.type === "map-value-ind",
  );
  if (token) return token.offset + 1;
  return (pair.key as Node).range?.[1] ?? 0;
}

/** Just behind what a node says: no comment, blank line or line break that follows. */
export function contentEnd(text: string, node: Node): number {
  if (isCollection(node) && !node.flow) {
    const last = node.items.at(-1);
    if (isPair(last)) {
      const value = last.value as Node | null;
      return value && !isEmptyScalar(value) ? contentEnd(text, value) : colonEnd(last);
    }
    if (last && !isEmptyScalar(last as Node)) return contentEnd(text, last as Node);
  }
  let end = node.range?.[1] ?? 0;
  while (end > 0 && /\s/.test(text[end - 1] ?? "")) --end;
  return Math.max(end, node.range?.[0] ?? 0);
}

function isEmptyScalar(node: Node): boolean {
  return (
    isScalar(node) &&
    node.range !== null &&
    node.range !== undefined &&
    node.range[0] === node.range[1]
  );
}

/** The text of a pair's value, from behind the colon. */
export function valueRange(text: string, pair: Pair): Range {
  const from = colonEnd(pair);
  const value = pair.value as Node | null;
  return {
    from,
    to: value && !isEmptyScalar(value) ? Math.max(from, contentEnd(text, value)) : from,
  };
}

/** The offset of the "-" of an item of a block list. */
export function dashOf(list: YAMLSeq, index: number): number {
  const items = (list.srcToken as { items?: ItemToken[] } | undefined)?.items ?? [];
  const marked = items.filter((item) => item.start?.some((t) => t.type === "seq-item-ind"));
  return (
    marked[index]?.start?.find((t) => t.type === "seq-item-ind")?.offset ?? list.range?.[0] ?? 0
  );
}

/** All lines of an item of a block list, those of the comment right above it included. */
export function itemLines(text: string, list: YAMLSeq, index: number): Range {
  const dash = dashOf(list, index);
  let from = lineStart(text, dash);
  while (from > 0) {
    const above = lineStart(text, from - 1);
    if (!/^\s*#/.test(text.slice(above, from - 1))) break;
    from = above;
  }
  const item = list.items[index] as Node;
  const end = Math.max(dash + 1, isEmptyScalar(item) ? 0 : contentEnd(text, item));
  return { from, to: Math.min(text.length, lineEnd(text, end) + 1) };
}

/** The column in which the keys of a block map stand. */
export function keyColumn(text: string, map: YAMLMap): number {
  const first = map.items[0]?.key as Node | undefined;
  return columnOf(text, first?.range?.[0] ?? 0);
}

/** How this text is indented: blanks a level, and whether lists stand deeper than their key. */
export interface Style {
  indent: number;
  indentSeq: boolean;
}

export function styleOf(text: string, root: Node | null): Style {
  const style: Style = { indent: 2, indentSeq: true };
  if (!isMap(root)) return style;
  for (const pair of root.items) {
    const value = pair.value as Node | null;
    if (isSeq(value) && !value.flow && value.items.length > 0) {
      style.indentSeq = columnOf(text, dashOf(value, 0)) > 0;
    }
    if (isMap(value) && !value.flow && value.items.length > 0) {
      style.indent = Math.max(1, keyColumn(text, value));
    }
  }
  return style;
}

/** Moves lines to another column. Blank lines stay blank. */
export function reindented(lines: string, from: number, to: number): string {
  return lines
    .split("\n")
    .map((line) => {
      if (line.trim() === "") return "";
      const own = line.length - line.trimStart().length;
      return " ".repeat(Math.max(0, own - from + to)) + line.trimStart();
    })
    .join("\n");
}
