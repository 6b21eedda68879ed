"""Connecting: OAuth through the real pages, access tokens, refresh, reconnect, disconnect."""
import concurrent.futures

import fairlead


class ConnectByOAuth(fairlead.Scenario):
    connection = None

    def test_1_sign_in_through_the_pages(self):
        page, outcome = self.stage.connect_oauth()
        self.assertEqual(page.status, 200, page.text)
        self.golden("connect-oauth-page", fairlead.page_text(page))
        self.golden("connect-oauth", outcome)
        self.assertIn("active", outcome.out)

    def test_2_list_show_test(self):
        self.golden("connection-list", self.stage.cli("connection", "list", expect=0))
        self.golden("connection-show", self.stage.cli("connection", "show", "gitlab", expect=0))
        self.golden("connection-test", self.stage.cli("connection", "test", "gitlab", expect=0))
        listed = self.stage.cli("connection", "list", "-o", "json", expect=0).json
        self.assertEqual([c["status"] for c in listed], ["active"])

    def test_3_an_action_runs_as_the_person_who_signed_in(self):
        issue = self.stage.run_action("create-issue", project="ops/incidents", title="By OAuth")
        seen = self.sandbox.get(f"projects/{issue['project_id']}/issues/{issue['iid']}")
        self.assertEqual((seen["title"], seen["author"]["username"]), ("By OAuth", "alice"))

    def test_4_twenty_actions_at_once_refresh_the_expired_token_once(self):
        before = self.sandbox.oauth_tokens()
        self.sandbox.advance(7300)
        with concurrent.futures.ThreadPoolExecutor(20) as pool:
            runs = list(pool.map(
                lambda _: self.stage.api("POST", "/api/v1/actions/gitlab.get-project/run",
                                         {"input": {"project": "ops/incidents"}}), range(20)))
        self.assertEqual([run.status for run in runs], [200] * 20, runs[0].text)
        after = self.sandbox.oauth_tokens()
        self.assertEqual(len(after), len(before) + 1)

    def test_5_reconnect_keeps_the_id(self):
        before = self.stage.cli("connection", "show", "gitlab", "-o", "json", expect=0).json
        process, start = self.stage.begin("connection", "reconnect", "gitlab", "--no-browser",
                                          "--wait", "20")
        browser = fairlead.Browser()
        page = browser.open(self.stage.callback(browser, start, user="bob"))
        self.assertEqual(page.status, 200, page.text)
        self.assertEqual(self.stage.end_of(process).code, 0)
        after = self.stage.cli("connection", "show", "gitlab", "-o", "json", expect=0).json
        self.assertEqual(after["id"], before["id"])
        self.assertEqual(after["account"]["username"], "bob")

    def test_6_the_callback_works_once_and_in_one_browser(self):
        process, start = self.stage.begin("connection", "reconnect", "gitlab", "--no-browser",
                                          "--wait", "20")
        browser = fairlead.Browser()
        callback = self.stage.callback(browser, start)
        self.golden("callback-other-browser", fairlead.page_text(fairlead.Browser().open(callback)))
        again = browser.open(callback)
        self.golden("callback-used", fairlead.page_text(again))
        self.assertEqual(again.status, 404)
        process.process.kill()
        self.assertEqual(
            self.stage.cli("connection", "show", "gitlab", "-o", "json").json["status"], "active")

    def test_7_saying_no_at_the_consent_page(self):
        process, start = self.stage.begin("connection", "reconnect", "gitlab", "--no-browser",
                                          "--wait", "20")
        browser = fairlead.Browser()
        page = browser.submit(browser.open(start), "new_user",
                              {"user[login]": "alice", "user[password]": fairlead.PASSWORD})
        self.golden("consent-refused", fairlead.page_text(browser.submit(page, "deny", {})))
        process.process.kill()

    def test_8_disconnect_revokes_at_gitlab(self):
        refused = self.stage.cli("connection", "disconnect", "gitlab")
        self.assertEqual(refused.code, 2, str(refused))
        self.golden("disconnect-without-yes", refused)
        self.golden("disconnect-revoke", self.stage.cli(
            "connection", "disconnect", "gitlab", "--revoke", "--yes", expect=0))
        state = self.sandbox.control("GET", "state")
        revoked = [token["revoked"] for token in self.sandbox.oauth_tokens()]
        self.assertTrue(any(revoked))
        self.assertEqual(state["liveOauthTokens"], revoked.count(False))
        self.fails("connection-show-unknown", 3, "connection", "show", "gitlab")
        self.golden("connection-list-empty", self.stage.cli("connection", "list", expect=0))


