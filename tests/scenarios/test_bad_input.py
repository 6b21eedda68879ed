"""What people get wrong, and what GitLab and the network do wrong: one clear text each."""
import http.server
import pathlib
import shutil
import socket
import subprocess
import threading

import fairlead


class BadInput(fairlead.Scenario):
    def action(self, name, code, action, *arguments, **options):
        before = self.sandbox.state()
        outcome = self.fails(name, code, "action", "run", action, *arguments, **options)
        self.assertEqual(self.sandbox.state(), before)
        return outcome

    def test_unknown_field_names_the_nearest(self):
        outcome = self.action("unknown-field", 2, "gitlab.create-issue", "--input",
                              '{"project":"ops/incidents","titel":"x"}')
        self.assertIn("did you mean title?", outcome.err)

    def test_unknown_flag_names_the_nearest(self):
        outcome = self.action("unknown-flag", 2, "gitlab.create-issue", "--project",
                              "ops/incidents", "--titel", "x")
        self.assertIn("--title", outcome.err)

    def test_missing_field(self):
        self.action("missing-field", 2, "gitlab.create-issue", "--project", "ops/incidents")

    def test_wrong_type(self):
        self.action("wrong-type", 2, "gitlab.create-issue", "--input",
                    '{"project":"ops/incidents","title":"x","labels":"incident"}')
        self.action("wrong-type-flag", 2, "gitlab.list-issues", "--limit", "many")

    def test_not_one_of_the_words(self):
        self.action("wrong-word", 2, "gitlab.list-issues", "--project", "ops/incidents",
                    "--state", "open")

    def test_input_that_is_not_json(self):
        self.action("not-json", 2, "gitlab.get-project", "--input", '{"project": ops}')
        self.action("no-input-file", 3, "gitlab.get-project", "--input", "@nowhere.json")

    def test_unknown_action(self):
        self.action("unknown-action", 3, "gitlab.create-isue", "--title", "x")

    def test_unknown_project(self):
        self.action("unknown-project", 3, "gitlab.get-project", "--project", "ops/incident")

    def test_unknown_user(self):
        self.action("unknown-user", 3, "gitlab.create-issue", "--project", "ops/incidents",
                    "--title", "x", "--assignees", "nobody-here")

    def test_project_of_another_gitlab(self):
        self.action("other-gitlab", 2, "gitlab.get-project", "--project",
                    "https://gitlab.elsewhere.example/ops/incidents")

    def test_call_api_leaves_the_gitlab(self):
        self.action("call-api-absolute", 2, "gitlab.call-api", "--method", "GET", "--path",
                    "https://elsewhere.example/api/v4/user")

    def test_unknown_connection(self):
        self.action("unknown-connection", 3, "gitlab.get-project", "--connection", "customer",
                    "--project", "ops/incidents")

    def test_unknown_command(self):
        self.fails("unknown-command", 2, "actoin", "list")
        self.fails("no-command", 2)

    def test_unknown_run_and_workflow(self):
        self.fails("unknown-run", 3, "run", "show", "0193aaaa-0000-7000-8000-000000000000")
        self.fails("unknown-workflow", 3, "workflow", "run", "ops/nothing")
        self.fails("workflow-name-shape", 2, "workflow", "run", "nothing")

    def test_errors_as_json(self):
        self.fails("error-json", 3, "action", "run", "gitlab.get-project", "--project",
                   "ops/incident", "--output", "json")


