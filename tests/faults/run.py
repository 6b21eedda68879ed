#!/usr/bin/python3
"""Named faults between the real server and a GitLab that breaks: what is seen, what is left.

usage: run.py [name...]            all faults, or those named
       FAIRLEAD=<binary>           which binary
       FAIRLEAD_UPDATE_GOLDEN=1    rewrites tests/golden/faults.json and docs/faults.md

Per fault: a connection is made while all is well, the fault begins, an action that reads and one
that writes are run through the CLI, the doctor looks, the connection's state is read, the fault
ends and the connection must go on. What was seen is compared with tests/golden/faults.json, from
which
docs/faults.md is made (page.py). Whatever the golden table says, some things must hold: judge().
"""
import concurrent.futures
import datetime
import json
import os
import pathlib
import re
import sys
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent / "scenarios")]

import page  # noqa: E402
from browser import Browser, Problem  # noqa: E402
from certificates import Certificates  # noqa: E402
from fairlead import Stage, memory_peak_kb, wait_until  # noqa: E402
from faults import CLOCK, FAULTS, TLS  # noqa: E402
from server import Bait, Server  # noqa: E402

GOLDEN = HERE.parent / "golden" / "faults.json"
PAGE = HERE.parent.parent / "docs" / "faults.md"
UPDATE = os.environ.get("FAIRLEAD_UPDATE_GOLDEN") == "1"
AT_ONCE = 12
ANSWER_SECONDS = 2           # time-outs of the server under test
CALL_SECONDS_MAX = 20.0      # no call takes longer, whatever the fault
MEMORY_KB_MAX = 600 * 1024   # the server, after 40 MiB answers and gzip bombs, a dozen at once
RECOVERY_SECONDS = 25.0
TRIES_MAX, ALL_TRIES_SECONDS = 4, 4.2  # gitlab/retry.h: the waits between so many tries
CREATE = ("create-issue", "--project", "7", "--title", "Broken")


class World:
    """What all faults share: one real server and its certificates."""

    def __init__(self):
        self.stage = Stage()
        self.stage.start_server("--request-timeout", str(ANSWER_SECONDS))
        self.certificates = Certificates(self.stage.folder)


