"""Versions of workflows and workflows in a folder, from the command line."""
import re

import jsonschema
import yaml

import fairlead

NIGHTLY = """# kept byte for byte
document:
  dsl: '1.0.3'
  namespace: ops
  name: nightly
  version: '1.0.0'
schedule: {every: PT24H}
do:
- count: {set: {n: 1}}
- rest: {wait: PT1S}
"""
OTHER = """document: {dsl: '1.0.3', namespace: ops, name: other, version: '1.0.0'}
do:
- a: {set: {x: 1}}
"""


class Versions(fairlead.Scenario):
    def digest(self, done):
        return re.search(r"sha256:[0-9a-f]{64}", done.err).group(0)

    def test_a_folder_is_planned_applied_and_exported(self):
        cli = self.stage.cli
        folder = self.stage.folder / "flows"
        (folder / "ops").mkdir(parents=True)
        (folder / "ops/nightly.yaml").write_text(NIGHTLY)
        (folder / "ops/other.yaml").write_text(OTHER)
        done = cli("workflow", "plan", folder, expect=2)
        self.assertIn("create ops/nightly 1.0.0  ops/nightly.yaml", done.out)
        cli("workflow", "apply", folder, "--plan", self.digest(done), expect=0)
        self.assertEqual(cli("workflow", "plan", folder, expect=0).out, "2 unchanged\n")
        fairlead.wait_until(
            "the schedule is set up",
            lambda: re.match(r"Schedule: every P1D\nNext start: 20\d\d-",
                             cli("workflow", "show", "ops/nightly", expect=0).err))

        # An edit without a new version is refused, with one it is planned task by task.
        edited = NIGHTLY.replace("n: 1", "n: 2")
        (folder / "ops/nightly.yaml").write_text(edited)
        done = cli("workflow", "plan", folder, expect=5)
        self.assertIn("raise document.version to 1.0.1", done.out)
        cli("workflow", "apply", folder, expect=5)
        (folder / "ops/nightly.yaml").write_text(edited.replace("1.0.0", "1.0.1"))
        (folder / "ops/other.yaml").unlink()
        done = cli("workflow", "plan", folder, "--prune", expect=2)
        self.assertIn("disable ops/other 1.0.0", done.out)
        self.assertIn("  changed /do/0/count: /set/n\n", done.out)
        old = self.digest(done)

        # Somebody else was faster: the plan does not hold any more.
        cli("workflow", "disable", "ops/other", expect=0)
        cli("workflow", "apply", folder, "--prune", "--plan", old, expect=5)
        cli("workflow", "apply", folder, "--prune", expect=0)
        self.assertIn("from 1.0.0 to 1.0.1", cli("workflow", "diff", "ops/nightly",
                                                 expect=0).out)

        # Back, and out again: byte for byte.
        cli("workflow", "rollback", "ops/nightly", "1.0.0", expect=0)
        fresh = self.stage.folder / "fresh"
        cli("workflow", "export", fresh, expect=0)
        self.assertEqual((fresh / "ops/nightly.yaml").read_text(),
                         NIGHTLY.replace("1.0.0", "1.0.2"))
        self.assertEqual(cli("workflow", "export", fresh, expect=0).out,
                         "unchanged ops/nightly.yaml\n")
        self.assertEqual(cli("workflow", "plan", fresh, expect=0).out, "1 unchanged\n")

    def test_drafts(self):
        cli = self.stage.cli
        file = self.stage.folder / "draft.yaml"
        file.write_text(OTHER.replace("other", "drafted"))
        cli("workflow", "apply", file, expect=0)
        file.write_text(OTHER.replace("other", "drafted").replace("x: 1", "x: 2"))
        self.assertEqual(cli("workflow", "draft", file, expect=0).out,
                         "saved draft ops/drafted 1.0.1\n")
        cli("workflow", "discard", "ops/drafted:1.0.1", expect=0)
        cli("workflow", "publish", "ops/drafted", expect=3)
        cli("workflow", "draft", file, expect=0)
        self.assertEqual(cli("workflow", "publish", "ops/drafted", expect=0).out,
                         "published ops/drafted 1.0.1\n")

    def test_a_schedule_starts_runs_by_itself(self):
        cli = self.stage.cli
        file = self.stage.folder / "often.yaml"
        file.write_text("document: {dsl: '1.0.3', namespace: ops, name: often, version: '1.0.0'}\n"
                        "schedule: {every: PT1S}\ndo:\n- a: {set: {x: 1}}\n")
        cli("workflow", "apply", file, expect=0)
        runs = fairlead.wait_until(
            "the schedule has started a run",
            lambda: cli("run", "list", "--workflow", "ops/often", "-o", "json", expect=0).json)
        self.assertEqual(runs[0]["cause"], "schedule every PT1S")
        cli("workflow", "disable", "ops/often", expect=0)

    def test_actions_are_served_as_functions_that_fit_the_standard(self):
        done = self.stage.cli("catalog", "export", self.stage.folder / "catalogs", expect=0)
        self.assertRegex(done.out, r"wrote \d+ functions")
        files = sorted((self.stage.folder / "catalogs").glob("*/functions/*/*/function.yaml"))
        self.assertGreater(len(files), 15)
        schema = fairlead.HERE.parents[2] / "shared/open-workflow/schema/workflow.yaml"
        if not schema.exists():
            self.skipTest(f"no {schema}")
        judge = jsonschema.Draft202012Validator(yaml.safe_load(schema.read_text()))
        portable = 0
        for file in files:
            with self.subTest(file=str(file)):
                function = yaml.safe_load(file.read_text())
                portable += function["metadata"]["portable"]
                judge.validate({
                    "document": {"dsl": "1.0.3", "namespace": "a", "name": "b", "version": "1.0.0"},
                    "use": {"functions": {"f": function}},
                    "do": [{"x": {"call": "f"}}]})
        self.assertGreater(portable, 10)