class ConnectByToken(fairlead.Scenario):
    connection = None

    def test_1_access_token(self):
        self.golden("connect-token", self.stage.connect_token())

    def test_2_the_name_is_taken(self):
        token = self.stage.folder / "token.txt"
        self.fails("connect-name-taken", 5, "connect", "gitlab", "--url", self.sandbox.url,
                   "--access-token-file", token)

    def test_3_tokens_that_do_not_work(self):
        for name in ("expired", "revoked"):
            token = f"glpat-sandbox-alice-{name}"
            self.stage.secret("GitLab access token", token)
            path = self.stage.file("token.txt", token)
            self.fails(f"connect-token-{name}", 4, "connect", "gitlab", "--name", "other",
                       "--url", self.sandbox.url, "--access-token-file", path)

    def test_4_a_read_only_token_reads_and_does_not_write(self):
        self.stage.connect_token("reader", "glpat-sandbox-alice-read-api")
        self.golden("connection-test-read-only",
                    self.stage.cli("connection", "test", "reader", expect=0))
        before = self.sandbox.state()
        self.fails("action-read-only", 4, "action", "run", "gitlab.create-issue", "--connection",
                   "reader", "--project", "ops/incidents", "--title", "No")
        self.assertEqual(self.sandbox.state(), before)

    def test_6_a_connection_is_kept_read_only_under_another_name(self):
        self.stage.cli("connection", "set", "gitlab", "--read-only", "--alias", "production",
                       expect=0)
        before = self.sandbox.state()
        refused = self.stage.cli("action", "run", "gitlab.create-issue", "--connection",
                                 "production", "--project", "ops/incidents", "--title", "No",
                                 expect=4)
        self.assertIn("read-only", refused.err)
        read = self.stage.cli("action", "run", "gitlab.call-api", "--connection", "production",
                              "--method", "GET", "--path", "/version", expect=0)
        self.assertIn("19.5", read.out)
        self.assertEqual(self.sandbox.state(), before)
        allowed = {one["id"]: one for one in self.stage.cli(
            "connection", "permissions", "production", "--output", "json").json["actions"]}
        self.assertFalse(allowed["gitlab.create-issue"]["allowed"])
        self.assertTrue(allowed["gitlab.call-api"]["readsOnly"])
        self.stage.cli("connection", "set", "gitlab", "--writable", expect=0)
        self.stage.cli("doctor", expect=0)

    def test_5_neither_or_both_ways(self):
        path = self.stage.file("token.txt", "glpat-sandbox-alice-api")
        self.fails("connect-no-way", 2, "connect", "gitlab", "--url", self.sandbox.url,
                   "--name", "x")
        self.fails("connect-both-ways", 2, "connect", "gitlab", "--url", self.sandbox.url,
                   "--name", "x", "--client-id", "a", "--access-token-file", path)
        self.fails("connect-bad-name", 2, "connect", "gitlab", "--url", self.sandbox.url,
                   "--name", "My GitLab", "--access-token-file", path)
        self.fails("connect-bad-url", 2, "connect", "gitlab", "--url", "gitlab.example.com",
                   "--name", "x", "--access-token-file", path)
