"""What is endless or too large ends with an error that names its bound, and costs nobody else."""
import json

import fairlead

BOUND = 120.0  # seconds for what has to fill a history of 64 MiB on a busy machine
MEBIBYTE = 1 << 20


class Caps(fairlead.Scenario):
    connection = None

    def publish(self, name, *tasks):
        self.stage.cli("workflow", "apply", self.stage.file(f"{name}.yaml", json.dumps({
            "document": {"dsl": "1.0.3", "namespace": "caps", "name": name, "version": "1.0.0"},
            "do": list(tasks)})), expect=0)

    def start(self, name):
        return self.stage.api("POST", f"/api/v1/workflows/caps/{name}/run", {},
                              expect=201).json["id"]

    def runs(self, name):
        return self.stage.api("GET", f"/api/v1/runs?workflow=caps/{name}&limit=100",
                              expect=200).json["items"]

    def ended(self, run, status, patience=fairlead.PATIENCE):
        def looked():
            found = self.stage.api("GET", f"/api/v1/runs/{run}", expect=200).json
            return found if found["status"] in ("completed", "faulted", "cancelled") else None
        found = fairlead.wait_until(f"run {run} has ended", looked, patience)
        self.assertEqual(found["status"], status, found)
        return found

    def faulted(self, name, title, status, patience=fairlead.PATIENCE):
        error = self.ended(self.start(name), "faulted", patience)["error"]
        self.assertEqual((error["title"], error["status"]), (title, status), error)
        self.assertTrue(error["detail"], error)
        return error

    def others_go_on(self):
        self.publish("small", {"a": {"set": {"n": "${ 1 + 1 }"}}})
        self.assertEqual(self.ended(self.start("small"), "completed")["output"], {"n": 2})

    def test_a_history_too_large_ends_its_run(self):
        # Each round keeps most of a mebibyte; the history may have 64 of them.
        self.publish("endless", {"first": {"set": {"text": f"${{ \"x\" * {MEBIBYTE * 7 // 8} }}"}}},
                     {"again": {"set": "${ . }"}},
                     {"back": {"set": {"text": "${ .text }"}, "then": "again"}})
        error = self.faulted("endless", "History too large", 413, BOUND)
        self.assertIn("67,108,864 bytes", error["detail"])
        self.assertIn("run: workflow", error["remedy"])
        self.others_go_on()
        # It stays ended, and can still be read, after a kill.
        self.stage.restart_server(fairlead.signal.SIGKILL)
        [run] = self.runs("endless")
        self.assertEqual(run["status"], "faulted")
        self.stage.api("GET", f"/api/v1/runs/{run['id']}/journal?limit=2", expect=200)
        self.others_go_on()

    def test_runs_that_start_themselves_stop_at_the_deepest(self):
        self.publish("mirror", {"again": {"run": {"workflow": {
            "namespace": "caps", "name": "mirror", "version": "latest"}}}})
        error = self.faulted("mirror", "Runs nested too deep", 500)
        self.assertIn("caps/mirror", error["detail"])
        runs = self.runs("mirror")
        self.assertEqual(len(runs), 21)  # the deepest and the 20 above it
        self.assertEqual({run["status"] for run in runs}, {"faulted"})
        self.others_go_on()

    def test_a_value_of_an_expression_too_large_faults_its_task(self):
        self.publish("large", {"a": {"set": {"text": f"${{ \"x\" * {2 * MEBIBYTE} }}"}}})
        error = self.faulted("large", "Payload too large", 413)
        self.assertEqual(error["instance"], "/do/0/a")
        self.others_go_on()

    def test_an_expression_without_an_end_faults_its_task(self):
        self.publish("stuck", {"a": {"set": {"n": "${ last(range(1e15)) }"}}})
        run = self.start("stuck")
        self.others_go_on()
        error = self.ended(run, "faulted", BOUND)["error"]
        self.assertEqual(error["instance"], "/do/0/a")
        self.assertTrue(error["type"].endswith("/expression"), error)
        self.assertRegex(error["detail"], r"used up the \d+ ms of processor time")
        self.others_go_on()
