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
    <meta name="description" content="Every route: what it takes and what it answers.">
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
    <div class="sheet">
      <nav id="areas" aria-label="Areas"></nav>
      <main id="list"><p>Loading</p></main>
    </div>
    <p id="none" role="status"></p>
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
header { display: flex; flex-wrap: wrap; gap: 8px 24px; align-items: center; min-height: 52px;
  padding: 8px 20px; border-bottom: 1px solid var(--line);
  position: sticky; top: 0; z-index: 1; background: var(--page); }
header > a { margin-left: auto; }
label { display: flex; gap: 8px; align-items: center; }
h1 { font-size: 16px; margin: 0; }
h2 { font-size: 15px; margin: 24px 0 8px; text-transform: capitalize; scroll-margin-top: 70px; }
a { color: var(--sea); }
input { font: inherit; padding: 4px 8px; width: 280px; min-width: 0; color: inherit;
  background: var(--card); border: 1px solid var(--line); border-radius: 4px; }
.sheet { display: grid; grid-template-columns: 150px minmax(0, 1fr); gap: 32px;
  max-width: 1160px; margin: 0 auto; padding: 0 20px 60px; }
nav { position: sticky; top: 76px; align-self: start; display: grid; gap: 2px; margin-top: 20px; }
nav a { padding: 3px 8px; border-radius: 4px; color: inherit; text-decoration: none;
  text-transform: capitalize; }
nav a:hover { background: var(--card); }
nav small { color: var(--soft); }
#none { margin: -30px 20px 40px; color: var(--soft); text-align: center; }
details { border: 1px solid var(--line); border-radius: 4px; margin: 4px 0;
  scroll-margin-top: 64px; }
summary { display: grid; grid-template-columns: 58px minmax(0, 1fr) minmax(0, auto); gap: 2px 10px;
  padding: 6px 10px; cursor: pointer; }
summary:hover, details[open] > summary { background: var(--card); }
summary code { overflow-wrap: anywhere; }
summary span { color: var(--soft); text-align: right; }
.method { font-weight: 650; color: var(--sea); font-size: 12px; line-height: 21px; }
.inside { padding: 4px 12px 12px; border-top: 1px solid var(--line); }
.inside p { margin: 8px 0; }
.inside details { margin: 6px 0 0; }
.inside summary { display: list-item; }
.inside details p { margin: 8px 10px; }
h3 { font-size: 13px; margin: 12px 0 4px; }
pre { margin: 0; padding: 8px 10px; overflow-x: auto; background: var(--card);
  border: 1px solid var(--line); border-radius: 4px; font-size: 12.5px; }
.inside details pre { border-width: 1px 0 0; border-radius: 0 0 4px 4px; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.note { color: var(--soft); }
:focus-visible { outline: 2px solid var(--sea); outline-offset: 2px; }
@media (max-width: 760px) {
  header { gap: 6px 16px; padding: 8px 12px; }
  label { order: 3; flex: 1 0 100%; }
  input { flex: 1; }
  .sheet { display: block; padding: 0 12px 40px; }
  nav { position: static; display: flex; flex-wrap: wrap; margin: 12px -8px 0; }
  h2, details { scroll-margin-top: 100px; }
  summary { grid-template-columns: 52px minmax(0, 1fr); }
  summary span { grid-column: 2; text-align: left; }
}
)css";

constexpr std::string_view script = R"js("use strict";
const list = document.getElementById("list");
const find = document.getElementById("find");
const none = document.getElementById("none");
const order = ["connections", "actions", "workflows", "events", "runs", "webhooks", "secrets",
  "access", "server"];
// Of every answer, or no news to who reads HTTP.
const usual = ["X-Request-Id", "Cache-Control", "X-Content-Type-Options"];

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
  const kinds = schema.anyOf ?? schema.oneOf;
  if (kinds) return kinds.map((each) => words(each, indent)).join(" | ");
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
  if (schema.additionalProperties === true) lines.push(deeper + "...");
  else if (schema.additionalProperties)
    lines.push(`${deeper}*: ${words(schema.additionalProperties, deeper)}`);
  return lines.length === 0 ? "{}" : `{\n${lines.join("\n")}\n${indent}}`;
}

function shown(text) {
  const pre = made("pre", text);
  pre.tabIndex = 0;
  return pre;
}

function part(box, title, text) {
  box.append(made("h3", title), shown(text));
}

// What comes piece by piece: each event by its name, or each line.
function pieces(item) {
  if (!item.oneOf?.[0]?.properties?.event) return `one a line: ${words(item)}`;
  return item.oneOf
    .map(({ properties: { event, data } }) =>
      `event: ${event.const}\ndata: ${words(data.contentSchema)}`)
    .join("\n\n");
}

