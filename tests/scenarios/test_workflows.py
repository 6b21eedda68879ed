"""The main job: every template from `workflow new` to a run that did what it says at GitLab."""
import json
import re

import fairlead
from test_people import PHRASE, Visitor

INCIDENTS = "ops/incidents"


class Templates(fairlead.Scenario):
    @classmethod
    def prepare(cls):
        super().prepare()
        cls.stage.connect_token("admin", "glpat-sandbox-root-api")

    def fill(self, template, **settings):
        """workflow new, then the settings changed in the file, then validate and apply."""
        path = self.stage.folder / f"{template}-{self.id().split('.')[-1]}.yaml"
        self.stage.cli("workflow", "new", template, "--file", path, expect=0)
        text = path.read_text()
        for name, value in settings.items():
            text, count = re.subn(rf"(?m)^(        {name}:) .*$", rf"\1 {value}", text, count=1)
            self.assertEqual(count, 1, f"{template} has no setting {name}")
        path.write_text(text)
        self.stage.cli("workflow", "validate", path, expect=0)
        return path

    def publish(self, template, **settings):
        path = self.fill(template, **settings)
        self.stage.cli("workflow", "apply", path, expect=0)
        return path

    def send(self, event_type, data, *arguments):
        """The runs the event started, each as (journal entries, run)."""
        done = self.stage.cli("event", "send", "--type", event_type, "--data", json.dumps(data),
                              "--follow", "--output", "json", *arguments)
        entries = done.lines
        return done, entries

    def run_of(self, workflow):
        runs = self.stage.cli("run", "list", "--workflow", workflow, "-o", "json", expect=0).json
        return runs[0]

    def incident_issue(self, title):
        issues = self.sandbox.get("projects/ops%2Fincidents/issues?per_page=100")
        found = [issue for issue in issues if issue["title"] == title]
        self.assertEqual(len(found), 1, [issue["title"] for issue in issues])
        issue = found[0]
        notes = self.sandbox.get(f"projects/ops%2Fincidents/issues/{issue['iid']}/notes")
        return issue, [note["body"] for note in notes if not note["system"]]

    def test_1_incident_repaired(self):
        self.publish("incident-to-issue")
        done = self.stage.cli(
            "event", "send", "--type", "com.example.incident.opened", "--data",
            json.dumps({"title": "API is down", "severity": 1, "on_call": "bob"}), "--follow",
            expect=0)
        self.golden("incident-repaired", done)
        issue, notes = self.incident_issue("Incident: API is down")
        self.assertEqual((issue["state"], issue["assignee"]["username"]), ("closed", "bob"))
        self.assertEqual(sorted(issue["labels"]), ["incident", "sev::1"])
        self.assertRegex(notes[0], r"^Repaired by the runbook: http")
        run = self.run_of("ops/incident-to-issue")
        self.assertEqual(run["status"], "completed")
        self.golden("run-show", self.stage.cli("run", "show", run["id"], expect=0))
        self.golden("run-logs", self.stage.cli("run", "logs", run["id"], expect=0))
        self.golden("run-list", self.stage.cli("run", "list", "--workflow",
                                               "ops/incident-to-issue", expect=0))

    def test_2_incident_escalated(self):
        self.sandbox.control("POST", "plans", {"project": "ops/runbooks", "result": "failed",
                                               "seconds": 0.3})
        try:
            done = self.stage.cli(
                "event", "send", "--type", "com.example.incident.opened", "--data",
                json.dumps({"title": "Disk failed", "severity": 2}), "--follow", expect=0)
        finally:
            self.sandbox.control("POST", "plans", {"project": "ops/runbooks",
                                                   "result": "success", "seconds": 0.3})
        self.golden("incident-escalated", done)
        issue, notes = self.incident_issue("Incident: Disk failed")
        self.assertEqual(issue["state"], "opened")
        self.assertIn("escalated", issue["labels"])
        self.golden("incident-escalated-comment", notes[0] + "\n")
        self.assertIn("```", notes[0])

    def test_3_change_released_and_reopened(self):
        self.publish("change-to-release")
        change = self.stage.run_action("create-issue", project=INCIDENTS, title="Roll out 2.4")
        data = {"iid": change["iid"], "ref": "main", "approved_by": "alice"}
        done, _ = self.send("com.example.change.approved", data)
        self.assertEqual(done.code, 0, str(done))
        issue, notes = self.incident_issue("Roll out 2.4")
        self.assertEqual(issue["state"], "closed")
        self.assertIn("released", issue["labels"])
        self.assertEqual(len(notes), 2, notes)
        self.sandbox.control("POST", "plans", {"project": "dev/website", "result": "failed",
                                               "seconds": 0.3})
        done, _ = self.send("com.example.change.approved", data)
        self.sandbox.control("POST", "plans", {"project": "dev/website", "result": "success",
                                               "seconds": 0.3})
        self.assertEqual(done.code, 0, str(done))
        issue, notes = self.incident_issue("Roll out 2.4")
        self.assertEqual(issue["state"], "opened")
        self.assertIn("deployment-failed", issue["labels"])
        self.assertTrue(any("```" in note for note in notes), notes)

    def test_4_joiner(self):
        self.publish("joiner-access", groups="[ops, people]")
        done, _ = self.send("com.example.person.joined",
                            {"name": "Eve", "email": "eve@example.com", "username": "erin",
                             "groups": ["nowhere"], "projects": [INCIDENTS]})
        self.assertEqual(done.code, 0, str(done))
        for group in ("ops", "people"):
            invited = self.sandbox.get(f"groups/{group}/invitations")
            self.assertEqual([i["invite_email"] for i in invited], ["eve@example.com"])
        for project in ("dev%2Fwebsite", "ops%2Fincidents"):
            members = {m["username"]: m for m in self.sandbox.get(f"projects/{project}/members")}
            self.assertEqual(members["erin"]["access_level"], 30)
        issue, _ = self.incident_issue("Access for Eve")
        self.golden("joiner-report", issue["description"] + "\n")
        self.assertEqual(issue["description"].count("FAILED"), 1)

    def leaves(self, username, event):
        """Somebody who may not approve says so; the run and its approval."""
        made = self.hana.ask("POST", "/api/v1/events", {
            "specversion": "1.0", "id": event, "source": "/people", "data": {"username": username},
            "type": "com.example.person.left"}, 202,
            **{"Content-Type": "application/cloudevents+json"})
        self.assertIn("seq", made.text)
        approval = fairlead.wait_until("somebody is asked", lambda: self.stage.cli(
            "approval", "list", "-o", "json", expect=0).json)[0]
        self.assertIn(f"memberships of {username}?", approval["question"])
        return approval["id"]

    def test_5_leaver_is_asked_about_and_then_removed(self):
        self.publish("leaver-access", connection="admin")
        self.stage.secret("password of hana", PHRASE)
        self.stage.api("POST", "/api/v1/users", {"username": "hana", "role": "operator",
                                                 "password": PHRASE}, expect=201)
        self.hana = Visitor(self.stage)
        self.hana.sign_in("hana", PHRASE)
        before = self.memberships("bob")
        self.assertTrue(before)
        approval = self.leaves("bob", "leaver-1")
        self.hana.ask("POST", f"/api/v1/approvals/{approval}/decisions",
                      {"decision": "approve"}, 403)
        issue, _ = self.incident_issue("Remove access of bob")
        self.golden("leaver-report", issue["description"] + "\n")
        self.assertEqual(issue["state"], "opened")
        self.assertEqual(self.memberships("bob"), before)
        self.stage.cli("approval", "approve", approval, expect=0)
        run = fairlead.wait_until("the memberships are gone", lambda: self.ended("completed"))
        self.assertEqual(run["output"]["decision"], "approved")
        self.assertEqual(self.memberships("bob"), [])
        issue, notes = self.incident_issue("Remove access of bob")
        self.assertEqual((issue["state"], issue["labels"]), ("closed", ["access"]))
        self.golden("leaver-removed", notes[0] + "\n")
        self.leaver_stays_after_a_refusal()

    def leaver_stays_after_a_refusal(self):
        before = self.memberships("carol")
        self.assertTrue(before)
        self.stage.cli("approval", "refuse", self.leaves("carol", "leaver-2"), "--comment",
                       "She stays until May.", expect=0)
        fairlead.wait_until("it was kept", lambda: (self.ended("completed") or {}).get(
            "output", {}).get("decision") == "refused")
        self.assertEqual(self.memberships("carol"), before)
        issue, notes = self.incident_issue("Remove access of carol")
        self.assertEqual((issue["state"], issue["labels"]), ("opened", ["access"]))
        self.golden("leaver-refused", notes[0] + "\n")

    def test_5_leaver_keeps_all_when_nobody_decides_in_time(self):
        path = self.fill("leaver-access", connection="admin", patience="PT1S")
        text = path.read_text().replace("name: leaver-access", "name: leaver-soon")
        path.write_text(text.replace("com.example.person.left", "com.example.person.left.soon"))
        self.stage.cli("workflow", "apply", path, expect=0)
        before = self.memberships("alice")
        done, _ = self.send("com.example.person.left.soon", {"username": "alice"})
        self.assertEqual(done.code, 0, str(done))
        self.assertEqual(self.run_of("people/leaver-soon")["status"], "completed")
        self.assertEqual(self.memberships("alice"), before)
        issue, notes = self.incident_issue("Remove access of alice")
        self.assertEqual((issue["state"], issue["labels"]), ("opened", ["access"]))
        self.golden("leaver-expired", notes[0] + "\n")

    def ended(self, status):
        run = self.run_of("people/leaver-access")
        run = self.stage.api("GET", f"/api/v1/runs/{run['id']}", expect=200).json
        return run if run["status"] == status else None

    def memberships(self, username):
        user = self.sandbox.get(f"users?username={username}")[0]["id"]
        return self.sandbox.get(f"users/{user}/memberships")

    def test_6_templates_are_listed(self):
        self.golden("workflow-new", self.stage.cli("workflow", "new", expect=0))
        self.fails("workflow-new-unknown", 3, "workflow", "new", "incident-to-isue")
        taken = self.stage.file("taken.yaml", "mine")
        self.fails("workflow-new-taken", 5, "workflow", "new", "joiner-access", "--file", taken)
        self.assertEqual(taken.read_text(), "mine")
        self.golden("workflow-list", self.stage.cli("workflow", "list", expect=0))


