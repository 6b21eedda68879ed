"""Every action through the command line, its effect looked up at GitLab; dry runs send nothing."""
import json

import fairlead

INCIDENTS = "ops/incidents"


class Actions(fairlead.Scenario):
    connection = "oauth"

    def run_action(self, action, **fields):
        return self.stage.run_action(action, **fields)

    def incidents(self, path=""):
        return self.sandbox.get("projects/ops%2Fincidents" + path)

    def test_list_projects(self):
        listed = self.run_action("list-projects", membership=True, all=True)
        there = self.sandbox.get("projects?membership=true&per_page=100",
                                 token="glpat-sandbox-alice-api")
        self.assertEqual({p["id"] for p in listed}, {p["id"] for p in there})
        self.assertGreater(len(listed), 2)

    def test_create_project(self):
        made = self.run_action("create-project", name="Post mortems", namespace="ops",
                               description="What we learnt")
        seen = self.sandbox.get(f"projects/{made['id']}")
        self.assertEqual((seen["path_with_namespace"], seen["description"]),
                         ("ops/post-mortems", "What we learnt"))
        again = self.run_action("create-project", name="Post mortems", namespace="ops",
                                if_exists="return")
        self.assertEqual(again["id"], made["id"])

    def test_get_project(self):
        by_url = self.run_action("get-project", project=f"{self.sandbox.url}/{INCIDENTS}")
        self.assertEqual(by_url["id"], self.incidents()["id"])
        self.assertEqual(by_url["runners_token"], "[masked]")

    def test_add_and_remove_project_member(self):
        self.run_action("add-project-member", project=INCIDENTS, user="erin",
                        access_level="reporter", expires_at="in 30 days")
        members = {m["username"]: m for m in self.incidents("/members")}
        self.assertEqual(members["erin"]["access_level"], 20)
        self.assertTrue(members["erin"]["expires_at"])
        self.run_action("remove-project-member", project=INCIDENTS, user="erin")
        self.assertNotIn("erin", {m["username"] for m in self.incidents("/members")})

    def test_issue_from_create_to_close(self):
        made = self.run_action("create-issue", project=INCIDENTS, title="Queue stuck",
                               labels=["incident", "sev::1"], assignees=["on-call"],
                               due_date="2030-01-31")
        path = f"/issues/{made['iid']}"
        seen = self.incidents(path)
        self.assertEqual((seen["title"], sorted(seen["labels"]), seen["assignee"]["username"],
                          seen["due_date"]),
                         ("Queue stuck", ["incident", "sev::1"], "on-call", "2030-01-31"))
        read = self.run_action("get-issue", iid=seen["web_url"])
        self.assertEqual(read["id"], seen["id"])
        self.run_action("comment-issue", project=INCIDENTS, iid=made["iid"], body="Looking")
        self.run_action("update-issue", project=INCIDENTS, iid=made["iid"], status="closed",
                        due_date=None, add_labels=["automation"], comment="Done")
        seen = self.incidents(path)
        self.assertEqual((seen["state"], seen["due_date"]), ("closed", None))
        self.assertIn("automation", seen["labels"])
        notes = [n["body"] for n in self.incidents(path + "/notes") if not n["system"]]
        self.assertEqual(sorted(notes), ["Done", "Looking"])

    def test_create_issue_once_per_dedupe_key(self):
        first = self.run_action("create-issue", project=INCIDENTS, title="A", dedupe_key="k-1")
        second = self.run_action("create-issue", project=INCIDENTS, title="A", dedupe_key="k-1")
        self.assertEqual(first["iid"], second["iid"])

    def test_list_issues(self):
        listed = self.run_action("list-issues", project=INCIDENTS, labels=["incident"],
                                 search="Disk", all=True)
        self.assertIn("Disk full on db-1", [issue["title"] for issue in listed])

    def test_pipelines(self):
        started = self.run_action("trigger-pipeline", project="ops/runbooks", ref="main",
                                  variables={"HOST": "db-1"})
        ended = self.run_action("wait-for-pipeline", project="ops/runbooks",
                                pipeline=started["id"])
        self.assertEqual(ended["status"], "success")
        seen = self.sandbox.get(f"projects/ops%2Frunbooks/pipelines/{started['id']}")
        self.assertEqual(seen["status"], "success")
        variables = self.sandbox.get(
            f"projects/ops%2Frunbooks/pipelines/{started['id']}/variables")
        self.assertIn(("HOST", "db-1"), [(v["key"], v["value"]) for v in variables])
        listed = self.run_action("list-pipelines", project="ops/runbooks", status="success")
        self.assertIn(started["id"], [p["id"] for p in listed])
        latest = self.run_action("get-pipeline", project="ops/runbooks", ref="main", jobs=True)
        self.assertEqual(latest["id"], started["id"])
        self.assertTrue(latest["jobs"])

    def test_a_failed_pipeline_is_an_error_with_its_logs(self):
        self.sandbox.control("POST", "plans", {"project": "dev/website", "result": "failed",
                                               "seconds": 0.3})
        started = self.run_action("trigger-pipeline", project="dev/website", ref="main")
        error = self.stage.run_action("wait-for-pipeline", expect=1, project="dev/website",
                                      pipeline=started["id"])
        self.assertEqual(error["status"], 424)
        self.assertTrue(error["details"]["failedJobs"][0]["logTail"])

    def test_groups_and_invitations(self):
        listed = self.run_action("list-groups", all=True)
        self.assertIn("ops", [group["full_path"] for group in listed])
        done = self.run_action("invite-group-member", group="ops", emails=["eve@example.com"],
                               users=["carol"], access_level="developer",
                               expires_at="in 90 days")
        self.assertEqual(len(done["results"]), 2, done)
        invited = self.sandbox.get("groups/ops/invitations")
        self.assertEqual([(i["invite_email"], i["access_level"]) for i in invited],
                         [("eve@example.com", 30)])
        members = {m["username"] for m in self.sandbox.get("groups/ops/members")}
        self.assertIn("carol", members)
        self.run_action("remove-group-member", group="ops", user="carol")
        members = {m["username"] for m in self.sandbox.get("groups/ops/members")}
        self.assertNotIn("carol", members)

    def test_list_users(self):
        self.assertEqual([u["name"] for u in self.run_action("list-users", username="bob")],
                         ["Bob Baker"])

    def test_call_api(self):
        answer = self.run_action("call-api", method="POST",
                                 path="/projects/ops%2Frunbooks/labels",
                                 body={"name": "urgent", "color": "#ff0000"})
        self.assertEqual(answer["status"], 201)
        labels = [label["name"] for label in self.sandbox.get("projects/ops%2Frunbooks/labels")]
        self.assertIn("urgent", labels)

    def test_flags_and_tables(self):
        self.golden("action-list", self.stage.cli("action", "list", expect=0))
        self.golden("action-show", self.stage.cli("action", "show", "gitlab.create-issue",
                                                  expect=0))
        table = self.stage.cli("action", "run", "gitlab.list-issues", "--project", INCIDENTS,
                               "--search", "Disk full on db-1", expect=0)
        self.golden("action-run-table", table)
        self.golden("action-run-nothing", self.stage.cli(
            "action", "run", "gitlab.list-issues", "--project", INCIDENTS, "--search",
            "no such words", expect=0))


