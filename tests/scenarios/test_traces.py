"""Traces: what a collector on loopback gets of runs, tasks and children, also after kill -9."""
import http.server
import json
import pathlib
import signal
import subprocess
import threading

import fairlead

CLIENTS = pathlib.Path(__file__).parent.parent / "clients"
SECRET = "otlp-key-9c1f4be07a52"
TOKEN = "otlp-token-51f0c3b6d2e8"
PAYLOAD = "payload-that-stays-home"

CHILD = """document: {dsl: 1.0.3, namespace: traced, name: child, version: 1.0.0}
do:
- inside: {set: {x: 1}}
"""
PARENT = """document: {dsl: 1.0.3, namespace: traced, name: parent, version: 1.0.0}
do:
- child: {run: {workflow: {namespace: traced, name: child, version: 1.0.0, input: {}}}}
"""
BROKEN = """document: {dsl: 1.0.3, namespace: traced, name: broken, version: 1.0.0}
do:
- stop:
    raise:
      error: {type: 'https://example.com/errors/x', status: 418, title: Teapot, detail: a secret}
"""
SLOW = """document: {dsl: 1.0.3, namespace: traced, name: slow, version: 1.0.0}
do:
- before: {set: {x: 1}}
- rest: {wait: PT4S}
"""
OUTSIDE = """document: {dsl: 1.0.3, namespace: traced, name: outside, version: 1.0.0}
do:
- look:
    call: create-issue:1.0.0@gitlab
    with: {project: ops/incidents, title: payload-that-stays-home}
- read:
    call: call-api:1.0.0@gitlab
    with: {method: GET, path: /projects/ops%2Fincidents/labels}
- tell:
    call: http
    with:
      method: post
      endpoint: COLLECTOR/hooks/payload-that-stays-home?key=payload-that-stays-home
      body: {x: payload-that-stays-home}
"""
HEARING = """document: {dsl: 1.0.3, namespace: traced, name: hearing, version: 1.0.0}
schedule: {on: {one: {with: {type: com.example.traced}}}}
do:
- inside: {set: {x: 1}}
"""
THEIRS = "4bf92f3577b34da6a3ce929d0e0e4736", "00f067aa0ba902b7"
WORKFLOWS = {"outside": OUTSIDE, "hearing": HEARING, "child": CHILD, "parent": PARENT,
             "broken": BROKEN, "slow": SLOW}


class Collector:
    """Takes POSTs to /v1/traces; `spans` holds every span it got, in order. Below /hooks/ it is a
    service of somebody's; `told` holds the headers."""

    def __init__(self):
        self.spans, self.headers, self.told, self.bodies = [], [], [], []
        collector = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):  # noqa: N802
                text = self.rfile.read(int(self.headers["Content-Length"])).decode()
                body = json.loads(text)
                if self.path.startswith("/hooks/"):
                    collector.told.append(dict(self.headers.items()))
                    return self.answer()
                collector.bodies.append(text)
                collector.headers.append((self.path, dict(self.headers.items())))
                for resource in body["resourceSpans"]:
                    for scope in resource["scopeSpans"]:
                        collector.spans += scope["spans"]
                return self.answer()

            def answer(self):
                self.send_response(200)
                self.send_header("Content-Length", "2")
                self.end_headers()
                self.wfile.write(b"{}")

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}"
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self):
        self.server.shutdown()
        self.server.server_close()

    def of_run(self, run):
        return [s for s in list(self.spans) if attributes(s).get("fairlead.run.id") == run]

    def run_span(self, run):
        """Waited for: the run's own, then all of its spans."""
        fairlead.wait_until(f"the span of run {run} came", lambda: [
            s for s in self.of_run(run) if s["name"].startswith("run ")])
        return next(s for s in self.of_run(run) if s["name"].startswith("run "))

    def task_span(self, run, name):
        return next(s for s in self.of_run(run) if s["name"] == f"task {name}")


def attributes(span):
    return {a["key"]: next(iter(a["value"].values())) for a in span["attributes"]}


