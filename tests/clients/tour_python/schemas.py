"""Answers against GitLab's own JSON schemas (../shared/gitlab)."""
import json
import pathlib
import urllib.parse

import requests

from tour_python.steps import URL, client, step


def schema_files():
    base = pathlib.Path(__file__).resolve().parents[3] / ".." / "shared" / "gitlab" / "json-schemas"
    return base.resolve() if base.is_dir() else None


def loosened(schema):
    """The schema with standard types only, and without the additionalProperties of old days."""
    if isinstance(schema, list):
        return [loosened(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    out = {}
    for name, value in schema.items():
        if name == "additionalProperties":
            continue
        if name == "type" and not isinstance(value, dict):
            words = {"date": ["string", "null"], "uri": ["string"], "string ": ["string"]}
            kinds = []
            for word in value if isinstance(value, list) else [value]:
                kinds += words.get(word, [word])
            out[name] = kinds
        elif name == "pattern":  # "{3}{1,2}" is no regular expression in Python
            out[name] = value.replace("[0-9A-Fa-f]{3}{1,2}", "([0-9A-Fa-f]{3}){1,2}")
        else:
            out[name] = loosened(value)
    return out


def check_schema(name, value):
    import jsonschema

    folder = schema_files()
    path = folder / name
    store = {}
    for file in folder.rglob("*.json"):
        store[file.as_uri()] = loosened(json.loads(file.read_text()))
    status = store[(folder / "status" / "ci_detailed_status.json").as_uri()]
    status["properties"].pop("illustration"), status["properties"].pop("action", None)
    if name == "pipeline/detail.json":  # the reference keeps the layout of GitLab's own tree
        outside = urllib.parse.urljoin(path.as_uri(), "../../../status/ci_detailed_status.json")
        store[outside] = status
    schema = store[path.as_uri()]
    if name == "issues.json":  # its $ref lies inside "properties", where it means nothing
        schema = {"type": "array", "items": {"$ref": "issue.json"}}
    resolver = jsonschema.RefResolver(path.as_uri(), schema, store=store)
    jsonschema.Draft4Validator(schema, resolver=resolver).validate(value)


@step
def answers_fit_gitlabs_schemas():
    if schema_files() is None:
        print("  (skipped: ../shared/gitlab/json-schemas is not here)")
        return
    head = {"PRIVATE-TOKEN": "glpat-sandbox-alice-api"}
    get = lambda path: requests.get(URL + "/api/v4" + path, headers=head, timeout=10).json()
    project = client().projects.get("ops/incidents")
    project.issues.create(
        {
            "title": "schema",
            "labels": ["incident"],
            "assignee_ids": [4],
            "milestone_id": project.milestones.list()[0].id,
        }
    )
    check_schema("issues.json", get("/projects/ops%2Fincidents/issues"))
    for issue in get("/projects/ops%2Fincidents/issues"):
        check_schema("issue.json", issue)
    check_schema("projects.json", get("/projects?membership=true"))
    check_schema("projects.json", get("/projects?simple=true"))
    check_schema("members.json", get("/projects/ops%2Fincidents/members/all"))
    check_schema("members.json", get("/groups/ops/members"))
    check_schema("user/public.json", get("/user"))
    for user in get("/users"):
        check_schema("user/basic.json", user)
    for milestone in get("/projects/ops%2Fincidents/milestones"):
        check_schema("milestone.json", milestone)
    for pipeline in get("/projects/ops%2Frunbooks/pipelines"):
        check_schema("pipeline/basic.json", pipeline)
        check_schema(
            "pipeline/detail.json", get(f"/projects/ops%2Frunbooks/pipelines/{pipeline['id']}")
        )
    for label in get("/projects/ops%2Fincidents/issues?with_labels_details=true&labels=incident")[
        0
    ]["labels"]:
        check_schema("label_basic.json", label)
