"""The faults, one entry each: what happens, and how the server in server.py makes it happen.

A fault is provoked in one of these ways ("by"):
  call      a connection is made while all is well, then the fault begins, then actions are run
  connect   the fault is there when somebody connects
  refresh   the connection is signed in with OAuth, and its token must be refreshed under the fault
"""
import gzip
import os
import socket
import ssl
import struct
import threading
import time
import zlib

from server import PROJECT, answer

HTML = [("Content-Type", "text/html; charset=utf-8")]
TEXT = [("Content-Type", "text/plain")]
LOGIN = b"<!DOCTYPE html><html><head><title>Sign in to Example</title></head><body>Sign in</body>"
PROXY = b"<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>"
MAINTENANCE = (b"<!DOCTYPE html><html><head><title>GitLab is not responding (503)</title></head>"
               b"<body>We are deploying.</body></html>")
PORTAL = b"<html><head><title>Log in to the guest network</title></head><body></body></html>"
SLOW_STEP = 0.25
TOO_LONG = 12.0  # more than any time-out of the suite
HUGE = b" " * (40 << 20)  # more than Fairlead reads
FAULTS = []


def bomb(mebibytes):
    packer, piece = zlib.compressobj(1, zlib.DEFLATED, 31), b" " * (1 << 20)
    return b"".join(packer.compress(piece) for _ in range(mebibytes)) + packer.flush()


BOMB = bomb(512)


class Fault:
    def __init__(self, name, section, happens, serve, **options):
        self.name, self.section, self.happens, self.serve = name, section, happens, serve
        self.by = options.pop("by", "call")
        self.tls = options.pop("tls", False)
        self.writes = options.pop("writes", True)      # an action that writes is tried, too
        self.action = options.pop("action", ("get-project", "--project", "ops/incidents"))
        self.recovers = options.pop("recovers", True)  # goes on by itself once the fault is over
        self.arrange = options.pop("arrange", None)    # instead of serve: below HTTP
        self.short_token = options.pop("short_token", False)
        self.works = options.pop("works", False)       # no harm is to be seen at all
        self.url = options.pop("url", None)
        assert not options, options
        FAULTS.append(self)


def fault(name, section, happens, **options):
    """Decorates the function that serves it."""
    def keep(serve):
        Fault(name, section, happens, serve, **options)
        return serve
    return keep


def says(name, section, happens, status, body=b"", headers=(), **options):
    """A fault that is one fixed answer."""
    def serve(request, connection, server):
        connection.sendall(answer(status, body, headers))
    Fault(name, section, happens, serve, **options)


def arranged(name, section, happens, arrange, **options):
    """A fault below HTTP: arrange(server, world) brings it about."""
    Fault(name, section, happens, None, arrange=arrange, **options)


def only_api(serve):
    """The sign-in and all else stay well."""
    def chosen(request, connection, server):
        if request.is_api:
            serve(request, connection, server)
        else:
            connection.sendall(server.normal(request))
    return chosen


def tls_of(which):
    def arrange(server, world):
        server.tls = getattr(world.certificates, which)
    return arrange


def raw(serve):
    def arrange(server, world):
        server.raw_fault = serve
    return arrange


# ---- the way there -------------------------------------------------------------------------------

WAY = "The way to GitLab"
Fault("dns", WAY, "The host name of GitLab's URL does not exist.", None, by="connect",
      url="https://gitlab.invalid")
arranged("refused", WAY, "Nothing listens on GitLab's port.", lambda server, _: server.refuse())
arranged("connect-timeout", WAY, "A firewall drops the packets: the connection is never accepted.",
         lambda server, _: server.be_full())


def reset(connection):
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    connection.close()


@raw
def reset_at_once(connection):
    connection.recv(1)
    reset(connection)


arranged("reset-at-once", WAY, "The connection is accepted and reset while the request is sent.",
         reset_at_once)


def proxy(serve):
    """The connection goes through a proxy from now on; serve gets what connects to it."""
    def arrange(server, world):
        listener = socket.create_server(("127.0.0.1", 0))
        port = listener.getsockname()[1]
        if serve is None:
            listener.close()
        else:
            threading.Thread(target=accept_all, args=(listener, serve), daemon=True).start()
        world.stage.cli("connection", "set", server.name, "--proxy", f"http://127.0.0.1:{port}",
                        expect=0)
        server.proxied = True
    return arrange


def accept_all(listener, serve):
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            serve(connection)


arranged("proxy-down", WAY, "The proxy of the connection is not there.", proxy(None), tls=True)
arranged("proxy-refuses", WAY, "The proxy wants a password (407).",
         proxy(lambda connection: connection.sendall(answer(407, b"no", TEXT))), tls=True)
arranged("silent-close", WAY, "The connection is closed before any answer.",
         raw(lambda connection: connection.recv(65536)))

