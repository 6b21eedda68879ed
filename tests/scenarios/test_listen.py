"""listen with the real binary: events before and after the task begins, kill -9 in between."""
import signal

import fairlead

WAITS = """document: { dsl: '1.0.3', namespace: events, name: waits, version: '1.0.0' }
do:
- nap: { wait: { milliseconds: 300 } }
- hear:
    listen:
      to:
        one:
          with: { type: com.example.paid }
          correlate: { order: { from: .data.order, expect: '${ $workflow.input.order }' } }
    timeout: { after: '${ $input.patience // "PT1M" }' }
"""
GATHERS = """document: { dsl: '1.0.3', namespace: events, name: gathers, version: '1.0.0' }
schedule:
  on:
    all:
    - with: { type: com.example.left }
      correlate: { pair: { from: .data.pair } }
    - with: { type: com.example.right }
      correlate: { pair: { from: .data.pair } }
do:
- keep: { set: { pairs: '${ map(.pair) }' } }
"""
TELLS = """document: { dsl: '1.0.3', namespace: events, name: tells, version: '1.0.0' }
schedule:
  on: { one: { with: { type: io.serverlessworkflow.workflow.faulted.v1 } } }
  read: envelope
do:
- keep: { set: { run: '${ .[0].subject }', title: '${ .[0].data.error.title }' } }
"""


class Listen(fairlead.Scenario):
    connection = None

    @classmethod
    def prepare(cls):
        super().prepare()
        for name, text in (("waits", WAITS), ("gathers", GATHERS), ("tells", TELLS)):
            cls.stage.cli("workflow", "apply", cls.stage.file(f"{name}.yaml", text), expect=0)

    def start(self, **data):
        return self.stage.api("POST", "/api/v1/workflows/events/waits/run", {"input": data},
                              expect=201).json["id"]

    def send(self, kind, name, **data):
        self.stage.api("POST", "/api/v1/events",
                       {"specversion": "1.0", "id": name, "source": "/desk",
                        "type": f"com.example.{kind}", "data": data},
                       {"Content-Type": "application/cloudevents+json"}, expect=202)

    def run_of(self, run):
        return self.stage.api("GET", f"/api/v1/runs/{run}", expect=200).json

    def wait_for(self, run, status):
        def reached():
            found = self.run_of(run)
            return found if found["status"] == status else None
        return fairlead.wait_until(f"run {run} is {status}", reached)

    def wait_for_words(self, run, words):
        fairlead.wait_until(words, lambda: self.run_of(run)["waitingFor"] == words)

    def runs_of(self, workflow, count):
        def reached():
            path = f"/api/v1/runs?workflow=events/{workflow}&status=completed"
            found = self.stage.api("GET", path, expect=200).json["items"]
            return found if len(found) == count else None
        return fairlead.wait_until(f"{count} runs of {workflow}", reached)

    def test_the_run_that_waits_for_it_hears_it(self):
        first, second = self.start(order=1), self.start(order=2)
        self.wait_for_words(first, "event com.example.paid (order 1)")
        self.wait_for_words(second, "event com.example.paid (order 2)")
        self.send("paid", "p2", order=2, n=1)
        self.assertEqual(self.wait_for(second, "completed")["output"], [{"order": 2, "n": 1}])
        # It may be looking at that event still; what ended would not be found waiting again.
        self.wait_for(first, "waiting")
        self.send("paid", "p1", order=1)
        self.assertEqual(self.wait_for(first, "completed")["output"], [{"order": 1}])

    def test_what_came_before_the_task_began_is_heard(self):
        run = self.start(order=3)
        self.send("paid", "p3", order=3)
        self.wait_for(run, "completed")

    def test_killed_while_it_listens_and_with_the_event_on_its_way(self):
        runs = [self.start(order=order) for order in range(10, 20)]
        for order, run in enumerate(runs, 10):
            self.wait_for_words(run, f"event com.example.paid (order {order})")
        self.stage.restart_server(signal.SIGKILL)
        for order in range(10, 20):
            self.send("paid", f"p{order}", order=order)
        self.stage.restart_server(signal.SIGKILL)
        for order, run in enumerate(runs, 10):
            self.assertEqual(self.wait_for(run, "completed")["output"], [{"order": order}])

    def test_too_late_is_a_timeout_of_status_408_and_tells_another_workflow(self):
        run = self.start(order=4, patience="PT0.1S")
        self.assertEqual(self.wait_for(run, "faulted")["error"]["status"], 408)
        told = self.runs_of("tells", 1)[0]
        self.assertEqual(told["output"], {"run": run, "title": "Timed out"})
        life = self.stage.api("GET", f"/api/v1/runs/{run}/events", expect=200).json["items"]
        self.assertEqual(life[-1]["type"], "io.serverlessworkflow.workflow.faulted.v1")

    def test_two_events_together_start_one_run_also_over_a_restart(self):
        self.send("left", "l1", pair=1)
        self.send("left", "l2", pair=2)
        self.stage.restart_server(signal.SIGKILL)
        self.send("right", "r2", pair=2)
        self.assertEqual(self.runs_of("gathers", 1)[0]["output"], {"pairs": [2, 2]})
        self.send("right", "r1", pair=1)
        self.runs_of("gathers", 2)

