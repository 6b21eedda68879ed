"""Runs that wait: woken by webhooks, by the poll behind them, by people; over restarts as well."""
import json
import signal
import time
import urllib.parse

import fairlead

RUNBOOKS = "ops/runbooks"
HOOKS = "projects/" + urllib.parse.quote(RUNBOOKS, safe="") + "/hooks"
ALICE = "glpat-sandbox-alice-api"

PIPELINE = """document: {dsl: 1.0.3, namespace: waiting, name: pipeline, version: 1.0.0}
do:
- start:
    call: trigger-pipeline:1.0.0@gitlab
    with: {project: ops/runbooks, ref: main, wait: until_finished, on_cancel: cancel}
"""

APPROVAL = """document: {dsl: 1.0.3, namespace: waiting, name: approval, version: 1.0.0}
do:
- ask:
    call: request-approval:1.0.0@default
    with:
      question: '${ "Restart " + .host + "?" }'
      requester: '${ .asker }'
      expires_after: '${ .expires }'
      form:
        type: object
        properties: {window: {type: string, enum: [now, tonight]}}
        required: [window]
"""

HEARD = """document: {dsl: 1.0.3, namespace: waiting, name: heard, version: 1.0.0}
schedule:
  on: {one: {with: {type: com.gitlab.issue}}}
  read: data
do:
- note: {set: '${ { title: .[0].object_attributes.title } }'}
"""


