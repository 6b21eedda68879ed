"""The workflow language in real time: retries, races, schedules, sign-in at other services, caps.

The rules themselves are proved by tests/ctk with a played clock; here the server as it is shipped
keeps them, with durations that are short.
"""
import base64
import datetime
import hashlib
import http.server
import json
import re
import signal
import threading
import time
import urllib.parse

import fairlead

USER, PASSWORD, CLIENT_SECRET = "ada", "digest-password-4721", "client-secret-4722"
NONCE = "nonce-of-the-service"
TOO_LARGE = 1 << 20


class Service(http.server.ThreadingHTTPServer):
    """Answers 503, asks for a digest, gives out tokens and sends much."""

    def __init__(self):
        self.seen, self.tokens = [], []
        self.closing = threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def paths(self, path):
        return [each for each in self.seen if each[1] == path]


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.server.seen.append(("GET", self.path, dict(self.headers), ""))
        if self.path == "/busy":
            return self.answer(503, {"error": "busy"})
        if self.path == "/never":
            return self.server.closing.wait(2 * fairlead.PATIENCE)
        if self.path == "/digest":
            return self.digest()
        if self.path == "/large":
            return self.answer(200, {"text": "x" * TOO_LARGE})
        if self.path == "/realm/.well-known/openid-configuration":
            return self.answer(200, {"issuer": self.server.url + "/realm",
                                     "token_endpoint": self.server.url + "/realm/token"})
        given = self.headers.get("Authorization", "")
        known = given.startswith("Bearer ") and given[7:] in self.server.tokens
        return self.answer(200 if known else 401, {"fine": known})

    def do_POST(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.seen.append(("POST", self.path, dict(self.headers), body))
        fields = dict(urllib.parse.parse_qsl(body))
        basic = self.headers.get("Authorization", "")
        if basic.startswith("Basic "):
            name, secret = base64.b64decode(basic[6:]).decode().split(":", 1)
            fields.update(client_id=name, client_secret=secret)
        wanted = {"grant_type": "client_credentials", "client_id": "desk",
                  "client_secret": CLIENT_SECRET}
        if any(fields.get(name) != value for name, value in wanted.items()):
            return self.answer(401, {"error": "invalid_client"})
        token = f"token-of-the-service-{len(self.server.tokens)}"
        self.server.tokens.append(token)
        return self.answer(200, {"access_token": token, "token_type": "Bearer",
                                 "expires_in": 3600})

    def digest(self):
        given = dict(re.findall(r'(\w+)="?([^",]+)"?', self.headers.get("Authorization", "")))
        def h(text):
            return hashlib.sha256(text.encode()).hexdigest()
        right = h(":".join((h(f"{USER}:desk:{PASSWORD}"), NONCE, given.get("nc", ""),
                            given.get("cnonce", ""), "auth", h("GET:/digest"))))
        if given.get("response") == right:
            return self.answer(200, {"fine": True})
        return self.answer(401, {}, f'Digest realm="desk", nonce="{NONCE}", qop="auth", '
                                    'algorithm=SHA-256')

    def answer(self, status, body, challenge=None):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        if challenge:
            self.send_header("WWW-Authenticate", challenge)
        self.end_headers()
        try:
            self.wfile.write(text)
        except OSError:
            pass

    def log_message(self, *_):
        pass


def moment(text):
    return datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))


