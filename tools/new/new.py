#!/usr/bin/python3
"""Scaffolds an action: its source, its two golden cases, and its lines in the catalogue.

usage: new.py action <name>          for example: new.py action get-milestone

What it writes compiles and passes its golden cases once they are filled in with
FAIRLEAD_UPDATE_GOLDEN=1; the next steps are printed.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

SOURCE = '''\
// TODO: one sentence that says what this does, and what is special about it.
// Source: https://docs.gitlab.com/api/TODO/ (checked on 19.5).
#include "gitlab/actions.h"
#include "gitlab/refs.h"

namespace fairlead::gitlab {{
namespace {{

using schema::field;

struct Input {{
  ProjectRef project;

  static constexpr auto fields() {{
    return std::tuple{{
        field("project", &Input::project,
              {{.label = "Project", .help = "Id, full path or URL.", .example = "ops/web"}})}};
  }}
}};

struct Output {{
  std::int64_t id{{0}};
  Json rest;  // what GitLab answers besides passes through

  static constexpr auto fields() {{
    return std::tuple{{field("id", &Output::id, {{.label = "Id"}}), schema::rest(&Output::rest)}};
  }}
}};

// Pure: dry run, golden cases and audit show exactly this.
action::Request request(Input const& in) {{ return action::get("/projects/{{}}", in.project); }}

}}  // namespace

action::Action {function}() {{
  return action::define<Input, Output>(
      {{.name = "{name}",
       .title = "{title}",
       .description = "TODO: one sentence.",
       .docs = "https://docs.gitlab.com/api/TODO/",
       // An action that creates says `action::creates<Input, Output>(find_existing)`.
       .effect = action::Effect::reads,
       .scope = action::Scope::read_api,
       .role = action::Role::guest,
       .request = request,
       .resolve = [](action::Lookup const& lookup, Input& in) {{
         return bind(lookup, in.project, "project");
       }}}});
}}

}}  // namespace fairlead::gitlab
'''

SUCCESS = '''\
# {title}: the usual case.
=== input
{{
  "project": "ops/incidents"
}}
=== request
=== response
200

{{"id": 1}}
=== output
'''

FAILURE = '''\
# A project that is not there, or that the token may not see: GitLab says 404 to both.
=== input
{{
  "project": "ops/nowhere"
}}
=== request
=== response
404

{{"message": "404 Project Not Found"}}
=== error
'''


def insert_sorted(path, pattern, line):
    """Puts `line` among the lines that match `pattern`, in order."""
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    at = [i for i, text in enumerate(lines) if re.fullmatch(pattern, text.rstrip("\n"))]
    if not at:
        sys.exit(f"new: {path.relative_to(ROOT)} has no line like `{line.strip()}` to go beside")
    after = [i for i in at if lines[i] < line]
    lines.insert(after[-1] + 1 if after else at[0], line)
    path.write_text("".join(lines), encoding="utf-8")


def write_new(path, text):
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    print(f"  wrote    {path.relative_to(ROOT)}")


def new_action(name):
    if not re.fullmatch(r"[a-z]+(-[a-z]+)+", name):
        sys.exit(f"new: '{name}' is no action name: a verb and a noun in small letters, joined by "
                 "'-', such as close-milestone")
    function = name.replace("-", "_")
    source = ROOT / f"src/gitlab/actions/{function}.cpp"
    if source.exists():
        sys.exit(f"new: {source.relative_to(ROOT)} exists already")
    words = {"function": function, "name": name, "title": name.replace("-", " ").capitalize()}
    insert_sorted(ROOT / "src/gitlab/actions.h", r"action::Action \w+\(\);",
                  f"action::Action {function}();\n")
    print("  changed  src/gitlab/actions.h")
    insert_sorted(ROOT / "src/gitlab/actions.cpp", r"      \w+\(\),", f"      {function}(),\n")
    print("  changed  src/gitlab/actions.cpp")
    write_new(source, SOURCE.format(**words))
    write_new(ROOT / f"tests/golden/gitlab/{name}/success.txt", SUCCESS.format(**words))
    write_new(ROOT / f"tests/golden/gitlab/{name}/not-found.txt", FAILURE.format(**words))
    print(f"""
Next:
  1. Write down the request and the answers in src/gitlab/actions/{function}.cpp (search TODO).
  2. Put what GitLab answers into tests/golden/gitlab/{name}/, one file a story, and let the
     requests and outcomes be filled in:  FAIRLEAD_UPDATE_GOLDEN=1 ./do test golden
  3. Read what was filled in, then:  ./do test unit gitlab && ./do test golden && ./do lint""")


def main(arguments):
    if len(arguments) != 2 or arguments[0] != "action":
        sys.exit("usage: ./do new action <name>")
    new_action(arguments[1])


if __name__ == "__main__":
    main(sys.argv[1:])
