// The edits of a workflow's text: set, remove, insert, move, rename. Each gives the new text and
// changes nothing but the lines it is about. What an edit means is the same as on plain data; the
// tests compare the two on random edits. Pure.

import { isCollection, isMap, isScalar, isSeq, type Node, type YAMLMap, type YAMLSeq } from "yaml";
import { afterRemoval, valueAt, type Path } from "./path";
import { find, findPair, isJson, readSource, throughAlias, type Source } from "./source";
import {
  columnOf,
  contentEnd,
  dashOf,
  itemLines,
  keyColumn,
  lineEnd,
  lineStart,
  reindented,
  replaced,
  styleOf,
  valueRange,
  type Range,
} from "./splice";
import { renderFlow, renderItem, renderPair, renderValue, scalarStyle } from "./render";
import { editedData, type Edit } from "./plain";

/** An edit that the text does not allow, said for a person. */
export class EditRefused extends Error {}

/** Makes an edit. Throws EditRefused, with the text untouched. */
export function edited(source: Source, edit: Edit): Source {
  if (source.fault) throw new EditRefused("The text has a fault: mend it in the YAML view first.");
  const touched =
    edit.kind === "move" ? [edit.from, edit.list] : ["list" in edit ? edit.list : edit.path];
  if (touched.some((path) => throughAlias(source, path))) {
    throw new EditRefused(
      "This part is an alias (*name) of another place: edit it in the YAML view.",
    );
  }
  const text = isJson(source)
    ? JSON.stringify(editedData(source.data, edit), null, 2) + "\n"
    : editedYaml(source, edit);
  const next = readSource(text);
  if (next.fault) throw new EditRefused("This cannot be written here: edit it in the YAML view.");
  return next;
}

/** Several edits, one after the other. */
export function editedAll(source: Source, edits: readonly Edit[]): Source {
  return edits.reduce(edited, source);
}

function editedYaml(source: Source, edit: Edit): string {
  const inner = listInList(source, "list" in edit ? edit.list : edit.path.slice(0, -1));
  if (inner) return setValue(source, inner, valueAt(editedData(source.data, edit), inner), []);
  switch (edit.kind) {
    case "set":
      return setValue(source, edit.path, edit.value, edit.order ?? []);
    case "remove":
      return removeAt(source, edit.path);
    case "rename":
      return renameKey(source, edit.path, edit.to);
    case "insert":
      return insertInto(source, edit.list, edit.index, { value: edit.value });
    case "move":
      return moveItem(source, edit.from, edit.list, edit.index);
  }
}

/** A list on the way whose first dash shares its line with another ("- - a") is written anew. */
function listInList(source: Source, path: Path): Path | null {
  for (let length = 1; length <= path.length; ++length) {
    const node = find(source, path.slice(0, length))?.node;
    if (!isSeq(node) || node.flow || node.items.length === 0) continue;
    const dash = dashOf(node, 0);
    if (source.text.slice(lineStart(source.text, dash), dash).trim() !== "")
      return path.slice(0, length);
  }
  return null;
}

// ---- flow collections: [ ] and { } ----

function flowAbove(source: Source, path: Path): Path | null {
  for (let length = 0; length <= path.length; ++length) {
    const node = find(source, path.slice(0, length))?.node;
    if (isCollection(node) && node.flow) return path.slice(0, length);
  }
  return null;
}

function rewriteFlow(source: Source, at: Path, value: unknown): string {
  const node = find(source, at)?.node as Node;
  const range = { from: node.range?.[0] ?? 0, to: contentEnd(source.text, node) };
  const padded = source.text[range.from + 1] === " " ? "padded" : "tight";
  return replaced(source.text, range, renderFlow(value, padded));
}

/** The edit inside of a flow collection: that collection is written anew, nothing else. */
function editFlow(source: Source, at: Path, edit: Edit): string {
  const inside = (path: Path): Path => path.slice(at.length);
  const own = valueAt(source.data, at);
  const relative: Edit =
    edit.kind === "insert"
      ? { ...edit, list: inside(edit.list) }
      : edit.kind === "move"
        ? { ...edit, from: inside(edit.from), list: inside(edit.list) }
        : { ...edit, path: inside(edit.path) };
  return rewriteFlow(source, at, editedData(own, relative));
}

// ---- set ----

