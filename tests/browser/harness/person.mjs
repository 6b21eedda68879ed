// A person at a browser: pages of a size and colour scheme, watched for faults while they are used.
//
// Whatever a page writes to the console as an error, throws, or gets from the server as a 5xx fails
// the spec, unless the spec said beforehand that it expects it. So does an answer of the API that
// is not what the OpenAPI document says.
import { mkdir, readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname } from "node:path";
import { people } from "./api.mjs";

const axeFile = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const actionMs = 10_000;
const bodiesMs = 2_000; // what is still on its way then belongs to the next step

export class Person {
  constructor(browser, servers, { shots = "", document } = {}) {
    this.browser = browser;
    this.servers = servers;
    this.shots = shots;
    this.faults = [];
    this.expected = [];
    this.document = document;
    this.reading = new Set();
    this.context = undefined;
  }

  // Comes to the server with this screen. Cookies stay.
  async sitDown({ width = 1280, height = 900, scheme = "light" } = {}) {
    const storageState = this.context ? await this.context.storageState() : undefined;
    if (this.context) await this.context.close();
    this.context = await this.browser.newContext({
      reducedMotion: "reduce",
      baseURL: this.servers.url,
      viewport: { width, height },
      colorScheme: scheme,
      locale: "en-GB",
      ...(storageState ? { storageState } : {}),
    });
    this.context.setDefaultTimeout(actionMs);
    this.page = await this.context.newPage();
    this.watch(this.page);
    return this.page;
  }

  watch(page) {
    page.on("console", (message) => {
      if (message.type() === "error")
        this.fault(`console: ${message.text()} ${message.location().url}`);
    });
    page.on("pageerror", (error) => this.fault(`thrown: ${error.message}`));
    page.on("response", (answer) => {
      if (answer.status() >= 500) this.fault(`${answer.status()} ${answer.url()}`);
      this.hold(answer);
    });
  }

  // Against the document, as soon as the body is there.
  hold(answer) {
    const { origin, pathname } = new URL(answer.url());
    if (!this.document || origin !== new URL(this.servers.url).origin) return;
    const mediaType = (answer.headers()["content-type"] ?? "").split(";")[0].trim();
    const check = (text) => {
      const said = this.document.check({
        method: answer.request().method(),
        path: pathname,
        status: answer.status(),
        mediaType,
        text,
      });
      if (said) this.fault(`document: ${said}`);
    };
    // A stream does not end, and of a page that was left the browser keeps no body.
    const body = mediaType === "text/event-stream" ? Promise.resolve("") : answer.text();
    const read = body
      .catch(() => "")
      .then(check)
      .catch((error) => this.fault(`document: ${answer.url()}: ${error.message}`))
      .finally(() => this.reading.delete(read));
    this.reading.add(read);
  }

  // Faults that match are none from now on.
  expect(pattern) {
    this.expected.push(pattern);
  }

  fault(text) {
    if (!this.expected.some((pattern) => pattern.test(text))) this.faults.push(text);
  }

  // By the API: for specs that are not about signing in.
  async signIn({ username, password } = people.ada) {
    const answer = await this.context.request.post("/api/v1/session", {
      data: { username, password },
    });
    if (!answer.ok()) throw new Error(`sign-in: ${answer.status()} ${await answer.text()}`);
  }

  // axe-core's serious and critical findings on what is shown now.
  async checkAccess(where) {
    // By evaluate: the page's policy lets no other script in.
    await this.page.evaluate(await readFile(axeFile, "utf8"));
    const found = await this.page.evaluate(async () => {
      const { violations } = await globalThis.axe.run(document, { resultTypes: ["violations"] });
      return violations
        .filter((each) => each.impact === "serious" || each.impact === "critical")
        .map(
          (each) =>
            `${each.id} (${each.help}): ${each.nodes
              .map((node) => node.html.slice(0, 160))
              .slice(0, 3)
              .join(" | ")}`,
        );
    });
    for (const each of found) this.faults.push(`axe on ${where}: ${each}`);
  }

  // Nothing may stick out sideways.
  async checkWidth(where) {
    const over = await this.page.evaluate(
      () => document.documentElement.scrollWidth - window.innerWidth,
    );
    if (over > 1) this.faults.push(`${where} is ${over} px wider than the screen`);
  }

  // Only with --screenshots.
  async shoot(name) {
    if (this.shots === "") return;
    const path = `${this.shots}/${name}.png`;
    await mkdir(dirname(path), { recursive: true });
    await this.page.screenshot({ path });
  }

  async takeFaults() {
    let timer;
    const late = new Promise((done) => {
      timer = setTimeout(done, bodiesMs);
    });
    await Promise.race([Promise.all(this.reading), late]);
    clearTimeout(timer);
    return this.faults.splice(0);
  }

  async leave() {
    await this.context?.close();
  }
}

// At the look-alike's own pages, as a person: sign in there if asked to, then consent.
export async function consentAtGitLab(page, user = "alice") {
  const login = page.getByLabel(/username/i);
  const consent = page.getByRole("button", { name: /authorize/i });
  await login.or(consent).first().waitFor();
  if (await login.isVisible()) {
    await login.fill(user);
    await page.getByLabel(/password/i).fill("sandbox-password");
    await page.getByRole("button", { name: /sign in/i }).click();
    await consent.waitFor();
  }
  await consent.click();
}
