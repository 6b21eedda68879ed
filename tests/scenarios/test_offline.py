"""`fairlead workflow validate` where no server is: in a repository's CI, say."""
import fairlead

GOOD = """document: {dsl: '1.0.3', namespace: ops, name: good, version: '1.0.0'}
do:
- ask:
    call: 'request-approval:1.0.0@default'
    with: {question: Go on?, approvers: {roles: [author]}}
- open: {call: 'create-issue:1.0.0@gitlab', with: {project: ops/incidents, title: '${ .t }'}}
"""
BAD = GOOD.replace("name: good", "name: bad").replace("create-issue", "create-isue").replace(
    "${ .t }", "${ .t | }")


class Offline(fairlead.Scenario):
    @classmethod
    def prepare(cls):
        """No server."""
        cls.stage.sandbox = cls.sandbox = fairlead.Sandbox(cls.stage)

    def validate(self, *arguments, **keywords):
        return self.stage.cli("workflow", "validate", *arguments, **keywords)

    def test_1_a_folder_is_checked_as_a_server_would(self):
        folder = self.stage.folder / "flows"
        (folder / "below").mkdir(parents=True)
        (folder / "good.yaml").write_text(GOOD)
        (folder / "below" / "bad.yml").write_text(BAD)
        (folder / "README.md").write_text("no workflow")
        done = self.validate(str(folder), expect=2)
        self.assertRegex(done.out, r"flows/below/bad\.yml:6:\d+: error: .*create-issue")
        self.assertRegex(done.out, r"flows/below/bad\.yml:6:\d+: error: .*\.t \|")
        self.assertRegex(done.out, r"flows/good\.yaml: valid \(ops/good 1\.0\.0\)")
        self.assertIn("Checked on this machine.", done.err)
        self.assertIn("1 file is not a valid workflow.", done.err)
        listed = {each["file"].rsplit("/", 1)[1]: each["ok"]
                  for each in self.validate(str(folder), "-o", "json", expect=2).json}
        self.assertEqual(listed, {"bad.yml": False, "good.yaml": True})

    def test_2_what_cannot_be_read_is_named(self):
        empty = self.stage.folder / "empty"
        empty.mkdir()
        self.assertIn("has no workflows", self.validate(str(empty), expect=3).err)
        self.assertIn("nowhere.yaml", self.validate("nowhere.yaml", expect=3).err)

    def test_3_a_server_says_the_same(self):
        path = self.stage.file("bad.yaml", BAD)
        here = self.validate(path, "-o", "json", expect=2).json
        self.stage.start_server()
        asked = self.validate(path, "-o", "json", expect=2)
        self.assertEqual(asked.json, here)
        self.assertNotIn("Checked on this machine", asked.err)
        offline = self.validate(path, "--offline", "-o", "json", expect=2)
        self.assertEqual(offline.json, here)
        self.assertIn("Checked on this machine", offline.err)

    def test_4_a_named_server_that_is_away_is_not_passed_over(self):
        path = self.stage.file("good.yaml", GOOD)
        done = self.validate(path, "--server", "http://127.0.0.1:1")
        self.assertEqual(done.code, 6, done)
        self.assertEqual(self.validate(path, "--server", "http://127.0.0.1:1", "--offline").code, 0)
