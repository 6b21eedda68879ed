"""What a race gives up is given up at GitLab, too; and a run keeps the version it began with."""
import signal
import urllib.parse

import fairlead

RUNBOOKS = "ops/runbooks"
PIPELINES = "projects/" + urllib.parse.quote(RUNBOOKS, safe="") + "/pipelines"

# Whoever hears of a decision first ends the race.
RACE = """document: {{dsl: '1.0.3', namespace: races, name: {name}, version: '1.0.0'}}
do:
- race:
    fork:
      compete: true
      branches:
      - slow:
          call: trigger-pipeline:1.0.0@gitlab
          with: {{project: ops/runbooks, ref: main, wait: until_finished{policy}}}
      - fast:
          do:
          - hear: {{listen: {{to: {{one: {{with: {{type: com.example.{name}}}}}}}}}}}
          - say: {{set: {{who: fast}}}}
"""

PINNED = """document: {{dsl: '1.0.3', namespace: races, name: pinned, version: '{version}'}}
do:
- hear: {{listen: {{to: {{one: {{with: {{type: com.example.pinned}}}}}}}}}}
- say: {{set: {{version: '{version}'}}}}
"""


class Races(fairlead.Scenario):
    def apply(self, name, text):
        self.stage.cli("workflow", "apply", self.stage.file(f"{name}.yaml", text), expect=0)

    def start(self, name):
        return self.stage.api("POST", f"/api/v1/workflows/races/{name}/run", {},
                              expect=201).json["id"]

    def send(self, kind):
        self.stage.api("POST", "/api/v1/events",
                       {"specversion": "1.0", "id": f"decided-{kind}", "source": "/desk",
                        "type": f"com.example.{kind}", "data": {}},
                       {"Content-Type": "application/cloudevents+json"}, expect=202)

    def wait_for(self, run, status):
        def reached():
            found = self.stage.api("GET", f"/api/v1/runs/{run}", expect=200).json
            return found if found["status"] == status else None
        return fairlead.wait_until(f"run {run} is {status}", reached)

    def journal(self, run):
        return self.stage.api("GET", f"/api/v1/runs/{run}/journal?limit=500",
                              expect=200).json["items"]

    def pipelines(self):
        """The status of each, by its id."""
        return {each["id"]: each["status"] for each in self.sandbox.get(PIPELINES)}

    def race(self, name, policy=""):
        """A race that waits in both branches: the run and the loser's pipeline."""
        before = self.pipelines()
        self.sandbox.control("POST", "plans", {"project": RUNBOOKS, "result": "success",
                                               "seconds": 3600})
        self.apply(name, RACE.format(name=name, policy=policy))
        run = self.start(name)
        fairlead.wait_until("the pipeline is waited for", lambda: any(
            entry["kind"] == "waiting" and entry["task"].endswith("/slow")
            for entry in self.journal(run)) and set(self.pipelines()) - set(before))
        [pipeline] = set(self.pipelines()) - set(before)
        self.assertNotIn(self.pipelines()[pipeline], ("canceled", "success"))
        return run, pipeline

    def won(self, run):
        self.assertEqual(self.wait_for(run, "completed")["output"], {"who": "fast"})
        self.assertIn("/do/0/race/fork/branches/0/slow",
                      [entry["task"] for entry in self.journal(run)
                       if entry["kind"] == "task-cancelled"])

    def canceled(self, pipeline):
        # After a kill the next look may come half a minute later.
        fairlead.wait_until("the loser's pipeline is canceled",
                            lambda: self.pipelines()[pipeline] == "canceled", 120)

    def settled(self, run):
        fairlead.wait_until("the cancel is settled", lambda: any(
            entry["kind"] == "cancel-settled" for entry in self.journal(run)))

    def test_the_pipeline_of_a_loser_is_cancelled(self):
        run, pipeline = self.race("cancels", ", on_cancel: cancel")
        self.send("cancels")
        self.won(run)
        self.canceled(pipeline)
        self.settled(run)

    def test_the_pipeline_of_a_loser_is_cancelled_also_over_a_kill(self):
        run, pipeline = self.race("dies", ", on_cancel: cancel")
        # GitLab takes no cancel, and then the server dies: the cancel is remembered.
        self.sandbox.fault("server-error", method="POST", path="/cancel", count=1000, status=503)
        self.send("dies")
        self.won(run)
        self.stage.restart_server(signal.SIGKILL)
        self.assertNotEqual(self.pipelines()[pipeline], "canceled")
        self.sandbox.clear_faults()
        self.canceled(pipeline)
        self.won(run)

    def test_a_pipeline_that_shall_go_on_is_left_alone(self):
        run, pipeline = self.race("keeps", ", on_cancel: keep")
        self.send("keeps")
        self.won(run)
        # The question what to undo is settled without a word to GitLab.
        self.settled(run)
        self.assertNotEqual(self.pipelines()[pipeline], "canceled")

    def test_a_run_keeps_its_version_over_a_newer_one_and_a_kill(self):
        self.apply("pinned", PINNED.format(version="1.0.0"))
        old = self.start("pinned")
        self.wait_for(old, "waiting")
        self.apply("pinned", PINNED.format(version="2.0.0"))
        new = self.start("pinned")
        self.wait_for(new, "waiting")
        self.stage.restart_server(signal.SIGKILL)
        self.send("pinned")
        self.assertEqual(self.wait_for(old, "completed")["output"], {"version": "1.0.0"})
        self.assertEqual(self.wait_for(new, "completed")["output"], {"version": "2.0.0"})
