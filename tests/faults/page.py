"""docs/faults.md, made from tests/golden/faults.json: one row a fault."""

GITLAB, GITLAB_TLS = "http://gitlab.example.com", "https://gitlab.example.com"
HEAD = """# Faults

What goes wrong between Fairlead and GitLab, and what you see then. Every row was provoked:
`./do test faults` runs the real server against a GitLab that breaks in this way, and this page
is made from what it saw (`FAIRLEAD_UPDATE_GOLDEN=1 ./do test faults` writes it anew). {count}
faults.

How to read it:

- **Fairlead says** is the error of an action that reads, here `gitlab.get-project` of the
  project `ops/incidents`, as the command line, the API and the run page show it.
- **Tries** says how often the request goes out before the error is shown. A request that surely
  did not reach GitLab is sent again whatever it does; one that may have reached it only if it
  reads, or if repeating it leads to the same state. "Write" is an action that creates
  (`gitlab.create-issue`): where its outcome is unknown, a workflow looks at GitLab whether it
  happened before anything is sent again.
- **Afterwards** is the connection's state, and whether it goes on by itself once the fault is
  over. Nothing has to be done in Fairlead then.
- **Test connection** is the step at which the checklist turns red (`fairlead connection test`).

A fault of the way or of a certificate is never shown as one of the token, and a token never
goes to another host. Times here are those of the test: a request may take 60 seconds (`fairlead
serve --request-timeout`), connecting 10.
"""
AFTERWARDS = {
    ("active", True): "Connected; goes on by itself.",
    ("active", False): "Connected; waits as long as GitLab asked, then goes on.",
    ("uncertain", True): "Uncertain whether the grant still holds; finds out and goes on by "
                         "itself.",
    ("needs-sign-in", False): "Needs a new sign-in; runs are parked until then.",
    ("pending", False): "There is no connection yet.",
}


def cell(text):
    return " ".join(str(text).split()).replace("|", "\\|")


def words(text):
    """One sentence after the other."""
    return text if not text or text[-1] in ".!?" else text + "."


def says(row):
    error = row["read"]
    if error["exitCode"] == 0:
        return "Nothing: it does no harm." if "note" not in error else words(error["note"])
    return f"**{error['title']}**: {words(error['message'])} {words(error.get('cause', ''))}"


def tries(row):
    def count(seen):
        return seen.get("sent", seen.get("connected", seen.get("tries")))
    read, write = count(row["read"]), count(row["write"]) if "write" in row else None
    parts = [] if read is None else [f"read {read}"]
    if write is not None:
        unknown = row["write"].get("kind") == "uncertain"
        parts.append(f"write {write}" + (", outcome unknown" if unknown else ""))
    return "; ".join(parts) or "1"


def doctor(row):
    failed = [step["title"] for step in row["doctor"] if step["state"] == "failed"]
    return failed[0] if failed else "all well"


def render(table):
    page, section = HEAD.format(count=len(table)), None
    for row in table:
        if row["section"] != section:
            section = row["section"]
            page += f"\n## {section}\n\n"
            page += ("| Fault | What happened | Fairlead says | What to do | Tries | Afterwards | "
                     "Test connection |\n| --- | --- | --- | --- | --- | --- | --- |\n")
        cells = [f"`{row['name']}`", row["happened"], says(row),
                 row["read"].get("remedy", "Nothing."), tries(row),
                 AFTERWARDS[row["state"], row.get("mends", False)], doctor(row)]
        page += "| " + " | ".join(map(cell, cells)) + " |\n"
    return page
