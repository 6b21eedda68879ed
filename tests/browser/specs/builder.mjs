// The builder: a workflow from its template, a step changed, published; by keyboard alone; and a
// text whose comments survive all of it.
import assert from "node:assert/strict";
import { until } from "../harness/api.mjs";
import { redrawn, requests } from "../harness/work.mjs";

const base = "/workflows/ops/";

const row = (page, pointer) => page.locator(`[data-row="${pointer}"]`);
const saved = (page) =>
  page
    .getByRole("status")
    .filter({ hasText: /^Saved$/ })
    .waitFor();

async function makeFromTemplate(page, name) {
  await page.goto("/workflows/templates/incident-to-issue");
  await page.getByLabel("Name of the workflow").fill(name);
  await page.getByRole("button", { name: "Make the draft" }).click();
  await page.getByRole("treegrid", { name: "Steps" }).waitFor();
}

async function source(api, name, version = "") {
  const query = version === "" ? "" : `?version=${version}`;
  return (await api.get(`${base}${name}${query}`)).source;
}

const comments = (text) => text.split("\n").filter((line) => line.trim().startsWith("#"));

export default {
  async prepare({ api, person }) {
    await api.setUp();
    await api.connect();
    await person.sitDown();
    await person.signIn();
  },

  async "an empty list leads to the templates"({ person }) {
    const { page } = person;
    await page.goto("/workflows");
    await page.getByText("No workflows yet").waitFor();
    await page.getByRole("link", { name: "Choose a template" }).click();
    await page.getByRole("heading", { name: "Incident to issue" }).waitFor();
    await person.checkAccess("templates");
    await person.shoot("templates");
  },

  async "a template asks what it needs, looked up at GitLab"({ person }) {
    const { page } = person;
    await page.getByRole("link", { name: "Use Incident to issue" }).click();
    await page.getByLabel("Branch of the runbook").click();
    await page.getByRole("option", { name: "main", exact: true }).waitFor();
    await page.getByLabel("Project for incidents").fill("run");
    await page.getByRole("option", { name: /ops\/runbooks/ }).waitFor();
    await page.getByLabel("Project for incidents").fill("ops/incidents");
    await person.checkAccess("a template");
    await page.getByLabel("Name of the workflow").fill("first");
    await page.getByRole("button", { name: "Make the draft" }).click();
    await page.getByRole("treegrid", { name: "Steps" }).waitFor();
    await row(page, "/do/2/repair/try/0").waitFor();
    await person.checkAccess("the builder");
    await person.shoot("builder");
  },

  async "a step is changed in its form, with what the expression gives"({ api, person }) {
    const { page } = person;
    const before = await source(api, "first", "1.0.0");
    await row(page, "/do/1").click();
    await page.getByLabel("Result on sample data").first().waitFor();
    await page.getByLabel("How Title gets its value").getByText("Text").click();
    await page.getByRole("textbox", { name: "Title", exact: true }).fill("Something broke");
    await page.getByText("Not saved yet").waitFor();
    await saved(page);
    const after = await source(api, "first", "1.0.0");
    const changed = after.split("\n").filter((line) => !before.includes(line));
    assert.deepEqual(
      changed.map((line) => line.trim()),
      ["title: 'Something broke'"],
      "nothing but the title's line",
    );
  },

  async "a step is tried dry and given as a command"({ person }) {
    const { page } = person;
    await page.getByRole("tab", { name: "Try it" }).click();
    await page.getByRole("button", { name: "Show the request" }).click();
    await page
      .getByRole("region", { name: "Request" })
      .getByText(/ops%2Fincidents/)
      .waitFor();
    await page.getByRole("button", { name: "As cURL" }).click();
    await page.getByText(/curl --fail-with-body .*\$GITLAB_TOKEN/).waitFor();
    await person.checkAccess("trying a step");
  },

  async "a fault is told at the step and in the list, and undone"({ person }) {
    const { page } = person;
    await page.getByRole("button", { name: "Add a step", exact: true }).click();
    await page.getByLabel("Search actions and steps").fill("comment on");
    await page.keyboard.press("Enter");
    await page.getByText("2 errors").waitFor();
    await page.getByText("2 errors").click();
    await page.getByRole("button", { name: /needs 'body'/ }).click();
    await person.checkAccess("problems");
    await page.keyboard.press("Control+z");
    await page.getByText("No problems").waitFor();
    await saved(page);
  },

  async "the YAML view is the same text"({ api, person }) {
    const { page } = person;
    await page.getByRole("radiogroup", { name: "View" }).getByText("YAML").click();
    await page.getByText("Something broke").waitFor();
    await person.checkAccess("the YAML view");
    await person.shoot("builder-yaml");
    await page.locator(".cm-content").focus();
    await page.keyboard.press("Control+Home");
    await page.keyboard.type("# Looked after by ops.\n");
    await page.getByText("Not saved yet").waitFor();
    await saved(page);
    assert.match(await source(api, "first", "1.0.0"), /^# Looked after by ops\.\n# An incident/);
    await page.getByRole("radiogroup", { name: "View" }).getByText("Steps").click();
  },

  async "a dry run shows what each step would ask of GitLab"({ person }) {
    const { page } = person;
    await page.getByRole("button", { name: "Dry run" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Show what would happen" }).click();
    const steps = dialog.getByRole("list", { name: "What would happen" });
    await steps.getByText("create-issue:1.0.0@gitlab").waitFor();
    await steps
      .getByText(/ops%2Fincidents\/issues/)
      .first()
      .waitFor();
    await person.checkAccess("dry run");
    await person.shoot("dry-run");
    await dialog.getByRole("button", { name: "Close", exact: true }).click();
  },

  async "it is published with a note"({ api, person }) {
    const { page } = person;
    await page.getByRole("button", { name: "Publish…" }).click();
    await page.getByText("This is its first version.").waitFor();
    await page.getByLabel("Change note").fill("Taken from the template");
    await person.checkAccess("publishing");
    await page.getByRole("button", { name: "Publish 1.0.0" }).click();
    await page.getByRole("tab", { name: "Versions (1)" }).click();
    await page.getByText("Taken from the template").waitFor();
    assert.equal((await api.get(`${base}first`)).status, "published");
    await person.checkAccess("a workflow");
    await person.shoot("workflow");
  },

  async "the next change is compared with what is in force"({ api, person }) {
    const { page } = person;
    await page.getByRole("link", { name: "Edit" }).click();
    await row(page, "/do/1").click();
    await page.getByRole("textbox", { name: "Title", exact: true }).fill("It broke again");
    await saved(page);
    await page.getByRole("button", { name: "Publish…" }).click();
    await page.getByRole("region", { name: "Changed lines" }).getByText("It broke again").waitFor();
    await person.shoot("publish");
    await page.getByRole("button", { name: "Publish 1.0.1" }).click();
    await page.getByRole("tab", { name: "Versions (2)" }).click();
    await page.getByRole("button", { name: "Go back to it" }).click();
    await page.getByRole("button", { name: "Go back", exact: true }).click();
    await page.getByRole("tab", { name: "Versions (3)" }).waitFor();
    const text = await source(api, "first");
    assert.match(text, /title: 'Something broke'/);
    assert.equal(comments(text)[0], "# Looked after by ops.");
  },

  async "it is run by hand"({ person }) {
    const { page } = person;
    await page.getByRole("button", { name: "Run…" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Run", exact: true }).click();
    await page.waitForURL(/\/runs\/[0-9a-f-]+$/);
  },

  async "a workflow is read from a file, and a file that is none is told"({ api, person }) {
    const { page } = person;
    const text =
      "# From git.\ndocument: {dsl: 1.0.3, namespace: ops, name: from-file, version: 2.0.0}\n";
    const file = (name, content) => ({
      name,
      mimeType: "application/yaml",
      buffer: Buffer.from(content),
    });
    person.expect(/status of 4\d\d/);
    await page.goto("/workflows");
    await page.getByRole("button", { name: "New workflow" }).click();
    const dialog = page.getByRole("dialog");
    const pick = dialog.getByLabel("File of a workflow");
    await pick.setInputFiles(file("wrong.yaml", "just: a list"));
    await dialog.getByRole("alert").waitFor();
    await person.checkAccess("a file that is no workflow");
    await pick.setInputFiles(file("right.yaml", `${text}do: [{nothing: {set: {x: 1}}}]\n`));
    await row(page, "/do/0").waitFor();
    assert.match(await source(api, "from-file", "2.0.0"), /^# From git\./);
  },

  async "a step added by keyboard is edited at once"({ api, person }) {
    const { page } = person;
    const text = `document: {dsl: 1.0.3, namespace: ops, name: typed, version: 1.0.0}
do: [{nothing: {set: {x: 1}}}]
`;
    await api.call("PUT", "/workflows/draft", text, "application/yaml");
    await page.goto(`${base}typed/edit`);
    await row(page, "").focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("a");
    await page.getByLabel("Search actions and steps").waitFor();
    await page.keyboard.press("Escape");
    const here = () => page.evaluate(() => document.activeElement?.getAttribute("data-row"));
    await until("the list has the focus again", async () => (await here()) === "/do/0");
    await page.keyboard.press("a");
    await page.getByLabel("Search actions and steps").waitFor();
    await page.keyboard.type("survives restarts");
    await page.keyboard.press("Enter");
    const name = page.getByLabel("Name of the step");
    await until("its name has the focus", () =>
      name.evaluate((input) => input === document.activeElement && input.value === "pause"),
    );
  },

  async "trying again and waiting for events have forms"({ api, person }) {
    const { page } = person;
    const text = `document: {dsl: 1.0.3, namespace: ops, name: forms, version: 1.0.0}
do:
  - attempt:
      try:
        - work: {call: http, with: {method: get, endpoint: https://example.com/}}
      catch:
        as: problem # kept
        retry: {delay: PT5S}
  - hear:
      listen:
        to:
          one: {with: {type: com.example.first}}
      metadata: {by: hand}
`;
    await api.call("PUT", "/workflows/draft", text, "application/yaml");
    await page.goto(`${base}forms/edit`);
    const box = (name) => page.getByRole("textbox", { name, exact: true });
    const choose = async (label, option) => {
      await box(label).click();
      await page.getByRole("option", { name: option, exact: true }).click();
    };
    await row(page, "/do/0").click();
    await box("Try again at most").fill("4");
    await choose("How the pause grows", "Doubles each time, up to an hour");
    await page.getByRole("button", { name: "More about trying again" }).click();
    await box("One attempt at most").fill("PT1M");
    await choose("After an error was caught", "End the run");
    await person.checkAccess("the form of a try");
    await person.shoot("builder-retry");
    await row(page, "/do/0/attempt/try/0").click();
    await page.getByRole("button", { name: "With authentication" }).click();
    await box("URL").waitFor();
    await row(page, "/do/1").click();
    await page.getByText("Only in the YAML view, which opens at this step: metadata").waitFor();
    await choose("Events", "Any of several events");
    await page.getByRole("button", { name: "Add an event" }).click();
    const second = page.getByRole("group", { name: "Event 2" });
    await second
      .getByRole("textbox", { name: "Event type", exact: true })
      .fill("com.example.second");
    await second.getByRole("button", { name: "Match it by a value" }).click();
    await second.getByRole("textbox", { name: "Must be", exact: true }).fill("7");
    await person.checkAccess("the form of a listen");
    await person.shoot("builder-events");
    await saved(page);
    const after = await source(api, "forms", "1.0.0");
    assert.match(after, /as: problem # kept/);
    assert.match(after, /backoff: \{ ?exponential: \{\} ?\}|backoff:\n\s+exponential: \{\}/);
    assert.match(after, /count: 4/);
    assert.match(after, /duration: PT1M/);
    assert.match(after, /then: end/);
    assert.match(after, /any:[^]*com\.example\.first[^]*com\.example\.second[^]*expect: 7/);
    assert.match(after, /authentication:/);
    assert.ok(!after.includes("one:"));
  },

  async "what starts itself for ever is published with a reason only"({ api, person }) {
    const { page } = person;
    const loop = `document: {dsl: 1.0.3, namespace: ops, name: loop, version: 1.0.0}
schedule: {on: {one: {with: {type: com.example.again}}}}
do:
  - again: {emit: {event: {with: {source: https://example.com, type: com.example.again}}}}
`;
    await api.call("PUT", "/workflows/draft", loop, "application/yaml");
    await page.goto(`${base}loop/edit`);
    await page.getByText("1 error").waitFor();
    await page.getByRole("button", { name: "Publish…" }).click();
    const dialog = page.getByRole("dialog");
    const publish = dialog.getByRole("button", { name: /^Publish 1\.0\.0/ });
    assert.ok(await publish.isDisabled());
    await dialog.getByLabel("Publish it against the checks").check();
    assert.ok(await publish.isDisabled(), "not without a reason");
    await dialog.getByLabel("Reason").fill("The budget ends it");
    await person.checkAccess("publishing against the checks");
    await person.shoot("publish-against-checks");
    await publish.click();
    await page.getByRole("tab", { name: "Versions (1)" }).click();
    await page.getByText("Published against the checks: The budget ends it").waitFor();
    assert.equal((await api.get(`${base}loop`)).status, "published");
    await api.post(`${base}loop/disable`);
  },

  async "by keyboard alone: a step is moved, renamed and published"({ api, person }) {
    const { page } = person;
    await makeFromTemplate(page, "keys");
    await row(page, "").focus();
    const here = () => page.evaluate(() => document.activeElement?.getAttribute("data-row"));
    for (const key of ["ArrowDown", "ArrowDown", "Alt+ArrowUp"]) await page.keyboard.press(key);
    await row(page, "/do/0").getByText("createIssue").waitFor();
    assert.equal(await here(), "/do/0", "the focus goes along");
    await page.keyboard.press("Alt+ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    assert.equal(await here(), "/do/1");
    await page.keyboard.press("Enter");
    const name = page.getByLabel("Name of the step");
    await name.waitFor();
    assert.ok(await name.evaluate((input) => input === document.activeElement), "Enter edits");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("openIssue");
    await page.keyboard.press("Enter");
    await row(page, "/do/1").getByText("openIssue").waitFor();
    await saved(page);
    const text = await source(api, "keys", "1.0.0");
    assert.ok(!text.includes("createIssue"), "all that names the step has changed");
    assert.match(text, /\$context\.openIssue\.iid/);
    await page.getByRole("button", { name: "Publish…" }).focus();
    await page.keyboard.press("Enter");
    const publish = page.getByRole("button", { name: "Publish 1.0.0" });
    await until("the checks are through", () => publish.isEnabled());
    await publish.focus();
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Run…" }).waitFor();
  },

  async "somebody else's save is told"({ api, person }) {
    const { page } = person;
    await makeFromTemplate(page, "two-people");
    const text = await source(api, "two-people", "1.0.0");
    const theirs = text.replace("Incident to issue", "Theirs");
    await api.call("PUT", `${base}two-people/draft`, theirs, "application/yaml");
    await page.getByLabel("Title", { exact: true }).fill("Mine");
    person.expect(/412/);
    await page.getByText("Somebody else has saved this workflow meanwhile").waitFor();
    await page.getByRole("button", { name: "Keep mine" }).click();
    await saved(page);
    assert.match(await source(api, "two-people", "1.0.0"), /title: Mine/);
  },

  async "five hundred workflows stay quick to search; the filter is the address"({ api, person }) {
    const { page } = person;
    for (let from = 0; from < 500; from += 20)
      await Promise.all(
        Array.from({ length: 20 }, (_, i) =>
          api.post(
            "/workflows",
            `document: {dsl: 1.0.3, namespace: many, name: w${from + i}, version: 1.0.0}
schedule: {every: PT24H}
do: [{nothing: {set: {x: 1}}}]
`,
            "application/yaml",
          ),
        ),
      );
    let asked = 0;
    page.on("request", (request) => {
      if (request.url().includes("/api/v1/runs?")) asked += 1;
    });
    await page.goto("/workflows");
    const rows = page.getByRole("list", { name: "Workflows" }).locator("> li:not([aria-hidden])");
    await rows.nth(49).waitFor();
    await rows.first().getByText("admin").or(rows.first().getByText("ada")).waitFor();
    assert.ok((await rows.count()) < 200, "a page of the list, and not all of it");
    assert.ok(asked < 100, `runs are asked for where one looks, not ${asked} times`);
    await person.shoot("workflows");
    const search = requests(page, "/api/v1/workflows?");
    await page.getByRole("searchbox", { name: "Search workflows" }).fill("many/w49");
    await page.getByText("11 workflows, that is all").waitFor();
    const times = search.take().length;
    assert.ok(times <= 5, `one search asked ${times} times`);
    assert.match(page.url(), /text=many/);
    await page.reload();
    await page.getByText("11 workflows, that is all").waitFor();
    await page
      .getByText(/^next in/)
      .first()
      .waitFor();
    await person.checkAccess("the list of workflows");
  },

  async "two hundred steps stay quick"({ api, person }) {
    const { page } = person;
    const steps = Array.from({ length: 200 }, (_, i) => `  - s${i}:\n      set: { n: ${i} }\n`);
    const head = "document: { dsl: '1.0.3', namespace: ops, name: long, version: '1.0.0' }\ndo:\n";
    await api.call("PUT", "/workflows/draft", head + steps.join(""), "application/yaml");
    await page.goto(`${base}long/edit`);
    await row(page, "/do/199").waitFor();
    await row(page, "/do/100").click();
    for (let i = 0; i < 20; ++i) await page.keyboard.press("Control+ArrowDown");
    await row(page, "/do/100").focus();
    const again = await redrawn(page, "[data-row]", async () => {
      for (let i = 0; i < 20; ++i) await page.keyboard.press("ArrowDown");
      await page.locator('[data-row="/do/120"][aria-selected="true"]').waitFor();
    });
    console.log(`        200 steps: redrawn ${again} by 20 moves`);
    assert.ok(again <= 21, `20 moves drew ${again} rows anew`);
  },

  async "on a phone the list comes first and the form fills the screen"({ person }) {
    const page = await person.sitDown({ width: 390, height: 844, scheme: "dark" });
    for (const path of ["/workflows", "/workflows/templates", `${base}first`]) {
      await page.goto(path);
      await page.getByRole("heading", { level: 1 }).waitFor();
      await person.checkWidth(path);
      await person.checkAccess(`${path} on a phone`);
    }
    await page.goto(`${base}first/edit`);
    await row(page, "/do/1").click();
    await page.getByRole("dialog").getByLabel("Name of the step").waitFor();
    await person.checkWidth("the form");
    await person.checkAccess("the form on a phone");
    await person.shoot("builder-phone-dark");
    await page.getByRole("button", { name: "Close the form" }).click();
    await page.getByRole("radiogroup", { name: "View" }).getByText("Graph").click();
    await page.locator(".react-flow__node").first().waitFor();
    await person.checkWidth("the graph");
  },
};