# ---- TLS -----------------------------------------------------------------------------------------

TLS = "TLS"
for which, story in (
        ("expired", "The certificate expired ten days ago."),
        ("not_yet", "The certificate is valid only from ten days on (or a clock is wrong)."),
        ("self_signed", "The certificate is signed by its own key."),
        ("wrong_host", "The certificate is of another host name."),
        ("unknown_ca", "The certificate is of a CA that nobody here knows."),
        ("no_intermediate", "The server does not send its intermediate certificate."),
        ("too_old", "The server speaks TLS 1.1 at most."),
        ("wants_client", "The server wants a client certificate and the connection has none.")):
    arranged("tls-" + which.replace("_", "-"), TLS, story, tls_of(which), tls=True)
arranged("tls-plain-http", TLS, "Plain HTTP is spoken on the port of an https URL.",
         raw(lambda connection: connection.sendall(answer(400, b"plain HTTP", TEXT))), tls=True)
arranged("silent-port", TLS, "The port is open, but the TLS handshake is never answered.",
         raw(lambda connection: time.sleep(TOO_LONG)), tls=True)

# ---- no whole answer -----------------------------------------------------------------------------

BROKEN = "Answers that break off or never end"


def drip(connection, data, first=b""):
    connection.sendall(first)
    for byte in data:
        connection.sendall(bytes([byte]))
        time.sleep(SLOW_STEP)


@fault("no-answer", BROKEN, "The request is taken and never answered.")
def no_answer(request, connection, server):
    time.sleep(TOO_LONG)


@fault("slow-headers", BROKEN, "The headers come one byte at a time (slow loris).")
def slow_headers(request, connection, server):
    drip(connection, answer(200, PROJECT)[:60])


@fault("slow-body", BROKEN, "The body comes one byte at a time.")
def slow_body(request, connection, server):
    whole = answer(200, PROJECT)
    cut = whole.index(b"\r\n\r\n") + 4
    drip(connection, whole[cut:cut + 60], whole[:cut])


@fault("reset-in-body", BROKEN, "The connection is reset in the middle of the answer.")
def reset_in_body(request, connection, server):
    connection.sendall(answer(200, PROJECT)[:-100])
    time.sleep(0.1)
    reset(connection)


@fault("short-body", BROKEN, "The connection ends before Content-Length is reached.")
def short_body(request, connection, server):
    connection.sendall(answer(200, PROJECT, length=5000))


@fault("bad-chunks", BROKEN, "The chunked encoding is broken.")
def bad_chunks(request, connection, server):
    connection.sendall(answer(200, b"zz\r\n{\"id\": 7}\r\n0\r\n\r\n",
                              [("Transfer-Encoding", "chunked")]))


@fault("not-http", BROKEN, "What answers is not an HTTP server.")
def not_http(request, connection, server):
    connection.sendall(b"SSH-2.0-OpenSSH_9.2p1 Debian-2\r\n" * 4)


@fault("endless-headers", BROKEN, "The headers never end.")
def endless_headers(request, connection, server):
    connection.sendall(b"HTTP/1.1 200 OK\r\n")
    for i in range(4000):
        connection.sendall(b"X-Filler-%d: %s\r\n" % (i, b"x" * 200))


@fault("huge-body", BROKEN, "The answer is 40 MiB long.")
def huge_body(request, connection, server):
    connection.sendall(answer(200, b"", length=len(HUGE)))
    connection.sendall(HUGE)


@fault("gzip-bomb", BROKEN, "Little gzip unpacks to half a gigabyte.")
def gzip_bomb(request, connection, server):
    connection.sendall(answer(200, BOMB, [("Content-Encoding", "gzip")]))


@fault("bad-gzip", BROKEN, "The body says it is gzip and is not.")
def bad_gzip(request, connection, server):
    connection.sendall(answer(200, b"no gzip " * 40, [("Content-Encoding", "gzip")]))


@fault("cut-gzip", BROKEN, "The gzip stream of the body ends too early.")
def cut_gzip(request, connection, server):
    whole = gzip.compress(os.urandom(4000))
    connection.sendall(answer(200, whole[:2000], [("Content-Encoding", "gzip")]))


# ---- somebody else answers -----------------------------------------------------------------------

ELSE = "Somebody else answers"
says("login-page", ELSE, "A sign-in page of the company answers instead of GitLab.", 200, LOGIN,
     HTML)
says("login-redirect", ELSE, "Every request is sent on to a sign-in page.", 302, b"",
     [("Location", "/users/sign_in")])
says("proxy-502", ELSE, "A proxy's HTML page says 502 Bad Gateway.", 502, PROXY, HTML)
says("proxy-504", ELSE, "A proxy's HTML page says 504 Gateway Time-out.", 504,
     PROXY.replace(b"502 Bad Gateway", b"504 Gateway Time-out"), HTML)
