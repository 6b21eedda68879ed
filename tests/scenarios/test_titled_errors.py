"""The three error titles of the product, each provoked for real: sign-in and refresh."""
import json
import time
import urllib.parse

import fairlead

ELSEWHERE = "https://elsewhere.example.com/oauth/callback"
ACCESS = "access-token-of-a-strange-answer"


class TitledErrors(fairlead.Scenario):
    """Failed to exchange token; Token response missing required fields; Token refresh failure."""

    connection = None

    def sign_in_fails(self, name, secret, between=lambda: None):
        process, start = self.stage.begin_oauth(secret, name)
        browser = fairlead.Browser()
        callback = self.stage.callback(browser, start)
        between()
        began = time.monotonic()
        page = browser.open(callback)
        outcome = self.stage.end_of(process)
        self.golden(f"sign-in-{name}-page", fairlead.page_text(page))
        self.golden(f"sign-in-{name}", outcome)
        self.assertLess(time.monotonic() - began, 5, "the CLI says at once that it failed")
        self.assertNotIn(outcome.code, (0, 7))
        return page

    def application(self):
        return self.sandbox.add_application(self.stage.url + "/oauth/callback")

    def test_expired_code(self):
        page = self.sign_in_fails("expired-code", self.application(),
                                  lambda: self.sandbox.advance(11 * 60))
        self.assertIn("Failed to exchange token", page.text)

    def test_wrong_secret(self):
        self.application()
        wrong = "gloas-not-the-secret-of-this-application"
        self.stage.secret("client secret", wrong)
        page = self.sign_in_fails("wrong-secret", wrong)
        self.assertIn("Failed to exchange token", page.text)

    def test_code_of_another_redirect_uri(self):
        secret = self.application()
        page = self.sign_in_fails("invalid-grant", secret, lambda: self.sandbox.fault(
            "invalid-grant", path="oauth/token"))
        self.assertIn("Failed to exchange token", page.text)

    def test_redirect_uri_not_registered(self):
        secret = self.sandbox.add_application("https://elsewhere.example.com/oauth/callback")
        process, start = self.stage.begin_oauth(secret, "unregistered")
        page = fairlead.Browser().open(start)
        process.process.kill()
        self.assertEqual(page.status, 400)
        self.assertIn("redirect URI", page.text)

    def test_missing_fields(self):
        page = self.sign_in_fails("missing-fields", self.application(), lambda: self.sandbox.fault(
            "missing-fields", path="oauth/token", fields=["access_token", "token_type"]))
        self.assertIn("Token response missing required fields", page.text)

    def test_html_instead_of_a_token(self):
        self.sign_in_fails("html-token", self.application(), lambda: self.sandbox.fault(
            "proxy-page", path="oauth/token"))

    def test_revoked_refresh_token(self):
        self.stage.connect_oauth("revoked")
        for token in self.sandbox.oauth_tokens():
            if token["refreshToken"] and not token["revoked"]:
                self.sandbox.control("POST", "tokens/revoke-refresh",
                                     {"token": token["refreshToken"]})
        self.sandbox.advance(7300)
        failed = self.fails("refresh-failure", 4, "action", "run", "gitlab.get-project",
                            "--connection", "revoked", "--project", "ops/incidents")
        self.assertIn("Token refresh failure", failed.err)
        self.golden("refresh-failure-show", self.stage.cli("connection", "show", "revoked"))
        self.fails("refresh-failure-test", 6, "connection", "test", "revoked")

    # -- each field on its own

    def test_each_field_that_is_needed(self):
        for field in ("access_token", "token_type"):
            with self.subTest(field=field):
                page = self.sign_in_fails(
                    f"missing-{field.replace('_', '-')}", self.application(),
                    lambda field=field: self.sandbox.fault("missing-fields", path="oauth/token",
                                                           fields=[field]))
                self.assertIn("Token response missing required fields", page.text)
                self.assertIn(f"lacks: {field}.", page.text)

    def test_fields_of_another_kind(self):
        self.stage.secret("access token of a strange answer", ACCESS)
        for name, token in (("expires-in-word", {"token_type": "Bearer", "expires_in": "soon"}),
                            ("token-type-other", {"token_type": "mac", "expires_in": 7200}),
                            ("access-token-number", {"token_type": "Bearer", "access_token": 7})):
            with self.subTest(name=name):
                body = json.dumps({"access_token": ACCESS, **token})
                page = self.sign_in_fails(name, self.application(), lambda body=body:
                                          self.sandbox.fault("custom", path="oauth/token",
                                                             status=200, body=body))
                self.assertIn("Token response missing required fields", page.text)

    def test_fields_that_may_be_left_out(self):
        for field in ("refresh_token", "expires_in", "scope", "created_at"):
            with self.subTest(field=field):
                name = "without-" + field.replace("_", "-")
                process, start = self.stage.begin_oauth(self.application(), name)
                browser = fairlead.Browser()
                callback = self.stage.callback(browser, start)
                self.sandbox.fault("missing-fields", path="oauth/token", fields=[field])
                self.assertEqual(browser.open(callback).status, 200)
                self.assertEqual(self.stage.end_of(process).code, 0)
                self.stage.cli("action", "run", "gitlab.get-project", "--connection", name,
                               "--project", "ops/incidents", expect=0)

    # -- a redirect URI that is not the one of the code

    def test_code_that_was_given_for_another_redirect_uri(self):
        ours = self.stage.url + "/oauth/callback"
        secret = self.sandbox.add_application(ours, redirectUris=[ours, ELSEWHERE])
        process, start = self.stage.begin_oauth(secret, "other-redirect")
        browser = fairlead.Browser()
        asked = urllib.parse.urlsplit(browser.request("GET", start).headers["Location"])
        query = {**dict(urllib.parse.parse_qsl(asked.query)), "redirect_uri": ELSEWHERE}
        changed = asked._replace(query=urllib.parse.urlencode(query)).geturl()
        target = browser.to_callback(changed)
        self.assertTrue(target.startswith(ELSEWHERE))
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(target).query)["code"][0]
        self.stage.secret("authorization code", code)
        page = browser.open(target.replace(ELSEWHERE, ours))
        self.golden("sign-in-other-redirect-page", fairlead.page_text(page))
        self.golden("sign-in-other-redirect", self.stage.end_of(process))
        self.assertIn("Failed to exchange token", page.text)

    # -- refresh

    def fails_to_refresh(self, name):
        failed = self.fails(f"refresh-{name}", 4, "action", "run", "gitlab.get-project",
                            "--connection", name, "--project", "ops/incidents")
        self.assertIn("Token refresh failure", failed.err)
        shown = self.stage.cli("connection", "show", name, "-o", "json", expect=0).json
        self.assertEqual(shown["status"], "needs-sign-in")

    def newest(self):
        return self.sandbox.oauth_tokens()[-1]

    def test_refresh_token_that_somebody_else_has_used(self):
        secret = self.application()
        self.connect("used", secret)
        for token in self.sandbox.oauth_tokens():
            if token["refreshToken"] and not token["revoked"]:
                form = urllib.parse.urlencode({
                    "grant_type": "refresh_token", "refresh_token": token["refreshToken"],
                    "client_id": "scenario-app", "client_secret": secret}).encode()
                fairlead.http("POST", self.sandbox.url + "/oauth/token", form, {
                    "Content-Type": "application/x-www-form-urlencoded"})
        self.sandbox.oauth_tokens()
        self.sandbox.advance(7300)
        self.fails_to_refresh("used")

    def test_access_revoked_by_the_person(self):
        self.connect("withdrawn", self.application())
        self.sandbox.control("POST", "tokens/revoke")
        self.fails_to_refresh("withdrawn")

    def test_no_refresh_token_was_ever_given(self):
        self.connect("no-refresh", self.application(), fields=["refresh_token"])
        self.sandbox.advance(7300)
        self.fails_to_refresh("no-refresh")

    def connect(self, name, secret, fields=()):
        process, start = self.stage.begin_oauth(secret, name)
        browser = fairlead.Browser()
        callback = self.stage.callback(browser, start)
        if fields:
            self.sandbox.fault("missing-fields", path="oauth/token", fields=list(fields))
        self.assertEqual(browser.open(callback).status, 200)
        self.assertEqual(self.stage.end_of(process).code, 0)
        self.sandbox.oauth_tokens()
