// From an empty folder: the first org admin, GitLab connected through its consent page, the grant
// revoked and given again.
import assert from "node:assert/strict";
import { people } from "../harness/api.mjs";
import { Person, consentAtGitLab } from "../harness/person.mjs";

const { ada } = people;

async function look(person, name) {
  await person.checkAccess(name);
  await person.shoot(name);
}

// Somebody else at a browser of their own.
async function withOther({ person }, work) {
  const other = new Person(person.browser, person.servers, {
    shots: person.shots,
    document: person.document,
  });
  await other.sitDown();
  try {
    await work(other, other.page);
  } finally {
    person.faults.push(...(await other.takeFaults()));
    await other.leave();
  }
}

export default {
  async "the first page asks for the link that the server printed"({ person }) {
    const page = await person.sitDown();
    await page.goto("/");
    await page.getByText("one-time link").waitFor();
    await look(person, "setup-without-link");
  },

  async "the one-time link makes the org admin"({ person, servers }) {
    const { page } = person;
    await page.goto(`/setup?token=${servers.setupToken}`);
    await page.getByRole("heading", { name: "Set up Fairlead" }).waitFor();
    await look(person, "setup");
    await page.getByRole("textbox", { name: "Name", exact: true }).fill(ada.name);
    await page.getByLabel("Username").fill(ada.username);
    await page.getByLabel("E-mail").fill(ada.email);
    await page.getByLabel(/^Password/).fill(ada.password);
    await page.getByRole("button", { name: "Create the org admin" }).click();
    await page.getByRole("heading", { name: "App Store" }).waitFor();
    await look(person, "app-store-empty");
  },

  async "a wrong password is refused in words, and the right one goes on"(world) {
    await withOther(world, async (other, page) => {
      other.expect(/401/);
      await page.goto("/runs");
      await page.getByLabel("Username").fill(ada.username);
      await page.getByLabel(/^Password/).fill("not the password");
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByRole("alert").waitFor();
      await look(other, "sign-in-refused");
      await page.getByLabel(/^Password/).fill(ada.password);
      await page.getByRole("button", { name: "Sign in", exact: true }).click();
      await page.getByRole("heading", { name: "Runs", level: 1 }).waitFor();
      assert.equal(new URL(page.url()).pathname, "/runs");
    });
  },

  async "GitLab is connected through its own consent page"({ api, person, servers }) {
    const { page } = person;
    const application = await api.application();
    person.expect(/status of 422/);
    person.expect(/favicon\.ico/);
    await page.getByRole("link", { name: "Connect", exact: true }).click();
    await page.getByLabel("A server of our own, or GitLab Dedicated").check();
    await page.getByLabel("Its address").fill("http://127.0.0.1:1");
    await page.getByRole("button", { name: "Look for it" }).click();
    await page.getByRole("alert").waitFor();
    await look(person, "connect-not-found");
    await page.getByLabel("Its address").fill(servers.gitlab);
    await page.getByRole("button", { name: "Look for it" }).click();
    await page.getByText("Found: GitLab").waitFor();
    const redirect = page.getByRole("textbox", { name: "Redirect URI" });
    assert.equal(await redirect.inputValue(), `${servers.url}/oauth/callback`);
    await look(person, "connect-application");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByLabel("Application ID").fill(application.id);
    await page.getByLabel(/^Secret/).fill(application.secret);
    await look(person, "connect-secret");
    await page.getByRole("button", { name: "Authorize at GitLab" }).click();
    await page.waitForURL(new RegExp(`^${servers.gitlab}`));
    await consentAtGitLab(page);
    await page.getByText("Signed in as @alice").waitFor();
    await page.getByRole("button", { name: "Test", exact: true }).click();
    await page.getByRole("button", { name: "Test again" }).waitFor();
    await look(person, "connection");
    await page.getByRole("tab", { name: "Permissions" }).click();
    await page.getByText("gitlab.create-issue").waitFor();
    await look(person, "connection-permissions");
  },

  async "a revoked grant shows on every page, and reconnecting mends it"({ api, person }) {
    const { page } = person;
    await api.control("POST", "tokens/revoke", {});
    person.expect(/424|401/);
    await api.post("/actions/gitlab.list-projects/run", { input: {} }).catch(() => undefined);
    await page.goto("/workflows");
    const banner = page.getByRole("alert").filter({ hasText: "Sign-in needed" });
    await banner.waitFor();
    await look(person, "broken-connection");
    await banner.getByRole("link", { name: "Reconnect" }).click();
    await page.getByRole("button", { name: "Reconnect" }).click();
    await consentAtGitLab(page);
    await page.getByText("Signed in as @alice").waitFor();
    await page.goto("/settings/apps");
    await page.getByText("Connected 1").waitFor();
    await look(person, "app-store");
  },

  async "the account page shows where one is signed in"({ person }) {
    await person.page.goto("/account");
    await person.page.getByText("This one").waitFor();
    await look(person, "account");
  },

  async "signing in by keyboard alone"(world) {
    await withOther(world, async (other, page) => {
      await page.goto("/settings/apps");
      await page.getByLabel("Username").waitFor();
      await page.keyboard.type(ada.username);
      await page.keyboard.press("Tab");
      await page.keyboard.type(ada.password);
      await page.keyboard.press("Enter");
      await page.getByRole("heading", { name: "App Store" }).waitFor();
    });
  },

  async "disconnecting shows what breaks and asks for the name"({ api, person }) {
    const { page } = person;
    await page.goto("/settings/apps");
    const { name } = (await api.get("/connections")).items[0];
    await page
      .getByRole("link", { name: new RegExp(`^${name}`) })
      .first()
      .click();
    await page.getByRole("tab", { name: "Settings" }).click();
    await look(person, "connection-settings");
    await page.getByRole("button", { name: "Disconnect" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByText("This is the default connection").waitFor();
    await dialog.getByLabel(/to confirm/).fill(name);
    await look(person, "disconnect");
    await dialog.getByRole("button", { name: "Disconnect" }).click();
    await page.getByText("Not set up").waitFor();
  },
};
