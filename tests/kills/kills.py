#!/usr/bin/python3
"""Real kills: the server is killed with SIGKILL again and again while incidents come in.

usage: kills.py [--rounds N] [--seed S]     FAIRLEAD=<binary>

Senders post CloudEvents as fast as they are accepted and repeat each until it is. Then it is
counted at GitLab (the sandbox): every accepted event has exactly one issue, one pipeline and one
closing comment, every run has ended, every journal can be read.
"""
import argparse
import collections
import concurrent.futures
import json
import pathlib
import random
import re
import signal
import sys
import threading
import time

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "scenarios"))

import fairlead  # noqa: E402

SENDERS = 4
EVENTS_PER_ROUND = 12
LIFE_MAX = 1.2          # seconds from one start to the next kill
KILLED_YOUNG = 0.2      # share of lives that end while the server is still starting
# An effect that may be on its way is left alone for a minute before it is sent again.
SETTLE_PATIENCE = 300
EVENT = "com.example.incident.opened"


class Senders:
    """Posts events until each is accepted; keeps the ids the server has said 2xx to."""

    def __init__(self, stage, total):
        self.stage, self.total = stage, total
        self.accepted, self.repeats, self.refused = {}, 0, []
        self.next, self.lock = 0, threading.Lock()
        self.allowed = threading.Semaphore(0)
        self.threads = [threading.Thread(target=self.work, daemon=True) for _ in range(SENDERS)]
        for thread in self.threads:
            thread.start()

    def allow(self, count):
        for _ in range(count):
            self.allowed.release()

    def work(self):
        while True:
            self.allowed.acquire()
            with self.lock:
                if self.next >= self.total:
                    return
                number, self.next = self.next, self.next + 1
            self.send(f"kill-{number}")

    def send(self, name):
        body = {"specversion": "1.0", "id": name, "source": "/kills", "type": EVENT,
                "data": {"title": name, "severity": 2, "service": "api"}}
        headers = {"Authorization": f"Bearer {self.stage.token}",
                   "Content-Type": "application/cloudevents+json"}
        while True:
            try:
                answer = fairlead.http("POST", self.stage.url + "/api/v1/events", body, headers)
            except OSError:
                self.repeats += 1
                time.sleep(0.005)
                continue
            if answer.status == 202:
                with self.lock:
                    self.accepted[name] = answer.json["accepted"][0]["seq"]
                return
            if answer.status < 500 and answer.status != 429:
                self.refused.append(f"{name}: HTTP {answer.status} {answer.text}")
                return
            time.sleep(0.02)

    def finish(self, patience):
        self.allow(self.total + SENDERS)
        end = time.monotonic() + patience
        for thread in self.threads:
            thread.join(max(0.0, end - time.monotonic()))
        return not any(thread.is_alive() for thread in self.threads)


def prepare(stage):
    stage.sandbox = fairlead.Sandbox(stage)
    stage.start_server()
    stage.connect_token()
    path = stage.folder / "incident.yaml"
    stage.cli("workflow", "new", "incident-to-issue", "--file", path, expect=0)
    stage.cli("workflow", "apply", path, expect=0)
    stage.sandbox.control("POST", "plans", {"project": "ops/runbooks", "result": "success",
                                            "seconds": 0.4})


def start_again(stage, dice):
    """At the same address; sometimes killed before it is up."""
    while dice.random() < KILLED_YOUNG:
        young = fairlead.Process(stage, "server",
                                 ["serve", "--listen", stage.url.split("//")[1], "--data-folder",
                                  str(stage.data), "--log-level", "warning"])
        time.sleep(dice.uniform(0.0, 0.15))
        young.stop(signal.SIGKILL)
    stage.start_server(listen=stage.url.split("//")[1])


def kill_in_rounds(stage, senders, rounds, dice):
    for number in range(1, rounds + 1):
        senders.allow(EVENTS_PER_ROUND)
        time.sleep(dice.uniform(0.02, LIFE_MAX))
        code = stage.server.stop(signal.SIGKILL)
        if code != -signal.SIGKILL:
            raise fairlead.Problem(f"the server had ended by itself with {code}:\n"
                                   f"{stage.server.tail()}")
        start_again(stage, dice)
        print(f"kill {number} of {rounds}: {len(senders.accepted)} events accepted", flush=True)


def all_pages(get, path):
    items, page = [], 1
    while True:
        more = get(f"{path}{'&' if '?' in path else '?'}per_page=100&page={page}")
        items += more
        if len(more) < 100:
            return items
        page += 1


def all_runs(stage, query=""):
    items, cursor = [], ""
    while True:
        page = stage.api("GET", f"/api/v1/runs?limit=200&cursor={cursor}{query}", expect=200).json
        items += page["items"]
        cursor = page["nextCursor"]
        if not cursor:
            return items


