// Every page, in light and dark, at 1280 and 390 px: nothing sticks out, axe finds nothing serious.
// And what is rare: 500 runs, very long texts, a page one may not see, a server that is away.
import assert from "node:assert/strict";
import { people, until } from "../harness/api.mjs";
import { tabTo } from "../harness/keys.mjs";
import { redrawn, requests } from "../harness/work.mjs";

const screens = [
  { width: 1280, scheme: "light" },
  { width: 1280, scheme: "dark" },
  { width: 390, scheme: "light" },
  { width: 390, scheme: "dark" },
];
const vera = {
  username: "vera",
  name: `Vera ${"Verylongname".repeat(15)}`,
  email: `${"v".repeat(60)}@example.com`,
  password: "correct horse battery",
};
const longSubject = `INC-${"very-long-".repeat(18)}42`;
const longTitle = `A disk that is full ${"and full ".repeat(16)}`;
const longError = `It is over: ${"x".repeat(300)} ${"because of a reason ".repeat(240)}`;

const failing = `document:
  dsl: 1.0.3
  namespace: ops
  name: fails-at-length
  version: 1.0.0
  title: "${longTitle}"
do:
  - give-up:
      raise:
        error:
          type: https://example.com/errors/too-long
          status: 500
          title: Too long
          detail: "${longError}"
`;

// What a page shows when it is there; "/" of an address that names a thing is found out beforehand.
function pages({ run, failed, approval, event }) {
  return {
    "/workflows": "Workflows",
    "/workflows/templates": "Templates",
    "/workflows/templates/incident-to-issue": "Incident to issue",
    "/workflows/ops/restart-host": "Restart a host",
    "/workflows/ops/fails-at-length": longTitle.trim(),
    "/workflows/ops/restart-host/edit": "Restart a host",
    "/runs": "Runs",
    [`/runs/${run}`]: "",
    [`/runs/${failed}`]: "",
    "/approvals": "Approvals",
    [`/approvals/${approval}`]: "",
    "/events": "Events",
    [`/events/${event}`]: "",
    "/settings/apps": "App Store",
    "/settings/apps/gitlab/connect": "Connect GitLab",
    "/settings/apps/gitlab/default": "default",
    "/account": "Ada Admin",
    "/audit": "Audit log",
    "/admin/users": "Users",
    "/admin/tokens": "API tokens",
    "/admin/secrets": "Secrets",
    "/admin/webhooks": "Webhooks",
    "/admin/settings": "Settings",
    "/admin/status": "Status",
  };
}

async function idle(page) {
  await page.waitForLoadState("load");
  await page
    .locator('[aria-busy="true"], [aria-label="Loading"], .mantine-Skeleton-root')
    .first()
    .waitFor({ state: "detached" });
}

async function visit(person, path, title) {
  const { page } = person;
  await page.goto(path);
  await page.getByRole("heading", { level: 1 }).first().waitFor();
  await idle(page);
  if (title) await page.getByRole("heading", { level: 1, name: title }).first().waitFor();
}

