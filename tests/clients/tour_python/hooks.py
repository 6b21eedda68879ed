"""Project hooks: what is posted, and how it is signed."""
import base64
import hashlib
import hmac
import http.server
import json
import secrets
import threading
import time

import gitlab

from tour_python.steps import client, control, equal, refused, step, unique
from tour_python.pipelines import finished


class Receiver(http.server.BaseHTTPRequestHandler):
    got = []

    def do_POST(self):  # noqa: N802, the library's name
        body = self.rfile.read(int(self.headers["Content-Length"]))
        Receiver.got.append((dict(self.headers.items()), body))
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def wait_for(condition, seconds=15):
    limit = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < limit, "nothing came in time"
        time.sleep(0.02)


@step
def hooks_are_posted_and_signed():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    key = secrets.token_bytes(32)
    project = client().projects.create({"name": unique("hooks"), "initialize_with_readme": True})
    control("POST", f"projects/{project.id}", {"hasCiConfig": True})
    hook = project.hooks.create(
        {
            "url": f"http://127.0.0.1:{server.server_port}/in",
            "token": "shared",
            "push_events": False,
            "issues_events": True,
            "note_events": True,
            "pipeline_events": True,
            "job_events": True,
            "signing_token": "whsec_" + base64.b64encode(key).decode(),
        }
    )
    assert hook.token_present and hook.signing_token_present and "token" not in hook.attributes
    issue = project.issues.create({"title": "hooked"})
    issue.notes.create({"body": "a note"})
    pipeline = project.pipelines.create({"ref": "main"})
    finished(project, pipeline)
    last = (
        lambda: Receiver.got
        and json.loads(Receiver.got[-1][1]).get("object_attributes", {}).get("status") == "success"
    )
    wait_for(last)
    by_event = {}
    for headers, body in Receiver.got:
        by_event.setdefault(headers["X-Gitlab-Event"], []).append((headers, body))
    equal(sorted(by_event), ["Issue Hook", "Job Hook", "Note Hook", "Pipeline Hook"])
    headers, body = by_event["Issue Hook"][0]
    payload = json.loads(body)
    equal(
        (
            payload["object_kind"],
            payload["object_attributes"]["action"],
            payload["object_attributes"]["iid"],
        ),
        ("issue", "open", issue.iid),
    )
    equal(headers["X-Gitlab-Token"], "shared")
    equal(headers["webhook-id"], headers["Idempotency-Key"])
    text = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    equal(
        headers["webhook-signature"],
        "v1," + base64.b64encode(hmac.new(key, text, hashlib.sha256).digest()).decode(),
    )
    states = [
        json.loads(body)["object_attributes"]["status"] for _, body in by_event["Pipeline Hook"]
    ]
    equal((states[0], states[-1]), ("created", "success"))
    equal(len(states), len(set(states)))
    equal(json.loads(by_event["Job Hook"][0][1])["object_kind"], "build")
    hook.url = hook.url + "/other"
    hook.save()
    assert not project.hooks.get(hook.id).token_present, "a new url must drop the secret"
    refused(
        gitlab.GitlabCreateError,
        422,
        lambda: project.hooks.create({"url": "nonsense"}),
        "Invalid url",
    )
    hook.delete()
    equal(project.hooks.list(), [])
    server.shutdown()


@step
def group_hooks_are_for_owners_of_paid_tiers():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    gl = client()
    group = gl.groups.create({"name": unique("hooked"), "path": unique("hooked")})
    wanted = {
        "url": f"http://127.0.0.1:{server.server_port}/group",
        "token": "of the group",
        "push_events": False,
        "issues_events": True,
    }
    refused(gitlab.GitlabCreateError, 404, lambda: group.hooks.create(wanted))
    control("POST", "options", {"tier": "ultimate"})
    try:
        theirs = client("glpat-sandbox-bob-api").groups.get("ops", lazy=True)
        refused(gitlab.GitlabCreateError, 403, lambda: theirs.hooks.create(wanted))
        hook = group.hooks.create(wanted)
        equal((hook.group_id, hook.token_present, hook.push_events), (group.id, True, False))
        sub = gl.groups.create({"name": "sub", "path": "sub", "parent_id": group.id})
        project = gl.projects.create({"name": unique("below"), "namespace_id": sub.id})
        Receiver.got.clear()
        issue = project.issues.create({"title": "of a project below"})
        wait_for(lambda: Receiver.got)
        headers, body = Receiver.got[0]
        equal((headers["X-Gitlab-Token"], json.loads(body)["object_attributes"]["iid"]),
              ("of the group", issue.iid))
        log = f"/groups/{group.id}/hooks/{hook.id}/events"
        wait_for(lambda: gl.http_list(log, get_all=True))
        entry = gl.http_list(log, get_all=True)[0]
        equal((entry["trigger"], entry["response_status"]), ("issue_hooks", "200"))
        equal(entry["request_headers"]["Idempotency-Key"], headers["Idempotency-Key"])
        gl.http_post(f"{log}/{entry['id']}/resend")
        wait_for(lambda: len(Receiver.got) == 2)
        equal(Receiver.got[1][0]["Idempotency-Key"], headers["Idempotency-Key"])
        hook.issues_events = False
        hook.save()
        assert not group.hooks.get(hook.id).issues_events
        hook.delete()
        equal(group.hooks.list(get_all=True), [])
    finally:
        control("POST", "options", {"tier": "free"})
        server.shutdown()
