"""People: the first setup, sessions, signing in with GitLab, roles, tokens and the audit log."""
import json
import sqlite3
import urllib.parse

import fairlead
from browser import PASSWORD, http

PHRASE = "correct horse battery"


class Visitor(fairlead.Browser):
    """A browser at Fairlead's pages: keeps cookies, sends the CSRF token once it has one."""

    def __init__(self, stage):
        super().__init__()
        self.stage, self.csrf = stage, ""

    def ask(self, method, path, body=None, expect=None, **headers):
        if self.csrf and method != "GET":
            headers.setdefault("X-CSRF-Token", self.csrf)
        answer = http(method, self.stage.url + path, body, headers, self.opener)
        self.stage.captured.append((f"{method} {path}", answer.text))
        if expect is not None and answer.status != expect:
            raise fairlead.Problem(f"{method} {path}: HTTP {answer.status}: {answer.text}")
        if answer.status == 200 and '"csrfToken"' in answer.text:
            self.csrf = answer.json["csrfToken"]
            for cookie in (answer.headers.get("Set-Cookie") or "").split(";")[:1]:
                if "=" in cookie:
                    self.stage.secret("session", cookie.split("=", 1)[1])
        return answer

    def sign_in(self, username, password, expect=200):
        return self.ask("POST", "/api/v1/session",
                        {"username": username, "password": password}, expect)


