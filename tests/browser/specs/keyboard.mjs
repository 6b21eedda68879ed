// By keyboard alone: GitLab is connected through its consent page, and what asks for approval is
// approved. The mouse is never used.
import assert from "node:assert/strict";
import { until } from "../harness/api.mjs";
import { focused, tabTo } from "../harness/keys.mjs";

async function press(page, name, key = "Enter") {
  await tabTo(page, name);
  await page.keyboard.press(key);
}

async function type(page, name, text) {
  await tabTo(page, name);
  await page.keyboard.type(text);
}

const approval = `document: { dsl: '1.0.3', namespace: ops, name: asks, version: '1.0.0' }
do:
  - ask:
      call: request-approval:1.0.0@default
      with: { question: Shall it go out? }
  - keep:
      set: { decision: '\${ .decision }' }
`;

export default {
  async prepare({ api, person }) {
    await api.setUp();
    await person.sitDown();
    await person.signIn();
  },

  async "GitLab is connected"({ api, person, servers }) {
    const { page } = person;
    const application = await api.application();
    person.expect(/favicon\.ico/);
    await page.goto("/settings/apps");
    await page.getByRole("heading", { name: "App Store" }).waitFor();
    await press(page, "Connect");
    const ours = page.getByLabel("A server of our own, or GitLab Dedicated");
    await ours.waitFor();
    await tabTo(page, "GitLab.com");
    await page.keyboard.press("ArrowDown");
    await focused(ours);
    assert.ok(await ours.isChecked());
    await type(page, "Its address", servers.gitlab);
    await page.keyboard.press("Enter");
    await page.getByText("Found: GitLab").waitFor();
    await press(page, "Next");
    await page.getByLabel("Application ID").waitFor();
    await type(page, "Application ID", application.id);
    await type(page, "Secret", application.secret);
    await page.keyboard.press("Enter");
    await page.waitForURL(new RegExp(`^${servers.gitlab}`));
    const name = page.getByLabel(/username/i);
    await name.waitFor();
    await name.focus();
    await page.keyboard.type("alice");
    await page.keyboard.press("Tab");
    await page.keyboard.type("sandbox-password");
    await page.keyboard.press("Enter");
    const consent = page.getByRole("button", { name: /authorize/i });
    await consent.waitFor();
    await until("the consent has the focus", async () => {
      if (await consent.evaluate((button) => button === document.activeElement)) return true;
      await page.keyboard.press("Tab");
      return false;
    });
    await page.keyboard.press("Enter");
    await page.getByText("Signed in as @alice").waitFor();
    await press(page, "Test");
    await page.getByRole("button", { name: "Test again" }).waitFor();
  },

  async "what asks for approval is found, read and approved"({ api, person }) {
    const { page } = person;
    await api.post("/workflows", approval, "application/yaml");
    const run = await api.post("/workflows/ops/asks/run", { input: {} });
    await page.goto("/approvals");
    await page.getByText("Shall it go out?").first().waitFor();
    await page.keyboard.press("Tab");
    await tabTo(page, "Shall it go out?");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Approve" }).waitFor();
    await type(page, "Comment", "Fine by me");
    await press(page, "Approve");
    await page.getByText("Fine by me").first().waitFor();
    await until("the run is over", async () => {
      const { status, output } = await api.get(`/runs/${run.id}`);
      if (status === "completed") assert.equal(output.decision, "approved");
      return status === "completed";
    });
  },
};
