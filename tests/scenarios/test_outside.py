"""Calls of other services with the real binary: secrets from every place; a crash in between."""
import http.server
import json
import pathlib
import shutil
import signal
import tempfile
import threading

import fairlead

STORED, FILED, VARIABLE, COMMANDED = ("stored-value-4711", "filed-value-4712",
                                      "variable-value-4713", "commanded-value-4714")


class Service(http.server.ThreadingHTTPServer):
    """Echoes the headers it is sent; /hang keeps POSTs waiting until it is told to go on."""

    def __init__(self):
        self.seen, self.go_on = [], threading.Event()
        super().__init__(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server_port}"
        threading.Thread(target=self.serve_forever, daemon=True).start()


class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        self.answer()

    def do_POST(self):
        self.answer()

    def answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0)).decode()
        self.server.seen.append((self.command, self.path, dict(self.headers), body))
        if self.path == "/hang":
            self.server.go_on.wait(20)
        text = json.dumps(self.document() if self.path == "/openapi.json" else
                          {"headers": dict(self.headers), "body": body}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        try:
            self.wfile.write(text)
        except OSError:
            pass

    def document(self):
        operation = {"operationId": "getThing", "parameters": [
            {"name": "id", "in": "path", "required": True, "schema": {"type": "string"}},
            {"name": "X-Key", "in": "header", "schema": {"type": "string"}}]}
        return {"openapi": "3.1.0", "servers": [{"url": "/api"}],
                "paths": {"/things/{id}": {"get": operation}}}

    def log_message(self, *_):
        pass


class Outside(fairlead.Scenario):
    connection = None
    serve = ()

    @classmethod
    def prepare(cls):
        cls.service = Service()
        cls.place = pathlib.Path(tempfile.mkdtemp(prefix="fairlead-secrets-"))
        (cls.place / "filed").write_text(FILED + "\n")
        (cls.place / "filed").chmod(0o600)
        command = cls.place / "command.sh"
        command.write_text(f"#!/bin/sh\n[ $1 = commanded ] && echo {COMMANDED} || exit 1\n")
        command.chmod(0o700)
        cls.serve = ("--allow-private", "127.0.0.1", "--secrets-folder", str(cls.place),
                     "--secrets-command", str(command))
        cls.stage.sandbox = cls.sandbox = fairlead.Sandbox(cls.stage)
        cls.environment = {**cls.stage.env, "FAIRLEAD_SECRET_IN_VARIABLE": VARIABLE}
        cls.stage.start_server(*cls.serve, env=cls.environment)
        for value in (STORED, FILED, VARIABLE, COMMANDED):
            cls.stage.secret(f"the secret {value[:-5]}", value)

    @classmethod
    def tearDownClass(cls):
        cls.service.go_on.set()
        cls.service.shutdown()
        shutil.rmtree(cls.place, ignore_errors=True)
        super().tearDownClass()

    def publish(self, name, tasks):
        path = self.stage.file(f"{name}.yaml", json.dumps({
            "document": {"dsl": "1.0.3", "namespace": "ops", "name": name, "version": "1.0.0"},
            "use": {"secrets": ["stored", "filed", "in-variable", "commanded", "nowhere"]},
            "do": tasks}))
        self.stage.cli("workflow", "apply", path, expect=0)

    def run_workflow(self, name, status="completed"):
        self.stage.cli("workflow", "run", f"ops/{name}")
        def ended():
            run = self.stage.cli("run", "list", "--workflow", f"ops/{name}", "-o", "json",
                                 expect=0).json[0]
            return run if run["status"] == status else None
        return fairlead.wait_until(f"{name} is {status}", ended)

    def get(self, path, **headers):
        return {"call": "http", "with": {"method": "get", "endpoint": self.service.url + path,
                                         "headers": headers}}

    def test_1_secrets_come_from_every_place_and_stay_out_of_the_journal(self):
        self.stage.cli("secret", "set", "stored", stdin=STORED + "\n", expect=0)
        listed = self.stage.cli("secret", "list", "-o", "json", expect=0).json
        self.assertEqual({each["name"]: each["source"] for each in listed},
                         {"stored": "store", "filed": "folder", "in_variable": "environment"})
        self.publish("secrets", [{"call": self.get(
            "/echo", **{"X-A": "${ $secrets.stored }", "X-B": "${ \"b=\" + $secrets.filed }",
                        "X-C": "${ $secrets[\"in-variable\"] }",
                        "X-D": "${ $secrets.commanded }"})}])
        run = self.run_workflow("secrets")
        sent = self.service.seen[-1][2]
        self.assertEqual([sent[name] for name in ("X-A", "X-B", "X-C", "X-D")],
                         [STORED, "b=" + FILED, VARIABLE, COMMANDED])
        logs = self.stage.api("GET", f"/api/v1/runs/{run['id']}/journal", expect=200).text
        self.assertIn("$secrets.stored", logs)
        self.assertIn("[masked]", logs)

    def test_2_a_missing_secret_is_named_with_the_remedy(self):
        self.publish("missing", [{"call": self.get("/echo", **{"X-A": "${ $secrets.nowhere }"})}])
        validated = self.stage.cli("workflow", "validate", self.stage.folder / "missing.yaml")
        self.assertIn("'fairlead secret set nowhere'", validated.out + validated.err)
        before = len(self.service.seen)
        run = self.run_workflow("missing", "faulted")
        self.assertEqual(len(self.service.seen), before)
        self.assertIn("'nowhere'", run["error"]["detail"])
        self.assertIn("fairlead secret set nowhere", run["error"]["remedy"])
        self.assertTrue(run["error"]["type"].endswith("/configuration"))

    def test_3_openapi_finds_document_and_operation(self):
        self.publish("api", [{"call": {"call": "openapi", "with": {
            "document": {"endpoint": self.service.url + "/openapi.json"},
            "operationId": "getThing",
            "parameters": {"id": "a/b", "X-Key": "${ $secrets.filed }"}}}}])
        self.run_workflow("api")
        self.assertEqual(self.service.seen[-1][:2], ("GET", "/api/things/a%2Fb"))
        self.assertEqual(self.service.seen[-1][2]["X-Key"], FILED)

    def test_4_private_addresses_are_refused_unless_allowed(self):
        self.publish("private", [{"call": {"call": "http", "with": {
            "method": "get", "endpoint": "http://169.254.169.254/latest/meta-data"}}}])
        run = self.run_workflow("private", "faulted")
        self.assertIn("--allow-private", run["error"]["remedy"])

    def hang(self, name, **headers):
        """A POST that is under way when the server is killed; gives the requests it led to."""
        self.publish(name, [{"call": {
            "call": "http", "metadata": headers.pop("metadata", {}),
            "with": {"method": "post", "endpoint": self.service.url + "/hang", "body": name}}}])
        self.stage.cli("workflow", "run", f"ops/{name}")
        fairlead.wait_until("the POST arrived", lambda: self.posts(name))
        self.stage.server.stop(signal.SIGKILL)
        self.service.go_on.set()
        self.stage.start_server(*self.serve, listen=self.stage.url.split("//")[1],
                                env=self.environment)

    def posts(self, name):
        return [each for each in self.service.seen if each[0] == "POST" and each[3] == name]

    def last(self, name):
        return self.stage.cli("run", "list", "--workflow", f"ops/{name}", "-o", "json",
                              expect=0).json[0]

    def test_5_an_interrupted_post_waits_for_a_person(self):
        self.hang("once")
        fairlead.wait_until("the run waits for a person",
                            lambda: self.last("once")["status"] == "suspended")
        self.assertEqual(len(self.posts("once")), 1)
        self.stage.api("POST", f"/api/v1/runs/{self.last('once')['id']}/effects/decide",
                       {"decision": "not-happened"})
        fairlead.wait_until("it was sent again",
                            lambda: self.last("once")["status"] == "completed")
        self.assertEqual(len(self.posts("once")), 2)

    def test_6_with_an_idempotency_key_it_is_repeated_with_the_same_key(self):
        self.service.go_on.clear()
        self.hang("twice", metadata={"idempotencyKey": True})
        fairlead.wait_until("it was repeated",
                            lambda: self.last("twice")["status"] == "completed")
        keys = [each[2]["Idempotency-Key"] for each in self.posts("twice")]
        self.assertEqual(len(keys), 2)
        self.assertEqual(keys[0], keys[1])
        self.assertGreaterEqual(len(keys[0]), 16)
