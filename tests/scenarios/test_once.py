"""kill -9 and the memory of what was asked: a POST with an Idempotency-Key, and wrong passwords."""
import contextlib
import signal
import sqlite3
import threading

import fairlead
from browser import http

PHRASE = "correct horse battery"
CREATE = "/api/v1/actions/gitlab.create-issue/run"
# Fewer than what is free: only failures of before the restart can lock out.
TRIES = 4


class Once(fairlead.Scenario):
    def post(self, path, body, key, expect):
        return self.stage.api("POST", path, body, {"Idempotency-Key": key}, expect=expect)

    def kill(self):
        self.assertEqual(self.stage.restart_server(signal.SIGKILL), -signal.SIGKILL)

    def issues(self, title):
        found = self.sandbox.get("projects/ops%2Fincidents/issues?per_page=100")
        return len([issue for issue in found if issue["title"] == title])

    def test_killed_after_the_answer(self):
        wanted = {"name": "after", "role": "viewer"}
        first = self.post("/api/v1/tokens", wanted, "after", 201)
        self.stage.captured.pop()  # the one place that may show it
        self.stage.secret("API token", first.json["token"])
        self.kill()
        again = self.post("/api/v1/tokens", wanted, "after", 201)
        self.stage.captured.pop()
        self.assertEqual(again.text, first.text)
        self.assertEqual(again.headers["Idempotent-Replayed"], "true")
        self.post("/api/v1/tokens", {"name": "other", "role": "viewer"}, "after", 422)
        made = self.stage.api("GET", "/api/v1/tokens?q=after", expect=200).json["items"]
        self.assertEqual(len(made), 1)

    def test_killed_before_the_answer(self):
        wanted = {"input": {"project": "ops/incidents", "title": "Cut off"}}
        self.sandbox.fault("slow", method="POST", path="/issues", delayMs=30000)

        def send():
            try:
                http("POST", self.stage.url + CREATE, wanted,
                     {"Authorization": f"Bearer {self.stage.token}", "Idempotency-Key": "cut"})
            except OSError:  # what a client sees of it
                pass

        client = threading.Thread(target=send)
        client.start()
        fairlead.wait_until("it is written down", self.unanswered)
        told = self.post(CREATE, wanted, "cut", 409).json
        self.assertIn("still being done", told["detail"])
        fairlead.wait_until("GitLab made it", lambda: self.issues("Cut off"))
        self.kill()
        client.join()
        self.sandbox.clear_faults()
        told = self.post(CREATE, wanted, "cut", 409).json
        self.assertIn("not known", told["detail"])
        self.assertIn("GitLab", told["remedy"])
        self.assertEqual(self.issues("Cut off"), 1, "it was not done again")
        self.post(CREATE, wanted, "cut-anew", 200)
        self.assertEqual(self.issues("Cut off"), 2)

    def unanswered(self):
        with contextlib.closing(sqlite3.connect(self.stage.data / "fairlead.db")) as database:
            return database.execute("SELECT count(*) FROM answers WHERE bytes = 0").fetchone()[0]

    def test_killed_amid_guessing(self):
        self.stage.secret("password", PHRASE)
        self.stage.api("POST", "/api/v1/users", {"username": "ada", "role": "viewer",
                                                 "password": PHRASE}, expect=201)

        def guess():
            return http("POST", self.stage.url + "/api/v1/session",
                        {"username": "ada", "password": "wrong password"}).status

        before = [guess() for _ in range(5)]
        self.assertEqual(before, [401] * 5)
        self.kill()
        self.assertIn(429, [guess() for _ in range(TRIES)], "the restart forgot the failures")
