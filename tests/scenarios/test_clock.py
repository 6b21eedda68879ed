"""When somebody sets the machine's clock while runs are under way: nothing is lost or done twice.

The server runs with preload/set_clock.c between it and the wall clock; the monotonic clock goes on,
as it does when a real clock is set.
"""
import datetime
import json
import pathlib
import struct
import subprocess
import unittest

import fairlead
import test_disk

SOURCE = pathlib.Path(__file__).parent / "preload" / "set_clock.c"
MINUTE = 60
DAY = 24 * 60 * MINUTE


class ClockJumps(unittest.TestCase):
    def setUp(self):
        self.bench = test_disk.Bench()
        stage = self.bench.stage
        stage.server.stop()
        library = stage.folder / "set_clock.so"
        subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", str(library), str(SOURCE)],
                       check=True)
        self.clock = stage.folder / "clock"
        self.set_clock(0)
        self.preload = {"LD_PRELOAD": str(library), "SET_CLOCK_FILE": str(self.clock)}
        self.start_again()

    def start_again(self):
        stage = self.bench.stage
        stage.start_server(listen=stage.url.split("//")[1], env={**stage.env, **self.preload})

    def tearDown(self):
        self.bench.stage.clean()

    def set_clock(self, seconds):
        with open(self.clock, "r+b" if self.clock.exists() else "wb") as file:
            file.write(struct.pack("=q", seconds))

    def started(self):
        return [datetime.datetime.fromisoformat(run["startedAt"].replace("Z", "+00:00"))
                for run in self.bench.runs()]

    def test_each_event_has_one_issue_and_each_run_ends_whatever_the_clock_does(self):
        names = []
        for jump in (0, 90 * MINUTE, -45 * MINUTE, 30 * MINUTE, -120 * MINUTE, -1):
            # Some are under way while it is set.
            for n in range(5):
                if n == 3:
                    self.set_clock(jump)
                names.append(f"clock {jump} {n}")
                self.assertEqual(self.bench.post(names[-1]).status, 202)
        self.bench.wait_for_runs(len(names), 600)
        for name in names:
            self.assertEqual(len(self.bench.issues(name)), 1, name)
        started = self.started()
        self.assertGreater(max(started) - min(started), datetime.timedelta(hours=3),
                           "the server did not see its clock jump")

    def kept(self):
        return sorted(run["output"]["name"] for run in self.bench.runs())

    def run_to_its_end(self, workflow, name):
        stage = self.bench.stage
        run = stage.api("POST", f"/api/v1/workflows/history/{workflow}/run",
                        {"input": {"name": name}}, expect=201).json["id"]
        fairlead.wait_until(f"{name} has ended", lambda: stage.api(
            "GET", f"/api/v1/runs/{run}", expect=200).json["status"] == "completed")

    def test_ended_runs_are_kept_as_long_as_is_said_and_no_longer(self):
        stage = self.bench.stage
        for workflow, metadata in (("plain", {}), ("short", {"retention": {"age": "P10D"}})):
            stage.cli("workflow", "apply", stage.file(f"{workflow}.yaml", json.dumps({
                "document": {"dsl": "1.0.3", "namespace": "history", "name": workflow,
                             "version": "1.0.0", "metadata": metadata},
                "do": [{"a": {"set": {"name": "${ .name }"}}}]})), expect=0)
        stage.api("PUT", "/api/v1/settings",
                  {"retention": {"keepAge": "P30D", "keepRuns": "forever"}}, expect=200)
        for workflow in ("plain", "short"):
            self.run_to_its_end(workflow, f"{workflow} first")
        self.set_clock(20 * DAY)
        for workflow in ("plain", "short"):
            self.run_to_its_end(workflow, f"{workflow} on day 20")
        counted = stage.cli("run", "prune", "--dry-run", expect=0).out
        self.assertIn("history/short", counted)
        self.assertNotIn("history/plain", counted)
        self.assertEqual(len(self.kept()), 4, "counting removes nothing")
        stage.cli("run", "prune", expect=0)
        self.assertEqual(self.kept(), ["plain first", "plain on day 20", "short on day 20"])
        # By itself, too: the keeper begins with the server.
        self.set_clock(31 * DAY)
        stage.server.stop()
        self.start_again()
        fairlead.wait_until("what is too old is gone",
                            lambda: self.kept() == ["plain on day 20"])

    def test_an_access_token_that_ends_is_told_to_workflows_30_and_7_days_ahead(self):
        stage = self.bench.stage
        stage.cli("workflow", "apply", stage.file("ending.yaml", json.dumps({
            "document": {"dsl": "1.0.3", "namespace": "clock", "name": "ending",
                         "version": "1.0.0"},
            "schedule": {"on": {"one": {"with": {"type": "connection.token-expiring"}}}},
            "do": [{"a": {"set": {"name": "${ .[0].connection }", "days": "${ .[0].withinDays }",
                                  "at": "${ .[0].expiresAt }"}}}]})), expect=0)
        ends = stage.api("GET", "/api/v1/connections/gitlab", expect=200).json["expiresAt"]
        left = datetime.datetime.fromisoformat(ends.replace("Z", "+00:00")) - \
            datetime.datetime.now(datetime.timezone.utc)
        self.assertGreater(left, datetime.timedelta(days=40))

        def heard(count):
            return fairlead.wait_until(f"{count} were told", lambda: (
                lambda runs: runs if len(runs) == count and all(
                    run["status"] == "completed" for run in runs) else None)(self.bench.runs()))
        for days, within in ((40, None), (20, 30), (6, 7)):
            self.set_clock(int(left.total_seconds()) - days * DAY)
            if within is None:
                # A look at the connections that comes after the jump.
                self.bench.post("looked after")
                self.bench.wait_for_runs(1)
                continue
            outputs = [run["output"] for run in heard(2 if within == 30 else 3)
                       if "days" in run["output"]]
            self.assertIn({"name": "gitlab", "days": within, "at": ends}, outputs)
