"""headers: each header opens with 3 to 10 comment lines (style rule 21) and has #pragma once."""
from tree import Finding

LINES_MIN, LINES_MAX = 3, 10


def check(tree):
    for path in tree.cpp(".h"):
        lines = tree.lines(path)
        while lines and (lines[0].startswith("#pragma once") or not lines[0].strip()):
            lines = lines[1:]
        count = next((at for at, line in enumerate(lines) if not line.startswith("//")),
                     len(lines))
        if not LINES_MIN <= count <= LINES_MAX:
            yield Finding(path, 1, f"the header opens with {count} comment lines: write "
                                   f"{LINES_MIN} to {LINES_MAX} that say what this is, why, where "
                                   "it sits in the flow, and the thread rule")
        if "#pragma once" not in tree.text(path):
            yield Finding(path, 1, "no #pragma once: put it below the opening comment")
