"""Functions, runs started by runs, and schemas, with the real binary; killed in between."""
import json
import signal

import fairlead

CHILD = """document: {dsl: 1.0.3, namespace: parts, name: child, version: 1.0.0}
input: {schema: {document: {type: object, required: [host], properties: {host: {type: string}}}}}
do:
- rest: {wait: {seconds: 3}}
- made: {set: {url: '${ "https://" + .host }'}}
"""

PARENT = """document: {dsl: 1.0.3, namespace: parts, name: parent, version: 1.0.0}
use:
  functions:
    shape: {set: {host: '${ .name + ".test" }'}}
do:
- name: {call: shape, with: {name: '${ .name }'}}
- child: {run: {workflow: {namespace: parts, name: child, version: latest, input: '${ . }'}}}
- after: {set: {done: '${ .url }'}}
"""

STRICT = """document: {dsl: 1.0.3, namespace: parts, name: strict, version: 1.0.0}
do:
- child: {run: {workflow: {namespace: parts, name: child, version: latest, input: {host: 5}}}}
"""


class Structure(fairlead.Scenario):
    @classmethod
    def prepare(cls):
        super().prepare()
        for name, text in (("child", CHILD), ("parent", PARENT), ("strict", STRICT)):
            cls.stage.cli("workflow", "apply", cls.stage.file(f"{name}.yaml", text), expect=0)

    def start(self, workflow, given):
        answer = self.stage.cli("workflow", "run", f"parts/{workflow}", "--input",
                                json.dumps(given), "-o", "json", expect=0).json
        return answer["id"] if "id" in answer else answer["run"]

    def run_now(self, run):
        return self.stage.api("GET", f"/api/v1/runs/{run}", expect=200).json

    def wait_for(self, run, *statuses):
        return fairlead.wait_until(
            f"run {run} is {statuses}",
            lambda: (lambda now: now if now["status"] in statuses else None)(self.run_now(run)))

    def children(self, run):
        return self.stage.api("GET", f"/api/v1/runs?parent={run}", expect=200).json["items"]

    def test_1_a_child_run_ends_and_so_does_its_parent(self):
        run = self.start("parent", {"name": "web"})
        self.assertIn("parts/child:1.0.0", self.wait_for(run, "waiting")["waitingFor"])
        ended = self.wait_for(run, "completed")
        self.assertEqual(ended["output"], {"done": "https://web.test"})
        [child] = self.children(run)
        self.assertEqual(child["parent"], {"run": run, "task": "/do/1/child"})
        self.assertIn(run, self.stage.cli("run", "show", child["id"], expect=0).out)

    def test_2_both_survive_a_kill_in_between(self):
        run = self.start("parent", {"name": "db"})
        self.wait_for(run, "waiting")
        self.stage.server.stop(signal.SIGKILL)
        self.stage.start_server(listen=self.stage.url.split("//")[1])
        self.assertEqual(self.wait_for(run, "completed")["output"], {"done": "https://db.test"})
        self.assertEqual(len(self.children(run)), 1)

    def test_3_a_cancel_reaches_the_child(self):
        run = self.start("parent", {"name": "x"})
        self.wait_for(run, "waiting")
        self.stage.cli("run", "cancel", run, expect=0)
        self.wait_for(run, "cancelled")
        [child] = self.children(run)
        self.wait_for(child["id"], "cancelled")

    def test_4_an_input_that_does_not_fit_says_which_field(self):
        run = self.start("strict", {})
        error = self.wait_for(run, "faulted")["error"]
        self.assertEqual(error["status"], 400)
        self.assertTrue(error["type"].endswith("/validation"))
        self.assertIn("'host' must be a text, but is 5", error["detail"])
        self.assertEqual(error["run"]["id"], self.children(run)[0]["id"])
