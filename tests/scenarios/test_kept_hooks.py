"""Webhooks for workflows that start on GitLab's events, and those kept by hand."""
import time
import urllib.parse

import fairlead

ALICE = {"PRIVATE-TOKEN": "glpat-sandbox-alice-api"}


def workflow(name, filter_text, body="title: .[0].object_attributes.title"):
    return f"""document: {{dsl: 1.0.3, namespace: hooks, name: {name}, version: 1.0.0}}
schedule:
  on: {{one: {{with: {filter_text}}}}}
do:
- note: {{set: '${{ {{ {body} }} }}'}}
"""


PLACED = workflow("placed", "{type: com.gitlab.issue, subject: '^ops/incidents#'}")
NOTED = workflow(
    "noted",
    """{type: com.gitlab.note, data: '${ .project.path_with_namespace == "ops/incidents" }'}""",
    "note: .[0].object_attributes.note")
PUSHED = workflow("pushed", "{type: com.gitlab.pipeline}", "status: .[0].object_attributes.status")


class KeptHooks(fairlead.Scenario):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.sandbox.control("POST", "options", {"pipelineSeconds": 300})

    def gitlab(self, method, path, body=None):
        answer = fairlead.http(method, f"{self.sandbox.url}/api/v4/{path}", body, ALICE)
        self.assertLess(answer.status, 300, answer.text)
        return answer.json

    def apply(self, name, text):
        return self.stage.cli("workflow", "apply", self.stage.file(f"{name}.yaml", text), expect=0)

    def hooks(self):
        return self.stage.api("GET", "/api/v1/webhooks", expect=200).json["items"]

    def hook_in(self, project, *statuses):
        def there():
            return next((hook for hook in self.hooks() if hook["project"] == project
                         and hook["status"] in (statuses or ("registered", "verified"))), None)
        return fairlead.wait_until(f"there is a webhook in {project}", there)

    def at_gitlab(self, project):
        return self.sandbox.get(f"projects/{urllib.parse.quote(project, safe='')}/hooks")

    def outputs(self, name):
        runs = self.stage.api("GET", f"/api/v1/runs?workflow=hooks/{name}&status=completed",
                              expect=200).json["items"]
        return [run["output"] for run in runs]

    def test_1_a_workflow_that_names_its_project_hears_it_without_any_set_up(self):
        self.apply("placed", PLACED)
        fairlead.wait_until("it is wanted", lambda: [{"kind": "workflow", "name": "hooks/placed"}]
                            == self.hook_in("ops/incidents")["wantedBy"])
        hook = self.hook_in("ops/incidents")
        self.assertIsNone(hook["usedAt"])
        self.gitlab("POST", "projects/ops%2Fincidents/issues", {"title": "it burns"})
        fairlead.wait_until("it started", lambda: self.outputs("placed") == [{"title": "it burns"}])
        self.hook_in("ops/incidents", "verified")

    def test_2_another_kind_is_ticked_in_the_same_hook(self):
        self.apply("noted", NOTED)
        fairlead.wait_until("it is ticked",
                            lambda: [hook["note_events"] for hook in self.at_gitlab("ops/incidents")
                                     ] == [True])
        self.gitlab("POST", "projects/ops%2Fincidents/issues/1/notes", {"body": "seen"})
        fairlead.wait_until("it started", lambda: {"note": "seen"} in self.outputs("noted"))
        out = self.stage.cli("webhook", "list", expect=0).out
        self.assertIn("ops/incidents", out)
        self.assertIn("workflow hooks/noted", out)

    def test_3_it_goes_when_the_last_workflow_is_disabled(self):
        for name in ("placed", "noted"):
            self.stage.cli("workflow", "disable", f"hooks/{name}", expect=0)
        fairlead.wait_until("it is gone", lambda: self.at_gitlab("ops/incidents") == [])
        fairlead.wait_until("here as well", lambda: self.hooks() == [])

    def test_4_without_a_place_publishing_and_validation_say_what_to_do(self):
        path = self.stage.file("pushed.yaml", PUSHED)
        for command in (["validate"], ["validate", "--offline"], ["apply"]):
            told = self.stage.cli("workflow", *command, path, expect=0)
            self.assertIn("fairlead webhook keep group/project",
                          " ".join((told.out + told.err).split()), str(command))
        time.sleep(2)
        self.assertEqual(self.hooks(), [])

    def test_5_one_kept_by_hand_starts_it(self):
        kept = self.stage.cli("webhook", "keep", "ops/runbooks", expect=0)
        self.assertIn("by hand", kept.out)
        self.gitlab("POST", "projects/ops%2Frunbooks/pipeline?ref=main", {})
        fairlead.wait_until("it started", lambda: self.outputs("pushed"))
        self.assertEqual([hook["pipeline_events"] for hook in self.at_gitlab("ops/runbooks")],
                         [True])
        entries = self.stage.api("GET", "/api/v1/audit?action=webhooks.create",
                                 expect=200).json["items"]
        self.assertEqual([entry["target"] for entry in entries], ["ops/runbooks"])

    def test_6_the_doctor_has_gitlab_test_it_and_no_workflow_starts_on_that(self):
        newest = self.sandbox.get("projects/ops%2Frunbooks/pipelines?per_page=1")[0]["id"]
        self.sandbox.control("POST", f"pipelines/{newest}", {"status": "success"})
        self.hook_in("ops/runbooks", "verified")
        fairlead.wait_until("the end is heard", lambda: {"status": "success"}
                            in self.outputs("pushed"))
        told = " ".join(self.stage.cli("connection", "test", "gitlab", expect=0).out.split())
        self.assertIn("Webhooks reach this server: GitLab sent a test of the webhook in "
                      "ops/runbooks just now", told)
        deliveries = self.stage.api("GET", "/api/v1/webhooks", expect=200).json["deliveries"]
        self.assertGreater(sum(deliveries.values()), 0)

    def test_7_forgotten_it_goes(self):
        refused = self.stage.cli("webhook", "forget", "ops/none")
        self.assertNotEqual(refused.code, 0)
        # Another GitLab has a project of the same path.
        other = fairlead.Sandbox(self.stage, name="sandbox-other")
        self.stage.connect_token("second", url=other.url)
        self.stage.cli("webhook", "keep", "ops/runbooks", "--connection", "second", expect=0)
        refused = self.stage.cli("webhook", "forget", "ops/runbooks")
        self.assertNotEqual(refused.code, 0)
        for words in ("means 2 webhooks", "(connection gitlab)", "(connection second)",
                      "--connection"):
            self.assertIn(words, " ".join(refused.err.split()))
        for connection in ("second", "gitlab"):
            told = self.stage.cli("webhook", "forget", "ops/runbooks", "--connection", connection,
                                  expect=0).out
            self.assertIn("removed at GitLab now", told)
        fairlead.wait_until("it is gone", lambda: self.at_gitlab("ops/runbooks") == [])

    def test_8_keeping_says_what_is_wrong(self):
        for words, said in ((("webhook", "keep", "ops/none"), 'no project "ops/none"'),
                            (("webhook", "keep"), "either a project or a group"),
                            (("webhook", "keep", "--group", "none"), 'no group "none"')):
            told = self.stage.cli(*words)
            self.assertNotEqual(told.code, 0)
            self.assertIn(said, " ".join((told.out + told.err).split()))
        # The sandbox is a GitLab Free: no webhooks of groups.
        told = self.stage.cli("webhook", "keep", "--group", "ops")
        self.assertNotEqual(told.code, 0)
        self.assertIn("Premium or Ultimate", " ".join((told.out + told.err).split()))
        self.stage.cli("webhook", "forget", "group:ops", expect=0)
