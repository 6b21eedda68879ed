// Turns a built web application into sources for the binary: each file compressed (gzip and
// brotli), its bytes taken in by the assembler, and a table of them. Fails if the first load is too
// large.
// usage: node embed.mjs <dist> <out> <where out will be>
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from "node:fs";
import { extname, join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const firstLoadMax = 200_000;
const types = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
  ".woff2": "font/woff2",
  ".png": "image/png",
  ".txt": "text/plain; charset=utf-8",
};
const [dist, out, kept] = process.argv.slice(2);

function filesBelow(folder, prefix = "") {
  return readdirSync(folder)
    .sort()
    .flatMap((name) => {
      const path = join(folder, name);
      return statSync(path).isDirectory()
        ? filesBelow(path, `${prefix}${name}/`)
        : [{ path, url: `/${prefix}${name}` }];
    });
}

function brotli(bytes) {
  return brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_QUALITY]: 11 } });
}

const files = filesBelow(dist).map(({ path, url }) => {
  const bytes = readFileSync(path);
  const type = types[extname(path)];
  if (!type) throw new Error(`web: no media type is known for ${url} (tools/web/embed.mjs)`);
  return {
    url,
    type,
    bytes,
    gzip: gzipSync(bytes, { level: 9 }),
    brotli: brotli(bytes),
    etag: createHash("sha256").update(bytes).digest("hex").slice(0, 32),
    hashed: url.startsWith("/assets/"),
  };
});

// What a browser fetches before the first page is there: the document and all that it names.
const index = files.find((file) => file.url === "/index.html");
const html = index.bytes.toString("utf8");
const first = files.filter((file) => file === index || html.includes(`"${file.url}"`));
const size = first.reduce((sum, file) => sum + file.gzip.length, 0);
const told =
  `web: the first load is ${Math.round(size / 1000)} kB compressed ` +
  `(at most ${firstLoadMax / 1000} kB)`;
console.log(told);
if (size > firstLoadMax) {
  for (const file of first) console.error(`  ${file.gzip.length} ${file.url}`);
  throw new Error(told);
}

const data = join(out, "data");
mkdirSync(data);
const assembly = ['.section .note.GNU-stack,"",%progbits', ".section .rodata"];
const names = [];
const rows = [];
files.forEach((file, i) => {
  // The document is sent as it is: a nonce goes into it each time.
  const kinds = file === index ? ["bytes"] : ["gzip", "brotli"];
  for (const kind of kinds) {
    writeFileSync(join(data, `${i}.${kind}`), file[kind]);
    assembly.push(
      `.balign 16\n.global fairlead_web_${i}_${kind}\nfairlead_web_${i}_${kind}:`,
      `.incbin "${join(kept, "data", `${i}.${kind}`)}"`,
    );
    names.push(`extern char const fairlead_web_${i}_${kind}[];`);
  }
  const view = (kind) =>
    kinds.includes(kind)
      ? `std::string_view(fairlead_web_${i}_${kind}, ${file[kind].length})`
      : "std::string_view()";
  rows.push(
    `    {"${file.url}", "${file.type}", "${file.etag}", ` +
      `${view("bytes")}, ${view("gzip")}, ${view("brotli")}},`,
  );
});
writeFileSync(join(out, "files.S"), assembly.join("\n") + "\n");
writeFileSync(
  join(out, "files.cpp"),
  [
    "// Made by tools/web/embed.mjs.",
    '#include "app/web_files.h"',
    "",
    'extern "C" {',
    ...names,
    "}",
    "",
    "namespace fairlead::app {",
    "namespace {",
    "",
    "api::WebFile const files[] = {",
    ...rows,
    "};",
    "",
    "}  // namespace",
    "",
    "std::span<api::WebFile const> web_files() { return files; }",
    "",
    "}  // namespace fairlead::app",
    "",
  ].join("\n"),
);
