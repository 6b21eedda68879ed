"""A person takes a hand in runs: pause, replay, settle, orders for many, history."""
import fairlead

WORKFLOW = """document: {{dsl: '1.0.3', namespace: ops, name: {name}, version: '1.0.0'{metadata}}}
do:
- issue:
    call: create-issue:1.0.0@gitlab
    with: {{project: ops/incidents, title: '{name}'}}
    export: {{as: '{{ iid: .iid }}'}}
- nap: {{wait: PT1H}}
- close:
    call: update-issue:1.0.0@gitlab
    with: {{project: ops/incidents, iid: '${{ $context.iid }}', status: closed}}
"""


class Control(fairlead.Scenario):
    def start(self, name, metadata=""):
        path = self.stage.file(f"{name}.yaml", WORKFLOW.format(name=name, metadata=metadata))
        self.stage.cli("workflow", "apply", path, expect=0)
        return self.stage.cli("workflow", "run", f"ops/{name}", expect=0).out.strip()

    def run_until(self, run, status):
        def reached():
            shown = self.stage.api("GET", f"/api/v1/runs/{run}", expect=200).json
            return shown if shown["status"] == status else None
        return fairlead.wait_until(f"run {run} is {status}", reached)

    def issues(self, title):
        issues = self.sandbox.get("projects/ops%2Fincidents/issues?per_page=100")
        return [issue for issue in issues if issue["title"] == title]

    def test_1_pause_survives_a_kill_and_goes_on(self):
        run = self.start("paused")
        self.run_until(run, "waiting")
        self.golden("run-pause", self.stage.cli("run", "pause", run, "--reason", "release"))
        self.stage.cli("run", "pause", run, expect=0)
        self.stage.server.stop(fairlead.signal.SIGKILL)
        self.stage.start_server(listen=self.stage.url.split("//")[1])
        self.run_until(run, "suspended")
        self.golden("run-resume", self.stage.cli("run", "resume", run))
        self.run_until(run, "waiting")
        self.golden("run-paused-logs", self.stage.cli("run", "logs", run, expect=0))
        self.stage.cli("run", "cancel", run, expect=0)

    def test_2_replay_adopts_the_issue_and_makes_no_second_one(self):
        run = self.start("again")
        self.run_until(run, "waiting")
        self.fails("run-replay-open", 5, "run", "replay", run)
        self.stage.cli("run", "cancel", run, expect=0)
        self.run_until(run, "cancelled")
        self.golden("run-effects", self.stage.cli("run", "effects", run))
        self.golden("run-replay-preview", self.stage.cli("run", "replay", run, "--preview"))
        self.fails("run-replay-nowhere", 2, "run", "replay", run, "--from", "nowhere")
        again = self.stage.cli("run", "replay", run, expect=0).out.strip()
        shown = self.run_until(again, "waiting")
        self.assertEqual(shown["replayOf"], run)
        self.assertEqual(len(self.issues("again")), 1)
        self.golden("run-replay-logs", self.stage.cli("run", "logs", again, expect=0))
        second = self.stage.cli("run", "replay", run, "--effects", "repeat", expect=0).out.strip()
        self.run_until(second, "waiting")
        self.assertEqual(len(self.issues("again")), 2)
        self.golden("run-bulk-count", self.stage.cli("run", "bulk", "cancel", "--workflow",
                                                     "ops/again"))
        done = self.stage.cli("run", "bulk", "cancel", "--workflow", "ops/again", "--yes",
                              expect=0)
        self.assertIn("cancel: 2 done, 0 refused", done.err)

    def test_3_without_a_marker_a_person_settles(self):
        self.sandbox.fault("reset", method="POST", path="/issues", when="after")
        run = self.start("unmarked", ", metadata: {effects: {marker: 'off'}}")
        self.run_until(run, "suspended")
        self.assertEqual(len(self.issues("unmarked")), 1)
        self.assertNotIn("fairlead:", self.issues("unmarked")[0]["description"] or "")
        self.golden("run-effects-unknown", self.stage.cli("run", "effects", run))
        self.fails("run-settle-nothing", 2, "run", "settle", run)
        iid = self.issues("unmarked")[0]["iid"]
        self.golden("run-settle", self.stage.cli("run", "settle", run, "--happened",
                                                 '{"iid": %d}' % iid, "--reason", "looked"))
        self.run_until(run, "waiting")
        self.assertEqual(len(self.issues("unmarked")), 1)
        self.fails("run-settle-again", 3, "run", "settle", run, "--fail")
        self.stage.cli("run", "cancel", run, expect=0)

    def test_4_history_is_removed_as_the_workflow_says(self):
        for _ in range(3):
            run = self.start("short", ", metadata: {retention: {count: 1}}")
            self.run_until(run, "waiting")
            self.stage.cli("run", "cancel", run, expect=0)
            self.run_until(run, "cancelled")
        self.golden("run-prune-dry", self.stage.cli("run", "prune", "--dry-run"))
        self.golden("run-prune", self.stage.cli("run", "prune"))
        left = self.stage.cli("run", "list", "--workflow", "ops/short", "-o", "json").json
        self.assertEqual([each["id"] for each in left], [run])
