"""Webhooks of groups: one instead of one in each project."""
import time
import urllib.parse

import fairlead

WATCH = """document: {dsl: 1.0.3, namespace: hooks, name: watch, version: 1.0.0}
do:
- start:
    call: trigger-pipeline:1.0.0@gitlab
    with: {project: '${ .project }', ref: main, wait: until_finished}
"""
HEARD = """document: {dsl: 1.0.3, namespace: hooks, name: heard, version: 1.0.0}
schedule:
  on: {one: {with: {type: com.gitlab.issue}}}
  read: data
do:
- note: {set: '${ { title: .[0].object_attributes.title } }'}
"""
PROJECTS = ("one", "two", "three")


def quoted(path):
    return urllib.parse.quote(path, safe="")


class Hooks(fairlead.Scenario):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.sandbox.control("POST", "options", {"tier": "ultimate", "pipelineSeconds": 300})
        cls.group = cls.sandbox.get("groups/ops")["id"]
        for name in PROJECTS:
            cls.gitlab("POST", "projects", {"name": name, "namespace_id": cls.group,
                                            "initialize_with_readme": True})
            cls.sandbox.control("POST", f"projects/{cls.project(name)['id']}",
                                {"hasCiConfig": True})
        for name, text in (("watch", WATCH), ("heard", HEARD)):
            cls.stage.cli("workflow", "apply", cls.stage.file(f"{name}.yaml", text), expect=0)

    @classmethod
    def gitlab(cls, method, path, body=None):
        return fairlead.http(method, f"{cls.sandbox.url}/api/v4/{path}", body,
                             {"PRIVATE-TOKEN": "glpat-sandbox-alice-api"})

    @classmethod
    def project(cls, name):
        return cls.sandbox.get(f"projects/{quoted('ops/' + name)}")

    def hooks(self):
        return self.stage.api("GET", "/api/v1/webhooks", expect=200).json["items"]

    def hook_of_group(self, status="verified"):
        def there():
            return next((hook for hook in self.hooks()
                         if hook["group"] == "ops" and hook["status"] == status), None)
        return fairlead.wait_until(f"the group's webhook is {status}", there)

    def runs(self, workflow, status=""):
        return self.stage.api("GET", f"/api/v1/runs?workflow=hooks/{workflow}&status={status}",
                              expect=200).json["items"]

    def at_gitlab(self, place):
        return [hook["url"] for hook in self.sandbox.get(f"{place}/hooks")]

    def test_1_three_projects_of_a_group_share_one(self):
        for name in PROJECTS:
            self.stage.api("POST", "/api/v1/workflows/hooks/watch/run",
                           {"input": {"project": f"ops/{name}"}})
        fairlead.wait_until("all wait", lambda: len(self.runs("watch", "waiting")) == 3)
        hook = self.hook_of_group()
        self.assertEqual(self.at_gitlab("groups/ops"),
                         [f"{self.stage.url}/webhooks/gitlab/{hook['id']}"])
        remote = self.sandbox.get(f"groups/ops/hooks/{hook['gitlabId']}")
        self.assertTrue(remote["enable_ssl_verification"] and remote["signing_token_present"])
        fairlead.wait_until("the projects' own are gone", lambda: not any(
            self.at_gitlab(f"projects/{quoted('ops/' + name)}") for name in PROJECTS))
        self.assertIn("group ops", self.stage.cli("webhook", "list", expect=0).out)

    def test_2_its_deliveries_wake_runs_and_start_workflows(self):
        began = time.monotonic()
        for name in PROJECTS:
            newest = self.sandbox.get(f"projects/{quoted('ops/' + name)}/pipelines")[0]
            self.sandbox.control("POST", f"pipelines/{newest['id']}", {"status": "success"})
        fairlead.wait_until("all go on", lambda: len(self.runs("watch", "completed")) == 3)
        self.assertLess(time.monotonic() - began, 10, "polls are a quarter of a minute apart")
        made = self.gitlab("POST", f"projects/{quoted('ops/two')}/issues", {"title": "heard once"})
        self.assertEqual(made.status, 201)
        fairlead.wait_until("it started a run", lambda: self.runs("heard", "completed"))
        self.assertEqual([run["output"] for run in self.runs("heard")], [{"title": "heard once"}])
