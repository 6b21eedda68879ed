"""tidy: clang-tidy-16 with .clang-tidy, over every source of the tidy preset but the tests.

A file is checked again only when it, a header of ours that it includes, or the settings change:
what passed is remembered by digest in FAIRLEAD_TIDY_CACHE (default: build/lint/tidy).
"""
import concurrent.futures
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess

from checks.standalone import closure
from tree import Finding

WARNING = re.compile(r"^(\S+?):(\d+):\d+: (?:warning|error): (.*)$", re.MULTILINE)


def digest_of(tree, path, command):
    files = set()
    closure(tree, path, files)
    digest = hashlib.sha256((tree.text(".clang-tidy") + command).encode())
    for name in sorted(files):
        digest.update(f"\0{name}\0{tree.text(name)}".encode())
    return digest.hexdigest()


def check_file(tree, tool, build, path, good):
    done = subprocess.run(["nice", tool, "-p", str(build), "--quiet", str(tree.root / path)],
                          stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, check=False)
    found = []
    for name, line, text in WARNING.findall(done.stdout.decode(errors="replace")):
        name = os.path.relpath(os.path.join(build, name), tree.root)
        if not name.startswith(".."):
            found.append(Finding(name, int(line), text))
    if not found and done.returncode != 0:
        found.append(Finding(path, 1, "clang-tidy-16 cannot read it: does ./do build tidy pass?"))
    if not found:
        good.touch()
    return found


def check(tree):
    tool = shutil.which("clang-tidy-16")
    if not tool:
        yield Finding(".clang-tidy", 1, "no clang-tidy-16: run ./do setup check")
        return
    build = tree.root / "build" / "tidy"
    done = subprocess.run(["cmake", "--preset", "tidy"], cwd=tree.root, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        yield Finding("CMakePresets.json", 1, "cmake --preset tidy fails")
        return
    cache = pathlib.Path(os.environ.get("FAIRLEAD_TIDY_CACHE") or tree.root / "build/lint/tidy")
    cache.mkdir(parents=True, exist_ok=True)
    todo = []
    for entry in json.loads((build / "compile_commands.json").read_text(encoding="utf-8")):
        path = os.path.relpath(entry["file"], tree.root)
        if path.startswith(("..", "build/", "tests/")) or path.endswith("_test.cpp"):
            continue
        command = entry["command"].replace(str(tree.root), "")
        good = cache / digest_of(tree, path, command)
        if not good.exists():
            todo.append((path, good))
    seen = set()
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for findings in pool.map(lambda t: check_file(tree, tool, build, *t), todo):
            for finding in findings:
                if finding not in seen:
                    seen.add(finding)
                    yield finding