says("maintenance", ELSE, "GitLab's own maintenance page answers with 503.", 503, MAINTENANCE,
     HTML + [("Retry-After", "1")])
says("captive-portal", ELSE, "A guest network's portal answers with 511.", 511, PORTAL, HTML)
says("waf-403", ELSE, "A firewall's page refuses with 403.", 403,
     b"<html><head><title>Request blocked</title></head></html>", HTML)
says("redirect-loop", ELSE, "GitLab's API redirects to itself for ever.", 302, b"",
     [("Location", "/api/v4/projects/7")])


@fault("redirect-other-host", ELSE, "The API redirects to another host.")
def redirect_other_host(request, connection, server):
    connection.sendall(answer(302, b"", [("Location", server.bait.url + "/api/v4/projects/7")]))


@fault("redirect-to-http", ELSE, "The API of an https URL redirects to plain http.", tls=True)
def redirect_to_http(request, connection, server):
    connection.sendall(answer(301, b"", [("Location", server.bait.url + request.target)]))


# ---- not what the API says -----------------------------------------------------------------------

WRONG = "Answers that are not what GitLab's API says"


def wrong(name, happens, body, headers=(), **options):
    @only_api
    def serve(request, connection, server):
        connection.sendall(answer(200, body, headers))
    Fault(name, WRONG, happens, serve, **options)


wrong("malformed-json", "The body is not JSON.", b"{\"id\": 7, name: }")
wrong("cut-json", "The JSON ends in the middle, though the length is right.",
      b"{\"id\": 7, \"name\": \"Inci")
wrong("wrong-types", "The fields have other types than they should.",
      {**PROJECT, "id": "seven", "name": 7, "iid": "one", "web_url": 3})
wrong("missing-fields", "The object is there, but its fields are not.", {})
wrong("an-array", "A list comes where an object should be.", [PROJECT])
wrong("empty-body", "The answer is 200 with an empty body.", b"")
wrong("wrong-content-type", "JSON that calls itself text.", PROJECT, TEXT)
wrong("not-utf8", "The JSON is not UTF-8.", b"{\"id\": 7, \"name\": \"\xff\xfe\"}")


@fault("bad-link", WRONG, "The Link header to the next page cannot be read.", writes=False,
       works=True, action=("list-projects", "--all"))
def bad_link(request, connection, server):
    connection.sendall(answer(200, [PROJECT], [("Link", "<<<;rel=next,,\"")]))


@fault("link-other-host", WRONG, "The Link header to the next page points to another host.",
       writes=False, action=("list-projects", "--all"), works=True)
def link_other_host(request, connection, server):
    if request.query.get("id_after") or request.query.get("page") == "2":
        return connection.sendall(answer(200, []))
    link = f"<{server.bait.url}/api/v4/projects?page=2&id_after=7>; rel=\"next\""
    return connection.sendall(answer(200, [PROJECT], [("Link", link), ("X-Next-Page", "2")]))


@fault("endless-pages", WRONG, "Each page of a list names the same next page.", writes=False,
       works=True, action=("list-projects", "--limit", "50"))
def endless_pages(request, connection, server):
    link = f"<{server.url}/api/v4/projects?page=1>; rel=\"next\""
    connection.sendall(answer(200, [PROJECT], [("Link", link), ("X-Next-Page", "1")]))


# ---- GitLab itself -------------------------------------------------------------------------------

ITSELF = "GitLab itself cannot, or will not"
REQUEST_ID = ("X-Request-Id", "01FAULTSUITE")
for status, words in ((500, "500 Internal Server Error"), (502, "502 Bad Gateway"),
                      (503, "503 Service Unavailable"), (504, "504 Gateway Time-out")):
    says(f"json-{status}", ITSELF, f"GitLab answers {status} in JSON.", status,
         {"message": words}, [REQUEST_ID])
for name, happens, headers, options in (
        ("throttle-retry-after", "The request throttle (text, 429) asks for 50 minutes.",
         TEXT + [("Retry-After", "3000")], {"recovers": False}),
        ("throttle-short", "The request throttle (text, 429) asks for one second.",
         TEXT + [("Retry-After", "1")], {}),
        ("throttle-silent", "The request throttle (text, 429) names no time.", TEXT,
         {"recovers": False})):
    says(name, ITSELF, happens, 429, b"Retry later\n", headers, **options)
says("limit-retry-after", ITSELF, "A limit of the application (JSON, 429) asks for 50 minutes.",
     429, {"message": {"error": "This endpoint has been requested too many times. Try again later."
                       }}, [("Retry-After", "3000")])
says("limit-silent", ITSELF, "A limit of the application (JSON, 429) names no time.", 429,
     {"message": {"error": "This endpoint has been requested too many times. Try again later."}})


