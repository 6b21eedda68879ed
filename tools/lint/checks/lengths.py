"""lengths: lines of at most 100 columns, files of at most 600 lines (style rule 18)."""
import re

from tree import Finding

COLUMNS_MAX = 100
LINES_MAX = 600
CODE = (".h", ".cpp", ".py", ".sh", ".cmake", ".ts", ".tsx", ".mjs", ".js", ".rb",
        "CMakeLists.txt")
# Prettier breaks what can be broken there (`npm run check`); a text of JSX may stay longer.
OWN_FORMAT = "web/"
URL_ALONE = re.compile(r"^\s*(//|#|\*)\s*\S*https?://\S+$")


def check(tree):
    for path in tree.paths:
        if not path.endswith(CODE) and not tree.text(path).startswith("#!"):
            continue
        lines = tree.lines(path)
        if len(lines) > LINES_MAX:
            yield Finding(path, LINES_MAX + 1, f"{len(lines)} lines (at most {LINES_MAX}): the "
                                               "file holds more than one noun, split it")
        if path.startswith(OWN_FORMAT):
            continue
        for number, line in enumerate(lines, 1):
            if len(line) > COLUMNS_MAX and not URL_ALONE.match(line):
                yield Finding(path, number, f"{len(line)} columns (at most {COLUMNS_MAX}): "
                                            "./do fmt breaks code, ./do fmt --reflow comments")
