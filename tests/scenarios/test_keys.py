"""The master key is replaced while the server goes on; secrets of HashiCorp Vault."""
import http.server
import json
import pathlib
import shutil
import signal
import tempfile
import threading
import time

import fairlead

VALUE, KEPT = "vault-value-4721", "kept-value-4722"


class Vault(http.server.ThreadingHTTPServer):
    """Key-value engine 2 behind an AppRole, as HashiCorp Vault answers."""

    def __init__(self):
        self.asked, self.logins = [], 0
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_POST(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        login = {"role_id": "r", "secret_id": "login-secret-4723"}
        if self.path != "/v1/auth/approle/login" or body != login:
            return self.answer(400, {"errors": ["invalid role or secret ID"]})
        self.server.logins += 1
        return self.answer(200, {"auth": {"client_token": "hvs.vault-token-4724",
                                          "lease_duration": 600}})

    def do_GET(self):
        self.server.asked.append(self.path)
        if self.headers.get("Authorization") != "Bearer hvs.vault-token-4724":
            return self.answer(403, {"errors": ["permission denied"]})
        if self.path == "/v1/secret/data/fairlead/shopKey":
            return self.answer(200, {"data": {"data": {"value": VALUE}, "metadata": {}}})
        return self.answer(404, {"errors": []})

    def answer(self, status, body):
        text = json.dumps(body).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        pass


WORKFLOW = """
document: {dsl: 1.0.3, namespace: tests, name: NAME, version: 1.0.0}
use: {secrets: [SECRET]}
do:
  - ask:
      call: http
      with: {method: get, endpoint: URL, headers: {X-Key: '${ $secrets.SECRET }'}}
"""


class Keys(fairlead.Scenario):
    @classmethod
    def prepare(cls):
        stage = cls.stage
        cls.vault = Vault()
        cls.outside = pathlib.Path(tempfile.mkdtemp(prefix="fairlead-scenario-login-"))
        role, secret = cls.outside / "role", cls.outside / "secret"
        role.write_text("r\n")
        secret.write_text("login-secret-4723\n")
        cls.arguments = ["--vault-address", cls.vault.url, "--vault-role-id-file", str(role),
                         "--vault-secret-id-file", str(secret), "--allow-private", "127.0.0.1"]
        stage.secret("vault value", VALUE)
        stage.secret("kept value", KEPT)
        stage.secret("vault login", "login-secret-4723")
        stage.secret("vault token", "hvs.vault-token-4724")
        cls.sandbox = stage.sandbox = fairlead.Sandbox(stage)
        stage.start_server(*cls.arguments)
        stage.connect_token()

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        shutil.rmtree(cls.outside, ignore_errors=True)

    def key(self):
        return self.stage.api("GET", "/api/v1/key", expect=200).json

    def run_with(self, name, secret):
        """The header the service saw."""
        seen = []

        class Service(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                seen.append(self.headers.get("X-Key"))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *_):
                pass

        service = http.server.HTTPServer(("127.0.0.1", 0), Service)
        threading.Thread(target=service.serve_forever, daemon=True).start()
        text = WORKFLOW.replace("SECRET", secret).replace("NAME", name).replace(
            "URL", f"http://127.0.0.1:{service.server_port}/")
        path = self.stage.file(name + ".yaml", text)
        self.stage.cli("workflow", "apply", path, expect=0)
        self.stage.cli("workflow", "run", "tests/" + name, "--follow", expect=0)
        service.shutdown()
        return seen[-1] if seen else None

    def test_1_a_secret_comes_from_vault(self):
        self.assertEqual(self.run_with("from-vault", "shopKey"), VALUE)
        self.assertEqual(self.vault.logins, 1)

    def test_2_a_rotation_survives_kill_9(self):
        stage = self.stage
        for i in range(120):
            stage.api("PUT", f"/api/v1/secrets/s{i}", {"value": f"{KEPT}-{i}"}, expect=200)
        started = self.stage.cli("key", "rotate", expect=0)
        stage.server.stop(signal.SIGKILL)
        self.assertIn("file", started.out)
        stage.start_server(*self.arguments, listen=stage.url.split("//")[1])
        self.assertTrue(self.key()["rotating"])
        self.assertEqual(self.run_with("kept", "s7"), f"{KEPT}-7")
        for _ in range(100):
            if "allResealedSince" in self.key():
                break
            time.sleep(0.05)
        self.assertIn("allResealedSince", self.key())
        stage.cli("key", "rotate", expect=5)
        # The former key is needed no more, though it is kept: without it everything opens.
        stage.server.stop()
        (stage.data / "master.key.former").unlink()
        stage.start_server(*self.arguments, listen=stage.url.split("//")[1])
        self.assertFalse(self.key()["rotating"])
        self.assertEqual(self.run_with("still", "s119"), f"{KEPT}-119")
        self.assertTrue(self.stage.run_action("list-projects", limit=1))

    def test_3_nobody_notices_a_rotation(self):
        """Actions, runs and reads go on while everything is sealed anew."""
        stage = self.stage
        for i in range(300):
            stage.api("PUT", f"/api/v1/secrets/t{i}", {"value": f"{KEPT}-{i}"}, expect=200)
        stop, trouble, done = threading.Event(), [], [0, 0]

        def call(which, work):
            while not stop.is_set():
                try:
                    work()
                    done[which] += 1
                except Exception as error:  # told below, with what it says
                    trouble.append(error)
                    return
        callers = [threading.Thread(target=call, args=each) for each in (
            (0, lambda: stage.run_action("list-projects", limit=1)),
            (1, lambda: stage.api("PUT", "/api/v1/secrets/busy", {"value": KEPT}, expect=200)))]
        for caller in callers:
            caller.start()
        try:
            fairlead.wait_until("both work", lambda: trouble or min(done) > 0)
            stage.cli("key", "rotate", expect=0)
            seen = []
            fairlead.wait_until("all is sealed anew", lambda: (
                seen.append(tuple(done)), trouble or "allResealedSince" in self.key())[1])
            after = tuple(done)
            fairlead.wait_until("both work on", lambda: trouble or (
                done[0] > after[0] and done[1] > after[1]))
        finally:
            stop.set()
            for caller in callers:
                caller.join()
        self.assertEqual(trouble, [])
        # The former key is kept for a day, and opens nothing that is stored any more.
        stage.server.stop()
        (stage.data / "master.key.former").unlink()
        stage.start_server(*self.arguments, listen=stage.url.split("//")[1])
        self.assertEqual(self.run_with("after-it", "t7"), f"{KEPT}-7")
        self.assertEqual(self.run_with("changed", "busy"), KEPT)
