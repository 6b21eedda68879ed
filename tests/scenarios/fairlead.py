#!/usr/bin/python3
"""Scenarios: the real binary, the GitLab look-alike and a scripted browser, judged from outside.

usage: fairlead.py [module...]     runs test_*.py beside this file, several at a time
       FAIRLEAD=<binary>           which binary
       FAIRLEAD_UPDATE_GOLDEN=1    rewrites the golden texts in tests/golden/cli/

A scenario class gets a fresh sandbox, a fresh server and a fresh folder. Whatever it did, its last
test greps all outputs, logs and the database for every secret that was in play.
"""
import base64
import concurrent.futures
import json
import os
import pathlib
import re
import secrets
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.parse

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

import api_document  # noqa: E402
from browser import PASSWORD, PATIENCE, Browser, Problem, http, page_text  # noqa: E402,F401

GOLDEN = HERE.parent / "golden" / "cli"
BINARY = os.environ.get("FAIRLEAD", str(HERE.parent.parent / "build" / "fairlead"))
UPDATE = os.environ.get("FAIRLEAD_UPDATE_GOLDEN") == "1"
POLL = 0.02
MODULES_AT_ONCE = 3
LOG_TAIL_LINES = 25
RUNS_TOLD, ENTRIES_TOLD, LOG_TOLD, LINE_TOLD = 3, 40, 200, 600
DOCUMENT = api_document.Document(HERE.parent.parent / "docs" / "reference" / "openapi.json")


def wait_until(what, condition, patience=PATIENCE):
    """Polls until condition() is true, and gives its value back."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(POLL)
    raise Problem(f"waited {patience:.0f} s in vain until {what}")


def memory_peak_kb(pid):
    """VmHWM of a process, or 0 when it has ended."""
    try:
        with open(f"/proc/{pid}/status", encoding="ascii") as status:
            for line in status:
                if line.startswith("VmHWM:"):
                    return int(line.split()[1])
    except (FileNotFoundError, ProcessLookupError):
        pass
    return 0


def went_well(line):
    """Whether a line of the log tells of a request that was answered with less than 400."""
    try:
        entry = json.loads(line)
    except ValueError:
        return False
    return (isinstance(entry, dict) and entry.get("message") == "request"
            and entry.get("status", 500) < 400)


# ---- processes ----------------------------------------------------------------------------------


class Process:
    """A long-running fairlead: its output is kept, it is ended by its own pid."""

    def __init__(self, stage, name, arguments, env=None):
        self.stage, self.name = stage, name
        self.out_path = stage.folder / f"{name}.out"
        self.err_path = stage.folder / f"{name}.log"
        with open(self.out_path, "ab") as out, open(self.err_path, "ab") as err:
            self.out_start = out.tell()
            self.process = subprocess.Popen([BINARY, *arguments], stdout=out, stderr=err,
                                            stdin=subprocess.DEVNULL, env=env or stage.env)
        stage.processes.append(self)

    @property
    def pid(self):
        return self.process.pid

    def output(self):
        return self.out_path.read_text(encoding="utf-8")[self.out_start:]

    def wait_for_line(self, pattern):
        def seen():
            match = re.search(pattern, self.output())
            if match is None and self.process.poll() is not None:
                raise Problem(f"{self.name} ended with {self.process.returncode}:\n{self.tail()}")
            return match
        return wait_until(f"{self.name} printed {pattern}", seen)

    def tail(self):
        lines = self.err_path.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join(lines[-LOG_TAIL_LINES:])

    def story(self):
        """Its log without requests that went well."""
        lines = self.err_path.read_text(encoding="utf-8", errors="replace").splitlines()
        return "\n".join([line for line in lines if not went_well(line)][-LOG_TOLD:])

    def stop(self, number=signal.SIGTERM):
        """Sends the signal and gives the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            return self.process.wait(PATIENCE)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
            raise Problem(f"{self.name} did not end within {PATIENCE:.0f} s:\n{self.tail()}") \
                from None


