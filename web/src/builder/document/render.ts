// Writes new values as YAML in the way the rest of the text is written. Texts that hold `${` are
// single-quoted (or a block, if they have several lines), as the format asks. Pure.

import { Document, isScalar, visit, type Node, type Scalar } from "yaml";
import type { Style } from "./splice";

export type ScalarStyle = Scalar.Type | undefined;

const unfolded = 0; // lineWidth: no folding, what a person typed stays on its line

function styled(document: Document, keep: ScalarStyle): Document {
  visit(document, {
    Scalar(key, node) {
      if (key === "key" || typeof node.value !== "string") return;
      if (node.value.includes("\n")) {
        node.type = keep === "BLOCK_FOLDED" ? "BLOCK_FOLDED" : "BLOCK_LITERAL";
      } else if (keep && node.value !== "" && fits(keep, node.value)) {
        node.type = keep;
      } else if (node.value.includes("${") || looksOdd(node.value)) {
        node.type = "QUOTE_SINGLE";
      }
    },
  });
  return document;
}

function fits(keep: Scalar.Type, value: string): boolean {
  if (keep === "PLAIN") return !value.includes("${");
  return keep !== "BLOCK_FOLDED" && keep !== "BLOCK_LITERAL" ? true : value.length > 60;
}

// Versions such as 1.0.0 are quoted in every example of the format.
function looksOdd(value: string): boolean {
  return /^[0-9]+(\.[0-9]+)+$/.test(value);
}

function written(contents: unknown, style: Style, keep: ScalarStyle): string {
  const document = styled(new Document(contents, { aliasDuplicateObjects: false }), keep);
  return document
    .toString({ lineWidth: unfolded, indent: style.indent, indentSeq: style.indentSeq })
    .trimEnd();
}

function pushed(lines: string, column: number): string {
  return lines
    .split("\n")
    .map((line, i) => (i === 0 || line === "" ? line : " ".repeat(column) + line))
    .join("\n");
}

/** "key: value" for a block map whose keys stand in `column`. */
export function renderPair(
  key: string,
  value: unknown,
  column: number,
  style: Style,
  keep?: ScalarStyle,
): string {
  return pushed(written({ [key]: value }, style, keep), column);
}

/** What follows the colon: " value", or a line break and a block. */
export function renderValue(
  value: unknown,
  column: number,
  style: Style,
  keep?: ScalarStyle,
): string {
  return renderPair("k", value, column, style, keep).slice("k:".length);
}

/** "- value" for a block list whose dashes stand in `column`. */
export function renderItem(value: unknown, column: number, style: Style): string {
  return pushed(written([value], style, undefined), column);
}

/** A value on one line, as inside of [ ] and { }. */
export function renderFlow(value: unknown, padded: "padded" | "tight"): string {
  const document = styled(new Document(value, { aliasDuplicateObjects: false }), undefined);
  visit(document, {
    Collection(_key, node) {
      node.flow = true;
    },
    Scalar(_key, node) {
      if (node.type?.startsWith("BLOCK")) node.type = "QUOTE_DOUBLE";
    },
  });
  const text = document.toString({
    lineWidth: unfolded,
    flowCollectionPadding: padded === "padded",
  });
  return text.trimEnd();
}

export function scalarStyle(node: Node | null | undefined): ScalarStyle {
  return isScalar(node) ? (node.type as ScalarStyle) : undefined;
}