@fault("throttle-skewed-clock", ITSELF,
       "The throttle names a moment (RateLimit-Reset) by a clock that is one hour ahead of ours.",
       recovers=False)
def throttle_skewed(request, connection, server):
    theirs = time.time() + 3600
    date = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime(theirs))
    connection.sendall(answer(429, b"Retry later\n", TEXT + [
        ("Date", date), ("RateLimit-Remaining", "0"), ("RateLimit-Reset", str(int(theirs) + 600))]))




@fault("not-found", ITSELF, "The project is not there, or not for this user.")
def not_found(request, connection, server):
    gone = "/projects/" in request.path
    connection.sendall(answer(404, {"message": "404 Project Not Found"}, [REQUEST_ID]) if gone
                       else server.normal(request))


# ---- tokens --------------------------------------------------------------------------------------

TOKEN = "Tokens"
CHALLENGE = 'Bearer realm="Protected by OAuth 2.0", error="invalid_token"'


def refused(name, happens, description, **options):
    @only_api
    def serve(request, connection, server):
        connection.sendall(answer(401, {"error": "invalid_token",
                                        "error_description": description},
                                  [("WWW-Authenticate", CHALLENGE)]))
    Fault(name, TOKEN, happens, serve, recovers=False, **options)


refused("token-expired", "The access token (no OAuth) has expired.", "Token is expired. You can "
        "either do re-authorization or token refresh.")
refused("token-revoked", "The access token (no OAuth) was revoked.",
        "Token was revoked. You have to re-authorize from the user.")
Fault("token-unknown", TOKEN, "GitLab does not know the token (401 without a reason).",
      only_api(lambda request, connection, server:
               connection.sendall(answer(401, {"message": "401 Unauthorized"}))), recovers=False)
Fault("wrong-scope", TOKEN, "The token lacks the scope for the call.",
      only_api(lambda request, connection, server: connection.sendall(
          answer(403, {"error": "insufficient_scope", "scope": "api read_api",
                       "error_description": "The request requires higher privileges than "
                                            "provided by the access token."}))))
Fault("user-blocked", TOKEN, "The user of the connection was blocked in GitLab.",
      only_api(lambda request, connection, server: connection.sendall(
          answer(403, {"message": "403 Forbidden - Your account has been blocked."}))))


def token_endpoint(serve):
    """Only the refresh is at fault; the old token is refused as expired."""
    def chosen(request, connection, server):
        if request.path == "/oauth/token" and request.form.get("grant_type") == "refresh_token":
            serve(request, connection, server)
        elif request.is_api:
            connection.sendall(answer(401, {"error": "invalid_token", "error_description":
                                            "Token is expired. You can either do re-authorization "
                                            "or token refresh."}))
        else:
            connection.sendall(server.normal(request))
    return chosen


def refresh_says(name, happens, status, body, headers=(), **options):
    Fault(name, TOKEN, happens, token_endpoint(
        lambda request, connection, server: connection.sendall(answer(status, body, headers))),
        by="refresh", short_token=True, writes=False, **options)


refresh_says("refresh-revoked", "The refresh token expired or was revoked.", 400,
             {"error": "invalid_grant", "error_description": "The provided authorization grant is "
              "invalid, expired, revoked, does not match the redirection URI used in the "
              "authorization request, or was issued to another client."}, recovers=False)
refresh_says("refresh-wrong-secret", "The application's secret was renewed in GitLab.", 401,
             {"error": "invalid_client", "error_description": "Client authentication failed due to "
              "unknown client, no client authentication included, or unsupported authentication "
              "method."})
refresh_says("refresh-html", "A sign-in page answers the refresh.", 200, LOGIN, HTML)
refresh_says("refresh-503", "GitLab is down when the token is to be refreshed.", 503,
             {"message": "503 Service Unavailable"})
refresh_says("refresh-429", "The refresh itself is throttled.", 429, b"Retry later\n",
             TEXT + [("Retry-After", "1")])
refresh_says("refresh-no-access-token", "The refresh is answered without an access token.", 200,
             {"token_type": "Bearer", "expires_in": 7200})
Fault("refresh-lost", TOKEN, "The refresh is sent, and its answer is lost.",
      token_endpoint(lambda request, connection, server: reset(connection)),
      by="refresh", short_token=True, writes=False)

# ---- clocks --------------------------------------------------------------------------------------

CLOCK = "Clocks"


def skewed(seconds):
    def arrange(server, world):
        server.date_skew = seconds
        server.token_more = {"created_at": int(time.time()) + seconds}
    return arrange


for name, seconds, words in (("clock-ahead", 3600, "one hour ahead of"),
                             ("clock-behind", -3600, "one hour behind")):
    Fault(name, CLOCK, f"GitLab's clock is {words} ours.", None, by="refresh", writes=False,
          arrange=skewed(seconds), works=True)

assert ssl.HAS_TLSv1_2
