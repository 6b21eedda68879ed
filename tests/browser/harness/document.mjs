// Holds what the browser got from the API against docs/reference/openapi.json, by a validator that
// is not ours: path, method, status, media type and shape. tests/scenarios/api_document.py does the
// same for the scenarios.
import { readFileSync } from "node:fs";
import Ajv from "ajv/dist/2020.js";

const saidMax = 400; // characters of a wrong answer that are shown
const root = "openapi.json";

const escaped = (text) => text.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
const pointer = (...parts) =>
  parts
    .map((each) => `/${encodeURIComponent(each.replaceAll("~", "~0").replaceAll("/", "~1"))}`)
    .join("");

export class ApiDocument {
  constructor(file) {
    this.paths = JSON.parse(readFileSync(file, "utf8"));
    this.ajv = new Ajv({ strict: false, validateFormats: false, allErrors: false });
    this.ajv.addSchema(this.paths, root);
    this.paths = this.paths.paths;
    this.checked = 0;
    const holes = (path) => path.split("{").length;
    // What is written out wins over "{...}", as in the server's router.
    this.templates = Object.keys(this.paths)
      .sort((a, b) => holes(a) - holes(b) || (a < b ? -1 : 1))
      .map((path) => ({
        path,
        pattern: new RegExp(`^${escaped(path).replace(/\{[^/{}]+\}/g, "[^/]+")}$`),
      }));
  }

  // The first that has the method, so that a catch-all does not hide a neighbour.
  template(path, method) {
    return this.templates.find((each) => each.pattern.test(path) && this.paths[each.path][method])
      ?.path;
  }

  // `answer`: method, path, status, mediaType, text. What is wrong with it, or "".
  check({ method, path, status, mediaType, text }) {
    if (!path.startsWith("/api/v1/")) return "";
    this.checked += 1;
    const verb = method.toLowerCase();
    const template = this.template(path, verb);
    if (!template) {
      if (status === 404 || status === 405) return "";
      return `${method} ${path} is not in the OpenAPI document, but answers ${status}`;
    }
    const place = `${method} ${template} ${status}`;
    const { responses } = this.paths[template][verb];
    const key = String(status) in responses ? String(status) : "default";
    if (key === "default" && status < 400 && status !== 304)
      return `${place}: this status is not in the OpenAPI document`;
    const content = responses[key]?.content ?? {};
    if (Object.keys(content).length === 0 || text === "") return "";
    if (!content[mediaType])
      return `${place}: ${mediaType} is not in the OpenAPI document (${Object.keys(content)})`;
    if (!/^application\/(.+\+)?json$/.test(mediaType) || !content[mediaType].schema) return "";
    const at = ["paths", template, verb, "responses", key, "content", mediaType, "schema"];
    return this.checkShape(place, `${root}#${pointer(...at)}`, text);
  }

  checkShape(place, ref, text) {
    const holds = this.ajv.getSchema(ref);
    if (!holds) throw new Error(`no schema at ${ref}`);
    if (holds(JSON.parse(text))) return "";
    const [{ instancePath, message, params }] = holds.errors;
    return (
      `${place}: the answer is not what the OpenAPI document says: at ${instancePath || "/"}: ` +
      `${message} ${JSON.stringify(params)}\n${text.slice(0, saidMax)}`
    );
  }
}