function setValue(source: Source, path: Path, value: unknown, order: readonly string[]): string {
  const { text } = source;
  const style = styleOf(text, source.root.contents);
  if (path.length === 0) throw new EditRefused("The whole document is edited in the YAML view.");
  const flow = flowAbove(source, path.slice(0, -1));
  if (flow) {
    if (isEmpty(valueAt(source.data, flow)))
      return setValue(source, flow, nested(path.slice(flow.length), value), order);
    const scalar = find(source, path)?.node;
    if (isScalar(scalar) && scalar.range && (value === null || typeof value !== "object")) {
      return replaced(
        text,
        { from: scalar.range[0], to: scalar.range[1] },
        renderFlow(value, "tight"),
      );
    }
    return editFlow(source, flow, { kind: "set", path, value });
  }
  const found = find(source, path);
  const parentPath = path.slice(0, -1);
  const parent = find(source, parentPath)?.node ?? null;
  const key = path.at(-1) as string | number;
  if (found?.pair && isMap(parent)) {
    const range = valueRange(text, found.pair);
    const column = keyColumn(text, parent);
    const keep = typeof value === "string" ? scalarStyle(found.node) : undefined;
    return withValue(text, range, renderValue(value, column, style, keep));
  }
  if (found && isSeq(parent)) return setItem(source, parent, key as number, value);
  if (isMap(parent)) return addPair(source, parent, String(key), value, order);
  if (isSeq(parent)) return insertInto(source, parentPath, parent.items.length, { value });
  // Neither it nor what should hold it is there: both are written at the nearest place above.
  if (typeof key === "number") return setValue(source, parentPath, [value], order);
  return setValue(source, parentPath, { [key]: value }, order);
}

function nested(path: Path, value: unknown): unknown {
  return [...path]
    .reverse()
    .reduce<unknown>(
      (inner, part) => (typeof part === "number" ? [inner] : { [part]: inner }),
      value,
    );
}

function isEmpty(value: unknown): boolean {
  return value !== null && typeof value === "object" && Object.keys(value).length === 0;
}

