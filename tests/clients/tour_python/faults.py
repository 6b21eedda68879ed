"""Throttling, errors around the effect, proxies' pages and unknown routes."""
import gitlab
import requests

from tour_python.steps import URL, client, control, counts, equal, refused, step


@step
def throttle_is_waited_for_by_the_client():
    gl = client()
    control(
        "POST",
        "faults",
        {"kind": "throttle", "path": "/version", "count": 1, "retryAfterSeconds": 1},
    )
    equal(gl.version()[0], "19.5.0-ee")
    control("POST", "faults", {"kind": "application-limit", "method": "POST", "path": "/issues"})
    project = gl.projects.get("ops/incidents")
    refused(
        gitlab.GitlabHttpError,
        429,
        lambda: gl.http_post(
            f"/projects/{project.id}/issues", post_data={"title": "x"}, obey_rate_limit=False
        ),
        "too many times",
    )


@step
def errors_before_and_after_the_effect():
    gl = client()
    project = gl.projects.get("ops/incidents")
    for when, more in (("before", 0), ("after", 1)):
        before = counts("ops/incidents")["issues"]
        control(
            "POST",
            "faults",
            {
                "kind": "server-error",
                "status": 503,
                "method": "POST",
                "path": "/issues",
                "when": when,
            },
        )
        refused(gitlab.GitlabCreateError, 503, lambda: project.issues.create({"title": "fault"}))
        equal(counts("ops/incidents")["issues"], before + more)
    before = counts("ops/incidents")["issues"]
    control(
        "POST", "faults", {"kind": "reset", "method": "POST", "path": "/issues", "when": "after"}
    )
    try:
        project.issues.create({"title": "reset"})
        raise AssertionError("no reset")
    except requests.exceptions.ConnectionError:
        pass
    equal(counts("ops/incidents")["issues"], before + 1)


@step
def pages_of_proxies():
    control("POST", "faults", {"kind": "proxy-page", "path": "/version"})
    answer = requests.get(
        URL + "/api/v4/version", headers={"PRIVATE-TOKEN": "glpat-sandbox-alice-api"}, timeout=10
    )
    equal((answer.status_code, answer.headers["Content-Type"].split(";")[0]), (502, "text/html"))
    control("POST", "faults", {"kind": "login-page", "path": "/version"})
    page = client().http_get("/version")
    assert isinstance(page, requests.Response) and "Sign in" in page.text, page


@step
def unknown_routes_and_methods():
    head = {"PRIVATE-TOKEN": "glpat-sandbox-alice-api"}
    ask = lambda method, path: requests.request(method, URL + path, headers=head, timeout=10)
    equal(
        (ask("GET", "/api/v4/nothing").status_code, ask("GET", "/api/v4/nothing").json()),
        (404, {"error": "404 Not Found"}),
    )
    equal(
        (ask("DELETE", "/api/v4/version").status_code, ask("DELETE", "/api/v4/version").json()),
        (405, {"error": "405 Not Allowed"}),
    )
    equal(ask("GET", "/api/v3/projects").status_code, 410)
    equal(ask("GET", "/api/v4/projects?per_page=1000").headers["X-Per-Page"], "100")
    etag = ask("GET", "/api/v4/version").headers["ETag"]
    equal(
        requests.get(
            URL + "/api/v4/version", headers={**head, "If-None-Match": etag}, timeout=10
        ).status_code,
        304,
    )
    far = ask("GET", "/api/v4/projects?per_page=100&page=502")
    equal(far.status_code, 405)
    assert (
        "maximum allowed offset of 50000 for requests that return objects of type Project"
        in far.json()["error"]
    )
    equal(
        ask(
            "GET", "/api/v4/projects/2/pipelines?pagination=keyset&order_by=id&sort=asc"
        ).status_code,
        405,
    )
    assert ask("GET", "/api/v4/version").headers["X-Request-Id"]
