"""Own user, tokens, projects and branches."""
import gitlab
import requests

from tour_python.steps import URL, client, equal, refused, step, unique


@step
def version_and_own_user():
    gl = client()
    equal(gl.version()[0], "19.5.0-ee")
    gl.auth()
    equal(gl.user.username, "alice")
    equal(gl.user.email, "alice@example.com")


@step
def wrong_tokens_are_told_apart():
    found = refused(gitlab.GitlabAuthenticationError, 401, lambda: client("nonsense").auth())
    assert "401 Unauthorized" in str(found)
    for token, words in (
        ("glpat-sandbox-alice-expired", "invalid_token"),
        ("glpat-sandbox-alice-revoked", "invalid_token"),
    ):
        refused(gitlab.GitlabAuthenticationError, 401, lambda: client(token).auth(), words)
    said = requests.get(
        URL + "/api/v4/user", headers={"Authorization": "Bearer nonsense"}, timeout=10
    )
    equal(said.json(), {"error": "invalid_token", "error_description": "Bad Access Token."})
    assert "Bearer" in said.headers["WWW-Authenticate"]


@step
def narrow_scopes_are_forbidden():
    reader = client("glpat-sandbox-alice-read-api")
    project = reader.projects.get("ops/incidents")
    refused(
        gitlab.GitlabCreateError,
        403,
        lambda: project.issues.create({"title": "x"}),
        "insufficient_scope",
    )
    person = client("glpat-sandbox-alice-read-user")
    person.auth()
    refused(gitlab.GitlabHttpError, 403, lambda: person.http_get("/projects"))


@step
def projects_are_listed_over_pages():
    gl = client()
    names = [unique("page") for _ in range(5)]
    for name in names:
        gl.projects.create({"name": name})
    listed = [
        p.name
        for p in gl.projects.list(
            iterator=True, per_page=2, membership=True, order_by="id", sort="asc"
        )
    ]
    equal([name for name in listed if name in names], names)
    equal(len(listed), len(set(listed)))
    page = gl.projects.list(per_page=2, page=2, membership=True)
    equal(len(page), 2)
    keyset = gl.projects.list(
        iterator=True, pagination="keyset", order_by="id", sort="asc", per_page=2, membership=True
    )
    equal([p.name for p in keyset], listed)


@step
def project_list_counts_itself():
    listing = client().projects.list(iterator=True, per_page=3)
    equal(listing.per_page, 3)
    equal(listing.current_page, 1)
    assert listing.total > 3 and listing.total_pages == -(-listing.total // 3)
    assert listing.next_page == 2 and listing.prev_page is None


@step
def strangers_see_public_projects_only():
    gl = gitlab.Gitlab(URL)
    paths = [p.path_with_namespace for p in gl.projects.list(iterator=True)]
    assert "dev/website" in paths and "ops/incidents" not in paths, paths
    refused(
        gitlab.GitlabGetError,
        404,
        lambda: gl.projects.get("ops/incidents"),
        "404 Project Not Found",
    )


@step
def project_is_created_once():
    gl = client()
    name = unique("once")
    made = gl.projects.create(
        {"name": name, "description": "d", "initialize_with_readme": True, "topics": ["a", "b"]}
    )
    equal(
        (made.path, made.visibility, made.default_branch, made.topics),
        (name, "private", "main", ["a", "b"]),
    )
    assert made.runners_token and made.permissions["project_access"]["access_level"] == 50
    found = refused(gitlab.GitlabCreateError, 400, lambda: gl.projects.create({"name": name}))
    equal(found.error_message["path"], ["has already been taken"])
    refused(
        gitlab.GitlabHttpError,
        400,
        lambda: gl.http_post("/projects", post_data={}),
        "at least one parameter",
    )
    equal(gl.projects.get(made.path_with_namespace).id, made.id)


@step
def project_of_a_namespace_one_may_not_see():
    gl = client("glpat-sandbox-bob-api")
    secret = client().groups.get("people").id
    refused(
        gitlab.GitlabCreateError,
        404,
        lambda: gl.projects.create({"name": "x", "namespace_id": secret}),
    )
    seen = gl.groups.get("dev").id
    refused(
        gitlab.GitlabCreateError,
        403,
        lambda: gl.projects.create({"name": "x", "namespace_id": seen}),
    )


@step
def moved_project_redirects():
    gl = client()
    name = unique("moving")
    project = gl.projects.create({"name": name})
    project.path = name + "-new"
    project.save()
    answer = requests.get(
        URL + "/api/v4/projects/alice%2F" + name,
        headers={"PRIVATE-TOKEN": "glpat-sandbox-alice-api"},
        allow_redirects=False,
        timeout=10,
    )
    equal(answer.status_code, 301)
    equal(answer.headers["Location"], f"{URL}/api/v4/projects/{project.id}")
    equal(gl.projects.get("alice/" + name).id, project.id)


@step
def branches():
    project = client().projects.create({"name": unique("branches"), "initialize_with_readme": True})
    project.branches.create({"branch": "feature/a-b", "ref": "main"})
    equal(sorted(b.name for b in project.branches.list(get_all=True)), ["feature/a-b", "main"])
    assert project.branches.get("main").default
    refused(
        gitlab.GitlabCreateError,
        400,
        lambda: project.branches.create({"branch": "main", "ref": "main"}),
        "already exists",
    )
    refused(
        gitlab.GitlabCreateError,
        400,
        lambda: project.branches.create({"branch": "x", "ref": "nope"}),
        "Invalid reference",
    )
    project.branches.delete("feature/a-b")
    refused(
        gitlab.GitlabGetError,
        404,
        lambda: project.branches.get("feature/a-b"),
        "404 Branch Not Found",
    )
