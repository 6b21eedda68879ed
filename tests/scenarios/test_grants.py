"""Grants: signed in by device code, lost while a run needs it, signed in again."""
import fairlead

USES = """document: { dsl: '1.0.3', namespace: grants, name: uses, version: '1.0.0' }
do:
- look: { call: 'get-project:1.0.0@gitlab', with: { project: ops/incidents } }
- keep: { set: { path: '${ .path_with_namespace }' } }
"""
HEARS = """document: { dsl: '1.0.3', namespace: grants, name: %(name)s, version: '1.0.0' }
schedule: { on: { one: { with: { type: connection.%(name)s } } } }
do:
- keep: { set: { connection: '${ .[0].connection }' } }
"""


class Grants(fairlead.Scenario):
    connection = None

    def sign_in(self, answer="Authorize", restart=False, **wish):
        """By device code, from the page of GitLab that the answer names."""
        begun = self.stage.api("POST", "/api/v1/connections/gitlab/sign-in",
                               {"way": "device", **wish}, expect=201).json
        if restart:
            self.stage.restart_server()
            shown = self.stage.api("GET", "/api/v1/connections/gitlab", expect=200).json
            self.assertEqual(shown["pendingSignIn"]["signIn"], begun["signIn"])
        browser = fairlead.Browser()
        page = browser.open(begun["verificationUriComplete"])
        page = browser.submit(page, "new_user", {"user[login]": "alice",
                                                 "user[password]": fairlead.PASSWORD})
        page = browser.open(begun["verificationUriComplete"])
        browser.submit(page, "device", {"commit": answer})
        def ended():
            shown = self.stage.api("GET", "/api/v1/connections/gitlab", expect=200).json
            last = shown.get("lastSignIn") or {}
            return shown if last.get("id") == begun["signIn"] else None
        shown = fairlead.wait_until("the sign-in by device code ended", ended)
        self.sandbox.oauth_tokens()
        return shown

    def runs(self, name, status):
        return self.stage.api(
            "GET", f"/api/v1/runs?workflow=grants/{name}&status={status}").json["items"]

    def test_1_sign_in_by_device_code(self):
        secret = self.sandbox.add_application(self.stage.url + "/oauth/callback")
        self.stage.api("POST", "/api/v1/connections",
                       {"name": "gitlab", "baseUrl": self.sandbox.url,
                        "clientId": "scenario-app", "clientSecret": secret}, expect=201)
        refused = self.sign_in("Deny")
        self.assertEqual((refused["state"], refused["lastSignIn"]["error"]["title"]),
                         ("not-signed-in", "Authorisation refused"))
        shown = self.sign_in(restart=True)
        self.assertNotIn("pendingSignIn", shown)
        self.assertEqual((shown["state"], shown["errors24h"], shown["account"]["username"]),
                         ("active", 0, "alice"))
        self.assertLess(shown["nextRefreshAt"], shown["expiresAt"])

    def test_2_a_run_waits_for_a_lost_grant_and_goes_on(self):
        for name, text in (("uses", USES), ("broken", HEARS % {"name": "broken"}),
                           ("recovered", HEARS % {"name": "recovered"})):
            self.stage.cli("workflow", "apply", self.stage.file(f"{name}.yaml", text), expect=0)
        for token in self.sandbox.oauth_tokens():
            if token["refreshToken"] and not token["revoked"]:
                self.sandbox.control("POST", "tokens/revoke-refresh",
                                     {"token": token["refreshToken"]})
        self.sandbox.control("POST", "tokens/expire")
        self.stage.api("POST", "/api/v1/workflows/grants/uses/run", {"input": {}})
        waiting = fairlead.wait_until("the run waits", lambda: self.runs("uses", "waiting"))
        self.assertEqual(waiting[0]["waitingFor"], "connection gitlab to be signed in again")
        for words in (("run", "show", waiting[0]["id"]), ("run", "list")):
            self.assertIn("for connection gitlab to be signed in again",
                          self.stage.cli(*words, expect=0).out)
        shown = self.stage.api("GET", "/api/v1/connections/gitlab").json
        self.assertEqual((shown["state"], shown["errors24h"]), ("needs-sign-in", 1))
        self.assertIsNotNone(shown["brokenSince"])
        heard = fairlead.wait_until("a workflow heard it", lambda: self.runs("broken", "completed"))
        self.assertEqual(heard[0]["output"], {"connection": "gitlab"})

        self.assertEqual(self.sign_in()["id"], shown["id"])
        done = fairlead.wait_until("the run went on", lambda: self.runs("uses", "completed"))
        self.assertEqual(done[0]["id"], waiting[0]["id"])
        fairlead.wait_until("a workflow heard it", lambda: self.runs("recovered", "completed"))

    def test_3_each_is_told_once(self):
        self.stage.restart_server()
        self.stage.api("GET", "/api/v1/connections/gitlab", expect=200)
        for name in ("broken", "recovered"):
            self.assertEqual(len(self.runs(name, "completed")), 1)

    def test_4_other_scopes_keep_the_connection(self):
        before = self.stage.api("GET", "/api/v1/connections/gitlab").json
        def live():
            tokens = self.sandbox.oauth_tokens()
            return {token["accessToken"] for token in tokens if not token["revoked"]}
        wider = live()
        narrow = self.sign_in(scopes="read_api")
        self.assertEqual((narrow["id"], narrow["scopes"]), (before["id"], "read_api"))
        narrower = live()
        self.assertEqual((len(narrower - wider), len(wider - narrower)), (1, 1),
                         "the wider grant is revoked at GitLab")
        asked = self.stage.api("GET", "/api/v1/connections/gitlab/permissions").json
        self.assertEqual(asked["granted"], ["read_api"])
        allowed = {action["id"]: action["allowed"] for action in asked["actions"]}
        self.assertEqual((allowed["gitlab.get-issue"], allowed["gitlab.create-issue"]),
                         (True, False))
        wide = self.sign_in(scopes="api read_user")
        self.assertEqual((wide["id"], wide["scopes"]), (before["id"], "api read_user"))
        refused = self.stage.api("POST", "/api/v1/connections/gitlab/sign-in",
                                 {"way": "device", "scopes": "sudo"})
        self.assertEqual(refused.status, 424)
        kept = self.stage.api("GET", "/api/v1/connections/gitlab").json
        self.assertEqual((kept["state"], kept["scopes"]), ("active", "api read_user"))
