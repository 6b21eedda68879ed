#!/usr/bin/python3
"""Runs the checks of tools/lint/checks over the repository and closes with "N passed, N failed".

usage: run.py [--selftest] [--fast] [check...]

Each check is a module with `check(tree)` that yields Findings; a finding names its remedy. Before
they look at the repository, the checks must find what is wrong in their sample in
tools/lint/selftest/<check>: a check that cannot fail proves nothing. --selftest stops there;
--fast leaves out the checks that run a compiler. tidy (clang-tidy, minutes when cold) runs when it
is named.
"""
import importlib
import pathlib
import sys
import time

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))

from tree import Tree  # noqa: E402  (needs the path above)

CHECKS = ("layers", "libraries", "banned", "functions", "lengths", "headers", "paths", "links",
          "format", "standalone", "tidy")
SLOW = ("standalone", "tidy")
# tidy needs a configured build; its settings are clang-tidy's own and tested there.
WITHOUT_SAMPLE = ("tidy",)
SHOWN_MAX = 60


def findings_of(name, tree):
    found = importlib.import_module(f"checks.{name}").check(tree)
    return sorted(f for f in found if not tree.allowed(f.path, f.line, name))


def selftest(name):
    """What the check says about its sample, against expect.txt: lines `path:line: part of text`."""
    sample = HERE / "selftest" / name
    expected = (sample / "expect.txt").read_text(encoding="utf-8").splitlines()
    expected = [line for line in expected if line and not line.startswith("#")]
    tree = Tree.of_folder(sample)
    tree.paths.remove("expect.txt")
    found = [str(finding) for finding in findings_of(name, tree)]
    problems = []
    for line in expected:
        place, _, text = line.partition(": ")
        match = next((f for f in found if f.startswith(place + ": ") and text in f), None)
        if match is None:
            problems.append(f"not found in its sample: {line}")
        else:
            found.remove(match)
    problems += [f"false alarm in its sample: {line}" for line in found]
    if not expected:
        problems.append("its sample expects nothing: a check must be shown to fail")
    return problems


def report(name, problems, began):
    print(f"{'ok  ' if not problems else 'FAIL'} {name:<22} {time.monotonic() - began:5.1f} s")
    for problem in problems[:SHOWN_MAX]:
        print(f"     {problem}")
    if len(problems) > SHOWN_MAX:
        print(f"     ... and {len(problems) - SHOWN_MAX} more")
    sys.stdout.flush()
    return not problems


def main(arguments):
    options = [a for a in arguments if a.startswith("--")]
    names = [a for a in arguments if not a.startswith("--")] or [c for c in CHECKS if c != "tidy"]
    unknown = [n for n in names if n not in CHECKS]
    unknown += [o for o in options if o not in ("--selftest", "--fast")]
    if unknown:
        print(f"lint: unknown {', '.join(unknown)}; known checks: {' '.join(CHECKS)}")
        return 2
    if "--fast" in options:
        names = [n for n in names if n not in SLOW]
    results = []
    for name in names:
        if name not in WITHOUT_SAMPLE:
            began = time.monotonic()
            results.append(report(f"{name} (self-test)", selftest(name), began))
    if "--selftest" not in options:
        tree = Tree(HERE.parent.parent)
        for name in names:
            began = time.monotonic()
            results.append(report(name, findings_of(name, tree), began))
    print(f"{results.count(True)} passed, {results.count(False)} failed")
    return 0 if all(results) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
