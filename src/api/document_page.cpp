#include "api/document_page.h"

namespace fairlead::api {
namespace {

constexpr std::string_view html = R"html(<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>REST API - Fairlead</title>
    <link rel="icon" href="/icon.svg" type="image/svg+xml">
    <link rel="stylesheet" href="/api/docs.css">
  </head>
  <body>
    <header>
      <h1><a href="/">Fairlead</a> REST API</h1>
      <label
        >Find <input id="find" type="search" placeholder="runs, POST, connections" autofocus
      ></label>
      <a href="/api/v1/openapi.json">OpenAPI document</a>
    </header>
    <main id="list" aria-live="polite"><p>Loading</p></main>
    <noscript>This page needs JavaScript; the document is at /api/v1/openapi.json.</noscript>
    <script src="/api/docs.js"></script>
  </body>
</html>
)html";

constexpr std::string_view style = R"css(:root {
  color-scheme: light dark;
  --ink: #1f1e24; --soft: #59626b; --line: #dcdcde; --page: #fff; --card: #f7f8f8; --sea: #185659;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ink: #ececef; --soft: #a3a8ae; --line: #434248;
    --page: #1e1e1e; --card: #28272d; --sea: #8bc0c3;
  }
}
* { box-sizing: border-box; }
body { margin: 0; background: var(--page); color: var(--ink);
  font: 14px/1.5 system-ui, sans-serif; }
header { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: center;
  padding: 10px 20px;
  border-bottom: 1px solid var(--line); position: sticky; top: 0; background: var(--page); }
h1 { font-size: 16px; margin: 0; }
h2 { font-size: 15px; margin: 24px 0 8px; text-transform: capitalize; }
a { color: var(--sea); }
input { font: inherit; padding: 4px 8px; width: min(280px, 60vw); color: inherit;
  background: var(--card); border: 1px solid var(--line); border-radius: 4px; }
main { max-width: 1000px; margin: 0 auto; padding: 0 20px 60px; }
details { border: 1px solid var(--line); border-radius: 4px; margin: 4px 0; }
summary { display: flex; flex-wrap: wrap; gap: 2px 10px; padding: 6px 10px; cursor: pointer; }
summary:hover { background: var(--card); }
summary code { overflow-wrap: anywhere; }
summary span { color: var(--soft); margin-left: auto; }
.method { min-width: 52px; font-weight: 650; color: var(--sea);
  font-size: 12px; line-height: 21px; }
.inside { padding: 4px 12px 12px; border-top: 1px solid var(--line); }
h3 { font-size: 13px; margin: 12px 0 4px; }
pre { margin: 0; padding: 8px 10px; overflow-x: auto; background: var(--card);
  border: 1px solid var(--line); border-radius: 4px; font-size: 12.5px; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
:focus-visible { outline: 2px solid var(--sea); outline-offset: 2px; }
)css";

constexpr std::string_view script = R"js("use strict";
const list = document.getElementById("list");
const find = document.getElementById("find");

function made(tag, text, className) {
  const element = document.createElement(tag);
  if (text !== undefined) element.textContent = text;
  if (className) element.className = className;
  return element;
}

// A JSON Schema in the words of TypeScript.
function words(schema, indent = "") {
  if (!schema) return "any";
  if (schema.$ref) return schema.$ref.split("/").pop();
  if (schema.enum) return schema.enum.map((value) => JSON.stringify(value)).join(" | ");
  if (schema.const !== undefined) return JSON.stringify(schema.const);
  if (schema.anyOf) return schema.anyOf.map((each) => words(each, indent)).join(" | ");
  if (schema.type === "array") return `[${words(schema.items, indent)}]`;
  if (schema.type === "object") return objectWords(schema, indent);
  if (Array.isArray(schema.type)) return schema.type.join(" | ");
  return schema.format === "date-time" ? "time" : (schema.type ?? "any");
}