GREETING = """document:
  dsl: '1.0.3'
  namespace: tests
  name: greeting
  version: '1.0.0'
schedule:
  on:
    one:
      with:
        type: com.example.greeting
do:
  - greet:
      set:
        words: hello
"""

SLOW = """document:
  dsl: '1.0.3'
  namespace: tests
  name: slow
  version: '1.0.0'
do:
  - rest:
      wait:
        minutes: 10
"""

WRONG = """document:
  dsl: '1.0.3'
  namespace: tests
  name: Wrong Name
  version: '1'
do:
  - open:
      call: create-isue:1.0.0@gitlab
      with:
        projekt: ops/incidents
  - broken:
      set:
        value: '${ .a | }'
  - jump:
      set:
        a: 1
      then: nowhere
"""


class EventsAndRuns(fairlead.Scenario):
    connection = None

    @classmethod
    def prepare(cls):
        super().prepare()
        cls.stage.secret("placeholder", "never-said-anywhere")
        cls.path = cls.stage.file("greeting.yaml", GREETING)
        cls.golden_apply = cls.stage.cli("workflow", "apply", cls.path, expect=0)

    def runs(self, workflow="tests/greeting"):
        return self.stage.cli("run", "list", "--workflow", workflow, "-o", "json",
                              expect=0).json

    def started_by(self, accepted):
        def dispatched():
            event = self.stage.api("GET", f"/api/v1/events/{accepted['seq']}", expect=200).json
            return event if event["dispatched"] else None
        return fairlead.wait_until("the event was dispatched", dispatched)["runs"]

    def event(self, number):
        return {"specversion": "1.0", "id": f"e-{number}", "source": "/tests",
                "type": "com.example.greeting", "data": {"n": number}}

    def test_structured(self):
        answer = self.stage.api("POST", "/api/v1/events", self.event(1),
                                {"Content-Type": "application/cloudevents+json"}, expect=202)
        self.assertEqual(len(self.started_by(answer.json["accepted"][0])), 1)

    def test_binary(self):
        answer = self.stage.api(
            "POST", "/api/v1/events", b'{"n":2}',
            {"Content-Type": "application/json", "ce-specversion": "1.0", "ce-id": "e-2",
             "ce-source": "/tests", "ce-type": "com.example.greeting"}, expect=202)
        accepted = answer.json["accepted"][0]
        self.assertEqual(len(self.started_by(accepted)), 1)
        stored = self.stage.api("GET", f"/api/v1/events/{accepted['seq']}").json
        self.assertEqual(stored["event"]["data"], {"n": 2})

    def test_batch(self):
        answer = self.stage.api("POST", "/api/v1/events", [self.event(n) for n in (3, 4, 5)],
                                {"Content-Type": "application/cloudevents-batch+json"},
                                expect=202)
        accepted = answer.json["accepted"]
        self.assertEqual([e["id"] for e in accepted], ["e-3", "e-4", "e-5"])
        self.assertEqual([len(self.started_by(e)) for e in accepted], [1, 1, 1])

    def test_a_duplicate_starts_nothing_twice(self):
        arguments = ("event", "send", "--type", "com.example.greeting", "--id", "same",
                     "--source", "/twice")
        first = self.stage.cli(*arguments, "-o", "json", expect=0).json
        runs = self.started_by(first)
        self.golden("event-duplicate", self.stage.cli(*arguments, expect=0))
        again = self.stage.cli(*arguments, "-o", "json", expect=0).json
        self.assertTrue(again["duplicate"])
        self.assertEqual(self.started_by(again), runs)
        self.assertEqual(len(runs), 1)

    def test_events_are_listed_and_shown(self):
        sent = self.stage.cli("event", "send", "--type", "com.example.greeting", "--subject", "Ada",
                              "--data", '{"a": 1}', "-o", "json", "--follow", expect=0)
        self.assertTrue(sent.lines)
        listed = self.stage.cli("event", "list", "--limit", "1", expect=0)
        self.assertRegex(listed.out,
                         r"(?m)^\d+ +\S+ \S+ +com\.example\.greeting +Ada .* handed on$")
        newest = self.stage.cli("event", "list", "--limit", "1", "-o", "json", expect=0).json[0]
        shown = self.stage.cli("event", "show", newest["seq"], expect=0)
        self.assertIn('"a":1', shown.out)
        event = self.stage.cli("event", "show", newest["seq"], "-o", "json", expect=0).json
        self.assertIn(event["runs"][0], shown.out)
        self.assertEqual(self.stage.cli("event", "show", "9999999").code, 3)

    def test_an_event_nobody_waits_for(self):
        self.golden("event-nobody", self.stage.cli("event", "send", "--type", "com.example.other",
                                                   "--follow", expect=0))

    def test_bad_events(self):
        self.fails("event-no-type", 2, "event", "send")
        self.fails("event-bad-data", 2, "event", "send", "--type", "x", "--data", "{")
        path = self.stage.file("event.json", '{"id":"1","type":"x"}')
        self.fails("event-no-source", 2, "event", "send", "--file", path)

    def test_cancel(self):
        path = self.stage.file("slow.yaml", SLOW)
        self.stage.cli("workflow", "apply", path, expect=0)
        run = self.stage.cli("workflow", "run", "tests/slow", "-o", "json", expect=0).json["id"]
        def status():
            return self.stage.cli("run", "show", run, "-o", "json", expect=0).json["status"]
        fairlead.wait_until("the run waits", lambda: status() == "waiting")
        self.golden("run-waiting", self.stage.cli("run", "show", run, expect=0))
        self.golden("run-cancel", self.stage.cli("run", "cancel", run, expect=0))
        fairlead.wait_until("the run is cancelled", lambda: status() == "cancelled")
        self.golden("run-cancelled-logs", self.stage.cli("run", "logs", run))
        self.fails("run-cancel-again", 5, "run", "cancel", run)

    def test_apply(self):
        self.golden("workflow-apply", self.golden_apply)
        self.golden("workflow-apply-again",
                    self.stage.cli("workflow", "apply", self.path, expect=0))
        changed = self.stage.file("changed.yaml", GREETING.replace("hello", "goodbye"))
        self.fails("workflow-apply-changed", 5, "workflow", "apply", changed)
        shown = self.stage.cli("workflow", "show", "tests/greeting", expect=0)
        self.assertEqual(shown.out, GREETING)
        newer = self.stage.file("newer.yaml",
                                GREETING.replace("1.0.0", "1.1.0").replace("com.", "net."))
        self.stage.cli("workflow", "apply", newer, "--dry-run", expect=0)
        self.assertEqual(self.stage.cli("workflow", "show", "tests/greeting", expect=0).out,
                         GREETING)

    def test_validate_names_every_place(self):
        path = self.stage.file("wrong.yaml", WRONG)
        done = self.fails("workflow-validate", 2, "workflow", "validate", path)
        self.assertGreaterEqual(done.out.count("error:"), 4)
        self.fails("workflow-apply-wrong", 2, "workflow", "apply", path)
        torn = self.stage.file("torn.yaml", "document:\n  dsl: '1.0.3'\n do: [\n")
        self.fails("workflow-validate-yaml", 2, "workflow", "validate", torn)