export default {
  async prepare({ api, person, workflows, memory }) {
    await api.setUp();
    await api.connect();
    for (const file of ["restart-host", "tick"]) await api.publish(`${workflows}/${file}.yaml`);
    await api.post("/workflows", failing, "application/yaml");
    await api.post("/users", { ...vera, role: "viewer" });
    const { id: failed } = await api.post("/workflows/ops/fails-at-length/run", { input: {} });
    const { accepted } = await api.event("com.example.host.down", longSubject, {
      host: `db-${"very-long-".repeat(18)}1`,
    });
    const approval = await until("an approval", async () => {
      const { items } = await api.get("/approvals?status=open");
      return items[0];
    });
    memory.pages = pages({
      run: approval.run.id ?? approval.run,
      failed,
      approval: approval.id,
      event: accepted[0].seq,
    });
    await person.sitDown();
    await person.signIn();
  },

  ...Object.fromEntries(
    screens.map((screen) => [
      `every page at ${screen.width} px, ${screen.scheme}`,
      async ({ person, memory }) => {
        await person.sitDown(screen);
        for (const [path, title] of Object.entries(memory.pages)) {
          await visit(person, path, title);
          const where = `${path} at ${screen.width} px, ${screen.scheme}`;
          await person.checkWidth(where);
          await person.checkAccess(where);
        }
      },
    ]),
  ),

  async "a page that is for others says so, and who may"({ api, person }) {
    const page = await person.sitDown({ width: 1280 });
    await person.context.clearCookies();
    await person.signIn(vera);
    // The browser itself notes a refusal in its console.
    person.expect(/status of 403/);
    await page.goto("/admin/users");
    await page.getByText("This page is for others").waitFor();
    await page
      .getByText(/org admin/)
      .first()
      .waitFor();
    await person.checkAccess("a page that is for others");
    assert.equal(await page.getByRole("link", { name: "Admin" }).count(), 0);
    assert.equal(await page.getByRole("button", { name: "Try again" }).count(), 0);
    assert.equal(await page.getByRole("button", { name: "Add a user" }).count(), 0);
    await person.shoot("not-for-you");
    await person.context.clearCookies();
    await person.signIn(people.ada);
    assert.ok((await api.get("/users?q=vera")).items.length === 1);
  },

  async "the administration is done with the keys alone"({ api, person }) {
    const { page } = person;
    await page.goto("/workflows");
    await page.getByRole("heading", { level: 1 }).waitFor();
    await page.keyboard.press("/");
    await page.getByRole("combobox", { name: "Go to or do" }).waitFor();
    await page.keyboard.type("admin");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "Users" }).waitFor();
    await page.keyboard.press("Control+k");
    await page.getByRole("combobox", { name: "Go to or do" }).waitFor();
    await page.keyboard.type("api tok");
    await page.keyboard.press("Enter");
    await page.getByRole("heading", { name: "API tokens" }).waitFor();
    await tabTo(page, "Make a token");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog").getByRole("textbox").first().waitFor();
    await page.waitForFunction(() => document.activeElement?.tagName === "INPUT");
    await page.keyboard.type("by-keys");
    await page.keyboard.press("Enter");
    await page.getByText("Token by-keys").waitFor();
    await tabTo(page, "Revoke by-keys");
    await page.keyboard.press("Enter");
    await tabTo(page, "Revoke it now");
    await page.keyboard.press("Enter");
    await until("the token is gone", async () =>
      (await api.get("/tokens?q=by-keys")).items.length === 0 ? true : undefined,
    );
  },

  async "the graph is walked with the arrow keys"({ person }) {
    const { page } = person;
    await page.goto("/workflows/ops/restart-host/edit");
    const graph = page.getByRole("application", { name: /Graph of the workflow/ });
    await graph.waitFor();
    await graph.focus();
    await page.keyboard.press("ArrowDown");
    await page.locator('[data-row="/do/0"][aria-selected="true"]').waitFor();
    await page.keyboard.press("ArrowDown");
    await page.locator('[data-row="/do/1"][aria-selected="true"]').waitFor();
    await page.keyboard.press("Home");
    await page.keyboard.press("End");
    assert.notEqual(await graph.getByRole("status").textContent(), "");
    await person.checkAccess("the graph");
  },

  async "events are filtered; the filter is the address"({ api, person }) {
    const { page } = person;
    for (let i = 0; i < 60; i += 1) await api.event("com.example.many", `M-${i}`, { n: i });
    await page.goto("/events");
    await page.getByRole("searchbox", { name: "Search events" }).fill("many m-59");
    await page.getByText("1 event, that is all").waitFor();
    assert.match(page.url(), /q=many/);
    await page.getByRole("button", { name: "com.example.many" }).first().click();
    await page.getByRole("searchbox", { name: "Search events" }).fill("");
    const rows = page.getByRole("table", { name: "Events received" }).locator("tbody tr");
    await rows.nth(49).waitFor();
    await page.getByRole("button", { name: "Show older events" }).click();
    await page.getByText("60 events, that is all").waitFor();
    await page.reload();
    await rows.nth(49).waitFor();
    await page.goto("/events?q=no-such-thing");
    await page.getByText("No event is like that").waitFor();
    await page.getByRole("button", { name: "Clear filters" }).first().click();
    await rows.nth(10).waitFor();
  },

  async "five hundred runs scroll and filter quickly"({ api, person }) {
    const page = await person.sitDown({ width: 1280 });
    for (let from = 0; from < 500; from += 25)
      await Promise.all(
        Array.from({ length: 25 }, (_, i) =>
          api.post("/workflows/tests/tick/run", { input: { n: from + i } }),
        ),
      );
    await until("they are over: what is still told live draws rows, too", async () => {
      for (const status of ["pending", "running", "waiting"])
        if ((await api.get(`/runs?workflow=tests/tick&status=${status}&limit=1`)).items.length > 0)
          return false;
      return true;
    });
    // Rows of runs that wait draw their time anew by themselves.
    await page.goto("/runs?workflow=tests%2Ftick");
    const rows = page.getByRole("table", { name: "Runs" }).locator("tbody tr");
    await rows.first().waitFor();
    const all = page.getByText(/^\d+ runs, that is all$/);
    const again = await redrawn(page, "tbody tr", () =>
      until("all runs are there", async () => {
        await page.mouse.wheel(0, 20_000);
        return (await all.count()) > 0 && (await all.isVisible());
      }),
    );
    assert.ok((await rows.count()) >= 500);
    const picked = await redrawn(page, "tbody tr", async () => {
      await rows.nth(499).getByRole("checkbox").click();
      await page.getByText("1 selected").waitFor();
    });
    const asked = requests(page, "/api/v1/runs?");
    await page.getByRole("searchbox").fill("no such words");
    await page.getByText("No run matches").waitFor();
    const filtered = asked.take().length;
    console.log(`        500 rows: redrawn ${again}, by a choice ${picked}, asked ${filtered}`);
    assert.ok(picked <= 1, `choosing one row drew ${picked} anew`);
    assert.ok(filtered <= 5, `filtering once asked ${filtered} times`);
  },

  async "while the server is away the page stays, says so, and goes on by itself"({ person }) {
    const { page, context } = person;
    person.expect(/Failed to load resource|ERR_/);
    await page.goto("/runs");
    const rows = page.getByRole("table", { name: "Runs" }).locator("tbody tr");
    await rows.first().waitFor();
    await context.route("**/api/v1/**", (route) => route.abort("connectionrefused"));
    await page.getByText("The server cannot be reached").waitFor();
    await person.shoot("server-away");
    await person.checkAccess("a server that is away");
    assert.ok((await rows.count()) > 10, "what was known is still shown");
    await page.getByRole("button", { name: "Try again now" }).click();
    await context.unroute("**/api/v1/**");
    await page.getByText("The server cannot be reached").waitFor({ state: "detached" });
  },
};