function objectWords(schema, indent) {
  const deeper = indent + "  ";
  const lines = Object.entries(schema.properties ?? {}).map(([name, each]) => {
    const mark = (schema.required ?? []).includes(name) ? "" : "?";
    return `${deeper}${name}${mark}: ${words(each, deeper)}`;
  });
  if (schema.additionalProperties === undefined) lines.push(deeper + "...");
  else if (schema.additionalProperties)
    lines.push(`${deeper}*: ${words(schema.additionalProperties, deeper)}`);
  return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${indent}}`;
}

function part(box, title, text) {
  box.append(made("h3", title));
  const pre = made("pre", text);
  pre.tabIndex = 0;
  box.append(pre);
}

function curl(method, path, operation) {
  const lines = [`curl "${location.origin}${path}"`];
  if (method !== "get") lines[0] = `curl -X ${method.toUpperCase()} "${location.origin}${path}"`;
  if (!operation.security) lines.push(`-H "Authorization: Bearer $FAIRLEAD_TOKEN"`);
  const [media] = Object.keys(operation.requestBody?.content ?? {});
  if (media) lines.push(`-H "Content-Type: ${media}"`, `-d @body`);
  return lines.join(" \\\n  ");
}

function fill(box, method, path, operation, components) {
  if (operation.description) box.append(made("p", operation.description));
  const parameters = (operation.parameters ?? []).map(
    (each) => `${each.name}${each.required ? "" : "?"}: ${words(each.schema)}  (${each.in})`,
  );
  if (parameters.length > 0) part(box, "Parameters", parameters.join("\n"));
  const used = new Set();
  const told = (schema) => {
    JSON.stringify(schema ?? {}, (key, value) => {
      if (key === "$ref") used.add(value.split("/").pop());
      return value;
    });
    return words(schema);
  };
  for (const [media, each] of Object.entries(operation.requestBody?.content ?? {}))
    part(box, `Body: ${media}`, told(each.schema));
  for (const [status, response] of Object.entries(operation.responses)) {
    if (status === "default") continue;
    const bodies = Object.entries(response.content ?? {});
    if (bodies.length === 0) part(box, `Answer ${status}`, "no body");
    for (const [media, each] of bodies) part(box, `Answer ${status}: ${media}`, told(each.schema));
  }
  for (const name of used) {
    for (const [, more] of JSON.stringify(components[name]).matchAll(/schemas\/(\w+)/g))
      used.add(more);
    part(box, name, words(components[name]));
  }
  part(box, "With curl", curl(method, path, operation));
}

function entry(method, path, operation, components) {
  const details = made("details");
  details.id = operation.operationId;
  const summary = made("summary");
  summary.append(made("b", method.toUpperCase(), "method"), made("code", path));
  summary.append(made("span", operation.summary));
  details.append(summary);
  details.addEventListener("toggle", () => {
    if (!details.open || details.childElementCount > 1) return;
    const box = made("div", undefined, "inside");
    fill(box, method, path, operation, components);
    details.append(box);
  });
  details.dataset.words = `${method} ${path} ${operation.summary}`.toLowerCase();
  return details;
}

function show(api) {
  const areas = new Map();
  for (const [path, methods] of Object.entries(api.paths))
    for (const [method, operation] of Object.entries(methods)) {
      const [area] = operation.tags;
      if (!areas.has(area)) areas.set(area, []);
      areas.get(area).push(entry(method, path, operation, api.components.schemas));
    }
  list.replaceChildren(
    ...[...areas].map(([area, entries]) => {
      const section = made("section");
      section.append(made("h2", area), ...entries);
      return section;
    }),
  );
  const wanted = document.getElementById(location.hash.slice(1));
  if (wanted) wanted.open = true;
}

find.addEventListener("input", () => {
  const typed = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of list.children) {
    for (const each of section.querySelectorAll("details"))
      each.hidden = !typed.every((word) => each.dataset.words.includes(word));
    section.hidden = !section.querySelector("details:not([hidden])");
  }
});

fetch("/api/v1/openapi.json")
  .then((response) => response.json())
  .then(show)
  .catch(() => {
    list.replaceChildren(made("p", "The document could not be read: load the page again."));
  });
)js";

}  // namespace

std::string_view document_page_html() { return html; }
std::string_view document_page_style() { return style; }
std::string_view document_page_script() { return script; }

std::string_view document_page_policy() {
  return "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; "
         "img-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
}

}  // namespace fairlead::api
