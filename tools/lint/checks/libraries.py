"""libraries: library headers appear in .cpp files only (style rule 20).

Each costs 1 to 20 s in every file that includes it. Forward declarations are fine.
"""
import re

from tree import Finding

HEAVY = re.compile(
    r"^\s*#\s*include\s*<(boost/(?!json/fwd\.hpp)|sqlite3|curl/|openssl/|spdlog/|fmt/|CLI/|sodium|"
    r"libfyaml|jq\.h|jv\.h|seccomp|libpq|oniguruma|prometheus/|iostream>|regex>)")


def check(tree):
    for path in tree.cpp(".h"):
        if path.startswith("tests/"):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            found = HEAVY.match(line)
            if found:
                yield Finding(path, number,
                              f"<{found[1]}...> in a header: include it in the .cpp file and keep "
                              "it behind a forward declaration or an `Impl` (style rule 20)")
