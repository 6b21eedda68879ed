// Renaming a step together with everything that names it: `then` of its neighbours, what it keeps
// as, and `$context.<name>` in expressions. Pure.

import { isScalar, visit } from "yaml";
import { edited } from "../document/edit";
import { valueAt, type Path } from "../document/path";
import { find, readSource, type Source } from "../document/source";
import { isData, keepsResult, type Step } from "./outline";

const namePattern = /^[A-Za-z][A-Za-z0-9_-]*$/;

/** Why a step cannot have this name; "" if it can. */
export function nameFault(name: string, taken: readonly string[]): string {
  if (!namePattern.test(name)) return "A letter first, then letters, digits, - and _.";
  return taken.includes(name) ? "Another step has this name." : "";
}

export function renamed(source: Source, step: Step, to: string): Source {
  const keeps = keepsResult(
    step.name,
    (valueAt(source.data, step.body) ?? {}) as Record<string, unknown>,
  );
  let next = edited(source, { kind: "rename", path: step.body, to });
  next = withTargets(next, step.path.slice(0, -1), step.name, to);
  return keeps ? withReferences(next, [...step.path, to, "export", "as"], step.name, to) : next;
}

// `then: name` is of the same list, or of a switch in it.
function withTargets(source: Source, list: Path, from: string, to: string): Source {
  const items = valueAt(source.data, list);
  if (!Array.isArray(items)) return source;
  let next = source;
  items.forEach((item: unknown, index) => {
    const name = isData(item) ? (Object.keys(item)[0] ?? "") : "";
    const body = isData(item) && isData(item[name]) ? item[name] : {};
    const at = [...list, index, name];
    if (body["then"] === from)
      next = edited(next, { kind: "set", path: [...at, "then"], value: to });
    const cases = Array.isArray(body["switch"]) ? (body["switch"] as unknown[]) : [];
    cases.forEach((one, number) => {
      const label = isData(one) ? (Object.keys(one)[0] ?? "") : "";
      const target = isData(one) && isData(one[label]) ? one[label]["then"] : undefined;
      if (target === from)
        next = edited(next, {
          kind: "set",
          path: [...at, "switch", number, label, "then"],
          value: to,
        });
    });
  });
  return next;
}

function withReferences(source: Source, kept: Path, from: string, to: string): Source {
  const escaped = from.replaceAll("-", "\\-");
  const used = new RegExp(`\\$context\\.${escaped}(?![A-Za-z0-9_])`, "g");
  const keeps = new RegExp(`\\{(\\s*)${escaped}(\\s*:\\s*\\.)`);
  const own = find(source, kept)?.node;
  const splices: { from: number; to: number; by: string }[] = [];
  visit(source.root, {
    Scalar(key, node) {
      if (key === "key" || !node.range || !isScalar(node) || typeof node.value !== "string") return;
      const [start, end] = node.range;
      const before = source.text.slice(start, end);
      let after = before.replaceAll(used, `$$context.${to}`);
      if (node === own) after = after.replace(keeps, `{$1${to}$2`);
      if (after !== before) splices.push({ from: start, to: end, by: after });
    },
  });
  const out = splices.reduceRight(
    (all, splice) => all.slice(0, splice.from) + splice.by + all.slice(splice.to),
    source.text,
  );
  return readSource(out);
}
