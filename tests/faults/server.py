"""A GitLab that can be well or break in any way: raw sockets, nothing of Fairlead's own HTTP code.

While it is well it answers the few calls that a connection needs. A fault is a function that gets
the request and the socket and does what it likes; faults below HTTP replace the listening socket or
the TLS context.
"""
import json
import socket
import ssl
import threading
import time
import urllib.parse

PROJECT = {"id": 7, "name": "Incidents", "path": "incidents", "path_with_namespace":
           "ops/incidents", "name_with_namespace": "Ops / Incidents", "visibility": "private",
           "archived": False, "default_branch": "main", "created_at": "2026-01-01T00:00:00.000Z",
           "last_activity_at": "2026-01-02T00:00:00.000Z", "topics": [], "description": None,
           "web_url": "https://gitlab.example.com/ops/incidents", "ssh_url_to_repo": "",
           "http_url_to_repo": "", "namespace": {"id": 3, "name": "Ops", "path": "ops",
                                                  "kind": "group", "full_path": "ops"}}
ISSUE = {"id": 70, "iid": 1, "project_id": 7, "title": "Broken", "state": "opened", "labels": [],
         "created_at": "2026-01-01T00:00:00.000Z", "updated_at": "2026-01-01T00:00:00.000Z",
         "web_url": "https://gitlab.example.com/ops/incidents/-/issues/1", "assignees": [],
         "author": {"id": 5, "username": "robot", "name": "Robot"}, "description": ""}
USER = {"id": 5, "username": "robot", "name": "Robot",
        "web_url": "https://gitlab.example.com/robot"}
PATIENCE = 20  # seconds that a handler's socket waits


class Request:
    def __init__(self, head, body):
        line, *rest = head.decode("latin-1").split("\r\n")
        self.method, self.target, _ = line.split(" ", 2)
        self.path = self.target.split("?")[0]
        self.query = dict(urllib.parse.parse_qsl(self.target.partition("?")[2]))
        self.headers = {name.strip().lower(): value.strip() for name, _, value in
                        (entry.partition(":") for entry in rest if entry)}
        self.form = dict(urllib.parse.parse_qsl(body.decode("latin-1")))

    @property
    def is_api(self):
        return self.path.startswith("/api/v4/")


def drain(connection):
    """Lets the other side read the alert before the connection is reset under it."""
    try:
        connection.shutdown(socket.SHUT_WR)
        connection.settimeout(1)
        while connection.recv(65536):
            pass
    except OSError:
        pass


def read_request(connection):
    data = b""
    while b"\r\n\r\n" not in data:
        piece = connection.recv(65536)
        if not piece:
            return None
        data += piece
    head, _, body = data.partition(b"\r\n\r\n")
    request = Request(head, b"")
    length = int(request.headers.get("content-length", 0))
    while len(body) < length:
        body += connection.recv(65536)
    return Request(head, body)


def answer(status, body=b"", headers=(), length=None):
    """The bytes of one answer; every connection carries one."""
    if not isinstance(body, bytes):
        body = json.dumps(body).encode()
    named = {name.lower() for name, _ in headers}
    lines = [f"HTTP/1.1 {status} Reason"]
    if "content-type" not in named:
        lines.append("Content-Type: application/json")
    if "content-length" not in named and "transfer-encoding" not in named:
        lines.append(f"Content-Length: {len(body) if length is None else length}")
    lines += [f"{name}: {value}" for name, value in headers] + ["Connection: close"]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


def pair(number, seconds=7200, **more):
    """What GitLab's token endpoint gives; each value is a secret of the run."""
    return {"access_token": f"access-of-the-faults-suite-{number}", "token_type": "Bearer",
            "expires_in": seconds, "refresh_token": f"refresh-of-the-faults-suite-{number}",
            "scope": "api", "created_at": int(time.time()), **more}


