"""/metrics of the real binary: what it counts, judged by Prometheus' own tool where it is there."""
import pathlib
import shutil
import subprocess

import fairlead


class Metrics(fairlead.Scenario):
    def text(self):
        return self.stage.api("GET", "/metrics", expect=200).text

    def test_every_figure_is_in_the_table_of_the_documentation(self):
        table = (pathlib.Path(__file__).parents[2] / "docs/operate.md").read_text()
        for line in self.text().splitlines():
            if line.startswith("# TYPE fairlead_"):
                name = line.split()[2]
                short = "`_" + name.removeprefix("fairlead_engine_") + "`"
                self.assertTrue(f"`{name}`" in table or short in table, f"{name} is not in it")

    def test_prometheus_takes_the_page_and_calls_are_in_it(self):
        self.stage.run_action("list-projects")
        text = self.text()
        for line in ('fairlead_action_calls_total{action="gitlab.list-projects",outcome="done"} ',
                     'fairlead_outbound_requests_total{method="GET",outcome="2xx"} ',
                     "process_resident_memory_bytes ", "fairlead_event_lag_seconds ",
                     'fairlead_worker_threads{lane="actions"} 64\n',
                     'fairlead_workers_busy{lane="expressions"} ',
                     'fairlead_worker_queue{lane="actions"} ',
                     "fairlead_webhook_delivery_lag_seconds_count 0\n",
                     "fairlead_runs_started_total ",
                     'fairlead_runs_ended_total{outcome="faulted"} 0\n',
                     'fairlead_expressions_total{way="helper",outcome="died"} 0\n',
                     "fairlead_expression_helpers ", "fairlead_open_streams 0\n"):
            self.assertIn(line, text)
        names = [line.split()[2] for line in text.splitlines() if line.startswith("# TYPE ")]
        self.assertEqual(len(names), len(set(names)), "a name has one head")
        promtool = shutil.which("promtool")
        if promtool:
            judged = subprocess.run([promtool, "check", "metrics"], input=text, text=True,
                                    capture_output=True, timeout=60, check=False)
            self.assertEqual((judged.returncode, judged.stdout + judged.stderr), (0, ""))