class Traces(fairlead.Scenario):
    connection = None

    @classmethod
    def prepare(cls):
        cls.collector = Collector()
        cls.plain_env = cls.stage_env()
        super().prepare()
        cls.stage.connect_token()
        cls.stage.secret("collector's key", SECRET)
        cls.stage.secret("collector's token", TOKEN)
        for name, text in WORKFLOWS.items():
            text = text.replace("COLLECTOR", cls.collector.url)
            cls.stage.cli("workflow", "apply", cls.stage.file(f"{name}.yaml", text), expect=0)

    @classmethod
    def stage_env(cls):
        plain = dict(cls.stage.env)
        cls.stage.env = {**plain, "OTEL_EXPORTER_OTLP_ENDPOINT": cls.collector.url,
                         "OTEL_EXPORTER_OTLP_HEADERS": f"x-key={SECRET}"}
        return plain

    @classmethod
    def tearDownClass(cls):
        super().tearDownClass()
        cls.collector.stop()

    def start(self, workflow):
        answer = self.stage.cli("workflow", "run", f"traced/{workflow}", "--input",
                                json.dumps({"p": PAYLOAD}), "-o", "json", expect=0).json
        return answer["id"] if "id" in answer else answer["run"]

    def wait_for(self, run, status):
        def reached():
            now = self.stage.api("GET", f"/api/v1/runs/{run}", expect=200).json
            return now if now["status"] == status else None
        return fairlead.wait_until(f"run {run} is {status}", reached)

    def test_1_a_run_its_task_and_its_child_are_one_trace(self):
        run = self.start("parent")
        self.wait_for(run, "completed")
        [child] = self.stage.api("GET", f"/api/v1/runs?parent={run}", expect=200).json["items"]
        top, below = self.collector.run_span(run), self.collector.run_span(child["id"])
        task = self.collector.task_span(run, "child")
        inside = self.collector.task_span(child["id"], "inside")
        self.assertNotIn("parentSpanId", top)
        self.assertEqual(task["parentSpanId"], top["spanId"])
        self.assertEqual(below["parentSpanId"], task["spanId"])
        self.assertEqual(inside["parentSpanId"], below["spanId"])
        self.assertEqual({s["traceId"] for s in (top, task, below, inside)}, {top["traceId"]})
        self.assertEqual(top["name"], "run traced/parent")
        path, headers = self.collector.headers[0]
        self.assertEqual((path, headers["x-key"]), ("/v1/traces", SECRET))
        self.assertNotIn(PAYLOAD, json.dumps(self.collector.spans))

    def test_2_a_failure_says_its_title_and_no_more(self):
        run = self.start("broken")
        self.wait_for(run, "faulted")
        for span in (self.collector.run_span(run), self.collector.task_span(run, "stop")):
            self.assertEqual(span["status"], {"message": "Teapot", "code": 2})
            self.assertEqual(attributes(span)["error.type"], "418")
        self.assertNotIn("a secret", json.dumps(self.collector.spans))

    def test_3_killed_in_the_middle_the_ids_are_the_same(self):
        run = self.start("slow")
        fairlead.wait_until("its first task came", lambda: self.collector.of_run(run))
        before = self.collector.task_span(run, "before")
        self.stage.restart_server(signal.SIGKILL)
        self.wait_for(run, "completed")
        top = self.collector.run_span(run)
        self.assertEqual((before["traceId"], before["parentSpanId"]),
                         (top["traceId"], top["spanId"]))
        self.assertEqual(self.collector.task_span(run, "rest")["parentSpanId"], top["spanId"])
        ids = {s["spanId"] for s in self.collector.of_run(run)}
        self.assertEqual(len(ids), 3, "what was sent again has the ids it had")

    def test_4_a_stop_sends_what_is_there(self):
        run = self.start("child")
        self.wait_for(run, "completed")
        self.assertEqual(self.stage.restart_server(signal.SIGTERM), 0)
        self.collector.run_span(run)

    def test_5_a_value_that_cannot_be_used_is_said_at_the_start(self):
        done = self.stage.cli("serve", "--listen", "127.0.0.1:0", "--data-folder",
                              self.stage.folder / "other",
                              env={"OTEL_EXPORTER_OTLP_PROTOCOL": "grpc"})
        self.assertNotEqual(done.code, 0)
        self.assertIn("OTEL_EXPORTER_OTLP_PROTOCOL", done.err)

    def test_6_a_collector_that_is_away_is_said_once_and_runs_go_on(self):
        env = {**self.stage.env, "OTEL_EXPORTER_OTLP_ENDPOINT": "http://127.0.0.1:9"}
        self.stage.server.stop()
        self.stage.start_server(listen=self.stage.url.split("//")[1], env=env)
        for _ in range(3):
            self.wait_for(self.start("child"), "completed")
        said = "the trace collector does not answer"
        log = self.stage.server.err_path
        fairlead.wait_until("it is said", lambda: said in log.read_text(encoding="utf-8"))
        self.wait_for(self.start("child"), "completed")
        self.assertEqual(self.stage.server.stop(), 0)
        self.assertEqual(log.read_text(encoding="utf-8").count(said), 1)
        self.stage.start_server(listen=self.stage.url.split("//")[1])

    def test_7_each_request_of_a_task_is_a_span_below_it(self):
        self.stage.server.stop()
        self.stage.start_server("--allow-private", "127.0.0.1",
                                listen=self.stage.url.split("//")[1])
        self.sandbox.fault("server-error", path="ops/incidents/labels",
                           method="GET", count=1, status=503)
        run = self.start("outside")
        self.wait_for(run, "completed")
        self.collector.run_span(run)
        spans = fairlead.wait_until("all requests came", lambda: [
            s for s in self.collector.of_run(run) if s["kind"] == 3 and s["name"] == "POST"] and
            self.collector.of_run(run))
        sent = [s for s in spans if s["kind"] == 3]
        look, tell = (self.collector.task_span(run, name) for name in ("look", "tell"))
        [made] = [s for s in sent if s["name"] == "POST /api/v4/projects/{id}/issues"]
        [told] = [s for s in sent if s["name"] == "POST"]
        self.assertEqual((made["parentSpanId"], told["parentSpanId"]),
                         (look["spanId"], tell["spanId"]))
        self.assertEqual({s["traceId"] for s in sent}, {look["traceId"]})
        first, again = (s for s in sent if s["name"] == "GET /api/v4/projects/{id}/labels")
        self.assertEqual((first["status"], attributes(first)["error.type"]), ({"code": 2}, "503"))
        self.assertEqual(attributes(again)["http.request.resend_count"], "1")
        self.assertEqual(again["status"], {})
        said = attributes(made)
        self.assertEqual((said["http.request.method"], said["http.response.status_code"]),
                         ("POST", "201"))
        self.assertEqual(made["status"], {})
        self.assertEqual(attributes(told)["url.full"], f"{self.collector.url}/REDACTED")
        self.assertEqual(attributes(told)["server.port"], self.collector.url.rsplit(":", 1)[1])
        self.assertEqual(self.collector.told[-1]["traceparent"],
                         f"00-{told['traceId']}-{told['spanId']}-01")
        self.assertNotIn(PAYLOAD, json.dumps(self.collector.spans))

    def run_below(self, trace_parent):
        run = self.stage.api("POST", "/api/v1/workflows/traced/child/run", {"input": {}},
                             {"traceparent": trace_parent}, expect=201).json["id"]
        self.wait_for(run, "completed")
        return run

    def test_8_a_run_goes_on_with_the_trace_it_is_started_in(self):
        unsampled = self.run_below("-".join(("00", *THEIRS, "00")))
        ours = self.collector.run_span(self.run_below("-".join(("00", *THEIRS, "1"))))
        self.assertNotIn("parentSpanId", ours, "a malformed header is ignored")
        run = self.collector.run_span(self.run_below("-".join(("00", *THEIRS, "01"))))
        self.assertEqual((run["traceId"], run["parentSpanId"]), THEIRS)
        self.assertEqual(self.collector.of_run(unsampled), [])
        event = {"specversion": "1.0", "id": "1", "source": "x", "type": "com.example.traced"}
        seq = self.stage.api("POST", "/api/v1/events", event,
                             {"traceparent": "-".join(("00", *THEIRS, "01")),
                              "Content-Type": "application/cloudevents+json"},
                             expect=202).json["accepted"][0]["seq"]
        [heard] = fairlead.wait_until("its run began", lambda: self.stage.api(
            "GET", f"/api/v1/events/{seq}", expect=200).json["runs"])
        run = self.collector.run_span(heard)
        self.assertEqual((run["traceId"], run["parentSpanId"]), THEIRS)

    def test_8b_a_header_is_a_secret_and_figures_tell(self):
        self.stage.cli("secret", "set", "collector-token", stdin=f"Bearer {TOKEN}\n", expect=0)
        self.stage.server.stop()
        env = {k: v for k, v in self.stage.env.items() if not k.endswith("_HEADERS")}
        self.stage.start_server("--trace-header", "Authorization=collector-token",
                                listen=self.stage.url.split("//")[1], env=env)
        self.collector.run_span(self.start("child"))
        self.assertEqual(self.collector.headers[-1][1]["Authorization"], f"Bearer {TOKEN}")
        figures = self.stage.api("GET", "/metrics", expect=200).text
        self.assertRegex(figures, r'fairlead_trace_spans_total\{outcome="sent"\} [1-9]')
        self.assertIn('fairlead_trace_spans_total{outcome="dropped"} 0', figures)
        self.assertIn("fairlead_trace_runs_missed_total 0", figures)

    def test_8c_opentelemetrys_own_code_reads_all_of_it(self):
        """The classes made of its .proto files, by tests/clients/otlp.mjs."""
        if not (CLIENTS / "node_modules/@opentelemetry/otlp-transformer").is_dir():
            self.skipTest("npm ci in tests/clients was not run")
        kinds = {span["kind"] for span in self.collector.spans}
        self.assertEqual(kinds, {1, 3}, "runs, tasks and requests are among it")
        done = subprocess.run(["node", CLIENTS / "otlp.mjs"], text=True, capture_output=True,
                              input="\n".join(self.collector.bodies) + "\n", check=False)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        self.assertIn(f"{len(self.collector.bodies)} passed, 0 failed", done.stdout)

    def test_9_off_by_default(self):
        self.stage.server.stop()
        log = self.stage.server.err_path
        told = log.read_text(encoding="utf-8").count("traces are sent")
        self.stage.start_server(listen=self.stage.url.split("//")[1], env=self.plain_env)
        count = len(self.collector.spans)
        self.wait_for(self.start("child"), "completed")
        self.stage.server.stop()
        self.assertEqual(len(self.collector.spans), count)
        self.assertEqual(log.read_text(encoding="utf-8").count("traces are sent"), told)
        self.stage.start_server(listen=self.stage.url.split("//")[1])
