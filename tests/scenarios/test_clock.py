"""When somebody sets the machine's clock while runs are under way: nothing is lost or done twice.

The server runs with preload/set_clock.c between it and the wall clock; the monotonic clock goes on,
as it does when a real clock is set.
"""
import datetime
import pathlib
import struct
import subprocess
import unittest

import test_disk

SOURCE = pathlib.Path(__file__).parent / "preload" / "set_clock.c"
MINUTE = 60


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
        stage.start_server(listen=stage.url.split("//")[1], env={
            **stage.env, "LD_PRELOAD": str(library), "SET_CLOCK_FILE": str(self.clock)})

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