class People(fairlead.Scenario):
    def setup_token(self):
        link = self.stage.server.wait_for_line(r"first org admin: (\S+)").group(1)
        self.assertTrue(link.startswith(self.stage.url + "/setup?token="), link)
        return link.split("token=")[1]

    def user(self, username, role):
        """A new user with a password, made by the org admin's token."""
        self.stage.api("POST", "/api/v1/users", {"username": username, "role": role,
                                                 "password": PHRASE}, expect=201)
        visitor = Visitor(self.stage)
        visitor.sign_in(username, PHRASE)
        return visitor

    def test_1_the_first_setup_works_once(self):
        self.stage.secret("password", PHRASE)
        token = self.setup_token()
        ada = Visitor(self.stage)
        self.assertTrue(ada.ask("GET", "/api/v1/session").json["setupNeeded"])
        wanted = {"token": token, "username": "ada", "name": "Ada", "password": PHRASE}
        done = ada.ask("POST", "/api/v1/setup", wanted, expect=200)
        self.assertEqual(done.json["user"]["role"], "org-admin")
        self.assertIn("HttpOnly", done.headers["Set-Cookie"])
        self.assertEqual(ada.ask("GET", "/api/v1/connections", expect=200).json["items"][0]["name"],
                         "gitlab")
        Visitor(self.stage).ask("POST", "/api/v1/setup", wanted, expect=409)
        self.stage.restart_server()
        self.assertNotIn("first org admin", self.stage.server.output())
        self.assertEqual(ada.ask("GET", "/api/v1/session").json["user"]["username"], "ada",
                         "a session outlives a restart")

    def test_2_a_session_needs_its_csrf_token_and_our_own_pages(self):
        bob = self.user("bob", "operator")
        event = {"specversion": "1.0", "id": "p1", "source": "/people", "type": "x.y"}
        send = {"Content-Type": "application/cloudevents+json"}
        bob.ask("POST", "/api/v1/events", event, 202, **send)
        bob.ask("POST", "/api/v1/events", event, 403, **send, **{"X-CSRF-Token": ""})
        bob.ask("POST", "/api/v1/events", event, 403, **send, Origin="https://evil.test")
        bob.ask("POST", "/api/v1/connections", {}, 403)
        bob.ask("DELETE", "/api/v1/session", expect=200)
        bob.ask("GET", "/api/v1/runs", expect=401)

    def test_3_guessing_is_slow_and_says_nothing(self):
        answers = [Visitor(self.stage).sign_in(name, "wrong password", expect=401).json
                   for name in ("carol", "bob")]
        ids = [answer.pop("requestId") for answer in answers]
        self.assertNotEqual(ids[0], ids[1])
        self.assertEqual(answers[0], answers[1])
        for _ in range(4):
            Visitor(self.stage).sign_in("carol", "wrong password", expect=401)
        locked = Visitor(self.stage).sign_in("carol", "wrong password", expect=429)
        self.assertGreaterEqual(int(locked.headers["Retry-After"]), 1)

    def test_4_a_link_sets_a_password(self):
        made = self.stage.api("POST", "/api/v1/users", {"username": "dora", "role": "viewer"},
                              expect=201).json
        token = made["passwordLink"].split("token=")[1]
        dora = Visitor(self.stage)
        dora.ask("POST", "/api/v1/password", {"token": token, "password": PHRASE}, expect=200)
        dora.ask("POST", "/api/v1/password", {"token": token, "password": PHRASE}, expect=404)
        dora.sign_in("dora", PHRASE)
        dora.ask("POST", "/api/v1/users/me/password",
                 {"current": PHRASE, "new": "another " + PHRASE}, expect=200)
        Visitor(self.stage).sign_in("dora", PHRASE, expect=401)

    def test_5_a_token_is_its_maker_and_ends_with_the_maker(self):
        eve = self.user("eve", "operator")
        eve.ask("POST", "/api/v1/tokens", {"name": "ci", "role": "author"}, expect=403)
        made = eve.ask("POST", "/api/v1/tokens", {"name": "ci", "role": "operator"}, expect=201)
        self.stage.captured.pop()  # the one place that may show it
        text = made.json["token"]
        self.stage.secret("API token of eve", text)
        bearer = {"Authorization": "Bearer " + text}
        self.assertEqual(http("GET", self.stage.url + "/api/v1/runs", headers=bearer).status, 200)
        self.stage.api("PATCH", "/api/v1/users/eve", {"disabled": True}, expect=200)
        self.assertEqual(http("GET", self.stage.url + "/api/v1/runs", headers=bearer).status, 401)
        eve.ask("GET", "/api/v1/runs", expect=401)

    def test_6_the_last_org_admin_stays(self):
        self.stage.api("PATCH", "/api/v1/users/ada", {"role": "viewer"}, expect=409)
        self.stage.api("DELETE", "/api/v1/users/ada", expect=409)

    # -- with GitLab

    def gitlab(self, user, path="/sign-in/gitlab?return=/runs", visitor=None):
        """Signs in at GitLab's pages; the visitor and the page they end at."""
        visitor = visitor or Visitor(self.stage)
        page = visitor.open(self.stage.url + path)
        page = visitor.submit(page, "new_user", {"user[login]": user, "user[password]": PASSWORD})
        target = visitor.submit(page, "authorize", {}, stop_at="/sign-in/gitlab/callback")
        code = urllib.parse.parse_qs(urllib.parse.urlsplit(target).query)["code"][0]
        self.stage.secret("authorization code", code)
        return visitor, visitor.request("GET", target), target

    def test_7_sign_in_with_gitlab(self):
        secret = self.sandbox.add_application(
            self.stage.url + "/sign-in/gitlab/callback",
            scopes=["openid", "profile", "email"])
        self.stage.api("PUT", "/api/v1/settings/sign-in/gitlab",
                       {"clientId": "scenario-app", "clientSecret": secret, "label": "Our GitLab",
                        "allowedGroups": ["ops"],
                        "roles": [{"group": "ops", "role": "operator"}]}, expect=200)
        ways = Visitor(self.stage).ask("GET", "/api/v1/session").json["signIn"]["gitlab"]
        self.assertEqual(ways, [{"connection": "gitlab", "label": "Our GitLab"}])
        alice, page, target = self.gitlab("alice")
        self.assertEqual((page.status, page.headers["Location"]),
                         (303, self.stage.url + "/runs"), page.text)
        user = alice.ask("GET", "/api/v1/session").json["user"]
        self.assertEqual((user["username"], user["role"]), ("alice", "operator"))
        # What GitLab sent works once, and in that browser only.
        self.assertEqual(alice.request("GET", target).status, 403)
        self.assertEqual(Visitor(self.stage).request("GET", target).status, 403)
        again, _, _ = self.gitlab("alice")
        self.assertEqual(again.ask("GET", "/api/v1/session").json["user"]["id"], user["id"])

    def test_8_an_equal_name_is_not_the_same_person_until_linked(self):
        carol = self.user("carol2", "viewer")
        self.stage.api("PATCH", "/api/v1/users/carol2", {"username": "bob2"}, expect=200)
        self.stage.api("DELETE", "/api/v1/users/bob", expect=200)
        self.stage.api("PATCH", "/api/v1/users/bob2", {"username": "bob"}, expect=200)
        _, page, _ = self.gitlab("bob")
        self.assertEqual(page.status, 403, page.text)
        self.assertIn("not linked", page.text)
        _, page, _ = self.gitlab("bob", "/sign-in/gitlab?link=1", carol)
        self.assertEqual(page.status, 303, page.text)
        bob, page, _ = self.gitlab("bob")
        self.assertEqual(page.status, 303, page.text)
        self.assertEqual(bob.ask("GET", "/api/v1/session").json["user"]["role"], "viewer",
                         "the role stays what the org admin gave")

    # -- what was written down

    def test_9_the_audit_log_tells_it_and_notices_forgery(self):
        entries = [json.loads(line) for line in
                   self.stage.api("GET", "/api/v1/audit/export", expect=200).text.splitlines()]
        told = {(entry["action"], entry["actor"]["name"], entry["outcome"]) for entry in entries}
        for wanted in (("setup.finish", "ada", "ok"), ("session.sign-in", "bob", "ok"),
                       ("session.sign-in", "carol", "refused"), ("connections.create", "bob",
                                                                 "refused"),
                       ("tokens.create", "eve", "ok"), ("users.change", "admin", "ok"),
                       ("session.sign-in.gitlab", "alice", "ok"),
                       ("settings.sign-in.set", "admin", "ok"),
                       ("system.start", "fairlead", "ok"), ("system.stop", "fairlead", "ok"),
                       ("setup.link.create", "fairlead", "ok")):
            self.assertIn(wanted, told)
        self.assertEqual([entry["seq"] for entry in entries], list(range(1, len(entries) + 1)))
        check = self.stage.api("GET", "/api/v1/audit/check", expect=200).json
        self.assertTrue(check["whole"], check)
        self.stage.server.stop()
        with sqlite3.connect(self.stage.data / "fairlead.db") as database:
            database.execute("UPDATE audit SET actor = 'mallory' WHERE seq = 3")
        self.stage.start_server()
        check = self.stage.api("GET", "/api/v1/audit/check", expect=200).json
        self.assertEqual((check["whole"], check["brokenAt"]), (False, 3))