// A comment behind the old value stays on the key's line, also when the new value is a block.
function withValue(text: string, range: Range, rendered: string): string {
  const end = lineEnd(text, range.to);
  const rest = text.slice(range.to, end);
  const head = rendered.indexOf("\n");
  if (head < 0 || !/^\s+#/.test(rest)) return replaced(text, range, rendered);
  return replaced(
    text,
    { from: range.from, to: end },
    rendered.slice(0, head) + rest + rendered.slice(head),
  );
}

function setItem(source: Source, list: YAMLSeq, index: number, value: unknown): string {
  const { text } = source;
  const dash = dashOf(list, index);
  const item = list.items[index] as Node;
  const rendered = renderItem(value, columnOf(text, dash), styleOf(text, source.root.contents));
  return replaced(text, { from: dash, to: Math.max(dash + 1, contentEnd(text, item)) }, rendered);
}

// A new key goes behind the last of those that come before it in `order`, else to the end.
function addPair(
  source: Source,
  map: YAMLMap,
  key: string,
  value: unknown,
  order: readonly string[],
): string {
  const { text } = source;
  const style = styleOf(text, source.root.contents);
  if (map.items.length === 0)
    throw new EditRefused("This part is empty: edit it in the YAML view.");
  const column = keyColumn(text, map);
  const rank = order.indexOf(key);
  let after = map.items.length - 1;
  if (rank >= 0) {
    const ranks = map.items.map((pair) => order.indexOf(String(pair.key)));
    const next = ranks.findIndex((other) => other > rank);
    if (next > 0) after = next - 1;
  }
  const pair = map.items[after];
  if (!pair) throw new EditRefused("This part is empty: edit it in the YAML view.");
  const end = lineEnd(text, valueRange(text, pair).to);
  return replaced(
    text,
    { from: end, to: end },
    "\n" + " ".repeat(column) + renderPair(key, value, column, style),
  );
}

// ---- remove ----

function removeAt(source: Source, path: Path): string {
  const { text } = source;
  const found = find(source, path);
  const parentPath = path.slice(0, -1);
  if (!found?.parent) throw new EditRefused("There is nothing to remove here.");
  const flow = flowAbove(source, parentPath);
  if (flow) return editFlow(source, flow, { kind: "remove", path });
  if (found.parent.items.length === 1) {
    if (parentPath.length === 0) throw new EditRefused("The document would be empty.");
    return setValue(source, parentPath, isSeq(found.parent) ? [] : {}, []);
  }
  if (isSeq(found.parent)) return replaced(text, itemLines(text, found.parent, found.index), "");
  const map = found.parent;
  const pair = map.items[found.index];
  const keyStart = (pair?.key as Node).range?.[0] ?? 0;
  const start = lineStart(text, keyStart);
  const range = pair ? valueRange(text, pair) : { from: 0, to: 0 };
  const ownLine = text.slice(start, keyStart).trim() === "";
  if (ownLine)
    return replaced(
      text,
      { from: start, to: Math.min(text.length, lineEnd(text, range.to) + 1) },
      "",
    );
  // It shares its line with the dash of a list: the next key takes its place there.
  const next = (map.items[found.index + 1]?.key as Node | undefined)?.range?.[0] ?? range.to;
  return replaced(text, { from: keyStart, to: next }, "");
}

// ---- rename ----

function renameKey(source: Source, path: Path, to: string): string {
  const found = find(source, path);
  const key = found?.pair?.key;
  const map = found?.parent;
  if (!key?.range || !isMap(map)) throw new EditRefused("There is nothing to rename here.");
  if (findPair(map, to) >= 0) throw new EditRefused(`There is a '${to}' here already.`);
  const flow = flowAbove(source, path.slice(0, -1));
  const rendered = flow
    ? renderFlow(to, "tight")
    : renderPair(to, 0, 0, { indent: 2, indentSeq: true }).slice(0, -3);
  return replaced(source.text, { from: key.range[0], to: key.range[1] }, rendered);
}

// ---- lists ----

/** What is put into a list: a value, or the lines of an item with the column of its dash. */
type Item =
  { value: unknown; lines?: undefined } | { value: unknown; lines: string; column: number };

function insertInto(source: Source, list: Path, index: number, item: Item): string {
  const { text } = source;
  const flow = flowAbove(source, list);
  const node = find(source, list)?.node ?? null;
  if (!isSeq(node) || (node.items.length === 0 && flow && flow.length === list.length)) {
    return insertFirst(source, list, item);
  }
  if (flow) return editFlow(source, flow, { kind: "insert", list, index, value: item.value });
  if (node.items.length === 0) return insertFirst(source, list, item);
  const column = columnOf(text, dashOf(node, 0));
  const lines =
    item.lines !== undefined
      ? reindented(item.lines, item.column, column)
      : " ".repeat(column) +
        renderItem(item.value, column, styleOf(text, source.root.contents)) +
        "\n";
  const whole = lines.endsWith("\n") ? lines : lines + "\n";
  if (index < node.items.length) {
    const at = itemLines(text, node, index).from;
    return replaced(text, { from: at, to: at }, whole);
  }
  const at = itemLines(text, node, node.items.length - 1).to;
  const broken = at > 0 && text[at - 1] !== "\n" ? "\n" : "";
  return replaced(text, { from: at, to: at }, broken + whole);
}

function insertFirst(source: Source, list: Path, item: Item): string {
  const written = setValue(source, list, [item.value], []);
  if (item.lines === undefined) return written;
  // Now there is a list: the item's own lines, comments included, take the written ones' place.
  const next = readSource(written);
  const node = find(next, list)?.node;
  if (!isSeq(node) || node.flow) return written;
  const column = columnOf(next.text, dashOf(node, 0));
  const lines = reindented(item.lines, item.column, column);
  return replaced(
    next.text,
    itemLines(next.text, node, 0),
    lines.endsWith("\n") ? lines : lines + "\n",
  );
}

function moveItem(source: Source, from: Path, list: Path, index: number): string {
  const { text } = source;
  const fromList = from.slice(0, -1);
  const found = find(source, from);
  if (!found || !isSeq(found.parent)) throw new EditRefused("There is nothing to move here.");
  const newList = afterRemoval(list, fromList, found.index);
  if (!newList) throw new EditRefused("A step cannot be moved into itself.");
  const value = valueAt(source.data, from);
  let item: Item = { value };
  if (!flowAbove(source, fromList)) {
    const range = itemLines(text, found.parent, found.index);
    item = {
      value,
      lines: text.slice(range.from, range.to),
      column: columnOf(text, dashOf(found.parent, found.index)),
    };
  }
  const without = readSource(removeAt(source, from));
  return insertInto(without, newList, index, item);
}