class Case:
    """One fault, from the well connection to the end."""

    def __init__(self, world, fault):
        self.world, self.stage, self.fault = world, world.stage, fault
        self.server = Server(world.certificates.good if fault.tls else None)
        self.server.bait, self.server.name = Bait(), fault.name
        self.token = f"glpat-of-the-faults-suite-{fault.name}"
        self.stage.secret(f"token of {fault.name}", self.token)
        self.problems = []

    # -- steps

    def cli(self, *arguments, expect=None):
        began = time.monotonic()
        done = self.stage.cli(*arguments, expect=expect)
        self.took = time.monotonic() - began
        if self.took > CALL_SECONDS_MAX:
            self.problems.append(f"{' '.join(arguments[:3])} took {self.took:.1f} s")
        return done

    def connect(self, url):
        more = ("--ca-file", self.world.certificates.ca_file) if self.fault.tls else ()
        path = self.stage.folder / f"{self.fault.name}.token.txt"
        path.write_text(self.token)
        done = self.cli("connect", "gitlab", "--url", url, "--name", self.fault.name,
                        "--access-token-file", path, "-o", "json", *more)
        path.unlink()
        return done

    def sign_in(self):
        """An OAuth connection; the fault begins in the moment in which the code is exchanged."""
        name, api = self.fault.name, self.stage.api
        api("POST", "/api/v1/connections", {"name": name, "baseUrl": self.server.url, "clientId":
            "faults", "clientSecret": self.token}, expect=201)
        start = api("POST", f"/api/v1/connections/{name}/sign-in", expect=201).json
        browser = Browser()
        target = browser.open(start["startUrl"], stop_at="/oauth/authorize")
        state = re.search(r"state=([^&]+)", target).group(1)
        if self.fault.short_token:
            self.server.token_seconds = 60  # within the time in which a token is refreshed ahead
        self.server.after_code = self.fault.serve
        if self.fault.arrange:
            self.fault.arrange(self.server, self.world)
        code = f"code-of-the-faults-suite-{name}"
        self.stage.secret(f"code of {name}", code)
        page_seen = browser.open(f"{self.stage.url}/oauth/callback?state={state}&code={code}")
        if page_seen.status != 200:
            raise Problem(f"sign-in: HTTP {page_seen.status} {page_seen.text}")

    def begin(self):
        if self.fault.by == "refresh":
            return self.sign_in()
        done = self.connect(self.server.url)
        if done.code != 0:
            raise Problem(f"connecting while all is well: {done}")
        self.server.fault = self.fault.serve
        if self.fault.arrange:
            self.fault.arrange(self.server, self.world)
        return None

    def call(self, method, action):
        """What is seen of one action, and how often it went out."""
        seen, accepted = len(self.server.seen), self.server.accepted
        done = self.cli("action", "run", "gitlab." + action[0], "--connection", self.fault.name,
                        *action[1:], "-o", "json")
        sent = sum(one.method == method for one in self.server.seen[seen:])
        result = self.seen_of(done)
        if self.fault.by == "refresh":
            return result
        if sent or self.fault.serve:
            result["sent"] = sent
        elif self.server.accepted > accepted:
            result["connected"] = self.server.accepted - accepted
        elif self.took >= ALL_TRIES_SECONDS:
            result["tries"] = TRIES_MAX
        return result

    def seen_of(self, done):
        if done.code == 0:
            shown = json.loads(done.out)
            return {"exitCode": 0, **{key: shown[key] for key in ("note", "complete")
                                      if isinstance(shown, dict) and key in shown}}
        try:
            error = json.loads(done.err)["error"]
        except (ValueError, KeyError):
            raise Problem(f"no error in JSON: {done}") from None
        kept = {key: error.get(key) for key in ("kind", "title", "message", "cause", "remedy",
                                                "where", "status") if error.get(key)}
        if error.get("retryAfterMs"):
            kept["waits"] = True
        return {"exitCode": done.code, **kept}

    def doctor(self):
        done = self.cli("connection", "test", self.fault.name, "-o", "json")
        steps = json.loads(done.out)["steps"]
        bad = [one for one in steps if one["state"] in ("failed", "warning")
               and one["id"] != "webhook" and "unencrypted" not in one["detail"]]
        self.steps = {one["id"]: one["state"] for one in steps}
        return [{key: one[key] for key in ("id", "title", "state", "detail", "fix")
                 if one.get(key)}
                for one in bad]

    def state(self):
        self.shown = self.stage.api("GET", f"/api/v1/connections/{self.fault.name}").json
        return self.shown["status"]

    def recover(self):
        """The fault is over: does the same connection go on by itself?"""
        self.server.tls = self.world.certificates.good if self.fault.tls else None
        self.server.well()
        if self.server.proxied:
            self.cli("connection", "set", self.fault.name, "--proxy", "", expect=0)
        def works():
            return self.cli("action", "run", "gitlab.get-project", "--connection", self.fault.name,
                            "--project", "ops/incidents").code == 0
        wait_until(f"{self.fault.name} works again", works, RECOVERY_SECONDS)

    # -- all of it

    def run(self):
        fault = self.fault
        row = {"name": fault.name, "section": fault.section, "happened": fault.happens}
        if fault.by == "connect":
            row["read"] = self.seen_of(self.connect(fault.url))
            self.stage.api("POST", "/api/v1/connections", {"name": fault.name, "baseUrl":
                           fault.url, "clientId": "faults", "clientSecret": self.token})
            row["doctor"], row["state"] = self.doctor(), self.state()
            return self.normal(row)
        self.begin()
        row["read"] = self.call("GET", fault.action)
        if fault.writes:
            row["write"] = self.call("POST", CREATE)
        row["doctor"], row["state"] = self.doctor(), self.state()
        if fault.recovers:
            self.recover()
            row["mends"] = True
        self.judge(row)
        return self.normal(row)

    def judge(self, row):
        """What must hold whatever the golden table says."""
        def must(holds, what):
            if not holds:
                self.problems.append(what)
        errors = [row[key] for key in ("read", "write") if key in row]
        for error in errors:
            must(self.fault.works == (error["exitCode"] == 0), f"exit code {error['exitCode']}")
            if error["exitCode"]:
                must(error.get("message") and error.get("remedy"), "message and remedy are said")
                must(error.get("kind") != "internal", "an internal error is a defect of ours")
        write = row.get("write", {})
        if row["read"].get("kind") not in ("rate_limited", "unavailable"):
            must(write.get("sent", 0) <= 1, "an action that creates is sent once at most")
        # The doctor may look there for GitLab's root, but never with a token.
        must(not any(re.search(rb"(?i)authorization|private-token|glpat", got)
                     for got in self.server.bait.got), "another host was given the token")
        if self.fault.section == CLOCK:
            ends = datetime.datetime.fromisoformat(self.shown["expiresAt"].replace("Z", "+00:00"))
            must(abs(ends.timestamp() - time.time() - 7200) < 120, f"the token ends at {ends}")
        if self.fault.section == TLS:
            words = json.dumps(errors)
            must("token" not in words.lower(), "a TLS fault speaks of tokens")
            must(all(error["kind"] == "unavailable" for error in errors), "TLS is unavailable")
            must(self.steps.get("tls") == "failed" and self.steps.get("token") == "skipped",
                 "the doctor shows it at the TLS step")

    def normal(self, row):
        text = json.dumps(row)
        text = text.replace(self.server.bait.url, "http://other.example.com")
        text = text.replace(self.server.url, page.GITLAB_TLS if self.fault.tls else page.GITLAB)
        for pattern, name in ((r"127\.0\.0\.1:\d+", "192.0.2.7"), (r"port \d{4,5}", "port 443"),
                              (r"after \d+ ms", "after 0 ms"),
                              (r"[Ww]ait 49 min \d+ s", "Wait 50 min"),
                              (r"[Ww]ait 9 min \d+ s", "Wait 10 min"),
                              (r"[Ww]ait 5\d(\.\d+)? s", "Wait 1 min"),
                              (r"[Ww]ait ([12]|1\.\d+|\d+ m)s?", "Wait 1 s"),
                              (r"ends \d{4}-\d\d-\d\d \(\d+ days\)", "ends <date>"),
                              (r"ended \d{4}-\d\d-\d\d", "ended <date>"),
                              (r"OpenSSL/3\.0\.\d+", "OpenSSL/3.0.x"),
                              (r"\d{4}-\d\d-\d\dT[\d:.]+Z", "<time>")):
            text = re.sub(pattern, name, text)
        return json.loads(text)


