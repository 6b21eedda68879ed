#!/usr/bin/env python3
"""Memory and restart time of a server with 100,000 runs that wait, as a person would have it: the
real binary, events over HTTP, a workflow that sleeps for a day.

Budgets (docs/performance.md): 150 MB with 100,000 waiting runs, 40 MB idle, 0.3 s from start to
ready.
usage: ./do bench engine_waiting [runs]
"""
import http.client
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time

RUNS = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
BATCH = 100
WORKFLOW = """document: {dsl: '1.0.3', namespace: bench, name: sleeper, version: '1.0.0'}
schedule: {on: {one: {with: {type: bench.sleep}}}, read: data}
do:
- sleep: {wait: {days: 1}}
"""


class Server:
    def __init__(self, folder):
        began = time.monotonic()
        self.process = subprocess.Popen(
            [os.environ["FAIRLEAD"], "serve", "--data-folder", folder, "--listen", "127.0.0.1:0"],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        for line in self.process.stdout:
            found = re.search(r"http://127\.0\.0\.1:(\d+)", line)
            if found:
                break
        self.port = int(found.group(1))
        self.connection = http.client.HTTPConnection("127.0.0.1", self.port)
        self.token = open(os.path.join(folder, "admin.token")).read().strip()
        self.call("GET", "/readyz")
        self.ready_after = time.monotonic() - began

    def call(self, method, path, body=None, kind="application/json"):
        self.connection.request(method, path, body, {
            "Authorization": "Bearer " + self.token, "Content-Type": kind})
        answer = self.connection.getresponse()
        text = answer.read()
        if answer.status >= 300:
            raise SystemExit(f"{method} {path}: {answer.status} {text[:400]!r}")
        return json.loads(text) if text.startswith((b"{", b"[")) else None

    def memory_mb(self):
        with open(f"/proc/{self.process.pid}/status") as status:
            return int(re.search(r"VmRSS:\s+(\d+)", status.read()).group(1)) / 1024

    def stop(self):
        self.process.send_signal(signal.SIGTERM)
        self.process.wait(60)


def wait_for(server, runs):
    deadline = time.monotonic() + 120
    while time.monotonic() < deadline:
        busy = server.call("GET", "/api/v1/runs?status=pending&status=running&limit=1")
        last = server.call("GET", f"/api/v1/events/{runs}")
        if not busy["items"] and last["dispatched"]:
            return
        time.sleep(0.2)
    raise SystemExit("the runs do not come to rest")


def main():
    with tempfile.TemporaryDirectory() as folder:
        server = Server(folder)
        idle = server.memory_mb()
        server.call("POST", "/api/v1/workflows", WORKFLOW, "application/yaml")
        began = time.monotonic()
        for start in range(0, RUNS, BATCH):
            events = [{"specversion": "1.0", "id": str(start + i), "source": "/bench",
                       "type": "bench.sleep", "data": {"n": start + i}} for i in range(BATCH)]
            server.call("POST", "/api/v1/events", json.dumps(events),
                        "application/cloudevents-batch+json")
        wait_for(server, RUNS)
        took = time.monotonic() - began
        waiting = server.memory_mb()
        server.stop()
        empty_folder = tempfile.TemporaryDirectory()
        empty = Server(empty_folder.name)
        cold = empty.ready_after
        empty.stop()
        server = Server(folder)
        restarted = server.memory_mb()
        again = server.ready_after
        server.stop()
    print(f"{RUNS} runs put to sleep in {took:.1f} s ({RUNS / took:.0f} a second)")
    print(f"memory: idle {idle:.0f} MB, with them {waiting:.0f} MB, "
          f"after a restart {restarted:.0f} MB")
    print(f"start to ready: empty folder {cold:.3f} s, with them {again:.3f} s")
    within = idle <= 40 and waiting <= 150 and restarted <= 150 and cold <= 0.3
    print("budgets 40 MB idle, 150 MB waiting, 0.3 s cold start:", "met" if within else "NOT met")
    sys.exit(0 if within else 1)


main()
