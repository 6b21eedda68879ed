// Settings and status: signing in with GitLab is set up and used, and the figures are there.
import assert from "node:assert/strict";
import { until } from "../harness/api.mjs";
import { focused, tabTo } from "../harness/keys.mjs";
import { Person, consentAtGitLab } from "../harness/person.mjs";

async function look(person, name) {
  await person.checkAccess(name);
  await person.checkWidth(name);
  await person.shoot(name);
}

async function signInApplication({ api, servers }) {
  await api.control("POST", "applications", {
    uid: "sign-in-app",
    secret: `gloas-${"fedcba9876543210".repeat(4)}`,
    name: "Sign in to Fairlead",
    redirectUris: [`${servers.url}/sign-in/gitlab/callback`],
  });
  return { id: "sign-in-app", secret: `gloas-${"fedcba9876543210".repeat(4)}` };
}

export default {
  async prepare({ api, person }) {
    await api.setUp();
    await person.sitDown();
    await person.signIn();
  },

  async "without a connection the settings say what comes first"({ person }) {
    const { page } = person;
    await page.goto("/admin/settings");
    await page.getByText("It needs a connection to that GitLab first").waitFor();
    await look(person, "settings-empty");
  },

  async "signing in with GitLab is set up by an org admin"(world) {
    const { api, person, servers } = world;
    const { page } = person;
    await api.connect();
    const application = await signInApplication(world);
    await page.goto("/admin/settings");
    await page.getByRole("button", { name: "Set it up for default" }).click();
    const form = page.getByRole("form", { name: "Sign-in with default" });
    const redirect = form.getByRole("textbox", { name: "Redirect URI" });
    assert.equal(await redirect.inputValue(), `${servers.url}/sign-in/gitlab/callback`);
    await form.getByText(/Everybody with an account at this GitLab comes in, as Viewer/).waitFor();
    await form.getByLabel("Application ID").fill(application.id);
    await form.getByLabel(/^Secret/).fill(application.secret);
    await form.getByLabel("Only members of").fill("ops");
    await page.keyboard.press("Enter");
    await form.getByRole("button", { name: "Add a group" }).click();
    await form.getByLabel("Group 1", { exact: true }).fill("ops/platform");
    await form.getByText("Whoever is in ops comes in, as Viewer, or as Operator").waitFor();
    await look(person, "settings-sign-in");
    await form.getByRole("button", { name: "Save" }).click();
    await page.getByText(/Connection default\. Whoever is in ops/).waitFor();
    await look(person, "settings");
    const [way] = (await api.get("/settings/sign-in")).items;
    assert.deepEqual(way.roles, [{ group: "ops/platform", role: "operator" }]);
    assert.deepEqual(way.allowedGroups, ["ops"]);
    assert.equal(way.defaultRole, "viewer");
  },

  async "somebody of that group comes in with GitLab"({ api, person }) {
    const other = new Person(person.browser, person.servers, {
      shots: person.shots,
      document: person.document,
    });
    other.expect(/favicon\.ico/);
    const page = await other.sitDown({ width: 390, height: 844 });
    await page.goto("/runs");
    await page.getByText("Sign in with GitLab").waitFor();
    await look(other, "sign-in-gitlab-narrow");
    await page.getByText("Sign in with GitLab").click();
    await consentAtGitLab(page);
    await page.getByRole("heading", { name: "Runs", level: 1 }).waitFor();
    person.faults.push(...(await other.takeFaults()));
    await other.leave();
    const alice = (await api.get("/users")).items.find((each) => each.username === "alice");
    assert.ok(alice, "a user was made");
    assert.notEqual(alice.gitlab, null);
  },

  async "it can be switched off again"({ api, person }) {
    const { page } = person;
    await page.getByRole("button", { name: "Switch off" }).click();
    await page.getByText(/Who has no password cannot sign in/).waitFor();
    await page.getByRole("button", { name: "Switch it off now" }).click();
    await page.getByRole("button", { name: "Set it up for default" }).waitFor();
    assert.deepEqual((await api.get("/settings/sign-in")).items, []);
  },

  async "how long history is kept is changed, refused when wrong, and put back"({ api, person }) {
    const { page } = person;
    await page.goto("/admin/settings");
    const form = page.getByRole("form", { name: "Retention" });
    const save = form.getByRole("button", { name: "Save" });
    await form.getByLabel("Keep ended runs for").fill("30");
    await form.getByLabel("Keep at most, of each workflow").fill("many");
    await form.getByText("A number, or forever.").waitFor();
    assert.equal(await save.isEnabled(), false);
    await form.getByLabel("Keep at most, of each workflow").fill("500");
    await save.click();
    await form.getByText(/Set here by/).waitFor();
    const { retention } = await api.get("/settings");
    assert.deepEqual([retention.keepAge, retention.keepRuns], ["P30D", 500]);
    await look(person, "settings-retention");
    person.expect(/status of 400 .*\/settings/);
    await form.getByLabel("Keep ended runs for").fill("soon");
    await save.click();
    await form.getByText(/keepAge must be an ISO 8601 duration/).waitFor();
    assert.equal((await api.get("/settings")).retention.keepAge, "P30D", "nothing was changed");
    await form.getByRole("button", { name: "As the server was started" }).click();
    await form.getByText(/As the server was started/).first().waitFor();
    assert.equal((await api.get("/settings")).retention.changed, false);
  },

  async "how long history is kept is changed with the keys alone"({ api, person }) {
    const { page } = person;
    await page.goto("/admin/settings");
    await page.getByRole("form", { name: "Retention" }).waitFor();
    await tabTo(page, "Keep ended runs for");
    await page.keyboard.press("Control+a");
    await page.keyboard.type("45");
    await page.keyboard.press("Enter");
    await until("it is set", async () =>
      (await api.get("/settings")).retention.keepAge === "P45D" ? true : undefined,
    );
    await page.getByRole("button", { name: "As the server was started" }).waitFor();
    await tabTo(page, "As the server was started");
    await page.keyboard.press("Enter");
    await until("it is put back", async () =>
      (await api.get("/settings")).retention.changed === false ? true : undefined,
    );
  },

  async "a secret is set, replaced and removed with the keys alone"({ api, person }) {
    const { page } = person;
    const known = async () => (await api.get("/secrets")).items.find((e) => e.name === "by-keys");
    await page.goto("/admin/secrets");
    await page.getByText("No secrets").waitFor();
    await tabTo(page, "Set a secret");
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog");
    await focused(dialog.getByLabel(/^Name/));
    await page.keyboard.type("by-keys");
    await page.keyboard.press("Tab");
    await page.keyboard.type("first-value");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Replace by-keys" }).waitFor();
    await dialog.waitFor({ state: "detached" });
    const before = await known();
    await tabTo(page, "Replace by-keys");
    await page.keyboard.press("Enter");
    await focused(dialog.getByLabel(/^Value/));
    await page.keyboard.type("second-value");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    await until("another value", async () =>
      (await known()).updatedAt === before.updatedAt ? undefined : true,
    );
    await focused(page.getByRole("button", { name: "Replace by-keys" }));
    await tabTo(page, "Remove by-keys");
    await page.keyboard.press("Enter");
    await tabTo(page, "Keep");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Remove by-keys" }).waitFor();
    assert.ok(await known(), "it was kept");
    await tabTo(page, "Remove by-keys");
    await page.keyboard.press("Enter");
    await tabTo(page, "Remove it now");
    await page.keyboard.press("Enter");
    await until("it is gone", async () => ((await known()) ? undefined : true));
    await page.getByText("No secrets").waitFor();
  },

  async "a webhook is kept by hand and forgotten, by keyboard alone"({ api, person }) {
    const { page } = person;
    await page.goto("/admin/webhooks");
    await page.getByRole("button", { name: "Keep a webhook" }).first().focus();
    await page.keyboard.press("Enter");
    const dialog = page.getByRole("dialog", { name: "Keep a webhook" });
    const path = dialog.getByLabel("Path at GitLab");
    await path.and(page.locator(":focus")).waitFor();
    await page.keyboard.type("ops/nowhere");
    person.expect(/status of 4\d\d .*\/webhooks/);
    await page.keyboard.press("Enter");
    await dialog.getByRole("alert").waitFor();
    assert.deepEqual((await api.get("/webhooks")).items, [], "nothing was made");
    await path.focus();
    await page.keyboard.press("Control+a");
    await page.keyboard.type("ops/runbooks");
    await page.keyboard.press("Enter");
    await dialog.waitFor({ state: "detached" });
    const row = page.getByRole("row", { name: /ops\/runbooks/ });
    await row.getByText("kept by ada").waitFor();
    await look(person, "webhooks");
    await row.getByRole("button", { name: "Forget the webhook of ops/runbooks" }).focus();
    await page.keyboard.press("Enter");
    await row.getByText("It is removed at GitLab soon.").waitFor();
    await look(person, "webhooks-forget");
    await row.getByRole("button", { name: "Forget it now" }).focus();
    await page.keyboard.press("Enter");
    await row.getByText("kept by ada").waitFor({ state: "detached" });
    const { items } = await api.get("/webhooks");
    const byHand = items.flatMap((each) => each.wantedBy).filter((each) => each.kind === "hand");
    assert.deepEqual(byHand, []);
  },

  async "the status page tells how the server is doing, narrow and dark, too"({ person }) {
    await person.page.goto("/admin/status");
    await person.page.getByText("Oldest waiting run").waitFor();
    await person.page.getByRole("table", { name: "Rate budgets" }).waitFor();
    await look(person, "status");
    const page = await person.sitDown({ width: 390, height: 844, scheme: "dark" });
    await page.goto("/admin/status");
    await page.getByText("Events to be handed to workflows").waitFor();
    await look(person, "status-narrow-dark");
    await page.goto("/admin/settings");
    await page.getByRole("button", { name: "Set it up for default" }).waitFor();
    await look(person, "settings-narrow-dark");
  },

  async "the API is read in the browser: found, opened, passed on; narrow, dark"({ person }) {
    const wide = await person.sitDown();
    await wide.goto("/api/docs");
    await wide.getByRole("link", { name: /^runs \d+$/i }).waitFor();
    await wide.getByRole("searchbox", { name: "Find" }).fill("live GET");
    await wide.getByText("/api/v1/live").click();
    await wide.getByText("event: approval").waitFor();
    await wide.locator("#get-live summary", { hasText: "RunRow" }).waitFor();
    assert.equal(new URL(wide.url()).hash, "#get-live");
    await look(person, "api-docs");
    await wide.getByRole("searchbox", { name: "Find" }).fill("no such route");
    await wide.getByText('No route says "no such route".').waitFor();
    const page = await person.sitDown({ width: 390, height: 844, scheme: "dark" });
    await page.goto("/api/docs#post-runs-id-replay");
    const replay = page.locator("#post-runs-id-replay");
    await replay.getByText("Answer 201: application/json").waitFor();
    assert.ok(await replay.isVisible());
    await look(person, "api-docs-narrow-dark");
  },
};
