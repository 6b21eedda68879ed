"""When the disk is full, read-only or damaged, and when the server is told to stop under load."""
import concurrent.futures
import json
import os
import pathlib
import shutil
import signal
import subprocess
import time
import unittest

import fairlead

EVENT = "com.example.incident.opened"
DISK_BYTES = 6 * 1024 * 1024
STOP_SECONDS_MAX = 25


def event(name, padding=0):
    return {"specversion": "1.0", "id": name, "source": "/disk", "type": EVENT,
            "data": {"title": name, "padding": "x" * padding}}


class Bench:
    """A server with the incident workflow; `data` may be a folder of its own kind."""

    def __init__(self, data=None):
        self.stage = fairlead.Stage()
        if data:
            self.stage.data = data
            self.stage.env["FAIRLEAD_DATA"] = str(data)
        self.stage.sandbox = fairlead.Sandbox(self.stage)
        self.stage.start_server()
        self.stage.connect_token()
        path = self.stage.folder / "incident.yaml"
        self.stage.cli("workflow", "new", "incident-to-issue", "--file", path, expect=0)
        self.stage.cli("workflow", "apply", path, expect=0)
        self.stage.sandbox.control("POST", "plans", {"project": "ops/runbooks",
                                                     "result": "success", "seconds": 0.3})

    def post(self, name, padding=0):
        return self.stage.api("POST", "/api/v1/events", event(name, padding),
                              {"Content-Type": "application/cloudevents+json"})

    def runs(self):
        return self.stage.api("GET", "/api/v1/runs?limit=200", expect=200).json["items"]

    def wait_for_runs(self, count, patience=120):
        def ended():
            runs = self.runs()
            return len(runs) >= count and all(run["endedAt"] for run in runs)
        fairlead.wait_until(f"{count} runs have ended", ended, patience)
        bad = [run for run in self.runs() if run["status"] != "completed"]
        if bad:
            raise fairlead.Problem(json.dumps(bad[0]))

    def issues(self, name):
        found = self.stage.sandbox.get("projects/ops%2Fincidents/issues?per_page=100")
        return [one for one in found if one["title"] == f"Incident: {name}"]


@unittest.skipUnless(os.geteuid() == 0, "mounting a small disk takes root")
class SmallDisk(unittest.TestCase):
    """The data folder lies on a disk of its own of a few megabytes."""

    def setUp(self):
        self.disk = pathlib.Path(fairlead.tempfile.mkdtemp(prefix="fairlead-disk-"))
        made = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={DISK_BYTES}", "tmpfs",
                               str(self.disk)], capture_output=True, text=True, check=False)
        if made.returncode != 0:
            self.disk.rmdir()
            self.skipTest("this machine mounts no tmpfs: " + made.stderr.strip())
        self.bench = Bench(self.disk / "data")

    def tearDown(self):
        if hasattr(self, "bench"):
            self.bench.stage.clean()
        subprocess.run(["umount", str(self.disk)], check=False)
        shutil.rmtree(self.disk, ignore_errors=True)

    def fill(self):
        # Unbuffered: what does not fit must not be tried again when the file is closed.
        with open(self.disk / "ballast", "wb", buffering=0) as ballast:
            try:
                while True:
                    ballast.write(b"\0" * 65536)
            except OSError:
                pass

    def test_a_full_disk_refuses_and_goes_on_when_there_is_room(self):
        self.assertEqual(self.bench.post("before").status, 202)
        self.bench.wait_for_runs(1)
        self.fill()
        refused = None
        for n in range(50):
            answer = self.bench.post(f"full-{n}", padding=20_000)
            if answer.status != 202:
                refused = answer
                break
        self.assertIsNotNone(refused, "fifty events fitted on a full disk")
        self.assertEqual(refused.status, 503, refused.text)
        self.assertIn("disk", refused.text.lower())
        self.assertIn("full", refused.text.lower())
        accepted = n + 1
        # Nothing was acknowledged that is not durable, and the server lives.
        self.assertEqual(self.bench.stage.api("GET", "/api/v1/events/1").status, 200)
        (self.disk / "ballast").unlink()
        self.assertEqual(self.bench.post("after").status, 202)
        self.bench.wait_for_runs(accepted + 1)
        for name in ["before", "after", *(f"full-{i}" for i in range(n))]:
            self.assertEqual(len(self.bench.issues(name)), 1, name)

    def test_a_disk_that_becomes_read_only_is_named(self):
        self.assertEqual(self.bench.post("before").status, 202)
        self.bench.wait_for_runs(1)
        self.bench.stage.server.stop(signal.SIGKILL)
        subprocess.run(["mount", "-o", "remount,ro", str(self.disk)], check=True)
        outcome = self.bench.stage.cli("serve", "--listen", "127.0.0.1:0", "--data-folder",
                                       self.disk / "data")
        self.assertNotEqual(outcome.code, 0)
        self.assertIn("read-only", outcome.err.lower())
        self.assertIn(str(self.disk), outcome.err)
        self.assertIn("What to do", outcome.err)
        subprocess.run(["mount", "-o", "remount,rw", str(self.disk)], check=True)
        self.bench.stage.start_server()
        self.assertEqual(self.bench.post("after").status, 202)
        self.bench.wait_for_runs(2)