class PeopleByCommandLine(fairlead.Scenario):
    connection = None

    def test_1_users(self):
        self.stage.secret("password", PHRASE)
        self.stage.cli("user", "add", "Ada", "--role", "org-admin", "--name", "Ada L",
                       "--password-file", "-", stdin=PHRASE + "\n", expect=0)
        made = self.stage.cli("user", "add", "bob", "--role", "viewer", expect=0)
        self.assertRegex(made.out, r"/password\?token=\S{43}\n")
        self.stage.cli("user", "change", "bob", "--role", "operator", "--email", "b@example.com",
                       expect=0)
        listed = {user["username"]: user
                  for user in self.stage.cli("user", "list", "-o", "json", expect=0).json}
        self.assertEqual((listed["ada"]["role"], listed["bob"]["role"], listed["bob"]["email"]),
                         ("org-admin", "operator", "b@example.com"))
        Visitor(self.stage).sign_in("ada", PHRASE)
        table = self.stage.cli("user", "list", expect=0).out
        self.assertRegex(table, r"bob +operator +active")

    def test_2_refusals_say_what_to_do(self):
        self.fails("user-last-admin", 5, "user", "disable", "ada")
        self.fails("user-unknown", 3, "user", "remove", "nobody")
        self.fails("user-taken", 5, "user", "add", "ada", "--role", "viewer")
        self.fails("user-short-password", 2, "user", "reset-password", "bob", "--password-file",
                   "-", stdin="short\n")

    def test_3_disable_enable_reset_remove(self):
        self.stage.cli("user", "reset-password", "bob", "--password-file", "-",
                       stdin=PHRASE + "\n", expect=0)
        bob = Visitor(self.stage)
        bob.sign_in("bob", PHRASE)
        self.stage.cli("user", "disable", "bob", expect=0)
        bob.ask("GET", "/api/v1/runs", expect=401)
        self.stage.cli("user", "enable", "bob", expect=0)
        bob.ask("GET", "/api/v1/runs", expect=401)
        link = self.stage.cli("user", "reset-password", "bob", expect=0).out
        self.assertIn("/password?token=", link)
        self.stage.cli("user", "remove", "bob", expect=0)
        Visitor(self.stage).sign_in("bob", PHRASE, expect=401)

    def test_4_tokens(self):
        made = self.stage.cli("token", "create", "ci", "--role", "operator", "--expires",
                              "2099-01-31", expect=0)
        text = made.out.strip()
        self.stage.captured.pop()  # the one place that may show it
        self.stage.secret("API token of the CLI", text)
        self.assertRegex(text, r"^fairlead_\S{43}$")
        env = {"FAIRLEAD_TOKEN": text}
        self.stage.cli("run", "list", env=env, expect=0)
        self.fails("token-too-much", 4, "token", "create", "x", "--role", "org-admin", env=env)
        self.fails("user-role-too-low", 4, "user", "list", env=env)
        listed = self.stage.cli("token", "list", "-o", "json", expect=0).json
        self.assertEqual({token["name"]: token["expiresAt"] for token in listed}["ci"],
                         "2099-01-31T00:00:00.000Z")
        self.stage.cli("token", "revoke", "ci", expect=0)
        self.assertNotEqual(self.stage.cli("run", "list", env=env).code, 0)
        self.fails("token-unknown", 3, "token", "revoke", "ci")

    def test_5_audit(self):
        table = self.stage.cli("audit", "list", "--action", "users", expect=0).out
        self.assertRegex(table, r"admin +users\.create +ada +ok +127\.0\.0\.1")
        lines = self.stage.cli("audit", "export", expect=0).out.splitlines()
        self.assertEqual([json.loads(line)["seq"] for line in lines],
                         list(range(1, len(lines) + 1)))
        self.assertIn("is whole", self.stage.cli("audit", "check", expect=0).out)
        self.stage.server.stop()
        with sqlite3.connect(self.stage.data / "fairlead.db") as database:
            database.execute("DELETE FROM audit WHERE seq = 2")
        self.stage.start_server()
        broken = self.stage.cli("audit", "check")
        self.assertNotEqual(broken.code, 0)
        self.assertIn("entry 2", broken.err)