class Outcome:
    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def json(self):
        return json.loads(self.out)

    @property
    def lines(self):
        return [json.loads(line) for line in self.out.splitlines()]

    def __str__(self):
        return f"exit code {self.code}\n--- output\n{self.out}--- errors\n{self.err}"


class Sandbox:
    """The GitLab look-alike and its control calls."""

    def __init__(self, stage, name="sandbox", arguments=(), scheme="http"):
        self.stage = stage
        self.process = Process(stage, name, ["sandbox", "--listen", "127.0.0.1:0", *arguments])
        self.url = self.process.wait_for_line(r"at (%s://\S+)" % scheme).group(1)
        stage.names.append((self.url, "<gitlab>"))

    def control(self, method, path, body=None):
        answer = http(method, f"{self.url}/-/sandbox/{path}", body)
        if answer.status != 200:
            raise Problem(f"{method} {path}: HTTP {answer.status} {answer.text}")
        return answer.json

    def fault(self, kind, **fields):
        self.control("POST", "faults", {"kind": kind, **fields})

    def clear_faults(self):
        self.control("DELETE", "faults")

    def advance(self, seconds):
        self.control("POST", "clock", {"advanceMs": seconds * 1000})

    def state(self):
        """What a dry run must not change: everything but the time and the hooks under way."""
        state = self.control("GET", "state")
        return {key: state[key] for key in ("projects", "groups", "users")}

    def project(self, path):
        return next(p for p in self.state()["projects"] if p["path"] == path)

    def get(self, path, token="glpat-sandbox-root-api"):
        answer = http("GET", f"{self.url}/api/v4/{path}", headers={"PRIVATE-TOKEN": token})
        if answer.status != 200:
            raise Problem(f"GET {path}: HTTP {answer.status} {answer.text}")
        return answer.json

    def oauth_tokens(self):
        """The tokens GitLab gave out so far; each is a secret from now on."""
        tokens = self.control("GET", "tokens")["oauth"]
        for token in tokens:
            self.stage.secret("access token", token["accessToken"])
            self.stage.secret("refresh token", token["refreshToken"])
        return tokens

    def add_application(self, redirect_uri, **fields):
        secret = "gloas-" + secrets.token_hex(24)
        self.stage.secret("client secret", secret)
        self.control("POST", "applications",
                     {"uid": "scenario-app", "secret": secret, "name": "Fairlead",
                      "redirectUris": [redirect_uri], **fields})
        return secret


