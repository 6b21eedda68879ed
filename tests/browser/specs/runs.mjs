// Runs: send an event and watch, approve, replay what failed, look at many, read the audit log.
import assert from "node:assert/strict";
import { join } from "node:path";
import { until } from "../harness/api.mjs";
import { requests } from "../harness/work.mjs";

const manyRuns = 520;
const batch = 65;

async function chooseIn(page, label, option) {
  await page.getByRole("textbox", { name: label }).click();
  await page.getByRole("option", { name: option, exact: true }).click();
}

export default {
  async prepare({ api, person, workflows, root }) {
    await api.setUp();
    await api.connect();
    await api.publish(join(root, "src/workflow/templates/incident-to-issue.yaml"));
    for (const name of ["restart-host", "follow-up", "tick"])
      await api.publish(join(workflows, `${name}.yaml`));
    await person.sitDown();
    await person.signIn();
  },

  async "an empty list says what to do next"({ person }) {
    await person.page.goto("/runs");
    await person.page.getByText("Nothing has run yet").waitFor();
    await person.checkAccess("the empty runs page");
  },

  async "an event is sent and its run watched to the end"({ person }) {
    const { page } = person;
    await page.goto("/events");
    await page.getByRole("button", { name: "Incident to issue" }).click();
    await page.getByRole("button", { name: "Send the event" }).click();
    await page.getByRole("heading", { name: /Event \d+: incident opened/ }).waitFor();
    await page.getByRole("link", { name: "Incident opened INC-42" }).click();
    await page.getByRole("tree", { name: "Steps" }).waitFor();
    // Without a reload: first it waits by name, then it has ended.
    await page
      .getByText(/Waiting for pipeline \d+ of ops\/runbooks/)
      .first()
      .waitFor();
    await person.shoot("run-waiting");
    await page.getByRole("treeitem", { name: /closeIssue/ }).waitFor({ timeout: 20_000 });
    await page.getByText("Completed").first().waitFor({ timeout: 20_000 });
    const link = page.getByRole("link", { name: /ops\/incidents#\d+/ }).first();
    assert.match(await link.getAttribute("href"), /\/ops\/incidents\/-\/issues\/\d+$/);
    await person.checkAccess("a run's page");
  },

  async "the graph tells what became of each step, and leads to it"({ person }) {
    const { page } = person;
    await page
      .getByRole("radiogroup", { name: "How the steps are shown" })
      .getByText("Graph")
      .click();
    const graph = page.getByLabel("Graph of the run. The timeline says the same.");
    const box = (name) => graph.locator("[data-state]").filter({ hasText: name }).last();
    await box("closeIssue").waitFor();
    assert.equal(await box("closeIssue").getAttribute("data-state"), "done");
    await box("createIssue").click();
    await page.getByRole("region", { name: "Step createIssue" }).waitFor();
    assert.equal(await box("createIssue").getAttribute("data-selected"), "true");
    await person.checkAccess("the graph of a run");
    await person.shoot("run-graph");
    await page
      .getByRole("radiogroup", { name: "How the steps are shown" })
      .getByText("Timeline")
      .click();
    await page.getByRole("treeitem", { name: /createIssue/, selected: true }).waitFor();
  },

  async "a step shows its attempt, its request and its answer"({ person }) {
    const { page } = person;
    await page.getByRole("treeitem", { name: /createIssue/ }).click();
    await page.getByRole("button", { name: "Show request" }).click();
    await page.getByText(/\/api\/v4\/projects\/ops%2Fincidents\/issues/).waitFor();
    await page.getByRole("button", { name: "Show arguments and answer" }).click();
    assert.match(
      await page.getByLabel("Arguments", { exact: true }).textContent(),
      /Disk full on db-1/,
    );
    await page.getByRole("tab", { name: "Effects" }).click();
    await page.getByText("creates · gitlab.create-issue").waitFor();
    await page.getByRole("tab", { name: "Lifecycle events" }).click();
    await page.getByText("io.serverlessworkflow.workflow.completed.v1").first().waitFor();
    await page.getByRole("tab", { name: "Journal" }).click();
    await page.getByText("run-completed").waitFor();
  },

  async "an approval is found, read and given"({ api, person }) {
    const { page } = person;
    await api.event("com.example.host.down", "db-1", { host: "db-1" });
    await page.goto("/approvals");
    await page.getByRole("link", { name: "Restart db-1?" }).click();
    await page.getByRole("heading", { name: "Your decision" }).waitFor();
    const follows = page.getByRole("region", { name: "What will happen" });
    await follows.getByText(/ops%2Fincidents\/issues/).waitFor();
    await person.checkAccess("an approval");
    await person.shoot("approval");
    assert.equal(
      await page.getByRole("button", { name: "Approve" }).isDisabled(),
      true,
      "the form has a required field",
    );
    await chooseIn(page, "When", "tonight");
    await page.getByLabel("Comment").fill("After the backup");
    await page.getByRole("button", { name: "Approve" }).click();
    await page.getByText("After the backup").waitFor();
    await page.getByRole("link", { name: "Host down db-1" }).click();
    await page.getByText("Completed").first().waitFor();
    await page.getByRole("treeitem", { name: /note/ }).click();
    await page.getByRole("tab", { name: "Output", exact: true }).click();
    assert.match(await page.locator("pre[aria-label=Output]").textContent(), /Restarted, tonight/);
  },

  async "a run that failed is replayed from the failed step"({ api, person }) {
    const { page } = person;
    const { id } = await api.post("/workflows/ops/follow-up/run", { input: {} });
    await page.goto(`/runs/${id}`);
    await page.getByText("There is no issue that names the root cause.").first().waitFor();
    await person.checkAccess("a failed run");
    await person.shoot("run-failed");
    await api.gitlab("POST", "/projects/ops%2Fincidents/issues", { title: "Root cause found" });
    await page.getByRole("button", { name: "Replay…" }).click();
    const dialog = page.getByRole("dialog", { name: "Replay this run" });
    await dialog.getByRole("radio", { name: "From another step" }).click();
    await chooseIn(page, "Step to begin with", "look");
    await dialog.getByText("stays as it is").waitFor();
    await person.checkAccess("the replay dialog");
    await person.shoot("replay");
    await dialog.getByRole("button", { name: "Start the new run" }).click();
    await page.getByText(/Replay of …\w+ from look by ada/).waitFor();
    await page.getByText("Completed").first().waitFor();
    const issues = await api.gitlab("GET", "/projects/ops%2Fincidents/issues?search=Follow-up");
    assert.equal(issues.length, 1, "what was created before the step is not created again");
  },

  async "520 runs stay quick to scroll, search and filter"({ api, person }) {
    const { page } = person;
    for (let sent = 0; sent < manyRuns; sent += batch) {
      const events = Array.from({ length: batch }, (_, i) => ({
        specversion: "1.0",
        id: `tick-${sent + i}`,
        source: "/spec",
        type: "com.example.tick",
        subject: `T-${sent + i}`,
      }));
      await api.post("/events", events, "application/cloudevents-batch+json");
    }
    const done = "/runs?workflow=tests/tick&status=completed&limit=500";
    await until("520 runs", async () => {
      const page1 = await api.get(done);
      if (page1.nextCursor === "") return false;
      return (await api.get(`${done}&cursor=${page1.nextCursor}`)).items.length >= manyRuns - 500;
    });
    await page.goto("/runs");
    await page.getByRole("table", { name: "Runs" }).waitFor();
    const rows = page.locator("tr[data-run]");
    await until(
      "all rows",
      async () => {
        await page.mouse.wheel(0, 20_000);
        return (await rows.count()) >= manyRuns;
      },
      20_000,
    );
    const asked = requests(page, "/api/v1/runs?");
    await page.getByRole("searchbox").fill("T-7");
    await until(
      "the search",
      async () => (await rows.count()) === 11 || (await rows.count()) === 111,
    );
    const times = asked.take().length;
    assert.ok(times <= 5, `one search asked ${times} times`);
    assert.match(page.url(), /text=T-7/);
    await page.reload();
    await page.getByRole("link", { name: "Tick T-7", exact: true }).waitFor();
    await page.getByRole("button", { name: "Clear filters" }).click();
    await person.shoot("runs");
    await person.checkAccess("the runs table");
  },

  async "many runs are replayed at once after a look at how many"({ person }) {
    const { page } = person;
    await page.goto("/runs?workflow=ops/follow-up");
    await page.getByRole("checkbox", { name: "Select all runs shown" }).click();
    await page.getByRole("toolbar").getByRole("button", { name: "Replay" }).click();
    const dialog = page.getByRole("dialog");
    await dialog.getByRole("button", { name: "Replay 2 runs" }).click();
    await dialog.getByText("2 started again.").waitFor();
    await dialog.getByRole("button", { name: "Close" }).last().click();
    await until("two more runs", async () => (await page.locator("tr[data-run]").count()) === 4);
  },

  async "a run that is not there is told as such"({ person }) {
    const { page } = person;
    person.expect(/404/);
    await page.goto("/runs/01a205f5-0000-7000-8000-000000000000");
    await page.getByRole("alert").getByText("Not found").waitFor();
  },

  async "the audit log names who did what, and its chain is whole"({ person }) {
    const { page } = person;
    await page.goto("/audit");
    const table = page.getByRole("table", { name: "Audit log" });
    await table.getByText("approvals.decisions").first().waitFor();
    await page.getByRole("button", { name: "Check that the chain is whole" }).click();
    await page.getByText(/Whole: \d+ entries/).waitFor();
    await person.checkAccess("the audit log");
    await person.shoot("audit");
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("link", { name: "Export (JSON lines)" }).click(),
    ]);
    assert.equal(download.suggestedFilename(), "fairlead-audit.jsonl");
    await page.getByRole("textbox", { name: "Who" }).fill("ada");
    await page.getByRole("button", { name: "Filter" }).click();
    await until(
      "only ada",
      async () => (await table.getByRole("cell", { name: "admin", exact: true }).count()) === 0,
    );
  },

  async "each page fits a phone, in the dark"({ api, person }) {
    await person.sitDown({ width: 390, height: 844, scheme: "dark" });
    const [run] = (await api.get("/runs?workflow=ops/follow-up&status=faulted")).items;
    await api.event("com.example.host.down", "db-2", { host: "db-2" });
    const open = await until(
      "an approval",
      async () => (await api.get("/approvals?status=open")).items[0],
    );
    const pages = {
      runs: "/runs",
      run: `/runs/${run.id}`,
      "run-graph": `/runs/${run.id}?view=graph`,
      approvals: "/approvals",
      approval: `/approvals/${open.id}`,
      events: "/events",
      audit: "/audit",
      status: "/admin/status",
      users: "/admin/users",
      tokens: "/admin/tokens",
      secrets: "/admin/secrets",
      webhooks: "/admin/webhooks",
      settings: "/admin/settings",
    };
    for (const [name, path] of Object.entries(pages)) {
      await person.page.goto(path);
      await person.page.getByRole("heading", { level: 1 }).waitFor();
      await person.page.waitForLoadState("networkidle", { timeout: 1_500 }).catch(() => {});
      await person.checkWidth(name);
      await person.checkAccess(`${name} at 390 px in the dark`);
      await person.shoot(`phone-${name}`);
    }
  },
};