def wait_for_the_end(stage):
    def ended():
        open_runs = [run for run in all_runs(stage) if run["endedAt"] is None]
        return not open_runs
    try:
        began = time.monotonic()
        fairlead.wait_until("every run has ended", ended, SETTLE_PATIENCE)
        print(f"every run had ended after {time.monotonic() - began:.0f} s", flush=True)
        return []
    except fairlead.Problem:
        return [f"run {run['id']} is {run['status']}: {run['waitingFor']}"
                for run in all_runs(stage) if run["endedAt"] is None]


def pipelines_by_issue(sandbox):
    """iid of the issue -> its pipelines."""
    found = collections.defaultdict(list)
    rows = all_pages(sandbox.get, "projects/ops%2Frunbooks/pipelines")
    def variables(row):
        return row["id"], sandbox.get(f"projects/ops%2Frunbooks/pipelines/{row['id']}/variables")
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for number, list_of in pool.map(variables, rows):
            for one in list_of:
                if one["key"] == "INCIDENT_ISSUE":
                    found[int(one["value"])].append(number)
    return found


def check_gitlab(stage, accepted):
    """Problems: what is not there exactly once."""
    problems, titles = [], collections.defaultdict(list)
    for issue in all_pages(stage.sandbox.get, "projects/ops%2Fincidents/issues"):
        titles[issue["title"]].append(issue)
    pipelines = pipelines_by_issue(stage.sandbox)
    def notes(iid):
        return all_pages(stage.sandbox.get, f"projects/ops%2Fincidents/issues/{iid}/notes")
    for name in sorted(accepted):
        issues = titles.pop(f"Incident: {name}", [])
        if len(issues) != 1:
            problems.append(f"{name} has {len(issues)} issues")
            continue
        iid = issues[0]["iid"]
        if len(pipelines[iid]) != 1:
            problems.append(f"{name}, issue {iid}, has {len(pipelines[iid])} pipelines")
        if issues[0]["state"] != "closed":
            problems.append(f"{name}, issue {iid}, is {issues[0]['state']}")
        said = [note for note in notes(iid) if note["body"].startswith("Repaired by the runbook")]
        if len(said) != 1:
            problems.append(f"{name}, issue {iid}, has {len(said)} closing comments")
    problems += [f"an issue nobody asked for: {title}" for title in titles
                 if title.startswith("Incident: kill-")]
    return problems


def check_runs(stage, accepted):
    problems, by_event = [], collections.Counter()
    for run in all_runs(stage):
        by_event[run["eventSeq"]] += 1
        if run["status"] != "completed":
            problems.append(f"run {run['id']} is {run['status']}: {json.dumps(run['error'])}")
        journal = stage.api("GET", f"/api/v1/runs/{run['id']}/journal?limit=500")
        kinds = [entry["kind"] for entry in journal.json["items"]] if journal.status == 200 else []
        seqs = [entry["seq"] for entry in journal.json["items"]] if journal.status == 200 else []
        if not kinds or kinds[0] != "run-started" or seqs != list(range(1, len(seqs) + 1)):
            problems.append(f"the journal of run {run['id']} cannot be read: {journal.text[:200]}")
    for name, seq in accepted.items():
        if by_event[seq] != 1:
            problems.append(f"{name} (event {seq}) has {by_event[seq]} runs")
    return problems


def adopted(stage):
    """How often an effect of before a kill was found again: shows that kills hit where it hurts."""
    count = recovered = 0
    for run in all_runs(stage):
        text = stage.api("GET", f"/api/v1/runs/{run['id']}/journal?limit=500", expect=200).text
        count += len(re.findall(r'"adopted":true', text)) // 2
        recovered += text.count('"kind":"recovered"')
    return count, recovered


def play(stage, rounds, seed):
    dice = random.Random(seed)
    prepare(stage)
    senders = Senders(stage, rounds * EVENTS_PER_ROUND)
    kill_in_rounds(stage, senders, rounds, dice)
    problems = list(senders.refused)
    if not senders.finish(60):
        problems.append("not every event was accepted")
    problems += wait_for_the_end(stage)
    problems += check_gitlab(stage, senders.accepted)
    problems += check_runs(stage, senders.accepted)
    found, recovered = adopted(stage)
    print(f"{len(senders.accepted)} events accepted, {senders.repeats} times sent in vain, "
          f"{recovered} runs picked up in the middle of a step, {found} effects adopted",
          flush=True)
    if recovered == 0:
        problems.append("no kill hit a run at work: this has shown nothing")
    return problems


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    arguments = parser.parse_args()
    stage = fairlead.Stage()
    try:
        problems = play(stage, arguments.rounds, arguments.seed)
    except fairlead.Problem as problem:
        problems = [str(problem)]
    finally:
        stage.stop()
    for problem in problems[:50]:
        print("FAIL " + problem)
    if problems:
        print(f"logs and data are kept in {stage.folder}")
        print(f"to repeat it: ./do test kills --rounds {arguments.rounds} --seed {arguments.seed}")
        print("0 passed, 1 failed")
        return 1
    stage.clean()
    print("1 passed, 0 failed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
