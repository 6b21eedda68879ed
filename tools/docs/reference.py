#!/usr/bin/python3
"""Writes docs/reference/actions.md from the catalogue of a built binary.

usage: reference.py <fairlead binary> [--check]     --check: fails if the file is not up to date

Starts a server on a free port with an empty data folder, asks it through the command line
(`action list` and `action show`, --output json), and stops it.
"""
import json
import pathlib
import subprocess
import sys
import tempfile
import time

ROOT = pathlib.Path(__file__).resolve().parents[2]
START_SECONDS_MAX = 20


def ask(binary, folder, *words):
    done = subprocess.run([binary, *words, "--data-folder", folder, "--output", "json"],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False)
    if done.returncode != 0:
        raise RuntimeError(done.stderr.decode(errors="replace").strip())
    return json.loads(done.stdout)


def wait_for_list(binary, folder, server):
    deadline = time.monotonic() + START_SECONDS_MAX
    while True:
        try:
            return ask(binary, folder, "action", "list")
        except RuntimeError as error:
            if server.poll() is not None or time.monotonic() > deadline:
                sys.exit(f"docs: the server does not answer: {error}")
            time.sleep(0.1)


def type_of(schema):
    if "enum" in schema:
        return " / ".join(f"`{value}`" for value in schema["enum"])
    kind = schema.get("type", "any")
    kind = " or ".join(kind) if isinstance(kind, list) else kind
    return f"list of {type_of(schema['items'])}" if kind == "array" and "items" in schema else kind


def cell(text):
    return str(text).replace("|", "\\|").replace("\n", " ")


def table(schema, head):
    required = schema.get("required", [])
    lines = [f"| {head} | type | required | meaning |", "| --- | --- | --- | --- |"]
    for name, field in schema.get("properties", {}).items():
        words = [field.get("title"), field.get("description")]
        words = ". ".join(word.rstrip(".") for word in words if word)
        lines.append(f"| `{name}` | {cell(type_of(field))} | {'yes' if name in required else ''} | "
                     f"{cell(words)} |")
    return lines


def page(actions):
    lines = ["# Actions", "", "Made by `./do docs` from the catalogue: edit the sources.", ""]
    lines += [f"- [{a['id']}](#{a['id'].replace('.', '')}): {a['description']}" for a in actions]
    for action in actions:
        page = f" ([GitLab's page]({action['docsUrl']}))" if action["docsUrl"] else ""
        lines += ["", f"## {action['id']}", "", f"{action['description']}{page}", "",
                  f"Version {action['version']}; {action['effect']}; scope `{action['scope']}`; "
                  + ("no role of its own." if action["role"] == "none"
                     else f"role {action['role']} or higher."), ""]
        lines += table(action["inputSchema"], "input") + [""]
        lines += table(action["outputSchema"], "output")
    return "\n".join(lines) + "\n"


def main():
    binary = sys.argv[1]
    with tempfile.TemporaryDirectory() as folder:
        server = subprocess.Popen(
            [binary, "serve", "--data-folder", folder, "--listen", "127.0.0.1:0"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            listed = wait_for_list(binary, folder, server)
            actions = [ask(binary, folder, "action", "show", item["id"]) for item in listed]
        finally:
            server.terminate()
            server.wait()
    target = ROOT / "docs/reference/actions.md"
    if "--check" in sys.argv[2:]:
        if target.exists() and target.read_text(encoding="utf-8") == page(actions):
            print(f"{target.relative_to(ROOT)} is up to date: {len(actions)} actions")
            return
        sys.exit(f"{target.relative_to(ROOT)} is not what the catalogue says: run ./do docs")
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(page(actions), encoding="utf-8")
    print(f"wrote {target.relative_to(ROOT)}: {len(actions)} actions")


if __name__ == "__main__":
    main()
