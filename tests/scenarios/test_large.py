"""A listing of ten thousand issues: complete, in order, nothing twice, in flat memory."""
import json
import subprocess

import fairlead

ISSUES = 10_000
GROWTH_KB_MAX = 40 * 1024


class LargeListing(fairlead.Scenario):
    sandbox_arguments = ("--issues", str(ISSUES))

    def list_all(self, *limits):
        """The parsed listing, and the peak memory of the command in kB."""
        wanted = {"project": "ops/incidents", "state": "all", "order_by": "created_at",
                  "sort": "asc", **dict(limits)}
        process = subprocess.Popen(
            [fairlead.BINARY, "action", "run", "gitlab.list-issues", "--input",
             json.dumps(wanted), "--output", "json"],
            env=self.stage.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        pieces, peak = [], 0
        while piece := process.stdout.read1(1 << 16):
            pieces.append(piece)
            peak = max(peak, fairlead.memory_peak_kb(process.pid))
        err = process.stderr.read().decode()
        process.stdout.close()
        process.stderr.close()
        self.assertEqual(process.wait(), 0, err)
        return json.loads(b"".join(pieces)), peak, err

    def test_1_all_of_them(self):
        few, small_cli, note = self.list_all(("limit", 100))
        self.assertEqual(len(few), 100)
        self.assertRegex(note, r"100 of more than 10,000 shown")
        small_server = fairlead.memory_peak_kb(self.stage.server.pid)
        items, large_cli, _ = self.list_all(("all", True))
        large_server = fairlead.memory_peak_kb(self.stage.server.pid)
        there = self.sandbox.project("ops/incidents")["issues"]
        self.assertGreaterEqual(there, ISSUES)
        iids = [item["iid"] for item in items]
        self.assertEqual(len(iids), there)
        self.assertEqual(set(iids), set(range(1, there + 1)))
        created = [item["created_at"] for item in items]
        self.assertEqual(created, sorted(created))
        print(f"     peak memory, 100 and {there} issues: command {small_cli} and {large_cli} kB,"
              f" server {small_server} and {large_server} kB")
        self.assertLess(large_cli - small_cli, GROWTH_KB_MAX)
        self.assertLess(large_server - small_server, GROWTH_KB_MAX)

    def test_2_newest_first_by_itself(self):
        done = self.stage.cli("action", "run", "gitlab.list-issues", "--input",
                              '{"project":"ops/incidents","all":true}', "--output", "json",
                              expect=0)
        iids = [item["iid"] for item in done.json]
        self.assertEqual(len(iids), len(set(iids)))
        self.assertEqual(len(iids), self.sandbox.project("ops/incidents")["openIssues"])
        created = [item["created_at"] for item in done.json]
        self.assertEqual(created, sorted(created, reverse=True))
