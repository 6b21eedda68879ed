#!/usr/bin/python3
"""Counts the test cases of one ctest run and closes with "N passed, N failed".

usage: count.py <folder>

The folder holds ctest.junit (ctest --output-junit) and one GoogleTest XML file a program. A program
that failed without a failing case in its XML (it crashed, timed out, or is no GoogleTest program)
counts as one failed case, one that passed without XML as one passed case.
"""
import pathlib
import sys
import xml.etree.ElementTree as ElementTree


def cases(path):
    """(passed, names of failed, skipped) of one GoogleTest XML file."""
    passed, failed, skipped = 0, [], 0
    for case in ElementTree.parse(path).getroot().iter("testcase"):
        name = f"{case.get('classname')}.{case.get('name')}"
        if case.get("status") == "notrun":
            continue
        if case.find("failure") is not None:
            failed.append(name)
        elif case.get("result") == "skipped" or case.find("skipped") is not None:
            skipped += 1
        else:
            passed += 1
    return passed, failed, skipped


def count(folder):
    passed, failed, skipped = 0, [], 0
    junit = folder / "ctest.junit"
    if not junit.exists():
        return 0, ["ctest did not run"], 0
    for program in ElementTree.parse(junit).getroot().iter("testcase"):
        name = program.get("name")
        ok = program.get("status") == "run"
        xml = folder / f"{name}.xml"
        found = (0, [], 0)
        if xml.exists():
            try:
                found = cases(xml)
            except ElementTree.ParseError:
                found = (0, [f"{name} (its XML is cut off)"], 0)
            passed, skipped = passed + found[0], skipped + found[2]
            failed += [f"{name}: {case}" for case in found[1]]
        elif ok:
            passed += 1
        if not ok and not found[1]:
            failed.append(f"{name} (crashed, timed out or could not start)")
    return passed, failed, skipped


def main():
    passed, failed, skipped = count(pathlib.Path(sys.argv[1]))
    for name in failed:
        print(f"FAILED {name}")
    print(f"{passed} passed, {len(failed)} failed" + (f", {skipped} skipped" if skipped else ""))
    return 1 if failed or passed == 0 else 0


if __name__ == "__main__":
    sys.exit(main())
