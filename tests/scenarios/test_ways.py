"""Ways to a GitLab: one that asks for a client certificate, and one behind a proxy."""
import contextlib
import json
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import threading

import fairlead

WORKFLOW = """document: {dsl: 1.0.3, namespace: ways, name: NAME, version: 1.0.0}
do:
- make:
    call: create-issue:1.0.0@gitlab
    with: {connection: NAME, project: ops/incidents, title: by NAME}
- keep: {set: {iid: '${ .iid }'}}
"""
CHUNK = 65536


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def pipe(source, sink, seen=None):
    """Copies until the source ends; then the sink hears of no more."""
    with contextlib.suppress(OSError):
        while data := source.recv(CHUNK):
            if seen is not None:
                seen.append(data)
            sink.sendall(data)
    with contextlib.suppress(OSError):
        sink.shutdown(socket.SHUT_WR)


def join(one, other, seen=None):
    back = threading.Thread(target=pipe, args=(other, one, seen), daemon=True)
    back.start()
    pipe(one, other, seen)
    back.join()


class Gate:
    """Listens on loopback and gives each connection to serve() on a thread of its own."""

    def __init__(self, serve):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.serve = serve
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                connection, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.hold, args=(connection,), daemon=True).start()

    def hold(self, connection):
        with connection, contextlib.suppress(OSError):
            self.serve(connection)


class Ways(fairlead.Scenario):
    connection = None

    @classmethod
    def prepare(cls):
        if shutil.which("openssl") is None:
            raise AssertionError("openssl is not installed; it is in the list of packages")
        super().prepare()
        folder = cls.folder = pathlib.Path(cls.stage.folder)
        for name in ("server", "client", "stranger"):
            openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "30", "-subj",
                    f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout",
                    folder / f"{name}.key", "-out", folder / f"{name}.pem")
        cls.client_key = (folder / "client.key").read_text().splitlines()[1]

    def connect(self, name, url, *arguments, expect=0):
        token = "glpat-sandbox-alice-api"
        self.stage.secret("GitLab access token", token)
        return self.stage.cli(
            "connect", "gitlab", "--url", url, "--name", name, "--access-token-file",
            self.stage.file("token.txt", token + "\n"), "--ca-file", self.folder / "server.pem",
            *arguments, expect=expect)

    def works(self, name):
        """Test connection, an action and a workflow."""
        tested = self.stage.cli("connection", "test", name, expect=0).out
        self.assertNotIn("failed", tested)
        self.stage.cli("workflow", "apply", self.stage.file(
            f"{name}.yaml", WORKFLOW.replace("NAME", name)), expect=0)
        self.stage.cli("workflow", "run", f"ways/{name}", "--follow", expect=0)
        issues = self.sandbox.get("projects/ops%2Fincidents/issues?per_page=100")
        self.assertEqual(len([one for one in issues if one["title"] == f"by {name}"]), 1)

    def test_1_a_gitlab_that_asks_for_a_client_certificate(self):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.folder / "server.pem", self.folder / "server.key")
        context.load_verify_locations(self.folder / "client.pem")
        context.verify_mode = ssl.CERT_REQUIRED
        # With 1.3 the alert and the client's first bytes cross, and closing may overtake the alert.
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        host, port = self.sandbox.url.split("//")[1].split(":")

        def serve(connection):
            with context.wrap_socket(connection, server_side=True) as seen, \
                    socket.create_connection((host, int(port))) as behind:
                join(seen, behind)

        url = f"https://127.0.0.1:{Gate(serve).port}"
        self.stage.names.append((url, "<gitlab>"))
        none = self.connect("none", url, expect=6)
        self.assertIn("client certificate", none.err)
        wrong = self.connect("wrong", url, "--client-cert-file", self.folder / "stranger.pem",
                             "--client-key-file", self.folder / "stranger.key", expect=6)
        self.assertIn("client certificate", wrong.err)
        self.connect("shown", url, "--client-cert-file", self.folder / "client.pem",
                     "--client-key-file", self.folder / "client.key")
        self.works("shown")
        self.stage.secret("client key", self.client_key)
        (self.folder / "client.key").unlink()
        seen = self.stage.api("GET", "/api/v1/connections/shown", expect=200).text
        self.assertNotIn("PRIVATE KEY", seen)

    def test_2_a_gitlab_behind_a_proxy(self):
        box = fairlead.Sandbox(self.stage, "sandbox-tls",
                               ["--tls-cert", str(self.folder / "server.pem"), "--tls-key",
                                str(self.folder / "server.key")], "https")
        asked, seen = [], []

        def serve(connection):
            head = b""
            while b"\r\n\r\n" not in head:
                head += connection.recv(CHUNK)
            asked.append(head.decode())
            host, port = re.match(r"CONNECT ([\d.]+):(\d+) HTTP/1.1\r\n", asked[-1]).groups()
            with socket.create_connection((host, int(port))) as behind:
                connection.sendall(b"HTTP/1.1 200 Connection established\r\n\r\n")
                join(connection, behind, seen)

        proxy = f"http://127.0.0.1:{Gate(serve).port}"
        self.connect("proxied", box.url, "--proxy", proxy)
        own, self.sandbox = self.sandbox, box
        try:
            with contextlib.ExitStack() as stack:
                # The look-alike is asked past the proxy, by its own certificate.
                default = ssl._create_default_https_context
                stack.callback(setattr, ssl, "_create_default_https_context", default)
                ssl._create_default_https_context = lambda: ssl.create_default_context(
                    cafile=self.folder / "server.pem")
                before = len(asked)
                self.works("proxied")
        finally:
            self.sandbox = own
        self.assertGreater(len(asked), before, "the run goes through the proxy, too")
        through = b"".join(seen) + "".join(asked).encode()
        self.assertGreater(len(through), 1000)
        for word in (b"glpat-", b"PRIVATE-TOKEN", b"by proxied"):
            self.assertNotIn(word, through)
        tested = self.stage.cli("connection", "test", "proxied", "--output", "json", expect=0).json
        self.assertIn(f"Connected through the proxy {proxy}", json.dumps(tested))
        refused = self.stage.cli("connection", "set", "proxied", "--proxy",
                                 "http://ada:pass-word-4731@127.0.0.1:3128")
        self.assertEqual(refused.code, 2, str(refused))
        self.assertIn("without a user name and password", refused.err)
        self.assertNotIn("pass-word-4731", refused.err)
