// The whole story, by one person in one sitting, with an empty data folder to begin with: set up,
// connect, make a workflow of a template, add a step, publish, send an event, watch, approve, mend
// a run that failed, reconnect what was broken, read what was written down. Nothing goes by the API
// but what happens at GitLab.
import assert from "node:assert/strict";
import { people } from "../harness/api.mjs";
import { consentAtGitLab } from "../harness/person.mjs";

export const isStory = true;

const { ada } = people;
const row = (page, pointer) => page.locator(`[data-row="${pointer}"]`);
const saved = (page) =>
  page
    .getByRole("status")
    .filter({ hasText: /^Saved$/ })
    .waitFor();

async function sendIncident(page, subject) {
  await page.getByRole("link", { name: "Events", exact: true }).click();
  await page.getByRole("button", { name: "Incident to issue" }).click();
  await page.getByLabel("Subject").fill(subject);
  await page.getByRole("button", { name: "Send the event" }).click();
  await page.getByRole("link", { name: `Incident opened ${subject}` }).click();
  await page.getByRole("tree", { name: "Steps" }).waitFor();
}

// From what the run waits for to the decision, and back.
async function approve(person, comment) {
  const { page } = person;
  const run = page.url();
  await page.getByRole("link", { name: "Decide" }).click();
  await page.getByRole("heading", { name: "Your decision" }).waitFor();
  await person.checkAccess("the approval");
  await page.getByLabel("Comment").fill(comment);
  await page.getByRole("button", { name: "Approve" }).click();
  await page.getByText(comment).waitFor();
  await page.goto(run);
}

