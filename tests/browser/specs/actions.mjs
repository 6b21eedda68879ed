// Every action of the catalogue through its form in the builder: added by searching for it, all its
// fields there, the needed ones filled in by their controls, free of problems, and the request it
// would send shown. A new action is covered by itself, if its fields have names known here.
import assert from "node:assert/strict";

// What a person fills in, by the field's name.
const values = {
  access_level: "Developer",
  body: "Looked at.",
  emails: "new@example.com",
  group: "ops",
  iid: "1",
  method: "GET",
  name: "New project",
  path: "/version",
  pipeline: "1",
  project: "ops/incidents",
  question: "Shall it go out?",
  ref: "main",
  title: "Something broke",
  user: "bob",
};
// What an action needs beside its `required` fields: a number of an issue is one in some project.
const beside = {
  "gitlab.comment-issue": ["project"],
  "gitlab.get-issue": ["project"],
  "gitlab.get-pipeline": ["project", "pipeline"],
  "gitlab.invite-group-member": ["emails"],
  "gitlab.update-issue": ["project", "title"],
  "gitlab.wait-for-pipeline": ["project"],
};

const escaped = (text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const control = (form, title) =>
  form
    .getByRole("textbox", { name: title, exact: true })
    .or(form.getByRole("combobox", { name: title, exact: true }));

async function fill(page, input, value) {
  if ((await input.getAttribute("readonly")) !== null) {
    await input.click();
    await page.getByRole("option", { name: value, exact: true }).click();
    return;
  }
  await input.fill(value);
  await input.press("Tab");
}

async function useForm({ api, page }, action) {
  const workflow = `form-${action.name}`;
  await api.call(
    "PUT",
    "/workflows/draft",
    `document: { dsl: '1.0.3', namespace: ops, name: ${workflow}, version: '1.0.0' }
do:
  - first:
      set: { n: 1 }
`,
    "application/yaml",
  );
  await page.goto(`/workflows/ops/${workflow}/edit`);
  await page.getByRole("button", { name: "Add a step", exact: true }).click();
  await page.getByLabel("Search actions and steps").fill(action.id);
  await page.keyboard.press("Enter");
  const form = page.getByRole("complementary", { name: "Form of the selected step" });
  await form.getByRole("heading", { name: action.title, exact: true }).waitFor();
  const more = form.getByRole("button", { name: /^More fields/ });
  if ((await more.count()) > 0) await more.click();
  const { properties, required = [] } = action.inputSchema;
  for (const [name, schema] of Object.entries(properties))
    await form
      .locator("label")
      .filter({ hasText: new RegExp(`^${escaped(schema.title)}( \\*)?$`) })
      .first()
      .waitFor()
      .catch(() => assert.fail(`${action.id} has no field "${schema.title}" (${name})`));
  for (const name of [...required, ...(beside[action.id] ?? [])]) {
    assert.ok(name in values, `what is filled into "${name}" of ${action.id}?`);
    await fill(page, control(form, properties[name].title), values[name]);
  }
  await page.getByText("No problems").waitFor();
  await page
    .getByRole("status")
    .filter({ hasText: /^Saved$/ })
    .waitFor();
  const { source } = await api.get(`/workflows/ops/${workflow}?version=1.0.0`);
  assert.match(source, new RegExp(`call: '?${action.name}:1.0.0@${action.catalog}'?\n`));
  for (const name of [...required, ...(beside[action.id] ?? [])])
    assert.match(source, new RegExp(`^ +${name}:`, "m"), `${action.id}: ${name}\n${source}`);
  return form;
}

export default {
  async prepare({ api, person }) {
    await api.setUp();
    await api.connect();
    await person.sitDown();
    await person.signIn();
  },

  async "each action has a form that fills it in, and shows what it would send"({ api, person }) {
    const { page } = person;
    const { items } = await api.get("/actions");
    assert.ok(items.filter((action) => action.catalog === "gitlab").length >= 15);
    for (const { id } of items) {
      const action = await api.get(`/actions/${id}`);
      const form = await useForm({ api, page }, action).catch((error) => {
        error.message = `${id}: ${error.message}`;
        throw error;
      });
      if (action.catalog !== "gitlab") continue;
      await form.getByRole("tab", { name: "Try it" }).click();
      await form.getByRole("button", { name: "Show the request" }).click();
      await form
        .getByRole("region", { name: "Request" })
        .getByText(/\/api\/v4\//)
        .first()
        .waitFor();
    }
    await person.checkAccess("the form of the last action");
  },
};