class Waiting(fairlead.Scenario):
    @classmethod
    def prepare(cls):
        super().prepare()
        for name, text in (("pipeline", PIPELINE), ("approval", APPROVAL), ("heard", HEARD)):
            cls.stage.cli("workflow", "apply", cls.stage.file(f"{name}.yaml", text), expect=0)

    # -- helpers

    def plan(self, seconds, result="success"):
        self.sandbox.control("POST", "plans", {"project": RUNBOOKS, "result": result,
                                               "seconds": seconds})

    def start(self, workflow, given=None):
        answer = self.stage.cli("workflow", "run", f"waiting/{workflow}", "--input",
                                json.dumps(given or {}), "-o", "json", expect=0).json
        return answer["id"] if "id" in answer else answer["run"]

    def run_now(self, run):
        return self.stage.api("GET", f"/api/v1/runs/{run}", expect=200).json

    def wait_for(self, run, *statuses):
        return fairlead.wait_until(
            f"run {run} is {statuses}",
            lambda: (lambda now: now if now["status"] in statuses else None)(self.run_now(run)))

    def kinds(self, run):
        entries = self.stage.api("GET", f"/api/v1/runs/{run}/journal?limit=500", expect=200).json
        return [entry["kind"] for entry in entries["items"]]

    def webhooks(self):
        return self.stage.api("GET", "/api/v1/webhooks", expect=200).json

    def wait_for_hook(self, status="verified"):
        def there():
            items = self.webhooks()["items"]
            return items[0] if items and items[0]["status"] == status else None
        return fairlead.wait_until(f"the webhook is {status}", there)

    def newest_pipeline(self):
        path = "projects/" + urllib.parse.quote(RUNBOOKS, safe="") + "/pipelines?per_page=1"
        return self.sandbox.get(path)[0]

    def force(self, pipeline, status):
        self.sandbox.control("POST", f"pipelines/{pipeline}", {"status": status})

    # -- pipelines

    def test_1_a_webhook_is_made_verified_and_wakes_the_run(self):
        self.plan(300)
        run = self.start("pipeline")
        self.wait_for(run, "waiting")
        # A pipeline that moves proves the hook, and wakes what waits for it.
        hook = self.wait_for_hook()
        remote = self.sandbox.get(HOOKS)
        self.assertEqual([each["url"] for each in remote],
                         [f"{self.stage.url}/webhooks/gitlab/{hook['id']}"])
        self.assertTrue(remote[0]["pipeline_events"] and remote[0]["enable_ssl_verification"])
        self.assertTrue(remote[0]["token_present"] and remote[0]["signing_token_present"])
        self.force(self.newest_pipeline()["id"], "success")
        # Polls are a quarter of a minute apart now; only the hook is as quick as this.
        began = time.monotonic()
        self.wait_for(run, "completed")
        self.assertLess(time.monotonic() - began, 10)
        self.assertIn("woken", self.kinds(run))
        self.assertGreater(self.webhooks()["deliveries"]["accepted"], 0)

    def test_2_a_restart_in_between_loses_nothing(self):
        self.plan(300)
        run = self.start("pipeline")
        self.wait_for(run, "waiting")
        pipeline = self.newest_pipeline()["id"]
        self.stage.server.stop(signal.SIGKILL)
        # Nobody hears the webhook of this.
        self.force(pipeline, "failed")
        self.stage.start_server(listen=self.stage.url.split("//")[1])
        failed = self.wait_for(run, "faulted")
        self.assertEqual(failed["error"]["status"], 424)
        self.assertTrue(failed["error"]["type"].endswith("/gitlab/pipeline-failed"))

    def test_3_cancelling_the_run_cancels_the_pipeline(self):
        self.plan(300)
        run = self.start("pipeline")
        self.wait_for(run, "waiting")
        pipeline = self.newest_pipeline()["id"]
        self.stage.cli("run", "cancel", run, expect=0)
        self.wait_for(run, "cancelled")
        fairlead.wait_until("the pipeline is canceled", lambda: self.newest_pipeline()["status"]
                            == "canceled" and self.newest_pipeline()["id"] == pipeline)

    # -- webhooks as events

    def test_4_a_webhook_starts_a_workflow_and_strangers_do_not(self):
        hook = self.wait_for_hook()
        issues = f"{self.sandbox.url}/api/v4/" + HOOKS.replace("/hooks", "/issues")
        made = fairlead.http("POST", issues, {"title": "from outside"}, {"PRIVATE-TOKEN": ALICE})
        self.assertEqual(made.status, 201)
        def heard():
            runs = self.stage.api("GET", "/api/v1/runs?workflow=waiting/heard", expect=200).json
            return runs["items"]
        run = fairlead.wait_until("the issue started a run", heard)[0]
        self.assertEqual(self.wait_for(run["id"], "completed")["output"], {"title": "from outside"})
        url = f"{self.stage.url}/webhooks/gitlab/{hook['id']}"
        for token in ("", "wrong"):
            self.assertEqual(fairlead.http("POST", url, {}, {"X-Gitlab-Token": token}).status, 401)
        stranger = fairlead.http("POST", self.stage.url + "/webhooks/gitlab/nobody", {})
        self.assertEqual(stranger.status, 404)
        counts = self.webhooks()["deliveries"]
        self.assertEqual((counts["refused"], counts["unknown"]), (2, 1))
        self.assertEqual(len(heard()), 1)

    def test_5_a_deleted_webhook_is_made_good_by_the_poll(self):
        self.plan(300)
        run = self.start("pipeline")
        self.wait_for(run, "waiting")
        hook = self.wait_for_hook()
        http = fairlead.http("DELETE", f"{self.sandbox.url}/api/v4/{HOOKS}/{hook['gitlabId']}",
                             headers={"PRIVATE-TOKEN": ALICE})
        self.assertEqual(http.status, 204)
        self.force(self.newest_pipeline()["id"], "success")
        done = fairlead.wait_until("the poll finds the end", lambda: (
            lambda now: now if now["status"] == "completed" else None)(self.run_now(run)), 60)
        self.assertEqual(done["output"]["status"], "success")

    # -- approvals

    def ask(self, asker="bob", expires="PT1H"):
        run = self.start("approval", {"host": "db1", "asker": asker, "expires": expires})
        self.wait_for(run, "waiting")
        items = self.stage.cli("approval", "list", "--run", run, "-o", "json", expect=0).json
        self.assertEqual(len(items), 1)
        return run, items[0]["id"]

    def test_6_an_approval_wakes_its_run_even_over_a_restart(self):
        run, approval = self.ask()
        self.assertIn("Restart db1?", self.run_now(run)["waitingFor"])
        self.stage.restart_server(signal.SIGKILL)
        refused = self.stage.cli("approval", "approve", approval)
        self.assertNotEqual(refused.code, 0)
        self.assertIn("window", refused.err)
        self.stage.cli("approval", "approve", approval, "--comment", "go", "--values",
                       '{"window": "tonight"}', expect=0)
        output = self.wait_for(run, "completed")["output"]
        self.assertEqual((output["decision"], output["comment"], output["values"]),
                         ("approved", "go", {"window": "tonight"}))
        again = self.stage.cli("approval", "refuse", approval)
        self.assertIn("approved", again.err)

    def test_7_a_refusal_is_data_and_nobody_decides_for_themselves(self):
        run, approval = self.ask()
        self.stage.cli("approval", "refuse", approval, "--comment", "no", expect=0)
        self.assertEqual(self.wait_for(run, "completed")["output"]["decision"], "refused")
        me = self.wait_for(run, "completed")["output"]["by"]
        run, approval = self.ask(asker=me)
        answer = self.stage.api("POST", f"/api/v1/approvals/{approval}/decisions",
                                {"decision": "refuse"}, {"Content-Type": "application/json"})
        self.assertEqual(answer.status, 403)
        self.stage.cli("run", "cancel", run, expect=0)
        fairlead.wait_until("the approval is closed", lambda: self.stage.cli(
            "approval", "show", approval, "-o", "json", expect=0).json["status"] == "cancelled")

    def test_8_an_approval_expires_as_a_timeout(self):
        run, _ = self.ask(expires="PT1S")
        failed = self.wait_for(run, "faulted")
        self.assertEqual(failed["error"]["status"], 408)