export default {
  async "the server's one-time link makes the admin"({ person, servers }) {
    const page = await person.sitDown();
    await page.goto(`/setup?token=${servers.setupToken}`);
    await page.getByRole("textbox", { name: "Name", exact: true }).fill(ada.name);
    await page.getByLabel("Username").fill(ada.username);
    await page.getByLabel("E-mail").fill(ada.email);
    await page.getByLabel(/^Password/).fill(ada.password);
    await page.getByRole("button", { name: "Create the org admin" }).click();
    await page.getByRole("heading", { name: "App Store" }).waitFor();
    await person.checkAccess("the App Store");
  },

  async "GitLab is connected through its consent page"({ api, person, servers }) {
    const { page } = person;
    const application = await api.application();
    person.expect(/favicon\.ico/);
    await page.getByRole("link", { name: "Connect", exact: true }).click();
    await page.getByLabel("A server of our own, or GitLab Dedicated").check();
    await page.getByLabel("Its address").fill(servers.gitlab);
    await page.getByRole("button", { name: "Look for it" }).click();
    await page.getByText("Found: GitLab").waitFor();
    await person.checkAccess("the wizard");
    await page.getByRole("button", { name: "Next" }).click();
    await page.getByLabel("Application ID").fill(application.id);
    await page.getByLabel(/^Secret/).fill(application.secret);
    await page.getByRole("button", { name: /^Authori[sz]e at GitLab$/ }).click();
    await page.waitForURL(new RegExp(`^${servers.gitlab}`));
    await consentAtGitLab(page);
    await page.getByText("Signed in as @alice").waitFor();
    await person.checkAccess("the connection");
  },

  async "the incident workflow is made of its template"({ person }) {
    const { page } = person;
    await page.getByRole("link", { name: "Workflows", exact: true }).click();
    await page.getByRole("link", { name: "Choose a template" }).click();
    await page.getByRole("link", { name: "Use Incident to issue" }).click();
    const patience = page.getByLabel("How long the runbook may take");
    await patience.fill("half an hour");
    await page.getByText(/A duration: PT30M is 30 minutes/).waitFor();
    await patience.fill("PT10M");
    await page.getByLabel("Project for incidents").fill("inc");
    await page.getByRole("option", { name: /ops\/incidents/ }).click();
    await person.checkAccess("the template");
    await page.getByRole("button", { name: "Make the draft" }).click();
    await row(page, "/do/1").waitFor();
  },

  async "a step is changed, and one that asks a person is added"({ person }) {
    const { page } = person;
    await row(page, "/do/1").click();
    await page.getByLabel("How Title gets its value").getByText("Text").click();
    await page.getByRole("textbox", { name: "Title", exact: true }).fill("Something broke");
    await row(page, "/do/1").focus();
    await page.keyboard.press("a");
    await page.getByLabel("Search actions and steps").fill("approval");
    await page.keyboard.press("Enter");
    await row(page, "/do/2").getByText("requestApproval").waitFor();
    await page
      .getByRole("textbox", { name: "Question", exact: true })
      .fill("Shall the runbook try to repair it?");
    await page.getByRole("textbox", { name: "Requester", exact: true }).fill("monitoring");
    await page.getByText("No problems").waitFor();
    await saved(page);
    await person.checkAccess("the builder");
    await person.shoot("story-builder");
  },

  async "it is published"({ person }) {
    const { page } = person;
    await page.getByRole("button", { name: "Publish…" }).click();
    await page.getByLabel("Change note").fill("With a person's word before the repair");
    await page.getByRole("button", { name: "Publish 1.0.0" }).click();
    await page.getByRole("tab", { name: "Versions (1)" }).click();
    await page.getByText("With a person's word before the repair").waitFor();
    await person.checkAccess("the workflow");
  },

  async "an event starts a run; it is watched, and goes on when approved"({ person }) {
    const { page } = person;
    await sendIncident(page, "INC-1");
    await page
      .getByText(/Waiting for (an )?approval/)
      .first()
      .waitFor();
    await person.checkAccess("the run that waits");
    await approve(person, "Go ahead");
    await page
      .getByText(/Waiting for pipeline \d+ of ops\/runbooks/)
      .first()
      .waitFor();
    await page
      .getByRole("radiogroup", { name: "How the steps are shown" })
      .getByText("Graph")
      .click();
    const graph = page.getByLabel("Graph of the run. The timeline says the same.");
    const box = (name) => graph.locator("[data-state]").filter({ hasText: name }).last();
    await graph.locator('[data-state="done"]').filter({ hasText: "closeIssue" }).last().waitFor({
      timeout: 20_000,
    });
    assert.equal(await box("requestApproval").getAttribute("data-state"), "done");
    assert.equal(await box("escalate").getAttribute("data-state"), "pending");
    await page.getByText("Completed").first().waitFor();
    await person.checkAccess("the run that has ended");
    await person.shoot("story-run");
  },

  async "a run that failed is mended and replayed from the failed step"({ api, person }) {
    const { page } = person;
    const projects = await api.gitlab("GET", "/projects?search=incidents");
    const { id } = projects.find((each) => each.path_with_namespace === "ops/incidents");
    await api.control("POST", `projects/${id}`, { issuesEnabled: false });
    await sendIncident(page, "INC-2");
    await page.getByText("Faulted").first().waitFor();
    await person.checkAccess("the run that failed");
    await api.control("POST", `projects/${id}`, { issuesEnabled: true });
    await page.getByRole("button", { name: "Replay from the failed step" }).click();
    const dialog = page.getByRole("dialog", { name: "Replay this run" });
    await dialog.getByRole("radio", { name: "From the failed step (createIssue)" }).waitFor();
    await person.checkAccess("the replay");
    await dialog.getByRole("button", { name: "Start the new run" }).click();
    await page.getByText(/Replay of …\w+ from createIssue by ada/).waitFor();
    await approve(person, "Now it should do");
    await page.getByText("Completed").first().waitFor({ timeout: 20_000 });
    const issues = await api.gitlab("GET", "/projects/ops%2Fincidents/issues?search=Something");
    assert.deepEqual(
      issues.map((issue) => issue.state),
      ["closed", "closed"],
      "one issue an incident, both repaired",
    );
  },

  async "the connection breaks while a run needs it; reconnected, the run goes on"({
    api,
    person,
  }) {
    const { page } = person;
    person.expect(/424|401/);
    await api.control("POST", "tokens/revoke", {});
    await sendIncident(page, "INC-3");
    await page
      .getByText(/signed in again/)
      .first()
      .waitFor();
    const run = page.url();
    await page.getByRole("link", { name: "Workflows", exact: true }).click();
    const banner = page.getByRole("alert").filter({ hasText: "Sign-in needed" });
    await banner.getByRole("link", { name: "Reconnect" }).click();
    await page.getByRole("button", { name: "Reconnect" }).click();
    await consentAtGitLab(page);
    await page.getByText("Signed in as @alice").waitFor();
    await page.goto(run);
    await approve(person, "And this one");
    await page.getByText("Completed").first().waitFor({ timeout: 20_000 });
  },

  async "the audit log has it all"({ person }) {
    const { page } = person;
    await page.getByRole("link", { name: "Audit", exact: true }).click();
    const table = page.getByRole("table", { name: "Audit log" });
    for (const action of ["approvals.decisions", "workflows.publish", "runs.replay"])
      await table.getByText(action).first().waitFor();
    await page.getByRole("button", { name: "Check that the chain is whole" }).click();
    await page.getByText(/Whole: \d+ entries/).waitFor();
    await person.checkAccess("the audit log");
  },
};
