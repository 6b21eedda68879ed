"""kill -9 at the worst moments, and an orderly stop: nothing lost, nothing twice."""
import json
import signal

import fairlead

RUNS = "/api/v1/runs"
EVENT = "com.example.incident.opened"
# An effect that may be on its way is left alone for a minute before it is sent again.
PATIENCE = 150


class Crash(fairlead.Scenario):
    @classmethod
    def prepare(cls):
        super().prepare()
        path = cls.stage.folder / "incident.yaml"
        cls.stage.cli("workflow", "new", "incident-to-issue", "--file", path, expect=0)
        cls.stage.cli("workflow", "apply", path, expect=0)

    def setUp(self):
        self.before = {path: self.sandbox.project(path)
                       for path in ("ops/incidents", "ops/runbooks")}
        self.plan(0.3)

    def plan(self, seconds):
        self.sandbox.control("POST", "plans", {"project": "ops/runbooks", "result": "success",
                                               "seconds": seconds})

    def send(self, title):
        answer = self.stage.api("POST", "/api/v1/events",
                                {"specversion": "1.0", "id": title, "source": "/crash",
                                 "type": EVENT, "data": {"title": title}},
                                {"Content-Type": "application/cloudevents+json"}, expect=202)
        return answer.json["accepted"][0]["seq"]

    def run_of(self, seq):
        runs = self.stage.api("GET", f"/api/v1/events/{seq}", expect=200).json["runs"]
        return self.stage.api("GET", f"{RUNS}/{runs[0]}", expect=200).json if runs else None

    def wait_for_status(self, seq, *wanted):
        def reached():
            run = self.run_of(seq)
            if run and run["status"] in ("faulted", "cancelled") and run["status"] not in wanted:
                raise fairlead.Problem(json.dumps(run))
            return run if run and run["status"] in wanted else None
        return fairlead.wait_until(f"the run of event {seq} is {wanted}", reached, PATIENCE)

    def made(self):
        """New issues and pipelines at GitLab since the test began."""
        return (self.sandbox.project("ops/incidents")["issues"]
                - self.before["ops/incidents"]["issues"],
                self.sandbox.project("ops/runbooks")["pipelines"]
                - self.before["ops/runbooks"]["pipelines"])

    def issue_state(self, title):
        issues = self.sandbox.get("projects/ops%2Fincidents/issues?per_page=100")
        return [issue["state"] for issue in issues if issue["title"] == f"Incident: {title}"]

    def test_killed_while_it_awaits_the_pipeline(self):
        self.plan(3)
        seq = self.send("awaits")
        self.wait_for_status(seq, "waiting")
        self.assertEqual(self.made(), (1, 1))
        self.assertEqual(self.stage.restart_server(signal.SIGKILL), -signal.SIGKILL)
        self.wait_for_status(seq, "completed")
        self.assertEqual(self.made(), (1, 1))
        self.assertEqual(self.issue_state("awaits"), ["closed"])

    def test_killed_right_after_the_event_was_accepted(self):
        seqs = [self.send(f"accepted-{n}") for n in range(5)]
        self.stage.restart_server(signal.SIGKILL)
        for seq in seqs:
            self.wait_for_status(seq, "completed")
        self.assertEqual(self.made(), (5, 5))
        for n in range(5):
            self.assertEqual(self.issue_state(f"accepted-{n}"), ["closed"])

    def test_killed_again_and_again(self):
        seqs = [self.send(f"again-{n}") for n in range(4)]
        for _ in range(4):
            self.stage.restart_server(signal.SIGKILL)
        for seq in seqs:
            self.wait_for_status(seq, "completed")
        self.assertEqual(self.made(), (4, 4))

    def test_killed_while_the_answer_to_the_create_is_on_its_way(self):
        self.sandbox.fault("slow", method="POST", path="/issues", delayMs=700)
        seq = self.send("on-its-way")
        fairlead.wait_until("GitLab has the issue", lambda: self.made()[0] == 1)
        self.stage.restart_server(signal.SIGKILL)
        self.wait_for_status(seq, "completed")
        self.assertEqual(self.made(), (1, 1))
        self.assertEqual(self.issue_state("on-its-way"), ["closed"])

    def test_terminated_in_order(self):
        self.plan(3)
        seq = self.send("terminated")
        self.wait_for_status(seq, "waiting")
        self.assertEqual(self.stage.restart_server(signal.SIGTERM), 0)
        self.wait_for_status(seq, "completed")
        self.assertEqual(self.made(), (1, 1))
        self.assertEqual(self.stage.restart_server(signal.SIGINT), 0)
