// A connection by device code, with more access later, and with what was mistyped put right.
import assert from "node:assert/strict";

async function look(person, name) {
  await person.checkAccess(name);
  await person.checkWidth(name);
  await person.shoot(name);
}

// Enters the code at the look-alike's device page, as alice with a browser of her own.
async function atGitLab({ person, servers }, code, answer) {
  const context = await person.browser.newContext();
  const page = await context.newPage();
  await page.goto(`${servers.gitlab}/oauth/device`);
  await page.getByLabel(/username/i).fill("alice");
  await page.getByLabel(/password/i).fill("sandbox-password");
  await page.getByRole("button", { name: /sign in/i }).click();
  await page.getByLabel("Code shown by the device").fill(code);
  await page.getByRole("button", { name: answer, exact: true }).click();
  await page.getByText("You can go back to the device.").waitFor();
  await context.close();
}

// The look-alike asks to be asked every five seconds.
const told = { timeout: 20_000 };
const codeOf = (page) => page.getByLabel("Code for GitLab").innerText();

export default {
  async prepare({ api, person }) {
    await api.setUp();
    await person.sitDown();
    await person.signIn();
  },

  async "a device code leads through denial to a connection"(world) {
    const { api, person, servers } = world;
    const { page } = person;
    const application = await api.application();
    await page.goto("/settings/apps/gitlab/connect");
    await page.getByLabel("A server of our own, or GitLab Dedicated").check();
    await page.getByLabel("Its address").fill(servers.gitlab);
    await page.getByRole("button", { name: "Look for it" }).click();
    await page.getByLabel("Device code").check();
    assert.equal(await page.getByRole("textbox", { name: "Redirect URI" }).count(), 0);
    await page.getByLabel("Only read (scope read_api)").check();
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByRole("textbox", { name: "Name of the connection" }).fill("remote");
    await page.getByLabel("Application ID").fill(application.id);
    await page.getByLabel(/^Secret/).fill(application.secret);
    await page.getByRole("button", { name: "Get a code" }).click();
    await page.getByText(/The code ends in \d:\d\d/).waitFor();
    await look(person, "connect-device");
    const denied = await codeOf(page);
    await atGitLab(world, denied, "Deny");
    await page.getByRole("alert").filter({ hasText: "Authorisation refused" }).waitFor(told);
    await look(person, "connect-device-denied");
    await page.getByRole("button", { name: "Get a new code" }).click();
    await page.getByText(/The code ends in/).waitFor();
    const second = await codeOf(page);
    assert.notEqual(second, denied);
    await atGitLab(world, second, "Authorize");
    await page.getByText(/Signed in as @alice with read_api/).waitFor(told);
    await page.getByText(/It sees the groups/).waitFor();
    await page.getByText("create your first workflow").waitFor();
    await look(person, "connected");
  },

  async "a code that nobody entered yet is shown on the connection's page"({ api, person }) {
    const { page } = person;
    await page.getByRole("button", { name: "Other ways to sign in" }).click();
    await page.getByRole("menuitem", { name: "By device code" }).click();
    await page.getByText(/The code ends in/).waitFor();
    await page.getByRole("button", { name: "Sign in another way" }).click();
    await page.getByText("A sign-in by device code is under way").waitFor();
    assert.equal((await api.get("/connections/remote")).pendingSignIn.way, "device");
  },

  async "more access is asked for where an action lacks it"(world) {
    const { person } = world;
    await person.sitDown({ width: 390, height: 844, scheme: "dark" });
    const { page } = person;
    await page.goto("/settings/apps/gitlab/remote");
    await page.getByRole("tab", { name: "Permissions" }).click();
    await page.getByText(/actions are not possible/).waitFor();
    await look(person, "connection-permissions-narrow-dark");
    await page.getByRole("button", { name: "Ask for more access" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("checkbox", { name: /^api/ }).waitFor();
    assert.equal(await dialog.getByRole("checkbox", { name: /^api/ }).isChecked(), true);
    await dialog.getByLabel("By device code").check();
    await look(person, "connection-more-access");
    await dialog.getByRole("button", { name: "Ask GitLab" }).click();
    await page.getByText(/The code ends in/).waitFor();
    await atGitLab(world, await codeOf(page), "Authorize");
    await page.getByText(/Signed in as @alice with .*\bapi\b/).waitFor(told);
    await page.getByRole("tab", { name: "Permissions" }).click();
    await page.getByText("gitlab.create-issue").waitFor();
    await page.getByText(/actions are not possible/).waitFor({ state: "detached" });
  },

  async "a mistyped application is put right on the connection's page"({ api, person }) {
    await api.post("/connections", {
      name: "mistyped",
      baseUrl: (await api.get("/connections/remote")).baseUrl,
      clientId: "browser-ap",
      clientSecret: "wrong",
    });
    const page = await person.sitDown();
    await page.goto("/settings/apps");
    await page.getByText("Needs attention").waitFor();
    await page.getByRole("link", { name: /^mistyped/ }).click();
    await page.getByText("Not signed in yet").waitFor();
    await page.getByRole("tab", { name: "Settings" }).click();
    const form = page.locator("form").filter({ hasText: "Server and application" });
    const save = form.getByRole("button", { name: "Save" });
    assert.equal(await save.isDisabled(), true);
    await form.getByLabel("Application ID").fill("browser-app");
    await look(person, "connection-server");
    await save.click();
    await page.getByText("Saved.").waitFor();
    assert.equal((await api.get("/connections/mistyped")).clientId, "browser-app");
    assert.equal(await save.isDisabled(), true);
  },
};
