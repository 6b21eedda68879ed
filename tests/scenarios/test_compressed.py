"""Answers that travel compressed, over the wire: what is packed, what its tag stands for."""
import gzip
import http.client
import json

import fairlead
from browser import http as ask

DOCUMENT = "/api/v1/openapi.json"
STREAM_HEAD_S = 10


class Compressed(fairlead.Scenario):
    def get(self, path, **headers):
        names = {name.replace("_", "-"): value for name, value in headers.items()}
        return ask("GET", self.stage.url + path, None,
                   {"Authorization": f"Bearer {self.stage.token}", **names})

    def test_a_packed_answer_is_the_same_and_much_shorter(self):
        plain = self.get(DOCUMENT)
        packed = self.get(DOCUMENT, Accept_Encoding="gzip")
        self.assertEqual((plain.headers["Content-Encoding"], packed.headers["Content-Encoding"]),
                         (None, "gzip"))
        self.assertEqual(gzip.decompress(packed.body), plain.body)
        self.assertLess(len(packed.body) * 8, len(plain.body))
        self.assertEqual((plain.headers["Vary"], packed.headers["Vary"]),
                         ("Accept-Encoding", "Accept-Encoding"))
        self.assertNotEqual(plain.headers["ETag"], packed.headers["ETag"])
        for tag in (plain.headers["ETag"], packed.headers["ETag"]):
            again = self.get(DOCUMENT, Accept_Encoding="gzip", If_None_Match=tag)
            self.assertEqual((again.status, again.headers["ETag"], again.body), (304, tag, b""))

    def test_a_stream_and_the_session_are_left_as_they_are(self):
        session = self.get("/api/v1/session", Accept_Encoding="gzip")
        self.assertIsNone(session.headers["Content-Encoding"])
        self.assertIn("setupNeeded", json.loads(session.body))
        wire = http.client.HTTPConnection(self.stage.url.partition("//")[2],
                                          timeout=STREAM_HEAD_S)
        self.addCleanup(wire.close)
        wire.request("GET", "/api/v1/live", headers={
            "Authorization": f"Bearer {self.stage.token}", "Accept-Encoding": "gzip"})
        head = wire.getresponse()
        self.assertEqual((head.status, head.headers["Content-Encoding"]), (200, None))
        self.assertEqual(head.readline(), b"retry: 3000\n")
