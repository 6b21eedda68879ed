// The specs of tests/browser/specs, each file with servers and a person of its own.
// usage: node run.mjs <fairlead> [--screenshots] [--only <text>] [spec...]
// Ends in "N passed, N failed".
import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { Api } from "./harness/api.mjs";
import { ApiDocument } from "./harness/document.mjs";
import { Person } from "./harness/person.mjs";
import { startServers } from "./harness/servers.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const [program, ...rest] = process.argv.slice(2);
const screenshots = rest.includes("--screenshots");
const at = rest.indexOf("--only");
const only = at < 0 ? "" : rest[at + 1];
const named = rest.filter((each, i) => !each.startsWith("--") && (at < 0 || i !== at + 1));
const shots = screenshots ? join(here, "../../docs/screenshots") : "";
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";

const document = new ApiDocument(join(here, "../../docs/reference/openapi.json"));

let passed = 0;
let failed = 0;

async function step(name, work, person) {
  const began = Date.now();
  let trouble = "";
  try {
    await work();
  } catch (error) {
    trouble = error instanceof Error ? (error.stack ?? error.message) : String(error);
  }
  const faults = await person.takeFaults();
  if (faults.length > 0) trouble += `${trouble ? "\n" : ""}${faults.join("\n")}`;
  if (trouble === "") {
    passed += 1;
    console.log(`ok    ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    return;
  }
  failed += 1;
  console.log(`FAIL  ${name}\n${trouble.replace(/^/gm, "        ")}`);
  const file = join(process.env.TMPDIR ?? "/tmp", `fairlead-browser-${failed}.png`);
  await person.page?.screenshot({ path: file }).catch(() => {});
  console.log(`        what was shown: ${file}, ${person.page?.url()}`);
}

async function runFile(browser, file) {
  // The steps of a story stand on each other: after one that failed the others are not tried.
  const { default: steps, isStory } = await import(join(here, "specs", file));
  const servers = await startServers(program);
  const person = new Person(browser, servers, { shots, document });
  const failedBefore = failed;
  const world = {
    servers,
    person,
    api: new Api(servers),
    workflows: join(here, "workflows"),
    root: join(here, "../.."),
    memory: {},
  };
  try {
    for (const [name, work] of Object.entries(steps)) {
      if (name !== "prepare" && only && !name.includes(only)) continue;
      if (isStory && failed > failedBefore) {
        failed += 1;
        console.log(`FAIL  ${name}: not tried`);
        continue;
      }
      await step(`${file.replace(/\.mjs$/, "")}: ${name}`, () => work(world), person);
    }
  } finally {
    await person.leave();
    await servers.stop();
  }
}

const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-dev-shm-usage"],
});
const files = (await readdir(join(here, "specs"))).filter((each) => each.endsWith(".mjs")).sort();
async function tryFile(file) {
  try {
    await runFile(browser, file);
  } catch (error) {
    failed += 1;
    console.log(`FAIL  ${file}: ${error.stack ?? error}`);
  }
}
for (const file of files) {
  if (named.length > 0 && !named.some((each) => file.startsWith(each))) continue;
  const before = { passed, failed };
  await tryFile(file);
  if (failed === before.failed) continue;
  // A browser on a busy machine can be late: once more from an empty folder, and only that counts.
  console.log(`again ${file}: it failed at the first try (above)`);
  ({ passed, failed } = before);
  await tryFile(file);
}
await browser.close();
if (document.checked === 0) {
  failed += 1;
  console.log("FAIL  no answer was held against the OpenAPI document");
}
console.log(`${document.checked} answers held against the OpenAPI document`);
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 && passed > 0 ? 0 : 1;
