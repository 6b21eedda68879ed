"""Requests bent and cut in thousands of ways, sent by nobody who is signed in: the server stays.

What a client can send is not up to us, and asserts are on in what is shipped. FAIRLEAD_WIRE_SEED
picks another series; a failure names its request.
"""
import collections
import json
import os
import random
import re
import socket

import fairlead

SEED = int(os.environ.get("FAIRLEAD_WIRE_SEED", "1"))
ROUNDS = 1_500
ANSWER_WAIT_S = 0.05
BETWEEN_BYTES_S = 0.02
HEAD_STATUSES = {100, 200, 303, 400, 401, 404, 405, 413, 415, 417, 422, 431, 501, 505}
GROWTH_KB_MAX = 64 * 1024

REQUESTS = (
    b"GET /healthz HTTP/1.1\r\nHost: h\r\n\r\n",
    b"HEAD / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n",
    b"GET /api/v1/openapi.json HTTP/1.1\r\nHost: h\r\nIf-None-Match: \"x\"\r\n"
    b"Accept-Encoding: gzip;q=0.5, *\r\n\r\n",
    b"GET /api/v1/live HTTP/1.1\r\nHost: h\r\nLast-Event-ID: 1\r\n\r\n",
    b"POST /api/v1/events HTTP/1.1\r\nHost: h\r\nContent-Type: application/cloudevents+json\r\n"
    b"Content-Length: 19\r\n\r\n{\"specversion\":\"1\"}",
    b"POST /api/v1/events HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
    b"3;a=b\r\n{\"a\r\n3\r\n\":1\r\n1\r\n}\r\n0\r\nT: x\r\n\r\n",
    b"POST /webhooks/x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\n"
    b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    b"OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n",
)
TOKENS = (
    b"\r\n", b"\r", b"\n", b"\0", b"0", b":", b";", b"%", b"%00", b"?", b"#", b"//", b"\xff",
    b"0\r\n", b"fffffffffffffffff\r\n", b"A" * 9_000, b"Content-Length: 99999999999999999999\r\n",
    b"Transfer-Encoding: chunked\r\n", b"Host: h\r\n", b"Cookie: a=b; c\r\n",
    b"Authorization: Bearer x\r\n", b"Authorization: Basic !!!\r\n", b"If-Match: W/\"\r\n",
    b"X-Forwarded-For: 1.2.3.4, ::1\r\n", b"traceparent: 00-0-0-0\r\n", b"Range: bytes=9-1\r\n",
)
# How many bytes go out at once; the small ones mostly, for what is cut is what parsers get wrong.
PIECES = (1, 2, 3, 5, 17, 100_000)
PIECES_MAX = 300


def bent(rng, request):
    data = bytearray(request)
    for _ in range(rng.choice((0, 0, 1, 1, 2, 3, 6))):
        at, way = rng.randrange(len(data) + 1), rng.randrange(4)
        if way == 0:
            data[at:at] = rng.choice(TOKENS)
        elif way == 1:
            del data[at:at + rng.randrange(1, 8)]
        elif way == 2 and at < len(data):
            data[at] = rng.randrange(256)
        else:
            other = rng.randrange(len(data) + 1)
            data[at:at] = data[min(at, other):max(at, other)][:200]
    return bytes(data)


def send(address, data, piece, half_close):
    """The status line's bytes that came back within a moment; empty if none did."""
    with socket.create_connection(address, 5) as wire:
        wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        wire.settimeout(ANSWER_WAIT_S)
        try:
            for count, at in enumerate(range(0, len(data), piece)):
                wire.send(data[at:] if count == PIECES_MAX else data[at:at + piece])
                if count == PIECES_MAX:
                    break
            if half_close:
                wire.shutdown(socket.SHUT_WR)
            return wire.recv(4_096)
        except OSError:  # nothing yet, or the server hung up: both are its right
            return b""


class Wire(fairlead.Scenario):
    @property
    def address(self):
        host, port = re.search(r"//([^:/]+):(\d+)", self.stage.url).groups()
        return host, int(port)

    def test_1_a_body_whose_end_comes_byte_by_byte(self):
        """Each byte is read alone: an answer that comes too early would show between two."""
        head = b"POST /api/v1/events HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
        for body in (b"0\r\n\r\n", b"0;a=b\r\n\r\n", b"2\r\n{}\r\n0\r\nT: 1\r\n\r\n"):
            with self.subTest(body), socket.create_connection(self.address, 5) as wire:
                wire.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                wire.sendall(head)
                wire.settimeout(BETWEEN_BYTES_S)
                for at in range(len(body) - 1):
                    wire.send(body[at:at + 1])
                    with self.assertRaises(TimeoutError):
                        wire.recv(1)
                wire.settimeout(fairlead.PATIENCE)
                wire.send(body[-1:])
                self.assertTrue(wire.recv(4_096).startswith(b"HTTP/1.1 401 "))

    def test_2_no_request_ends_the_server(self):
        rng, seen = random.Random(SEED), collections.Counter()
        before = fairlead.memory_peak_kb(self.stage.server.pid)
        for number in range(ROUNDS):
            data = b"".join(bent(rng, rng.choice(REQUESTS)) for _ in range(rng.choice((1, 1, 3))))
            piece, half_close = rng.choice(PIECES), rng.random() < 0.3
            said = f"seed {SEED}, request {number}: {data[:400]!r} in pieces of {piece}"
            try:
                answer = send(self.address, data, piece, half_close)
            except OSError as error:
                self.fail(f"nobody listens any more ({error}) after {said}")
            self.assertIsNone(self.stage.server.process.poll(), said)
            if answer:
                status = int(re.match(rb"HTTP/1\.1 (\d{3})[ \r]", answer).group(1))
                self.assertIn(status, HEAD_STATUSES, said)
                seen[status] += 1
        print(f"     {ROUNDS} requests: {dict(sorted(seen.items()))}")
        self.assertGreater(seen[200], ROUNDS // 50, "some were left whole")
        self.assertGreater(seen[400], ROUNDS // 10, "some were bent")
        self.assertLess(fairlead.memory_peak_kb(self.stage.server.pid) - before, GROWTH_KB_MAX)

    def test_3_an_honest_client_is_served_as_before(self):
        answer = fairlead.http("GET", f"{self.stage.url}/healthz")
        self.assertEqual(answer.status, 200)
        self.assertEqual(json.loads(self.stage.cli("run", "list", "-o", "json", expect=0).out), [])

