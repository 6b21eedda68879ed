// docs/reference/openapi.json by a validator that we did not write: against the schema of
// OpenAPI 3.1 itself, and every reference in it.
// usage: node check.mjs <document>
import { readFileSync } from "node:fs";
import { Validator } from "@seriousme/openapi-schema-validator";

const [path] = process.argv.slice(2);
const failures = [];
let checks = 0;
const counted = (passed, what) => {
  checks += 1;
  if (!passed) failures.push(what);
};

const text = readFileSync(path, "utf8");
const validator = new Validator();
const found = await validator.validate(JSON.parse(text));
counted(found.valid, `not OpenAPI: ${JSON.stringify(found.errors)?.slice(0, 2000)}`);
counted(validator.version === "3.1", `OpenAPI ${validator.version}, not 3.1`);
let resolved = true;
try {
  validator.resolveRefs();
} catch (error) {
  resolved = String(error);
}
counted(resolved === true, `a reference leads nowhere: ${resolved}`);

// What the validator must find, or it finds nothing.
const broken = JSON.parse(text);
broken.paths["/api/v1/runs"].get.responses = [];
counted(!(await new Validator().validate(broken)).valid, "a broken document passes");

for (const failure of failures) console.error(`FAIL ${failure}`);
console.log(`${checks - failures.length} passed, ${failures.length} failed`);
process.exit(failures.length === 0 ? 0 : 1);