class Server:
    """One listening port. `fault` is None, or a function (request, connection, server)."""

    def __init__(self, tls=None):
        self.tls, self.fault = tls, None
        self.raw_fault = None         # gets the accepted socket before TLS and HTTP
        self.after_code = None        # becomes the fault once a code was exchanged
        self.token_seconds, self.token_more = 7200, {}
        self.date_skew, self.proxied = 0, False
        self.seen, self.tokens = [], 0
        self.accepted = 0
        self._open = []
        self.port = 0
        self.listen()
        scheme = "https" if tls else "http"
        self.url = f"{scheme}://127.0.0.1:{self.port}"

    # -- listening

    def listen(self):
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen(64)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self._accept, args=(self.listener,), daemon=True).start()

    def refuse(self):
        """Nothing listens at the port any more."""
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()

    def be_full(self):
        """The port takes no connection and refuses none: its queue is full."""
        self.refuse()
        self.listener = socket.socket()
        self.listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.listener.bind(("127.0.0.1", self.port))
        self.listener.listen(0)
        for _ in range(4):
            filler = socket.socket()
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.1", self.port))
            self._open.append(filler)

    def well(self):
        if self.listener.fileno() != -1:
            self.refuse()
        for one in self._open:
            one.close()
        self.fault = self.raw_fault = self.after_code = None
        self.listen()

    def _accept(self, listener):
        while True:
            try:
                connection, _ = listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(connection,), daemon=True).start()

    def _serve(self, connection):
        self.accepted += 1
        connection.settimeout(PATIENCE)
        try:
            if self.raw_fault:
                self.raw_fault(connection)
            elif self.tls:
                secured = self.tls.wrap_socket(connection, server_side=True,
                                               suppress_ragged_eofs=True)
                with secured:
                    self._exchange(secured)
            else:
                self._exchange(connection)
        except ssl.SSLError:
            drain(connection)
        except (OSError, ValueError):
            pass
        finally:
            connection.close()

    def _exchange(self, connection):
        request = read_request(connection)
        if request is None:
            return
        self.seen.append(request)
        if self.fault:
            self.fault(request, connection, self)
        else:
            connection.sendall(self.normal(request))

    # -- what a GitLab says

    def normal(self, request):
        headers = []
        if self.date_skew:
            headers.append(("Date", time.strftime("%a, %d %b %Y %H:%M:%S GMT",
                                                  time.gmtime(time.time() + self.date_skew))))
        status, body = self._content(request)
        return answer(status, body, headers)

    def _content(self, request):
        if request.path == "/oauth/token":
            return self._token(request)
        if request.path == "/oauth/authorize":
            return 200, {}
        known = {"/api/v4/user": USER, "/api/v4/version": {"version": "17.5.0"},
                 "/api/v4/personal_access_tokens/self": {"scopes": ["api"], "active": True,
                                                         "revoked": False, "expires_at": None},
                 "/api/v4/projects/ops%2Fincidents": PROJECT, "/api/v4/projects/7": PROJECT,
                 "/api/v4/groups": [{"id": 3, "full_path": "ops"}],
                 "/api/v4/groups/3/members/all/5": {"id": 5, "access_level": 40},
                 "/oauth/token/info": {"scope": ["api"], "expires_in": 7200}}
        if request.method == "POST" and request.path.endswith("/issues"):
            return 201, ISSUE
        if request.path == "/api/v4/projects":
            return 200, [PROJECT]
        if request.path in known:
            return 200, known[request.path]
        return 404, {"message": "404 Not Found"}

    def _token(self, request):
        if request.form.get("code") == "fairlead-doctor":
            return 400, {"error": "invalid_grant", "error_description": "The grant is invalid."}
        self.tokens += 1
        given = pair(f"{self.port}-{self.tokens}", self.token_seconds, **self.token_more)
        if self.after_code:
            self.fault, self.after_code = self.after_code, None
        return 200, given


class Bait:
    """Another host that must never see a token: keeps what it was sent."""

    def __init__(self):
        self.got = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self.listener.getsockname()[1]}"
        threading.Thread(target=self._run, daemon=True).start()

    def _run(self):
        while True:
            connection, _ = self.listener.accept()
            with connection:
                connection.settimeout(2)
                try:
                    self.got.append(connection.recv(65536))
                    connection.sendall(answer(200, PROJECT))
                except OSError:
                    pass
