"""Every form of a replay: whole, with another input, on another version, from a task, of many."""
import json
import signal

import fairlead

MANY = 12


def document(name, version, mark):
    return json.dumps({
        "document": {"dsl": "1.0.3", "namespace": "ops", "name": name, "version": version},
        "do": [
            {"twice": {"set": {"title": "${ .title }", "twice": "${ .n * 2 }"}}},
            {"issue": {"call": "create-issue:1.0.0@gitlab",
                       "with": {"project": "ops/incidents", "title": "${ .title }"},
                       "output": {"as": "${ {iid: .iid, twice: $input.twice} }"}}},
            {"last": {"set": {"iid": "${ .iid }", "twice": "${ .twice }", "mark": mark}}}]})


class Replays(fairlead.Scenario):
    def publish(self, name, version="1.0.0", mark="old"):
        self.stage.cli("workflow", "apply",
                       self.stage.file(f"{name}.yaml", document(name, version, mark)), expect=0)

    def ended(self, run):
        def looked():
            found = self.stage.api("GET", f"/api/v1/runs/{run}", expect=200).json
            return found if found["status"] in ("completed", "faulted", "cancelled") else None
        found = fairlead.wait_until(f"run {run} has ended", looked)
        self.assertEqual(found["status"], "completed", found)
        return found

    def first(self, name, n=1):
        """A run that has completed, and made the issue of that name."""
        run = self.stage.api("POST", f"/api/v1/workflows/ops/{name}/run",
                             {"input": {"title": name, "n": n}}, expect=201).json["id"]
        return self.ended(run)

    def replay(self, run, *arguments):
        again = self.stage.cli("run", "replay", run["id"], *arguments, expect=0).out.strip()
        found = self.ended(again)
        self.assertEqual(found["replayOf"], run["id"])
        return found

    def issues(self, title):
        issues = self.sandbox.get("projects/ops%2Fincidents/issues?per_page=100")
        return [issue["iid"] for issue in issues if issue["title"] == title]

    def tasks(self, run):
        entries = self.stage.api("GET", f"/api/v1/runs/{run['id']}/journal?limit=500",
                                 expect=200).json["items"]
        return [entry["payload"]["name"] for entry in entries if entry["kind"] == "task-started"]

    def test_whole_it_ends_as_the_run_did_and_makes_nothing_twice(self):
        self.publish("whole")
        run = self.first("whole")
        again = self.replay(run)
        self.assertEqual(again["output"], run["output"])
        self.assertEqual(self.tasks(again), ["twice", "issue", "last"])
        self.assertEqual(self.issues("whole"), [run["output"]["iid"]])

    def test_with_another_input_it_counts_anew(self):
        self.publish("edited")
        run = self.first("edited")
        self.assertEqual(run["output"]["twice"], 2)
        again = self.replay(run, "--input", '{"title": "edited", "n": 21}')
        self.assertEqual(again["output"], {**run["output"], "twice": 42})
        self.assertEqual(len(self.issues("edited")), 1)
        # Done again on purpose, the other input reaches GitLab.
        other = self.replay(run, "--input", '{"title": "edited by hand", "n": 3}',
                            "--effects", "repeat")
        self.assertEqual(self.issues("edited by hand"), [other["output"]["iid"]])
        self.assertEqual(len(self.issues("edited")), 1)

    def test_it_takes_its_own_version_or_the_one_it_is_told(self):
        self.publish("moved")
        run = self.first("moved")
        self.publish("moved", "1.1.0", "new")
        for arguments, version, mark in (((), "1.0.0", "old"),
                                         (("--version", "latest"), "1.1.0", "new"),
                                         (("--version", "1.1.0"), "1.1.0", "new")):
            with self.subTest(arguments):
                again = self.replay(run, *arguments)
                self.assertEqual(again["workflow"]["version"], version)
                self.assertEqual(again["output"]["mark"], mark)
        self.assertEqual(len(self.issues("moved")), 1)

    def test_from_a_task_it_begins_there_in_the_state_of_then(self):
        self.publish("midway")
        run = self.first("midway", 4)
        self.publish("midway", "1.1.0", "new")
        again = self.replay(run, "--from", "last", "--version", "latest")
        self.assertEqual(self.tasks(again), ["last"])
        self.assertEqual(again["output"], {**run["output"], "mark": "new"})
        self.assertEqual(len(self.issues("midway")), 1)

    def test_many_are_replayed_once_each_also_when_the_server_is_killed(self):
        self.publish("many")
        runs = [self.first("many", n) for n in range(MANY)]
        self.publish("many", "1.1.0", "new")
        made = sorted(self.issues("many"))
        self.assertEqual(len(made), MANY)
        body = {"action": "replay", "version": "latest",
                "filter": {"workflow": "ops/many", "status": "completed"}}
        count = self.stage.api("POST", "/api/v1/bulk/runs", {**body, "dryRun": True}, expect=200)
        self.assertEqual(count.json, {"runs": MANY, "complete": True})
        done = self.stage.api("POST", "/api/v1/bulk/runs", {**body, "limit": MANY}, expect=200)
        self.stage.restart_server(signal.SIGKILL)
        again = [self.ended(item["started"]) for item in done.json["items"]]
        self.assertEqual(sorted(run["replayOf"] for run in again),
                         sorted(run["id"] for run in runs))
        outputs = {run["id"]: run["output"] for run in runs}
        for run in again:
            self.assertEqual(run["output"], {**outputs[run["replayOf"]], "mark": "new"})
        self.assertEqual(sorted(self.issues("many")), made)
        self.assertEqual(len(self.stage.api("GET", "/api/v1/runs?workflow=ops/many&limit=100",
                                            expect=200).json["items"]), 2 * MANY)
