#!/usr/bin/python3
"""Checks every literal request of the GitLab actions against GitLab's own OpenAPI documents.

usage: check.py [--verbose]

Requests come from the golden cases (tests/golden/gitlab/) and from filled.txt beside this file
(every action with all of its fields set; kept up to date by the golden tests). Documents: the
selected 19.5 document first, else the whole one of 17.10. Checked are method, path, path
parameters, the names, types, formats and enums of query parameters and of body fields, and required
body fields. What the documents get wrong or lack is listed below, one entry a fact, each with its
reason; an entry that no request needs any more fails, so that the list cannot outlive its reasons.

Needs python3-yaml. Without ../shared/gitlab it checks nothing and says so.
"""
import datetime
import json
import os
import pathlib
import re
import sys
import urllib.parse

ROOT = pathlib.Path(__file__).resolve().parents[2]
DOCUMENTS = ("openapi-gitlab-19.5-selected.yaml", "openapi_v2-official-2025-03.yaml")
# These carry what an author writes, not what an action builds.
NOT_OURS = {"call-api"}

# Operations that neither document has: (method, path template) -> reason.
ISSUES = "the 2025 document lacks all issue endpoints, the selected one has those of projects only"
MISSING_OPERATIONS = {
    ("GET", "/api/v4/issues"): ISSUES,
    ("GET", "/api/v4/groups/{id}/issues"): ISSUES,
    ("GET", "/api/v4/projects/{id}/issues/{issue_iid}/notes"): ISSUES,
    ("POST", "/api/v4/projects/{id}/issues/{issue_iid}/notes"): ISSUES,
    ("GET", "/api/v4/projects/{id}/milestones"): "neither has the milestones of projects",
}

# Parameters that a document lacks or types wrongly:
# (method, path template, name) -> (what it really takes, reason).
KEYSET = ("keyset paging is documented in prose only: "
          "https://docs.gitlab.com/api/rest/#keyset-based-pagination")
COMMAS = "typed as it is after coercion; a comma-separated text is what the prose documents"
TEXT, WHOLE = {"type": "string"}, {"type": "integer"}
BY_KEYSET = ({"type": "string", "enum": ["keyset"]}, KEYSET)
WRONG_PARAMETERS = {
    ("GET", "/api/v4/projects", "pagination"): BY_KEYSET,
    ("GET", "/api/v4/projects/{id}/issues", "pagination"): BY_KEYSET,
    ("GET", "/api/v4/users", "pagination"): BY_KEYSET,
    ("POST", "/api/v4/groups/{id}/invitations", "user_id"): (TEXT, COMMAS),
    ("POST", "/api/v4/projects/{id}/members", "member_role_id"): (
        WHOLE, "an Enterprise parameter that the generated document leaves out"),
    ("PUT", "/api/v4/projects/{id}/issues/{issue_iid}", "labels"): (TEXT, COMMAS),
    ("PUT", "/api/v4/projects/{id}/issues/{issue_iid}", "add_labels"): (TEXT, COMMAS),
    ("PUT", "/api/v4/projects/{id}/issues/{issue_iid}", "remove_labels"): (TEXT, COMMAS),
}


def path_pattern(template):
    """A regular expression for the paths of a template such as /projects/{id}."""
    parts = template.split("/")
    return "/".join("[^/]+" if part.startswith("{") else re.escape(part) for part in parts)


