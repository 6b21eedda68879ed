// Writes src/api/schema.gen.ts from the API's own document. Part of every build and every check, and
// never kept in git: a page that reads what the server no longer answers does not compile.
import { readFile, writeFile } from "node:fs/promises";
import openapiTS, { astToString } from "openapi-typescript";
import ts from "typescript";

const document = new URL("../docs/reference/openapi.json", import.meta.url);
const target = new URL("src/api/schema.gen.ts", import.meta.url);
const head = `// Written by npm run types from docs/reference/openapi.json: not to be edited.
import type { Json, JsonObject } from "./json";

`;

// What the document leaves open (x: any, "...") is others', so some JSON, to be read with care.
const anything = (schema) => Object.keys(schema).every((key) => key === "description");
const nodes = await openapiTS(document, {
  transform: (schema) => {
    if (anything(schema)) return ts.factory.createTypeReferenceNode("Json");
    const isOpen = schema.additionalProperties === true;
    return isOpen ? ts.factory.createTypeReferenceNode("JsonObject") : undefined;
  },
});
const text = head + astToString(nodes);
const before = await readFile(target, "utf8").catch(() => "");
if (before !== text) await writeFile(target, text);