class BadAnswers(fairlead.Scenario):
    """Faults on the way: each has its own words and exit code."""

    def fault(self, name, code, kind, **fields):
        self.sandbox.fault(kind, path="api/v4/projects", count=50, **fields)
        outcome = self.fails(f"fault-{name}", code, "action", "run", "gitlab.get-project",
                             "--project", "ops/incidents")
        self.sandbox.clear_faults()
        return outcome

    def test_html_instead_of_json(self):
        self.fault("login-page", 1, "login-page")
        self.fault("proxy-page", 6, "proxy-page")

    def test_half_an_answer(self):
        self.fault("truncated", 6, "truncated")

    def test_refusals(self):
        def body(status, text):
            return {"status": status, "body": f'{{"message":"{status} {text}"}}'}
        self.fault("403", 4, "custom", **body(403, "Forbidden"))
        self.fault("404", 3, "custom", **body(404, "Project Not Found"))
        self.fault("409", 5, "custom", **body(409, "Conflict"))

    def test_too_many_requests(self):
        self.sandbox.fault("throttle", path="api/v4/projects", count=50, retryAfterSeconds=3000)
        self.fails("fault-429", 6, "action", "run", "gitlab.get-project", "--project",
                   "ops/incidents")

    def test_unknown_token(self):
        self.stage.connect_token("expiring", "glpat-sandbox-bob-api")
        self.sandbox.fault("custom", path="api/v4", count=50, status=401,
                           body='{"message":"401 Unauthorized"}')
        self.fails("fault-401", 4, "action", "run", "gitlab.get-project", "--connection",
                   "expiring", "--project", "ops/incidents")

    def test_a_create_whose_answer_was_lost_is_done_once(self):
        before = self.sandbox.project("ops/incidents")["issues"]
        self.sandbox.fault("reset", method="POST", path="/issues", when="after")
        outcome = self.stage.cli("action", "run", "gitlab.create-issue", "--project",
                                 "ops/incidents", "--title", "Once")
        self.assertIn(outcome.code, (0, 8), str(outcome))
        self.assertEqual(self.sandbox.project("ops/incidents")["issues"], before + 1)
        if outcome.code == 8:
            self.golden("outcome-unknown", outcome)

    def test_redirect_to_another_host_and_the_token_stays_home(self):
        seen = []

        class Elsewhere(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                seen.append(dict(self.headers))
                self.send_response(200)
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        server = http.server.HTTPServer(("127.0.0.1", 0), Elsewhere)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            elsewhere = f"http://127.0.0.1:{server.server_port}"
            self.stage.names.append((elsewhere, "<elsewhere>"))
            self.fault("redirect", 1, "redirect", location=elsewhere + "/api/v4/projects/1")
            self.assertEqual([h for h in seen if "Authorization" in h or "PRIVATE-TOKEN" in h], [])
            self.assertEqual(seen, [], "nothing at all is sent there")
        finally:
            server.shutdown()
            thread.join()
            server.server_close()


class Unreachable(fairlead.Scenario):
    connection = None

    def closed_port(self):
        with socket.socket() as held:
            held.bind(("127.0.0.1", 0))
            return held.getsockname()[1]

    def connect(self, name, code, url, *arguments):
        path = self.stage.file("token.txt", "glpat-sandbox-alice-api")
        self.stage.secret("GitLab access token", "glpat-sandbox-alice-api")
        return self.fails(name, code, "connect", "gitlab", "--name", "x", "--url", url,
                          "--access-token-file", path, *arguments)

    def test_nothing_listens(self):
        self.connect("unreachable", 6, f"http://127.0.0.1:{self.closed_port()}")

    def test_no_such_host(self):
        self.connect("no-such-host", 6, "https://gitlab.invalid")

    def test_plain_http(self):
        self.connect("plain-http", 2, "http://gitlab.invalid")

    def test_wrong_sub_path(self):
        self.connect("wrong-sub-path", 1, self.sandbox.url + "/gitlab")

    def test_private_ca(self):
        folder = pathlib.Path(self.stage.folder)
        if shutil.which("openssl") is None:
            self.skipTest("openssl is not installed")
        for name in ("gitlab", "other"):
            subprocess.run(["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days",
                            "30", "-subj", "/CN=127.0.0.1", "-addext",
                            "subjectAltName=IP:127.0.0.1", "-keyout", folder / f"{name}.key",
                            "-out", folder / f"{name}.pem"], check=True, capture_output=True)
        box = fairlead.Sandbox(self.stage, "sandbox-tls",
                               ["--tls-cert", str(folder / "gitlab.pem"), "--tls-key",
                                str(folder / "gitlab.key"), "--sub-path", "/gitlab"], "https")
        self.connect("ca-unknown", 6, box.url)
        self.connect("ca-wrong", 6, box.url, "--ca-file", folder / "other.pem")
        self.fails("ca-no-file", 3, "connect", "gitlab", "--name", "x", "--url", box.url,
                   "--access-token-file", folder / "token.txt", "--ca-file", folder / "none.pem")
        self.stage.cli("connect", "gitlab", "--name", "private", "--url", box.url,
                       "--access-token-file", folder / "token.txt", "--ca-file",
                       folder / "gitlab.pem", expect=0)
        self.golden("ca-right-test", self.stage.cli("connection", "test", "private", expect=0))
        done = self.stage.cli("action", "run", "gitlab.get-project", "--connection", "private",
                              "--project", "ops/incidents", expect=0)
        self.assertEqual(done.json["path_with_namespace"], "ops/incidents")

    def test_no_server(self):
        self.fails("no-server", 6, "run", "list", "--server",
                   f"http://127.0.0.1:{self.closed_port()}")

    def test_wrong_api_token(self):
        self.fails("wrong-api-token", 4, "run", "list", "--token-file",
                   self.stage.file("wrong.txt", "fl_not-a-token-of-this-server-at-all"))
        self.fails("no-api-token", 4, "run", "list", "--data-folder",
                   self.stage.folder / "empty", "--server", self.stage.url)
        self.fails("api-token-file", 3, "run", "list", "--token-file", "nowhere.txt")

    def test_data_folder_in_use(self):
        self.fails("data-folder-in-use", 5, "serve", "--listen", "127.0.0.1:0", "--data-folder",
                   self.stage.data)

    def test_port_in_use(self):
        self.fails("port-in-use", 5, "serve", "--listen", self.stage.url.split("//")[1],
                   "--data-folder", self.stage.folder / "second")

    def test_wrong_listen(self):
        for name, listen in (("word", "nonsense"), ("port", "127.0.0.1:99999"),
                             ("host", "nowhere.invalid:0")):
            self.fails(f"listen-{name}", 2, "serve", "--listen", listen, "--data-folder",
                       self.stage.folder / "third")

    def test_data_folder_that_cannot_be(self):
        self.fails("data-folder-file", 6, "serve", "--listen", "127.0.0.1:0", "--data-folder",
                   self.stage.file("a-file", "x"))

    def test_zy_wrong_master_key(self):
        self.stage.server.stop()
        key = self.stage.data / "master.key"
        right = key.read_text()
        key.write_text("A" * 43 + "=\n")
        try:
            self.fails("wrong-master-key", 4, "serve", "--listen", "127.0.0.1:0", "--data-folder",
                       self.stage.data)
            key.write_text("short\n")
            self.fails("bad-master-key", 2, "serve", "--listen", "127.0.0.1:0", "--data-folder",
                       self.stage.data)
        finally:
            key.write_text(right)
        self.stage.start_server()