class Document:
    """One OpenAPI document, version 2 or 3, as a list of operations."""

    def __init__(self, path, yaml):
        loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
        self.root = yaml.load(path.read_text(), Loader=loader)
        self.name = path.name
        self.operations = []
        for template, methods in self.root["paths"].items():
            pattern = re.compile(path_pattern(template))
            for method, operation in methods.items():
                if method in ("get", "head", "post", "put", "patch", "delete"):
                    shared = methods.get("parameters", [])
                    self.operations.append((method.upper(), template, pattern, operation, shared))

    def find(self, method, path):
        """The operation with the fewest placeholders that takes this call."""
        found = [o for o in self.operations if o[0] == method and o[2].fullmatch(path)]
        return min(found, key=lambda o: o[1].count("{")) if found else None

    def resolve(self, schema):
        seen = 0
        while "$ref" in schema and seen < 20:
            node = self.root
            for part in schema["$ref"].lstrip("#/").split("/"):
                node = node[part]
            schema, seen = node, seen + 1
        return schema

    def parameters(self, operation, where):
        """{name: schema} of the query or path parameters, or of the body's fields."""
        _, _, _, data, shared = operation
        found = {}
        for parameter in [self.resolve(p) for p in list(shared) + data.get("parameters", [])]:
            if parameter["in"] == where:
                found[parameter["name"]] = self.resolve(parameter.get("schema", parameter))
        return found

    def body(self, operation):
        """({name: schema}, required names) of the JSON body, or (None, ()) if there is none."""
        _, _, _, data, _ = operation
        schema = None
        for content in data.get("requestBody", {}).get("content", {}).values():
            schema = self.resolve(content["schema"])
            break
        form = {}
        for parameter in data.get("parameters", []):
            if parameter["in"] == "body":
                schema = self.resolve(parameter["schema"])
            elif parameter["in"] == "formData":
                form[parameter["name"]] = parameter
        if form:
            return form, {n for n, p in form.items() if p.get("required")}
        if schema is None:
            return None, ()
        return schema.get("properties", {}), schema.get("required", ())


def is_placeholder(value):
    """What a dry run shows for an id that it could not look up."""
    return isinstance(value, str) and value.startswith("<") and value.endswith(">")


def is_moment(text):
    try:
        datetime.datetime.fromisoformat(text.replace("Z", "+00:00"))
        return True
    except ValueError:
        return False


def text_fits(text, schema):
    """Whether the text of a query parameter is of the type."""
    kind = schema.get("type")
    if schema.get("enum") and not any(str(word) == text for word in schema["enum"]):
        return "is not one of " + ", ".join(map(str, schema["enum"]))
    if kind == "integer" and not re.fullmatch(r"-?\d+", text):
        return "is no integer"
    if kind == "boolean" and text not in ("true", "false"):
        return "is no boolean"
    if kind == "string" and schema.get("format") == "date-time" and not is_moment(text):
        return "is no date-time"
    return None


def value_fits(value, schema, document):
    """Whether a member of a JSON body is of the type; None if so."""
    schema = document.resolve(schema)
    kind = schema.get("type")
    if is_placeholder(value) or value is None:
        return None  # null clears a field: nullability is not in these documents
    for word in ("oneOf", "anyOf"):
        if word in schema:
            problems = [value_fits(value, option, document) for option in schema[word]]
            return None if None in problems else problems[0]
    if schema.get("enum") and value not in schema["enum"] and not isinstance(value, (list, dict)):
        return f"{value!r} is not one of {schema['enum']}"
    right = {"integer": lambda v: isinstance(v, int) and not isinstance(v, bool),
             "number": lambda v: isinstance(v, (int, float)) and not isinstance(v, bool),
             "boolean": lambda v: isinstance(v, bool), "string": lambda v: isinstance(v, str),
             "array": lambda v: isinstance(v, list), "object": lambda v: isinstance(v, dict)}
    if kind in right and not right[kind](value):
        return f"{value!r} is no {kind}"
    if kind == "array" and "items" in schema:
        for item in value:
            problem = value_fits(item, schema["items"], document)
            if problem:
                return problem
    if kind == "object" and isinstance(value, dict) and schema.get("properties"):
        for name, member in value.items():
            if name not in schema["properties"]:
                return f"has no member {name}"
            problem = value_fits(member, schema["properties"][name], document)
            if problem:
                return f"{name}: {problem}"
    return None