class Language(fairlead.Scenario):
    connection = None
    serve = ("--allow-private", "127.0.0.1")

    @classmethod
    def prepare(cls):
        cls.service = Service()
        cls.stage.sandbox = cls.sandbox = fairlead.Sandbox(cls.stage)
        cls.stage.start_server(*cls.serve)
        for name, value in (("password", PASSWORD), ("client", CLIENT_SECRET)):
            cls.stage.secret(f"the secret {name}", value)
            cls.stage.cli("secret", "set", name, stdin=value + "\n", expect=0)

    @classmethod
    def tearDownClass(cls):
        cls.service.closing.set()
        cls.service.shutdown()
        super().tearDownClass()

    def publish(self, name, tasks, **members):
        path = self.stage.file(f"{name}.yaml", json.dumps({
            "document": {"dsl": "1.0.3", "namespace": "ops", "name": name, "version": "1.0.0",
                         **members.pop("document", {})},
            "use": {"secrets": ["password", "client"]}, **members, "do": tasks}))
        self.stage.cli("workflow", "apply", path, expect=0)

    def runs(self, name):
        return self.stage.api("GET", f"/api/v1/runs?workflow=ops/{name}",
                              expect=200).json["items"]

    def outcome(self, name, status):
        """Starts it; the run, once it has ended so."""
        run = self.stage.api("POST", f"/api/v1/workflows/ops/{name}/run", {}, expect=201).json["id"]
        def ended():
            found = self.stage.api("GET", f"/api/v1/runs/{run}", expect=200).json
            return found if found["status"] in ("completed", "faulted", "cancelled") else None
        found = fairlead.wait_until(f"{name} has ended", ended)
        self.assertEqual(found["status"], status, found)
        return found

    def entries(self, run, kind):
        entries = self.stage.api("GET", f"/api/v1/runs/{run['id']}/journal?limit=500",
                                 expect=200).json["items"]
        return [entry for entry in entries if entry["kind"] == kind]

    def get(self, path, authentication=None):
        endpoint = {"uri": self.service.url + path}
        if authentication:
            endpoint["authentication"] = authentication
        return {"call": "http", "with": {"method": "get", "endpoint": endpoint}}

    # The journal says how long each was to wait, the service how often it was asked.
    def retried(self, name, retry):
        before = len(self.service.paths("/busy"))
        self.publish(name, [{"t": {"try": [{"ask": self.get("/busy")}],
                                   "catch": {"retry": retry}}}])
        run = self.outcome(name, "faulted")
        self.assertEqual(run["error"]["status"], 503)
        delays = [entry["payload"]["delayMs"] for entry in self.entries(run, "retry-scheduled")]
        self.assertEqual(len(self.service.paths("/busy")) - before, len(delays) + 1)
        took = (moment(run["endedAt"]) - moment(run["startedAt"])).total_seconds() * 1000
        self.assertGreaterEqual(took + 5, sum(delays))
        return delays

    def test_retries_wait_as_their_backoff_says(self):
        for kind, delays in (("constant", [40, 40, 40]), ("linear", [40, 80, 120]),
                             ("exponential", [40, 80, 160])):
            with self.subTest(kind):
                self.assertEqual(self.retried(kind, {
                    "delay": {"milliseconds": 40}, "backoff": {kind: {}},
                    "limit": {"attempt": {"count": 3}}}), delays)

    def test_jitter_adds_between_its_bounds(self):
        delays = self.retried("jitter", {
            "delay": {"milliseconds": 20}, "limit": {"attempt": {"count": 6}},
            "jitter": {"from": {"milliseconds": 10}, "to": {"milliseconds": 60}}})
        self.assertEqual(len(delays), 6)
        self.assertTrue(all(30 <= delay <= 80 for delay in delays), delays)

    def test_a_limit_of_time_ends_the_retries(self):
        delays = self.retried("limit", {"delay": {"milliseconds": 300},
                                        "limit": {"duration": {"seconds": 1}}})
        self.assertLessEqual(len(delays), 3)

    def test_each_attempt_has_its_own_limit_of_time(self):
        self.publish("attempts", [{"t": {"try": [{"ask": self.get("/never")}], "catch": {"retry": {
            "limit": {"attempt": {"count": 2, "duration": {"milliseconds": 200}}}}}}}])
        run = self.outcome("attempts", "faulted")
        self.assertEqual(run["error"]["status"], 408)
        self.assertEqual(run["error"]["type"],
                         "https://open-workflow-specification.org/spec/1.0.0/errors/timeout")
        self.assertEqual(len(self.entries(run, "retry-scheduled")), 2)
        self.assertEqual(len(self.service.paths("/never")), 3)

    def test_the_losers_of_a_race_are_cancelled(self):
        self.publish("race", [{"race": {"fork": {"compete": True, "branches": [
            {"slow": {"do": [{"nap": {"wait": "PT1H"}}, {"a": {"set": {"who": "slow"}}}]}},
            {"fast": {"do": [{"nap": {"wait": {"milliseconds": 50}}},
                             {"b": {"set": {"who": "fast"}}}]}}]}}}])
        run = self.outcome("race", "completed")
        self.assertEqual(run["output"], {"who": "fast"})
        ended = {entry["task"] for entry in self.entries(run, "task-cancelled")}
        slow = "/do/0/race/fork/branches/0/slow"
        self.assertTrue({slow, slow + "/do/0/nap"} <= ended, ended)

    def test_digest_is_answered(self):
        self.publish("digest", [{"call": self.get("/digest", {
            "digest": {"username": USER, "password": "${ $secrets.password }"}})}])
        self.assertEqual(self.outcome("digest", "completed")["output"], {"fine": True})
        asked = self.service.paths("/digest")
        self.assertEqual(len(asked), 2)
        self.assertNotIn("Authorization", asked[0][2])

    def signed_in(self, name, policy):
        self.publish(name, [{"first": self.get("/thing-" + name, policy)},
                            {"second": self.get("/thing-" + name, policy)}])
        self.assertEqual(self.outcome(name, "completed")["output"], {"fine": True})
        given = [each[2]["Authorization"] for each in self.service.paths("/thing-" + name)]
        self.assertEqual(given, ["Bearer " + self.service.tokens[-1]] * 2)
        self.stage.secret("a token of the service", self.service.tokens[-1])

    def test_oauth2_client_credentials_fetch_one_token_for_two_calls(self):
        client = {"id": "desk", "secret": "${ $secrets.client }"}
        self.signed_in("oauth2", {"oauth2": {
            "authority": self.service.url, "grant": "client_credentials", "client": client,
            "endpoints": {"token": "/oauth2/token"}}})
        self.assertEqual(len(self.service.paths("/oauth2/token")), 1)

    def test_oidc_finds_the_token_endpoint_at_the_issuer(self):
        client = {"id": "desk", "secret": "${ $secrets.client }"}
        self.signed_in("oidc", {"oidc": {"authority": self.service.url + "/realm",
                                         "grant": "client_credentials", "client": client}})
        self.assertEqual(len(self.service.paths("/realm/token")), 1)

    def test_an_answer_that_is_too_large_is_an_error_that_says_so(self):
        self.publish("large", [{"call": self.get("/large")}])
        error = self.outcome("large", "faulted")["error"]
        self.assertIn("The answer of the call has", error["detail"])

    def disable(self, name):
        self.stage.cli("workflow", "disable", f"ops/{name}", expect=0)

    def test_cron_goes_by_the_clocks_of_its_place(self):
        # The next full minute that leaves time to publish, as clocks in Kolkata show it.
        kolkata = datetime.timezone(datetime.timedelta(hours=5, minutes=30))
        due = datetime.datetime.fromtimestamp((time.time() + 25) // 60 * 60 + 60, kolkata)
        self.publish("daily", [{"a": {"set": {"n": 1}}}],
                     schedule={"cron": f"{due.minute} {due.hour} * * *"},
                     document={"metadata": {"schedule": {"timezone": "Asia/Kolkata"}}})
        self.assertEqual(self.runs("daily"), [])
        fairlead.wait_until("it is time", lambda: self.runs("daily"), 120)
        run = self.runs("daily")[0]
        self.assertGreaterEqual(moment(run["startedAt"]), due)
        self.assertIn("(Asia/Kolkata)", run["cause"])
        self.assertEqual(len(self.runs("daily")), 1)
        self.disable("daily")

    def test_after_counts_from_the_end_of_the_run_before(self):
        self.publish("paced", [{"nap": {"wait": {"milliseconds": 300}}}],
                     schedule={"after": "PT1S"})
        fairlead.wait_until("three have started", lambda: len(self.runs("paced")) >= 3)
        self.disable("paced")
        runs = sorted(self.runs("paced"), key=lambda run: run["startedAt"])
        for before, run in zip(runs, runs[1:]):
            self.assertGreaterEqual((moment(run["startedAt"]) - moment(before["endedAt"]))
                                    .total_seconds(), 0.999)

    def test_overlapping_runs_are_allowed_unless_told_otherwise(self):
        self.publish("crowd", [{"nap": {"wait": "PT1H"}}], schedule={"every": "PT1S"})
        fairlead.wait_until("three are under way", lambda: len(
            [run for run in self.runs("crowd") if run["endedAt"] is None]) >= 3)
        self.disable("crowd")

    def ticks_so_far(self, name):
        """When the next start is due, and how many were made and left out before it."""
        def look():
            shown = self.stage.api("GET", f"/api/v1/workflows/ops/{name}", expect=200).json
            schedule = shown.get("schedule") or {}
            return schedule.get("nextStart"), schedule.get("skipped", 0)

        def settled():
            before, runs = look(), len(self.runs(name))
            return (moment(before[0]), runs, before[1]) if before[0] and look() == before else None
        return fairlead.wait_until("no start was made meanwhile", settled)

    def test_what_was_missed_is_made_up_once(self):
        self.publish("missed", [{"a": {"set": {"n": 1}}}], schedule={"every": "PT1S"})
        fairlead.wait_until("it has begun", lambda: self.runs("missed"))
        first = self.ticks_so_far("missed")
        self.stage.server.stop(signal.SIGKILL)
        known = time.time()
        fairlead.wait_until("four starts were missed", lambda: time.time() > known + 4.5)
        back = datetime.datetime.now(datetime.timezone.utc)
        self.stage.start_server(*self.serve, listen=self.stage.url.split("//")[1])
        fairlead.wait_until("it goes on", lambda: moment(self.runs("missed")[0]["startedAt"])
                            > back + datetime.timedelta(seconds=2))
        then = self.ticks_so_far("missed")
        self.disable("missed")
        self.assertGreaterEqual(then[2] - first[2], 3, "one run makes up for four at least")
        # Each second has its start, or is one of those that were left out.
        self.assertEqual((then[0] - first[0]).total_seconds(),
                         then[1] - first[1] + then[2] - first[2])

    def test_every_starts_again_and_again_also_after_a_kill(self):
        self.publish("ticks", [{"a": {"set": {"n": 1}}}], schedule={"every": "PT2S"})
        fairlead.wait_until("two have started", lambda: len(self.runs("ticks")) >= 2)
        self.stage.server.stop(signal.SIGKILL)
        self.stage.start_server(*self.serve, listen=self.stage.url.split("//")[1])
        before = len(self.runs("ticks"))
        fairlead.wait_until("it goes on", lambda: len(self.runs("ticks")) > before + 1)
        self.stage.cli("workflow", "disable", "ops/ticks", expect=0)

    def test_overlap_skip_leaves_out_what_falls_into_a_run(self):
        self.publish("long", [{"nap": {"wait": "PT1H"}}], schedule={"every": "PT1S"},
                     document={"metadata": {"schedule": {"overlap": "skip"}}})
        fairlead.wait_until("one has started", lambda: self.runs("long"))
        def left_out():
            return "Left out: " in self.stage.cli("workflow", "show", "ops/long", expect=0).err
        fairlead.wait_until("a start was left out", left_out)
        self.assertEqual(len(self.runs("long")), 1)
        self.stage.cli("workflow", "disable", "ops/long", expect=0)
