// The three ways to give a field its value: a text, a value of an earlier step, or jq. All three
// are the same YAML string; which one it is can be read off it. Pure.

export type Mode = "text" | "pick" | "jq";

const wrapped = /^\s*\$\{([\s\S]*)\}\s*$/;
const variable = /^\s*\$[A-Za-z_]\w*\s*$/;
const plainPath = /^\s*(\$[A-Za-z_]\w*)?(\.[A-Za-z_]\w*|\[[0-9]+\]|\."[^"]*")+\s*$/;

/** What stands in `${ }`, if the whole text is one expression. */
export function unwrapped(value: unknown): string | null {
  if (typeof value !== "string") return null;
  const match = wrapped.exec(value);
  const inner = match?.[1];
  if (inner === undefined || closesEarly(inner)) return null;
  return inner.trim();
}

// "${ .a } and ${ .b }" begins and ends like one expression but is two.
function closesEarly(inner: string): boolean {
  let depth = 0;
  let quoted = false;
  for (let i = 0; i < inner.length; ++i) {
    const letter = inner[i];
    if (quoted) {
      if (letter === "\\") ++i;
      else if (letter === '"') quoted = false;
    } else if (letter === '"') quoted = true;
    else if (letter === "{") ++depth;
    else if (letter === "}" && --depth < 0) return true;
  }
  return false;
}

export function wrap(expression: string): string {
  return "${ " + expression.trim() + " }";
}

export function modeOf(value: unknown): Mode {
  const inner = unwrapped(value);
  if (inner !== null) return plainPath.test(inner) || variable.test(inner) ? "pick" : "jq";
  return typeof value === "string" && value.includes("${") ? "jq" : "text";
}

/** The jq of a value for the editor: what is in `${ }`, or a text with parts as jq. */
export function asExpression(value: unknown): string {
  const inner = unwrapped(value);
  if (inner !== null) return inner;
  if (value === undefined || value === null) return "";
  if (typeof value === "string" && value.includes("${")) return interpolation(value);
  return JSON.stringify(value);
}

// "Hello ${ .name }" as jq: "Hello \(.name)".
function interpolation(value: string): string {
  const parts = value.split(/\$\{([^{}]*)\}/);
  return (
    '"' +
    parts
      .map((part, i) => (i % 2 === 1 ? `\\(${part.trim()})` : JSON.stringify(part).slice(1, -1)))
      .join("") +
    '"'
  );
}

/** An expression in words: "$context.createIssue.iid" as "createIssue › iid". */
export function pathWords(expression: string): string {
  const path = expression
    .trim()
    .replace(/^\$context\./, "")
    .replace(/^\$/, "")
    .replace(/^\./, "");
  return path
    .split(/\.|(?=\[)/)
    .filter((part) => part !== "")
    .join(" › ");
}