class Damage(unittest.TestCase):
    def setUp(self):
        self.bench = Bench()

    def tearDown(self):
        self.bench.stage.clean()

    def test_a_damaged_last_page_of_the_write_ahead_log_costs_only_what_was_in_it(self):
        for n in range(5):
            self.assertEqual(self.bench.post(f"wal-{n}").status, 202)
        self.bench.wait_for_runs(5)
        self.bench.stage.server.stop(signal.SIGKILL)
        wal = self.bench.stage.data / "fairlead.db-wal"
        size = wal.stat().st_size
        self.assertGreater(size, 8192, "there is no write-ahead log to damage")
        with open(wal, "r+b") as log:
            log.seek(size - 2000)
            log.write(b"\xa5" * 64)
        # SQLite's checksums end the log before the damaged page; what came before holds.
        self.bench.stage.start_server()
        self.assertEqual(self.bench.post("after").status, 202)
        self.bench.wait_for_runs(6)
        for name in [*(f"wal-{n}" for n in range(5)), "after"]:
            self.assertEqual(len(self.bench.issues(name)), 1, name)

    def test_a_damaged_database_is_named_and_nothing_is_acknowledged(self):
        self.assertEqual(self.bench.post("before").status, 202)
        self.bench.wait_for_runs(1)
        self.bench.stage.server.stop(signal.SIGTERM)
        database = self.bench.stage.data / "fairlead.db"
        # The log holds newer pages than the file: both have to go.
        for name in ("fairlead.db-wal", "fairlead.db-shm"):
            (self.bench.stage.data / name).unlink(missing_ok=True)
        database.write_bytes(b"this is no database" * 500)
        outcome = self.bench.stage.cli("serve", "--listen", "127.0.0.1:0", "--data-folder",
                                       self.bench.stage.data)
        self.assertNotEqual(outcome.code, 0)
        self.assertIn("fairlead.db", outcome.err)
        self.assertIn("What to do", outcome.err)


class StopUnderLoad(unittest.TestCase):
    def setUp(self):
        self.bench = Bench()

    def tearDown(self):
        self.bench.stage.clean()

    def test_sigterm_drains_and_loses_nothing(self):
        accepted, going = [], [True]
        def sender(part):
            n = 0
            while going[0]:
                name = f"load-{part}-{n}"
                try:
                    answer = self.bench.post(name)
                except OSError:
                    return
                if answer.status != 202:
                    return
                accepted.append(name)
                n += 1
                time.sleep(0.02)
        with concurrent.futures.ThreadPoolExecutor(4) as pool:
            parts = [pool.submit(sender, part) for part in range(4)]
            time.sleep(1.0)
            began = time.monotonic()
            code = self.bench.stage.restart_server(signal.SIGTERM)
            took = time.monotonic() - began
            going[0] = False
            for part in parts:
                part.result()
        self.assertEqual(code, 0)
        self.assertLess(took, STOP_SECONDS_MAX)
        self.assertGreater(len(accepted), 4)
        self.bench.wait_for_runs(len(accepted), 180)
        titles, page = [], 1
        while True:
            issues = self.bench.stage.sandbox.get(
                f"projects/ops%2Fincidents/issues?per_page=100&page={page}")
            titles += [one["title"] for one in issues]
            if len(issues) < 100:
                break
            page += 1
        for name in accepted:
            self.assertEqual(titles.count(f"Incident: {name}"), 1, name)