def run_case(world, fault):
    began, case = time.monotonic(), None
    try:
        case = Case(world, fault)
        row, problems = case.run(), case.problems
    except Exception as error:  # pylint: disable=broad-except
        row, problems = None, [f"{type(error).__name__}: {error}"]
    return fault.name, row, problems, time.monotonic() - began


def differences(row, golden):
    if golden is None:
        return ["no golden row; FAIRLEAD_UPDATE_GOLDEN=1 writes it: " + json.dumps(row)]
    return [f"{key}: golden {json.dumps(golden.get(key))}\n      now    {json.dumps(row.get(key))}"
            for key in sorted({*row, *golden}) if row.get(key) != golden.get(key)]


class Score:
    def __init__(self):
        self.passed = self.failed = 0

    def note(self, name, problems, took=0.0):
        print(f"{'FAIL' if problems else 'ok  '} {name}  {took:.1f} s", flush=True)
        for problem in problems:
            print(f"    {problem}", flush=True)
        self.passed, self.failed = self.passed + (not problems), self.failed + bool(problems)


def afterwards(world, score):
    """What all faults together must not have done."""
    peak = memory_peak_kb(world.stage.server.pid)
    score.note("the server is still there", [] if peak else ["it is gone"])
    score.note(f"its memory stayed below {MEMORY_KB_MAX >> 10} MiB",
               [f"{peak >> 10} MiB"] if peak > MEMORY_KB_MAX else [])
    allowed = {"admin.token": "API token", "master.key": "master key"}
    score.note("no secret in outputs, logs and database", world.stage.leaks(allowed))


def main(names):
    chosen = [fault for fault in FAULTS if not names or fault.name in names]
    golden = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else []
    known = {row["name"]: row for row in golden}
    world, score, rows = World(), Score(), {}
    try:
        with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
            for name, row, problems, took in pool.map(lambda one: run_case(world, one), chosen):
                if row:
                    rows[name] = row
                    problems += [] if UPDATE else differences(row, known.get(name))
                score.note(name, problems, took)
        afterwards(world, score)
    finally:
        world.stage.clean()
    table = [rows.get(fault.name) or known.get(fault.name) for fault in FAULTS]
    table = [row for row in table if row]
    if UPDATE:
        GOLDEN.write_text(json.dumps(table, indent=1, ensure_ascii=False) + "\n")
        PAGE.write_text(page.render(table))
    elif not names:
        stale = PAGE.read_text() != page.render(golden) if PAGE.exists() else True
        score.note("docs/faults.md is made from the golden table", ["it is stale"] if stale else [])
        score.note("each row of the golden table has its fault",
                   sorted(set(known) - {fault.name for fault in FAULTS}))
    print(f"{score.passed} passed, {score.failed} failed")
    return 1 if score.failed or not score.passed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
