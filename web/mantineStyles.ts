// A Vite plugin: `import "virtual:mantine-styles"` is the styles of just those Mantine components
// that the application uses, in Mantine's own order. Nobody keeps a list that can go stale.
//
// What is used: the names imported from @mantine/core below src/ (and by @mantine/notifications),
// and what those components are made of, found by following their own imports. `npm run dev` takes
// all styles, as a component may be new any moment.
import { existsSync, readFileSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import type { Plugin } from "vite";

const name = "virtual:mantine-styles";
const core = resolve(__dirname, "node_modules/@mantine/core");
const always = ["baseline", "default-css-variables", "global"];

function filesBelow(folder: string, suffix: RegExp): string[] {
  return readdirSync(folder).flatMap((entry) => {
    const path = join(folder, entry);
    if (statSync(path).isDirectory()) return filesBelow(path, suffix);
    return suffix.test(entry) ? [path] : [];
  });
}

function namesImported(files: readonly string[]): Set<string> {
  const names = new Set<string>();
  const statement = /import\s*\{([^}]*)\}\s*from\s*["']@mantine\/core["']/g;
  for (const file of files)
    for (const [, list = ""] of readFileSync(file, "utf8").matchAll(statement))
      for (const each of list.split(","))
        names.add(
          each
            .trim()
            .replace(/^type\s+/, "")
            .split(/\s+as\s+/)[0] ?? "",
        );
  return names;
}

// Name exported by Mantine -> the file that defines it.
function definitions(): Map<string, string> {
  const found = new Map<string, string>();
  const statement = /export\s*\{([^}]*)\}\s*from\s*['"](\.[^'"]+)['"]/g;
  const index = readFileSync(join(core, "esm/index.mjs"), "utf8");
  for (const [, list = "", from = ""] of index.matchAll(statement))
    for (const each of list.split(",")) found.set(each.trim(), resolve(core, "esm", from));
  return found;
}

// Names of the style files that these modules and what they import bring along.
function stylesOf(roots: readonly string[]): Set<string> {
  const styles = new Set<string>();
  const seen = new Set<string>();
  const open = [...roots];
  for (let file = open.pop(); file !== undefined; file = open.pop()) {
    if (seen.has(file) || !existsSync(file)) continue;
    seen.add(file);
    const style = /^(.*)\.module\.css\.mjs$/.exec(basename(file))?.[1];
    if (style !== undefined) styles.add(style);
    const text = readFileSync(file, "utf8");
    for (const [, from = ""] of text.matchAll(/from\s*['"](\.[^'"]+)['"]/g))
      open.push(resolve(dirname(file), from));
  }
  return styles;
}

// Mantine's order decides which rule wins: that of its one large file.
function inOrder(styles: Iterable<string>): string[] {
  const whole = readFileSync(join(core, "styles.css"), "utf8");
  const place = (style: string) => {
    const text = readFileSync(join(core, "styles", `${style}.css`), "utf8");
    return whole.indexOf(/\.m_[0-9a-f]+/.exec(text)?.[0] ?? "");
  };
  return [...styles]
    .filter((style) => existsSync(join(core, "styles", `${style}.css`)))
    .map((style) => ({ style, at: place(style) }))
    .sort((a, b) => a.at - b.at)
    .map(({ style }) => style);
}

export function stylesUsed(): string[] {
  const defined = definitions();
  const files = [
    ...filesBelow(resolve(__dirname, "src"), /\.tsx?$/),
    ...filesBelow(resolve(core, "../notifications/esm"), /\.mjs$/),
  ];
  const roots = [...namesImported(files)].flatMap((each) => defined.get(each) ?? []);
  return [...always, ...inOrder(stylesOf(roots)).filter((style) => !always.includes(style))];
}

export function mantineStyles(): Plugin {
  let all = false;
  return {
    name: "mantine-styles",
    configResolved: (config) => {
      all = config.command === "serve";
    },
    resolveId: (id) => (id === name ? `\0${name}` : undefined),
    load: (id) => {
      if (id !== `\0${name}`) return undefined;
      if (all) return 'import "@mantine/core/styles.css";';
      return stylesUsed()
        .map((style) => `import "@mantine/core/styles/${style}.css";`)
        .join("\n");
    },
  };
}
