"""Groups, members, invitations and users."""
import gitlab

from tour_python.steps import client, equal, refused, step, unique


@step
def groups_and_subgroups():
    gl = client()
    names = [g.full_path for g in gl.groups.list(iterator=True, per_page=2)]
    assert {"ops", "ops/platform", "people", "dev"} <= set(names), names
    equal([g.full_path for g in gl.groups.get("ops").subgroups.list()], ["ops/platform"])
    assert gl.groups.get("ops/platform").parent_id == gl.groups.get("ops").id
    made = gl.groups.create({"name": "Made", "path": unique("made")})
    refused(
        gitlab.GitlabCreateError,
        400,
        lambda: gl.groups.create({"name": "Made", "path": made.path}),
        "already been taken",
    )
    refused(
        gitlab.GitlabGetError,
        404,
        lambda: client("glpat-sandbox-bob-api").groups.get("people"),
        "404 Group Not Found",
    )
    paths = [p.path for p in gl.groups.get("ops").projects.list(include_subgroups=True)]
    assert {"cluster", "incidents", "runbooks"} <= set(paths), paths


@step
def members():
    gl = client()
    project = gl.projects.create(
        {"name": unique("members"), "namespace_id": gl.groups.get("ops").id}
    )
    member = project.members.create({"user_id": 5, "access_level": 30, "expires_at": "2031-01-01"})
    equal((member.username, member.access_level, member.expires_at), ("carol", 30, "2031-01-01"))
    refused(
        gitlab.GitlabCreateError,
        409,
        lambda: project.members.create({"user_id": 5, "access_level": 30}),
        "Member already exists",
    )
    refused(
        gitlab.GitlabCreateError,
        404,
        lambda: project.members.create({"user_id": 999, "access_level": 30}),
        "404 User Not Found",
    )
    found = refused(
        gitlab.GitlabCreateError,
        400,
        lambda: project.members.create({"user_id": 3, "access_level": 10}),
    )
    equal(
        found.error_message["access_level"],
        ["should be greater than or equal to Developer inherited membership from group Operations"],
    )
    refused(
        gitlab.GitlabCreateError,
        400,
        lambda: project.members.create({"user_id": 8, "access_level": 33}),
        "not included",
    )
    member.access_level = 40
    member.save()
    equal(project.members.get(5).access_level, 40)
    refused(gitlab.GitlabGetError, 404, lambda: project.members.get(3))
    equal(project.members_all.get(3).access_level, 30)
    assert {"alice", "bob", "carol", "on-call", "root"} <= {
        m.username for m in project.members_all.list(get_all=True)
    }
    answer = gl.http_post(
        f"/projects/{project.id}/members", post_data={"user_id": "5,8", "access_level": 30}
    )
    equal(answer["status"], "error")
    assert "carol" in answer["message"] and project.members.get(8).username == "erin"
    project.members.delete(5)
    refused(gitlab.GitlabDeleteError, 404, lambda: project.members.delete(5))
    refused(
        gitlab.GitlabCreateError,
        403,
        lambda: client("glpat-sandbox-bob-api")
        .projects.get(project.id)
        .members.create({"user_id": 5, "access_level": 10}),
    )


@step
def invitations():
    gl = client()
    group = gl.groups.get("people")
    mail = unique("new") + "@example.org"
    equal(
        gl.http_post(
            f"/groups/{group.id}/invitations", post_data={"email": mail, "access_level": 20}
        ),
        {"status": "success"},
    )
    again = gl.http_post(
        f"/groups/{group.id}/invitations", post_data={"email": mail, "access_level": 20}
    )
    equal(again, {"status": "error", "message": {mail: "Invite email has already been taken"}})
    listed = group.invitations.list(query=mail)
    equal(
        [(i.invite_email, i.access_level, i.created_by_name) for i in listed],
        [(mail, 20, "Alice Archer")],
    )
    group.invitations.update(mail, {"access_level": 30})
    equal(group.invitations.list(query=mail)[0].access_level, 30)
    gl.http_post(
        f"/groups/{group.id}/invitations",
        post_data={"email": "bob@example.com", "access_level": 20},
    )
    equal(group.members.get(3).access_level, 20)
    gl.http_post(f"/groups/{group.id}/invitations", post_data={"user_id": 3, "access_level": 30})
    equal(group.members.get(3).access_level, 30)
    group.invitations.delete(mail)
    refused(gitlab.GitlabDeleteError, 404, lambda: group.invitations.delete(mail))
    refused(
        gitlab.GitlabHttpError,
        400,
        lambda: gl.http_post(f"/groups/{group.id}/invitations", post_data={"access_level": 20}),
        "Must provide either email or user_id",
    )
    refused(
        gitlab.GitlabHttpError,
        400,
        lambda: gl.http_post(
            f"/groups/{group.id}/invitations", post_data={"email": "nonsense", "access_level": 20}
        ),
        "invalid email",
    )
    group.members.delete(3)


@step
def users():
    gl = client()
    equal([u.username for u in gl.users.list(username="ALICE")], ["alice"])
    assert "email" not in gl.users.list(username="alice")[0].attributes
    equal([u.username for u in gl.users.list(search="bob@example.com")], ["bob"])
    equal(gl.users.list(search="@example.com", username="bob"), [])
    equal([u.username for u in gl.users.list(blocked=True)], ["mallory"])
    assert "project_1_bot" not in [
        u.username for u in gl.users.list(get_all=True, without_project_bots=True)
    ]
    admin = client("glpat-sandbox-root-api")
    equal(admin.users.list(username="bob")[0].email, "bob@example.com")
    refused(gitlab.GitlabGetError, 404, lambda: gl.users.get(99999), "404 User Not Found")
