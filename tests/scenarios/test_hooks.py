"""Webhooks of groups, and what webhooks missed while the server was down."""
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

    def issue(self, title):
        made = self.gitlab("POST", f"projects/{quoted('ops/two')}/issues", {"title": title})
        self.assertEqual(made.status, 201)

    def sent(self):
        counts = self.sandbox.control("GET", "state")["webhooks"]
        return counts["sent"] if counts["waiting"] == 0 else None

    def heard(self):
        return sorted(run["output"]["title"] for run in self.runs("heard", "completed"))

    def outage(self, titles, tried):
        """Issues that are made while the server is down; GitLab tries to deliver so many."""
        before = fairlead.wait_until("nothing is on its way", self.sent)
        self.stage.server.stop()
        for count, title in enumerate(titles, 1):
            self.issue(title)
            fairlead.wait_until("GitLab gave up", lambda least=min(count, tried): (
                lambda now: now if now is not None and now >= before + least else None)(
                    self.sent()))
        self.stage.start_server(listen=self.stage.url.split("//")[1])

    def test_3_what_failed_during_an_outage_is_made_good_from_the_hooks_log(self):
        self.outage(["first", "second"], 2)
        fairlead.wait_until("both are heard", lambda: len(self.heard()) == 3)
        self.assertEqual(self.heard(), ["first", "heard once", "second"])

    def test_4_what_gitlab_did_not_even_try_is_made_good_from_listings(self):
        self.issue("between")
        fairlead.wait_until("the hook is well", lambda: "between" in self.heard())
        # After four failures in a row it rests.
        self.outage([f"missed {number}" for number in range(1, 7)], 4)
        fairlead.wait_until("all are heard", lambda: len(self.heard()) == 10)
        time.sleep(3)  # and each of them once
        self.assertEqual(self.heard(), ["between", "first", "heard once"] + [
            f"missed {number}" for number in range(1, 7)] + ["second"])
        self.issue("as ever")
        fairlead.wait_until("the hook works again", lambda: "as ever" in self.heard())


AWAIT = """document: {dsl: 1.0.3, namespace: hooks, name: await, version: 1.0.0}
do:
- wait:
    call: wait-for-pipeline:1.0.0@gitlab
    with: {connection: reader, project: '${ .project }', pipeline: '${ .pipeline }'}
"""


class KeepersOfHooks(fairlead.Scenario):
    """Which connection keeps a webhook, where one of them may only read."""
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.sandbox.control("POST", "options", {"pipelineSeconds": 300})
        incidents = cls.sandbox.get("projects/ops%2Fincidents")["id"]
        cls.sandbox.control("POST", f"projects/{incidents}", {"hasCiConfig": True})
        for name, scope in (("reader", "read-api"), ("users", "read-user")):
            cls.stage.connect_token(name, f"glpat-sandbox-alice-{scope}")
        cls.stage.cli("workflow", "apply", cls.stage.file("await.yaml", AWAIT), expect=0)

    def hook_awaited_in(self, project):
        """The record of the webhook after a run began to wait for a pipeline through `reader`."""
        made = fairlead.http(
            "POST", f"{self.sandbox.url}/api/v4/projects/{quoted(project)}/pipeline?ref=main", {},
            {"PRIVATE-TOKEN": "glpat-sandbox-alice-api"})
        self.assertEqual(made.status, 201)
        known = {hook["id"] for hook in self.hooks()}
        self.stage.api("POST", "/api/v1/workflows/hooks/await/run",
                       {"input": {"project": project, "pipeline": made.json["id"]}})

        def settled():
            new = [hook for hook in self.hooks() if hook["id"] not in known]
            early = not new or new[0]["status"] == "registered"
            return None if early or "no webhook was" in new[0]["reason"] else new[0]
        return fairlead.wait_until("there is a webhook", settled)

    def hooks(self):
        return self.stage.api("GET", "/api/v1/webhooks", expect=200).json["items"]

    def test_1_one_that_writes_keeps_it_for_one_that_only_reads(self):
        hook = self.hook_awaited_in("ops/runbooks")
        self.assertEqual((hook["connection"], hook["status"]), ("gitlab", "verified"))
        self.assertEqual(len(self.sandbox.get("projects/ops%2Frunbooks/hooks")), 1)

    def test_2_one_that_can_do_next_to_nothing_says_so(self):
        def of(name):
            return self.stage.api("GET", f"/api/v1/connections/{name}", expect=200).json
        self.assertEqual(of("users")["missingScopes"], ["api"])
        self.assertNotIn("missingScopes", of("reader"))
        told = " ".join(self.stage.cli("connection", "test", "users").out.split())
        self.assertIn("no project, issue or pipeline can be read", told)
        self.assertIn("Tick the scope api", told)
        page = self.stage.api("GET", "/api/v1/connections/users/permissions", expect=200).json
        self.assertEqual(page["missing"], ["api"])
        self.assertEqual([one["id"] for one in page["actions"] if one["allowed"]],
                         ["gitlab.list-users"])

    def test_3_where_none_writes_the_list_says_what_is_missing(self):
        self.stage.cli("connection", "set", "gitlab", "--read-only", expect=0)
        hook = self.hook_awaited_in("ops/incidents")
        self.assertEqual((hook["connection"], hook["status"]), ("reader", "polling"))
        self.assertIn("webhooks need api", hook["reason"])
        self.assertIn("reconnect it asking for api",
                      self.stage.cli("webhook", "list", expect=0).out)
        self.assertEqual(self.sandbox.get("projects/ops%2Fincidents/hooks"), [])
