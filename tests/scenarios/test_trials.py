"""`fairlead workflow check` and `dry-run`: what is said of a text before it is published."""
import json

import fairlead

HEAD = """document: {dsl: 1.0.3, namespace: tests, name: NAME, version: 1.0.0}
"""
STEPS = HEAD.replace("NAME", "steps") + """do:
  - settings: {set: {labels: [incident]}, export: {as: '$context + {settings: .}'}}
  - open:
      if: .title != ""
      call: create-issue:1.0.0@gitlab
      with:
        project: ops/incidents
        title: '${ $workflow.input.title }'
        labels: '${ $context.settings.labels }'
  - comment:
      call: comment-issue:1.0.0@gitlab
      with: {project: ops/incidents, iid: '${ .iid }', body: seen}
  - ask: {call: http, with: {method: get, endpoint: 'https://example.com/', headers: {X-A: b}}}
  - pause: {wait: {seconds: 5}}
  - list: {call: list-issues:1.0.0@gitlab, with: {project: ops/incidents, labels: [a b]}}
"""
LOOP = HEAD.replace("NAME", "loop") + """schedule: {on: {one: {with: {type: com.x.a}}}}
do:
  - again: {emit: {event: {with: {type: com.x.a}}}}
"""
LATE = HEAD.replace("NAME", "late") + """do:
  - first: {set: {x: 1}, then: end}
  - never: {set: {x: 2}}
"""
ELSEWHERE = HEAD.replace("NAME", "elsewhere") + """do:
  - see: {call: get-project:1.0.0@gitlab, with: {project: ops/incidents, connection: nowhere}}
"""


class Trials(fairlead.Scenario):
    def flow(self, name, text):
        return self.stage.file(name + ".yaml", text)

    def trial(self, *arguments, **options):
        return self.stage.cli("workflow", *arguments, **options)

    def test_check_says_what_publishing_objects_to(self):
        path = self.flow("steps", STEPS)
        self.golden("workflow-check", self.trial("check", path, self.flow("late", LATE), expect=0))
        self.fails("workflow-check-loop", 2, "workflow", "check", self.flow("loop", LOOP))
        answer = self.trial("check", path, "-o", "json", expect=0).json
        self.assertEqual([each["file"] for each in answer], [str(path)])
        self.assertTrue(answer[0]["ok"])
        self.assertEqual(self.trial("check", "-", stdin=LOOP).code, 2)
        self.assertEqual(self.stage.api("GET", "/api/v1/workflows", expect=200).json["items"], [])

    def test_check_looks_at_gitlab(self):
        done = self.trial("check", self.flow("elsewhere", ELSEWHERE))
        self.golden("workflow-check-connection", done)

    def test_dry_run_shows_each_step(self):
        before = self.sandbox.state()
        path = self.flow("steps", STEPS)
        given = ["--input", json.dumps({"title": "Disk full"})]
        self.golden("workflow-dry-run", self.trial("dry-run", path, *given, expect=0))
        told = self.trial("dry-run", "-", *given, "-o", "json", stdin=STEPS, expect=0).json
        requests = told["steps"][1]["request"]["requests"]
        self.assertEqual(requests[0]["body"]["title"], "Disk full")
        from_stdin = self.trial("dry-run", path, "--input", "-", "-o", "json",
                                stdin='{"title": "Disk full"}', expect=0).json
        self.assertEqual(from_stdin, told)
        self.assertEqual(self.sandbox.state(), before)

    def test_dry_run_ends_with_1_where_a_step_would_fail(self):
        bad = STEPS.replace("title: '${ $workflow.input.title }'", "title: '${ 5 }'")
        self.fails("workflow-dry-run-fails", 1, "workflow", "dry-run",
                   self.flow("bad", bad), "--input", '{"title": "x"}')

    def test_dry_run_of_what_is_no_workflow(self):
        path = self.flow("wrong", STEPS.replace("comment-issue", "coment-issue"))
        self.fails("workflow-dry-run-wrong", 2, "workflow", "dry-run", path)
        self.fails("workflow-dry-run-twice-stdin", 2, "workflow", "dry-run", "-", "--input", "-")
        self.assertEqual(self.trial("dry-run", "nowhere.yaml").code, 3)
        self.assertEqual(self.trial("dry-run", path, "--input", "{").code, 2)