function bodyWords(each) {
  return each["x-itemSchema"] ? pieces(each["x-itemSchema"]) : words(each.schema);
}

// Every name in it, and what those name.
function namesIn(schema, schemas, found = new Set()) {
  for (const [, name] of JSON.stringify(schema).matchAll(/schemas\/(\w+)/g)) {
    if (found.has(name) || !schemas[name]) continue;
    found.add(name);
    namesIn(schemas[name], schemas, found);
  }
  return found;
}

function typeBox(name, schema, open) {
  const box = made("details");
  box.open = open;
  box.append(made("summary", name));
  if (schema.description) box.append(made("p", schema.description, "note"));
  box.append(shown(words(schema)));
  return box;
}

function curl(method, path, operation) {
  const lines = [`curl "${location.origin}${path}"`];
  if (method !== "get") lines[0] = `curl -X ${method.toUpperCase()} "${location.origin}${path}"`;
  if (!operation.security) lines.push(`-H "Authorization: Bearer $FAIRLEAD_TOKEN"`);
  const [media] = Object.keys(operation.requestBody?.content ?? {});
  if (media) lines.push(`-H "Content-Type: ${media}"`, `-d @body`);
  return lines.join(" \\\n  ");
}

function answer(box, status, response) {
  const bodies = Object.entries(response.content ?? {});
  if (bodies.length === 0) part(box, `Answer ${status}`, response.description);
  for (const [media, each] of bodies) part(box, `Answer ${status}: ${media}`, bodyWords(each));
  const headers = Object.keys(response.headers ?? {}).filter((name) => !usual.includes(name));
  if (headers.length > 0) box.append(made("p", `With ${headers.join(", ")}.`, "note"));
}

function fill(box, method, path, operation, schemas) {
  box.append(made("p", operation.description ?? "For everybody, without a token."));
  const parameters = (operation.parameters ?? []).map((each) => {
    const said = each.description ? `: ${each.description}` : "";
    return `${each.name}${each.required ? "" : "?"}: ${words(each.schema)}  (${each.in}${said})`;
  });
  if (parameters.length > 0) part(box, "Parameters", parameters.join("\n"));
  for (const [media, each] of Object.entries(operation.requestBody?.content ?? {}))
    part(box, `Body: ${media}`, bodyWords(each));
  for (const [status, response] of Object.entries(operation.responses))
    if (status !== "default" && status !== "304") answer(box, status, response);
  part(box, "With curl", curl(method, path, operation));
  const asked = [operation.requestBody ?? {}, operation.responses];
  box.append(made("h3", "Types"));
  // What every route may answer comes last, and closed.
  const { Problem: problem, ...others } = schemas;
  for (const name of namesIn(asked, others))
    box.append(typeBox(name, others[name], JSON.stringify(asked).includes(`/${name}"`)));
  box.append(typeBox("Problem", problem, false));
}

function entry(method, path, operation, components) {
  const details = made("details");
  details.id = operation.operationId;
  const summary = made("summary");
  summary.append(made("b", method.toUpperCase(), "method"), made("code", path));
  summary.append(made("span", operation.summary));
  details.append(summary);
  details.addEventListener("toggle", () => {
    // The address leads here, to be passed on.
    if (details.open) history.replaceState(null, "", `#${details.id}`);
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
  const place = ([area]) => (order.includes(area) ? order.indexOf(area) : order.length);
  const sorted = [...areas].sort((a, b) => place(a) - place(b));
  list.replaceChildren(
    ...sorted.map(([area, entries]) => {
      const section = made("section");
      const head = made("h2", area);
      head.id = `area-${area}`;
      section.append(head, ...entries);
      return section;
    }),
  );
  document.getElementById("areas").replaceChildren(
    ...sorted.map(([area, entries]) => {
      const link = made("a", `${area} `);
      link.href = `#area-${area}`;
      link.append(made("small", String(entries.length)));
      return link;
    }),
  );
  goTo();
}

// Opens what the address names.
function goTo() {
  const wanted = document.getElementById(location.hash.slice(1));
  if (!wanted) return;
  if (wanted.localName === "details") wanted.open = true;
  wanted.scrollIntoView();
}
addEventListener("hashchange", goTo);

find.addEventListener("input", () => {
  const typed = find.value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const section of list.children) {
    for (const each of section.querySelectorAll(":scope > details"))
      each.hidden = !typed.every((word) => each.dataset.words.includes(word));
    section.hidden = !section.querySelector(":scope > details:not([hidden])");
  }
  const left = list.querySelector("section:not([hidden])");
  none.textContent = left ? "" : `No route says "${find.value}".`;
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
