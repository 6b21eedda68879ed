"""Issues, notes, labels and milestones."""
import gitlab

from tour_python.steps import URL, client, counts, equal, refused, step, unique


@step
def issue_life():
    project = client().projects.get("ops/incidents")
    before = counts("ops/incidents")["issues"]
    label = unique("label")
    issue = project.issues.create(
        {
            "title": "Disk",
            "description": "full",
            "labels": [label, "incident"],
            "assignee_ids": [4, 3],
            "due_date": "2030-01-02",
            "confidential": False,
        }
    )
    equal(counts("ops/incidents")["issues"], before + 1)
    equal(
        (issue.state, sorted(issue.labels), issue.due_date),
        ("opened", sorted([label, "incident"]), "2030-01-02"),
    )
    equal([a["username"] for a in issue.assignees], ["on-call"])
    assert label in [found.name for found in project.labels.list(search=label)]
    issue.state_event = "close"
    issue.save()
    closed = project.issues.get(issue.iid)
    equal((closed.state, closed.attributes["closed_by"]["username"]), ("closed", "alice"))
    closed.state_event = "close"
    closed.save()
    closed.state_event = "reopen"
    closed.add_labels = "later"
    closed.save()
    equal(project.issues.get(issue.iid).state, "opened")
    assert "later" in project.issues.get(issue.iid).labels
    project.issues.update(issue.iid, {"labels": "", "assignee_ids": [0]})
    plain = project.issues.get(issue.iid)
    equal((plain.labels, plain.assignees, plain.assignee), ([], [], None))


@step
def issue_errors():
    project = client().projects.get("ops/incidents")
    refused(gitlab.GitlabGetError, 404, lambda: project.issues.get(99999999), "404 Not found")
    refused(
        gitlab.GitlabHttpError,
        400,
        lambda: project.manager.gitlab.http_post(f"/projects/{project.id}/issues"),
        "title is missing",
    )
    refused(
        gitlab.GitlabCreateError,
        400,
        lambda: project.issues.create({"title": "x" * 256}),
        "too long",
    )
    refused(
        gitlab.GitlabListError,
        400,
        lambda: project.issues.list(state="open"),
        "state does not have a valid value",
    )
    refused(
        gitlab.GitlabUpdateError,
        400,
        lambda: project.issues.update(1, {"status": "closed"}),
        "at least one parameter",
    )
    docs = client().projects.get("dev/docs")
    refused(
        gitlab.GitlabCreateError, 403, lambda: docs.issues.create({"title": "x"}), "403 Forbidden"
    )


@step
def issue_filters():
    gl = client()
    project = gl.projects.create({"name": unique("filters")})
    for number in range(1, 8):
        project.issues.create(
            {
                "title": f"Issue {number}",
                "labels": ["odd"] if number % 2 else ["even"],
                "confidential": number == 7,
            }
        )
    project.issues.update(2, {"state_event": "close"})
    numbers = lambda **query: [
        i.iid for i in project.issues.list(get_all=True, order_by="created_at", sort="asc", **query)
    ]
    equal(numbers(labels="odd"), [1, 3, 5, 7])
    equal(numbers(state="closed"), [2])
    equal(numbers(state="opened", labels=["even"]), [4, 6])
    equal(numbers(**{"not[labels]": "odd"}), [2, 4, 6])
    equal(numbers(iids=[3, 4]), [3, 4])
    equal(numbers(search="issue 5"), [5])
    equal(numbers(confidential=True), [7])
    equal(numbers(assignee_id="None", labels="Any", author_username="alice"), [1, 2, 3, 4, 5, 6, 7])
    equal([i.iid for i in project.issues.list(iterator=True, per_page=3)], [7, 6, 5, 4, 3, 2, 1])
    equal(
        [
            i.iid
            for i in project.issues.list(
                iterator=True, per_page=3, pagination="keyset", order_by="created_at", sort="asc"
            )
        ],
        [1, 2, 3, 4, 5, 6, 7],
    )
    mine = {i.project_id for i in gl.issues.list(get_all=True)}
    assert project.id in mine
    equal({i.author["username"] for i in gl.issues.list(get_all=True)}, {"alice"})
    group = gl.groups.get("ops")
    assert all(i.state == "opened" for i in group.issues.list(state="opened", per_page=5))


@step
def confidential_issues_are_hidden():
    project = client().projects.get("dev/website")
    hidden = project.issues.create({"title": "secret", "confidential": True})
    shown = project.issues.create({"title": "open"})
    outside = gitlab.Gitlab(URL).projects.get("dev/website")
    listed = [i.iid for i in outside.issues.list(get_all=True)]
    assert shown.iid in listed and hidden.iid not in listed
    refused(gitlab.GitlabGetError, 404, lambda: outside.issues.get(hidden.iid))


@step
def quick_actions_are_carried_out():
    project = client().projects.get("ops/incidents")
    issue = project.issues.create(
        {"title": "q", "description": "text\n/label ~quick\n/assign @bob\n/confidential\n/close"}
    )
    equal((issue.description, issue.state, issue.confidential), ("text", "closed", True))
    equal((issue.labels, issue.assignee["username"]), (["quick"], "bob"))


@step
def notes():
    project = client().projects.get("ops/incidents")
    issue = project.issues.create({"title": "with notes"})
    for number in range(3):
        issue.notes.create({"body": f"note {number}"})
    equal(
        [n.body for n in issue.notes.list(get_all=True, sort="asc")], ["note 0", "note 1", "note 2"]
    )
    note = issue.notes.list(get_all=True)[0]
    note.body = "changed"
    note.save()
    equal(issue.notes.get(note.id).body, "changed")
    note.delete()
    equal(project.issues.get(issue.iid).user_notes_count, 2)
    refused(gitlab.GitlabGetError, 404, lambda: issue.notes.get(note.id), "404 Note Not Found")


@step
def labels_and_milestones():
    project = client().projects.create({"name": unique("labels")})
    project.labels.create({"name": "one", "color": "#112233"})
    refused(
        gitlab.GitlabCreateError,
        409,
        lambda: project.labels.create({"name": "one", "color": "#112233"}),
        "Label already exists",
    )
    refused(
        gitlab.GitlabCreateError,
        400,
        lambda: project.labels.create({"name": "two", "color": "#12"}),
        "valid color",
    )
    equal([label.name for label in project.labels.list()], ["one"])
    milestone = project.milestones.create({"title": "M1", "due_date": "2030-02-01"})
    issue = project.issues.create({"title": "x", "milestone_id": milestone.id})
    equal(issue.milestone["title"], "M1")
    equal([i.iid for i in project.issues.list(milestone="M1")], [issue.iid])
    milestone.state_event = "close"
    milestone.save()
    equal(project.milestones.list(state="closed")[0].id, milestone.id)
    refused(
        gitlab.GitlabCreateError,
        400,
        lambda: project.milestones.create({"title": "M1"}),
        "already being used",
    )