class Stage:
    """A folder with a sandbox, a server, and everything they and the CLI ever said."""

    def __init__(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="fairlead-scenario-"))
        self.data = self.folder / "data"
        self.env = {"PATH": os.environ.get("PATH", "/usr/bin:/bin"), "HOME": str(self.folder),
                    "FAIRLEAD_DATA": str(self.data), "NO_COLOR": "1", "LC_ALL": "C.UTF-8"}
        self.env.update({k: v for k, v in os.environ.items() if k.endswith("SAN_OPTIONS")})
        self.processes, self.captured, self.secrets, self.names = [], [], {}, []
        self.server, self.url, self.sandbox = None, "", None

    # -- processes

    def start_server(self, *arguments, listen="127.0.0.1:0", env=None):
        self.server = Process(self, "server",
                              ["serve", "--listen", listen, "--data-folder", str(self.data),
                               "--log-level", "debug", *arguments], env)
        self.url = self.server.wait_for_line(r"ready at (\S+)").group(1)
        if (self.url, "<server>") not in self.names:
            self.names.append((self.url, "<server>"))
        self.token = (self.data / "admin.token").read_text().strip()
        self.secret("API token", self.token)
        if (self.data / "master.key").exists():
            key = (self.data / "master.key").read_text().strip()
            self.secret("master key", key)
            self.secret("master key (bytes)", base64.urlsafe_b64decode(key + "=="))
        return self.server

    def restart_server(self, number=signal.SIGTERM):
        """Ends it and starts it again at the same address; gives the exit code of the first."""
        code = self.server.stop(number)
        self.start_server(listen=self.url.split("//")[1])
        return code

    def stop(self):
        for process in reversed(self.processes):
            if process.process.poll() is None:
                process.process.terminate()
        for process in self.processes:
            process.stop()

    def clean(self):
        self.stop()
        shutil.rmtree(self.folder, ignore_errors=True)

    # -- command line

    def cli(self, *arguments, stdin="", env=None, expect=None):
        """Runs a command to its end."""
        done = subprocess.run([BINARY, *map(str, arguments)], input=stdin, text=True,
                              capture_output=True, env={**self.env, **(env or {})},
                              timeout=PATIENCE * 2, check=False)
        outcome = Outcome(done.returncode, done.stdout, done.stderr)
        self.captured.append((" ".join(map(str, arguments)), outcome.out + outcome.err))
        if expect is not None and outcome.code != expect:
            raise Problem(f"fairlead {' '.join(map(str, arguments))}\n{outcome}"
                          f"--- server log\n{self.server.tail() if self.server else ''}")
        return outcome

    def run_action(self, action, expect=0, **fields):
        """Its output as JSON."""
        done = self.cli("action", "run", "gitlab." + action, "--input", json.dumps(fields),
                        "--output", "json", expect=expect)
        return done.json if expect == 0 else json.loads(done.err)["error"]

    def api(self, method, path, body=None, headers=None, expect=None):
        answer = http(method, self.url + path, body,
                      {"Authorization": f"Bearer {self.token}", **(headers or {})})
        self.captured.append((f"{method} {path}", answer.text))
        if expect is not None and answer.status != expect:
            raise Problem(f"{method} {path}: HTTP {answer.status}, not {expect}: {answer.text}")
        DOCUMENT.check(method, path, answer)
        return answer

    def runs_in_words(self):
        """The newest runs that have not ended, or else the newest ones, with their journals."""
        def read(path):
            answer = http("GET", self.url + "/api/v1/" + path, None,
                          {"Authorization": f"Bearer {self.token}"})
            return answer.json["items"]
        try:
            runs = read("runs?limit=20")
            ended = ("completed", "faulted", "cancelled")
            runs = [run for run in runs if run["status"] not in ended] or runs
            lines = []
            for run in runs[:RUNS_TOLD]:
                lines.append("--- run " + json.dumps(run))
                lines += [json.dumps(entry) for entry in
                          read(f"runs/{run['id']}/journal")[-ENTRIES_TOLD:]]
            return "\n".join(line[:LINE_TOLD] for line in lines)
        except Exception as error:  # whatever the server does now: the log is told all the same
            return f"--- the runs cannot be read: {error}"

    def file(self, name, text):
        path = self.folder / name
        path.write_text(text, encoding="utf-8")
        return path

    # -- connecting

    def connect_token(self, name="gitlab", token="glpat-sandbox-alice-api", url=None):
        self.secret("GitLab access token", token)
        return self.cli("connect", "gitlab", "--url", url or self.sandbox.url, "--name", name,
                        "--access-token-file", self.file("token.txt", token + "\n"), expect=0)

    def begin(self, *arguments):
        """Starts a CLI command that prints a page to open: (process, start URL)."""
        process = Process(self, f"cli-{len(self.processes)}", list(map(str, arguments)))
        def printed():
            match = re.search(r"(http\S+/oauth/start/\S+)",
                              process.err_path.read_text(encoding="utf-8"))
            if match is None and process.process.poll() is not None:
                raise Problem(f"fairlead {' '.join(map(str, arguments))} ended:\n{process.tail()}")
            return match
        return process, wait_until("the CLI printed the page to open", printed).group(1)

    def begin_oauth(self, secret, name="gitlab", url=None):
        return self.begin("connect", "gitlab", "--url", url or self.sandbox.url, "--name", name,
                          "--client-id", "scenario-app", "--client-secret-file",
                          self.file("secret.txt", secret + "\n"), "--no-browser", "--wait", "20")

    def end_of(self, process):
        code = process.process.wait(PATIENCE)
        outcome = Outcome(code, process.output(), process.err_path.read_text(encoding="utf-8"))
        return outcome

    def callback(self, browser, start_url, user="alice"):
        """Sign-in and consent; the address GitLab sends the browser to. Its code is a secret."""
        target = browser.to_callback(start_url, user)
        query = urllib.parse.parse_qs(urllib.parse.urlsplit(target).query)
        self.secret("authorization code", query["code"][0])
        return target

    def connect_oauth(self, name="gitlab"):
        secret = self.sandbox.add_application(self.url + "/oauth/callback")
        process, start = self.begin_oauth(secret, name)
        browser = Browser()
        page = browser.open(self.callback(browser, start))
        outcome = self.end_of(process)
        self.sandbox.oauth_tokens()
        if outcome.code != 0:
            raise Problem(str(outcome))
        return page, outcome

    # -- secrets

    def secret(self, what, value):
        data = value if isinstance(value, bytes) else value.encode()
        if len(data) < 12:
            raise Problem(f"{what} is too short to search for")
        self.secrets[data] = what

    def leaks(self, allowed):
        """Every place where a secret is in the open; allowed: which file may hold which."""
        places = [(name, text.encode()) for name, text in self.captured]
        for path in self.folder.rglob("*"):
            mine = path.name in ("token.txt", "secret.txt") or path.name.startswith("sandbox")
            if path.is_file() and not mine:
                places.append((str(path.relative_to(self.folder)), path.read_bytes()))
        return [f"{what} in {place}" for place, data in places
                for value, what in self.secrets.items()
                if value in data and what != allowed.get(pathlib.PurePath(place).name, "")]

    # -- golden texts

    def normal(self, text):
        for value, name in sorted(self.names, key=lambda pair: -len(pair[0])):
            text = text.replace(value, name)
        for value, name in self.names:
            host = value.split("//")[-1].split("/")[0]
            text = text.replace(host, name.rstrip(">") + " host>")
        text = text.replace(str(self.folder), "<folder>")
        for pattern, name in (
                (r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", "<id>"),
                (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "<time>"),
                (r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", "<time>"),
                (r"(?m)^\d\d:\d\d:\d\d  ", "<time>  "),
                (r"until (<time>|\d\d:\d\d:\d\d) UTC", "until <time>"),
                (r"(Took +|<time>  )\d+(\.\d+)? (ms|s)", r"\1<span>"),
                (r"<!-- fairlead:[0-9a-f]{32} -->", "<!-- fairlead:<marker> -->"),
                (r"(?m)^[0-9a-f]{32}(?=  )", "<effect>"),
                (r"\((created|preparing|pending|running|waiting_for_resource)[^)\n]*\)",
                 "(<status>)"),
                (r"(ends|ended) \d{4}-\d\d-\d\d( \(\d+ days?\))?", r"\1 <date>"),
                (r"(request id: )\S+", r"\1<request>"),
                (r"process \d+", "process <pid>"),
                (r"port \d{4,5}", "port <port>"),
                (r"/oauth/start/[\w-]+", "/oauth/start/<state>"),
                (r"(Request id: +)\S+", r"\1<request>"),
                (r'("requestId": ?)"[^"]*"', r'\1"<request>"'),
                (r"127\.0\.0\.1:(?!8420|8585|99999)\d+", "127.0.0.1:<port>")):
            text = re.sub(pattern, name, text)
        # A pipeline may be seen in one more state on its way: the same line again.
        return re.sub(r"(?m)^(.*waiting for .*\n)(\1)+", r"\1", text)


class Scenario(unittest.TestCase):
    """Base of all scenarios. Class attributes choose what stands on the stage."""

    sandbox_arguments = ()
    connection = "token"  # or None, or "oauth"
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.stage = Stage()
        try:
            cls.prepare()
        except BaseException:
            cls.stage.clean()
            raise

    @classmethod
    def prepare(cls):
        cls.stage.sandbox = cls.sandbox = Sandbox(cls.stage, arguments=cls.sandbox_arguments)
        cls.sandbox.control("POST", "options", {"pipelineSeconds": 0.4})
        cls.stage.start_server()
        if cls.connection == "token":
            cls.stage.connect_token()
        elif cls.connection == "oauth":
            cls.stage.connect_oauth()

    @classmethod
    def tearDownClass(cls):
        cls.stage.clean()

    def tearDown(self):
        self.sandbox.clear_faults()
        outcome = getattr(self, "_outcome", None)
        result = getattr(outcome, "result", None)
        if result and any(test is self for test, _ in result.failures + result.errors):
            print(f"--- what {self.id()} left behind\n{self.stage.runs_in_words()}\n"
                  f"--- server log\n{self.stage.server.story()}", file=sys.stderr)

    def golden(self, name, text):
        """Compares with tests/golden/cli/<name>.txt once ids, times, ports and paths are named."""
        text = self.stage.normal(str(text))
        if name in ("connection-list", "run-list"):  # column widths depend on what was named
            text = re.sub(r" {2,}", "  ", text)
        path = GOLDEN / f"{name}.txt"
        if UPDATE:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
        self.assertTrue(path.exists(), f"no golden text {path.name}; it would be:\n{text}")
        self.assertMultiLineEqual(path.read_text(encoding="utf-8"), text)

    def fails(self, name, code, *arguments, **options):
        """The command ends with that exit code and the golden text of that name."""
        outcome = self.stage.cli(*arguments, **options)
        self.golden(name, outcome)
        self.assertEqual(outcome.code, code, str(outcome))
        return outcome

    def test_zz_no_secret_in_outputs_logs_and_database(self):
        self.sandbox.oauth_tokens()
        self.assertGreaterEqual(len(self.stage.secrets), 3)
        allowed = {"admin.token": "API token", "master.key": "master key"}
        self.assertEqual(self.stage.leaks(allowed), [])
        # The search itself finds what is there.
        self.assertEqual(sorted(self.stage.leaks({})),
                         ["API token in data/admin.token", "master key in data/master.key"])


# ---- running ------------------------------------------------------------------------------------


class Result(unittest.TestResult):
    """One line a test; failures with their story."""

    def startTest(self, test):
        super().startTest(test)
        self.began = time.monotonic()
        self.good = getattr(self, "good", 0)

    def line(self, word, test):
        began = getattr(self, "began", time.monotonic())
        print(f"{word} {test.id()}  {time.monotonic() - began:.1f} s", flush=True)

    def addSuccess(self, test):
        super().addSuccess(test)
        self.good += 1
        self.line("ok  ", test)

    def addError(self, test, err):
        super().addError(test, err)
        self.line("FAIL", test)
        print(self.errors[-1][1], flush=True)

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.line("FAIL", test)
        print(self.failures[-1][1], flush=True)


def run_module(name):
    sys.modules.setdefault("fairlead", sys.modules["__main__"])
    suite = unittest.defaultTestLoader.loadTestsFromName(name)
    result = Result()
    suite.run(result)
    bad = len(result.failures) + len(result.errors)
    print(f"{getattr(result, 'good', 0)} passed, {bad} failed")
    return 1 if bad else 0


def run_all(names):
    def run(name):
        done = subprocess.run([sys.executable, __file__, "--module", name], text=True,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        print(done.stdout, end="", flush=True)
        last = (done.stdout.splitlines() or [""])[-1]
        match = re.fullmatch(r"(\d+) passed, (\d+) failed", last)
        return (int(match[1]), int(match[2])) if match else (0, 1)
    with concurrent.futures.ThreadPoolExecutor(MODULES_AT_ONCE) as pool:
        counts = list(pool.map(run, names))
    passed, failed = (sum(column) for column in zip(*counts))
    print(f"{passed} passed, {failed} failed")
    return 0 if passed and not failed else 1


def main(arguments):
    if arguments[:1] == ["--module"]:
        return run_module(arguments[1])
    return run_all(arguments or sorted(path.stem for path in HERE.glob("test_*.py")))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
