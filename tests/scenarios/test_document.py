"""The check of answers against the OpenAPI document can fail: wrong answers are noticed."""
import json
import unittest

import fairlead
from browser import Answer, Problem


def answer(status=200, body=None, kind="application/json"):
    return Answer(status, {"Content-Type": kind}, json.dumps(body).encode(), "http://test")


class Document(unittest.TestCase):
    def test_a_right_answer_passes(self):
        fairlead.DOCUMENT.check("DELETE", "/api/v1/session", answer(body={"signedOut": True}))
        fairlead.DOCUMENT.check("GET", "/healthz", answer(body={"whatever": 1}))

    def test_wrong_answers_do_not(self):
        for method, path, wrong in (
                ("DELETE", "/api/v1/session", answer(body={"signedOut": "yes"})),
                ("DELETE", "/api/v1/session", answer(body={})),
                ("DELETE", "/api/v1/session", answer(body={"signedOut": True, "more": 1})),
                ("DELETE", "/api/v1/session", answer(status=299, body={"signedOut": True})),
                ("DELETE", "/api/v1/session", answer(body={"signedOut": True}, kind="text/plain")),
                ("DELETE", "/api/v1/session", answer(status=401, body={"error": "unauthorized"},
                                                     kind="application/problem+json")),
                ("GET", "/api/v1/unknown", answer(body={}))):
            with self.subTest(method=method, path=path, body=wrong.text):
                with self.assertRaises(Problem):
                    fairlead.DOCUMENT.check(method, path, wrong)