DRY_RUNS = {
    "list-projects": {"search": "inc"},
    "create-project": {"name": "Dry", "namespace": "ops"},
    "get-project": {"project": INCIDENTS},
    "add-project-member": {"project": INCIDENTS, "user": "erin", "access_level": "developer"},
    "list-issues": {"project": INCIDENTS, "labels": ["incident"], "all": True},
    "create-issue": {"project": INCIDENTS, "title": "Dry", "assignees": ["bob"]},
    "get-issue": {"project": INCIDENTS, "iid": 1},
    "update-issue": {"project": INCIDENTS, "iid": 1, "status": "closed"},
    "list-pipelines": {"project": "ops/runbooks", "status": "success"},
    "trigger-pipeline": {"project": "ops/runbooks", "ref": "main", "variables": {"A": "b"}},
    "get-pipeline": {"project": "ops/runbooks", "ref": "main"},
    "list-groups": {"search": "ops"},
    "invite-group-member": {"group": "ops", "emails": ["eve@example.com"],
                            "access_level": "guest"},
    "list-users": {"username": "bob"},
    "call-api": {"method": "DELETE", "path": "/projects/1"},
    "wait-for-pipeline": {"project": "ops/runbooks", "pipeline": 1},
    "comment-issue": {"project": INCIDENTS, "iid": 1, "body": "Dry"},
    "remove-group-member": {"group": "ops", "user": "bob"},
    "remove-project-member": {"project": INCIDENTS, "user": "bob"},
}


class DryRuns(fairlead.Scenario):
    def test_every_action_shows_its_request_and_changes_nothing(self):
        listed = self.stage.cli("action", "list", "-o", "json", expect=0).json
        self.assertEqual({action["id"] for action in listed
                          if action["id"].startswith("gitlab.")},
                         {"gitlab." + name for name in DRY_RUNS})
        before = self.sandbox.state()
        for name, fields in DRY_RUNS.items():
            with self.subTest(name):
                self.golden(f"dry-run/{name}", self.stage.cli(
                    "action", "run", "gitlab." + name, "--input", json.dumps(fields),
                    "--dry-run", expect=0))
        self.assertEqual(self.sandbox.state(), before)

    def test_a_dry_run_works_while_gitlab_takes_no_write(self):
        """Look-ups of names may be sent; the request that changes something never is."""
        for method in ("POST", "PUT", "PATCH", "DELETE"):
            self.sandbox.fault("server-error", method=method, count=100, status=500)
        for name in ("create-issue", "update-issue", "remove-group-member", "call-api"):
            self.stage.cli("action", "run", "gitlab." + name, "--input",
                           json.dumps(DRY_RUNS[name]), "--dry-run", expect=0)
        self.assertEqual(len(self.sandbox.control("GET", "faults")), 4)
