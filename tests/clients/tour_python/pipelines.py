"""Pipelines, their jobs and variables."""
import time

import gitlab

from tour_python.steps import URL, client, control, counts, equal, refused, step


def finished(project, pipeline, seconds=30):
    seen = [pipeline.status]
    limit = time.monotonic() + seconds
    while pipeline.status not in ("success", "failed", "canceled", "skipped", "manual"):
        assert time.monotonic() < limit, seen
        control("POST", "clock", {"advanceMs": 250})
        pipeline.refresh()
        if seen[-1] != pipeline.status:
            seen.append(pipeline.status)
    return seen


@step
def pipeline_runs_to_the_end():
    project = client().projects.get("ops/runbooks")
    pipeline = project.pipelines.create(
        {"ref": "main", "variables": [{"key": "HOST", "value": "db-1"}]}
    )
    equal((pipeline.status, pipeline.source, pipeline.ref), ("created", "api", "main"))
    seen = finished(project, pipeline)
    equal(seen[-1], "success")
    order = ["created", "waiting_for_resource", "preparing", "pending", "running", "success"]
    equal(seen, [status for status in order if status in seen])
    assert "running" in seen and pipeline.duration is not None and pipeline.finished_at
    jobs = pipeline.jobs.list(get_all=True)
    equal(
        [(j.name, j.status) for j in jobs],
        [("release", "success"), ("unit", "success"), ("compile", "success")],
    )
    assert b"Job succeeded" in project.jobs.get(jobs[0].id).trace()
    equal([(v.key, v.value) for v in pipeline.variables.list()], [("HOST", "db-1")])
    equal(pipeline.test_report.get().total_count, 9)
    assert pipeline.id in [
        p.id for p in project.pipelines.list(ref="main", status="success", username="alice")
    ]
    equal(
        client().http_get(f"/projects/{project.id}/pipelines/latest", query_data={"ref": "main"})[
            "id"
        ],
        pipeline.id,
    )


@step
def failed_pipeline_and_retry():
    project = client().projects.get("ops/runbooks")
    pipeline = project.pipelines.create(
        {"ref": "main", "variables": [{"key": "SANDBOX_RESULT", "value": "failed"}]}
    )
    equal(finished(project, pipeline)[-1], "failed")
    states = {j.name: j.status for j in pipeline.jobs.list(get_all=True)}
    equal(states, {"compile": "success", "unit": "failed", "release": "skipped"})
    failed = next(j for j in pipeline.jobs.list(get_all=True) if j.name == "unit")
    equal(failed.failure_reason, "script_failure")
    assert b"ERROR: Job failed" in project.jobs.get(failed.id).trace()
    pipeline.retry()
    pipeline.refresh()
    assert pipeline.status in ("pending", "running")
    equal(finished(project, pipeline)[-1], "success")


@step
def pipeline_cancel_and_manual():
    project = client().projects.get("ops/runbooks")
    pipeline = project.pipelines.create({"ref": "main"})
    pipeline.cancel()
    equal(finished(project, pipeline)[-1], "canceled")
    blocked = project.pipelines.create(
        {"ref": "main", "variables": [{"key": "SANDBOX_RESULT", "value": "manual"}]}
    )
    equal(finished(project, blocked)[-1], "manual")
    job = next(j for j in blocked.jobs.list() if j.status == "manual")
    project.jobs.get(job.id).play()
    blocked.refresh()
    equal(finished(project, blocked)[-1], "success")


@step
def pipeline_errors():
    gl = client()
    project = gl.projects.get("ops/runbooks")
    before = counts("ops/runbooks")["pipelines"]
    found = refused(
        gitlab.GitlabCreateError, 400, lambda: project.pipelines.create({"ref": "nope"})
    )
    equal(found.error_message["base"], ["Reference not found"])
    control("POST", "projects/ops%2Frunbooks", {"variablesRole": "no_one_allowed"})
    found = refused(
        gitlab.GitlabCreateError,
        400,
        lambda: project.pipelines.create(
            {"ref": "main", "variables": [{"key": "A", "value": "1"}]}
        ),
    )
    equal(found.error_message["base"], ["Insufficient permissions to set pipeline variables"])
    control("POST", "projects/ops%2Frunbooks", {"variablesRole": "developer"})
    docs = gl.projects.get("dev/docs")
    found = refused(gitlab.GitlabCreateError, 400, lambda: docs.pipelines.create({"ref": "main"}))
    equal(found.error_message["base"], ["Missing CI config file"])
    guest = gitlab.Gitlab(URL, private_token="glpat-sandbox-bob-api").projects.get("dev/website")
    refused(gitlab.GitlabCreateError, 403, lambda: guest.pipelines.create({"ref": "main"}))
    equal(counts("ops/runbooks")["pipelines"], before)
    refused(gitlab.GitlabGetError, 404, lambda: project.pipelines.get(99999999), "404 Not found")