class Check:
    def __init__(self, documents):
        self.documents = documents
        self.used = set()

    def corrected(self, schemas, method, template, name):
        """The schema of a parameter, by the table above where the document errs."""
        key = (method, template, name)
        if key not in WRONG_PARAMETERS:
            return schemas.get(name)
        self.used.add(key)
        return WRONG_PARAMETERS[key][0]

    def request(self, method, path, query, body):
        """The problems of one request."""
        for document in self.documents:
            operation = document.find(method, path)
            if operation:
                break
        else:
            for known_method, template in MISSING_OPERATIONS:
                if known_method == method and re.fullmatch(path_pattern(template), path):
                    self.used.add((method, template))
                    return []
            return [f"neither document has {method} {path}"]
        template = operation[1]
        problems = self.path(document, operation, path)
        problems += self.query(document, operation, query, template)
        problems += self.body(document, operation, body, template)
        return [f"{p} ({method} {template} in {document.name})" for p in problems]

    def path(self, document, operation, path):
        schemas = document.parameters(operation, "path")
        problems = []
        for part, text in zip(operation[1].split("/"), path.split("/")):
            value = urllib.parse.unquote(text)
            # A project or group may be given by its path, an unknown id stands as <...> or :name.
            if not part.startswith("{") or part == "{id}":
                continue
            if is_placeholder(value) or value.startswith(":"):
                continue
            problem = text_fits(value, schemas.get(part.strip("{}"), {}))
            if problem:
                problems.append(f"{part} {problem}: {value}")
        return problems

    def query(self, document, operation, query, template):
        schemas = document.parameters(operation, "query")
        problems = []
        for name, text in query:
            schema = self.corrected(schemas, operation[0], template, name)
            if schema is None and name.endswith("[]"):
                schema = schemas.get(name[:-2])
                if schema is not None and schema.get("type") == "array":
                    schema = document.resolve(schema.get("items", {}))
            if schema is None:
                problems.append(f"unknown query parameter {name}")
                continue
            problem = None if is_placeholder(text) else text_fits(text, schema)
            if problem:
                problems.append(f"query parameter {name} {problem}: {text}")
        return problems

    def body(self, document, operation, body, template):
        schemas, required = document.body(operation)
        if body is None:
            return [f"body field {name} is missing" for name in required]
        if schemas is None:
            return ["a body where none is taken"]
        if not isinstance(body, dict):
            return ["the body is no object"]
        problems = []
        for name, value in body.items():
            schema = self.corrected(schemas, operation[0], template, name)
            if schema is None:
                problems.append(f"unknown body field {name}")
                continue
            problem = value_fits(value, schema, document)
            if problem:
                problems.append(f"body field {name}: {problem}")
        return problems + [f"body field {name} is missing" for name in required if name not in body]


def requests_in(text):
    """(line number, method, target, body) of each request section."""
    lines = text.split("\n")
    for number, line in enumerate(lines):
        if line != "=== request":
            continue
        section = []
        for following in lines[number + 1:]:
            if following.startswith("=== "):
                break
            section.append(following)
        method, target = section[0].split(" ", 1)
        blank = section.index("") if "" in section else len(section)
        body = "\n".join(section[blank:]).strip()
        yield number + 2, method, target, json.loads(body) if body else None


def all_requests():
    files = sorted((ROOT / "tests/golden/gitlab").glob("*/*.txt"))
    for file in files + [ROOT / "tests/openapi/filled.txt"]:
        if file.parent.name in NOT_OURS or not file.exists():
            continue
        for number, method, target, body in requests_in(file.read_text()):
            yield f"{file.relative_to(ROOT)}:{number}", method, target, body


def main():
    shared = pathlib.Path(os.environ.get("FAIRLEAD_SHARED", ROOT.parent / "shared")) / "gitlab"
    requests = list(all_requests())
    if not all((shared / name).exists() for name in DOCUMENTS):
        print(f"GitLab's OpenAPI documents are not in {shared}: nothing was checked")
        print(f"0 passed, 0 failed, {len(requests)} skipped")
        return 0
    try:
        import yaml
    except ImportError:
        print("python3-yaml is not installed")
        print("0 passed, 1 failed")
        return 1
    check = Check([Document(shared / name, yaml) for name in DOCUMENTS])
    passed = failed = 0
    for where, method, target, body in requests:
        path, _, query = target.partition("?")
        fields = urllib.parse.parse_qsl(query, keep_blank_values=True)
        problems = check.request(method, path, fields, body)
        if problems:
            failed += 1
            for problem in problems:
                print(f"FAILED {where}: {problem}")
        else:
            passed += 1
            if "--verbose" in sys.argv[1:]:
                print(f"ok {where}: {method} {target}")
    for key in sorted((set(MISSING_OPERATIONS) | set(WRONG_PARAMETERS)) - check.used):
        failed += 1
        print(f"FAILED known error {' '.join(key)} is needed by no request: remove it")
    print(f"{passed} passed, {failed} failed")
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
