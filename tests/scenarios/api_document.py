"""Holds answers of the server against its OpenAPI document, by a validator that is not ours.

An answer that the document does not describe (path, method, status, media type or shape) fails the
test that got it.
"""
import json
import re

import jsonschema

from browser import Problem

SAID_MAX = 600  # characters of a wrong answer that are shown


class Document:
    def __init__(self, path):
        self.document = json.loads(path.read_text(encoding="utf-8"))
        self.validators = {}
        # What is written out wins over "{...}", as in the server's router.
        templates = sorted(self.document["paths"], key=lambda path: (path.count("{"), path))
        self.paths = [(re.compile(re.sub(r"\\{[^/]+\\}", "[^/]+", re.escape(path))), path)
                      for path in templates]

    def template(self, path, method):
        """The first that has the method, so that a catch-all does not hide a neighbour."""
        found = [template for pattern, template in self.paths if pattern.fullmatch(path)]
        return next((each for each in found if method in self.document["paths"][each]), None)

    def check(self, method, target, answer):
        """`answer`: status, headers, text. Problem if the document says something else."""
        path, method = target.partition("?")[0], method.lower()
        if not path.startswith("/api/v1/"):
            return
        template = self.template(path, method)
        if template is None:
            if answer.status not in (404, 405):
                raise Problem(f"{method} {path} is not in the OpenAPI document, but answers "
                              f"{answer.status}")
            return
        responses = self.document["paths"][template][method]["responses"]
        status = str(answer.status)
        key = status if status in responses else "default"
        if key == "default" and answer.status < 400 and status != "304":
            raise Problem(f"{method} {template}: status {status} is not in the OpenAPI document")
        self.check_body((template, method, key), responses[key], answer)

    def check_body(self, place, response, answer):
        content = response.get("content", {})
        if not content or not answer.body:
            return
        media_type = (answer.headers["Content-Type"] or "").partition(";")[0].strip()
        if media_type not in content:
            raise Problem(f"{place}: {media_type} is not in the OpenAPI document, "
                          f"which has {sorted(content)}")
        one_value = media_type == "application/json" or media_type.endswith("+json")
        if not one_value or "schema" not in content[media_type]:
            return
        validator = self.validator((*place, media_type), content[media_type]["schema"])
        error = jsonschema.exceptions.best_match(validator.iter_errors(answer.json))
        if error is not None:
            raise Problem(f"{place}: the answer is not what the OpenAPI document says: at "
                          f"/{'/'.join(map(str, error.absolute_path))}: {error.message}\n"
                          f"{answer.text[:SAID_MAX]}")

    def validator(self, key, schema):
        if key not in self.validators:
            resolver = jsonschema.RefResolver("", self.document)
            self.validators[key] = jsonschema.Draft202012Validator(schema, resolver=resolver)
        return self.validators[key]
