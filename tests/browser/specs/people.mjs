// Administration: a user is added, a token is shown once, and a viewer gives no orders.
import assert from "node:assert/strict";
import { join } from "node:path";

const olga = { username: "olga", name: "Olga Operator", password: "a password for olga" };
const vic = { username: "vic", password: "a password for vic" };

export default {
  async prepare({ api, person, workflows }) {
    await api.setUp();
    await api.connect();
    await api.publish(join(workflows, "follow-up.yaml"));
    await person.sitDown();
    await person.signIn();
  },

  async "a user is added"({ person }) {
    const { page } = person;
    await page.goto("/admin/users");
    await page.getByRole("button", { name: "Add a user" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("User name").fill(olga.username);
    await dialog.getByLabel("Name", { exact: true }).fill(olga.name);
    await dialog.getByLabel("First password").fill(olga.password);
    await dialog.getByRole("button", { name: "Add" }).click();
    await page.getByRole("table", { name: "Users" }).getByText(olga.name).waitFor();
    await person.checkAccess("users");
  },

  async "a token is shown once and revoked"({ person, servers }) {
    const { page } = person;
    await page.goto("/admin/tokens");
    await page.getByRole("button", { name: "Make a token" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("monitoring");
    await dialog.getByRole("button", { name: "Make the token" }).click();
    const token = (await page.getByText(/^fairlead_/).textContent()).trim();
    const asked = () =>
      fetch(`${servers.url}/api/v1/runs`, { headers: { Authorization: `Bearer ${token}` } });
    assert.equal((await asked()).status, 200);
    await page.reload();
    await page.getByRole("cell", { name: "monitoring", exact: true }).waitFor();
    assert.equal(await page.getByText(/^fairlead_/).count(), 0, "it is not shown again");
    await page.getByRole("button", { name: "Revoke monitoring" }).click();
    await page.getByRole("button", { name: "Revoke it now" }).click();
    await page
      .getByRole("cell", { name: "monitoring", exact: true })
      .waitFor({ state: "detached" });
    assert.equal((await asked()).status, 401);
  },

  async "a secret is set and its value never comes back"({ person }) {
    const { page } = person;
    await page.goto("/admin/secrets");
    await page.getByRole("button", { name: "Set a secret" }).first().click();
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Name").fill("pager");
    await dialog.getByLabel("Value").fill("hunter2-and-more");
    await dialog.getByRole("button", { name: "Set it" }).click();
    await page.getByRole("cell", { name: "pager", exact: true }).waitFor();
    assert.ok(!(await page.content()).includes("hunter2"));
  },

  async "a viewer sees runs and gives no orders"({ api, person }) {
    await api.post("/users", { ...vic, name: "Vic", email: "vic@example.com", role: "viewer" });
    const { id } = await api.post("/workflows/ops/follow-up/run", { input: {} });
    await person.signIn(vic);
    const { page } = person;
    await page.goto("/runs");
    await page.getByRole("table", { name: "Runs" }).waitFor();
    assert.equal(await page.getByRole("checkbox").count(), 0);
    assert.equal(await page.getByRole("link", { name: "Admin", exact: true }).count(), 0);
    await page.goto(`/runs/${id}`);
    await page.getByRole("tree", { name: "Steps" }).waitFor();
    assert.equal(await page.getByRole("button", { name: "Replay…" }).count(), 0);
  },
};
