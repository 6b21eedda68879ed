"""The files a check looks at, and what it says about them.

A Tree is a folder with a list of files: the repository (what git tracks or would track), or one
sample of tools/lint/selftest. Checks read files through it only, so both go the same way.
"""
import dataclasses
import functools
import os
import pathlib
import re
import subprocess

SELFTEST = "tools/lint/selftest/"
# `// lint: allow(<check>) <reason>` on the line, or alone on the line above, lifts one finding.
ALLOW = re.compile(r"lint: allow\(([a-z, ]+)\)\s+\S")


@dataclasses.dataclass(frozen=True, order=True)
class Finding:
    path: str
    line: int
    text: str  # what is wrong, and the remedy

    def __str__(self):
        return f"{self.path}:{self.line}: {self.text}"


class Tree:
    def __init__(self, root, paths=None):
        self.root = pathlib.Path(root)
        self.paths = sorted(paths if paths is not None else _git_files(self.root))

    @classmethod
    def of_folder(cls, root):
        found = []
        for folder, _, names in os.walk(root):
            found += [os.path.relpath(os.path.join(folder, name), root) for name in names]
        return cls(root, found)

    def files(self, *suffixes, under=()):
        """Paths that end in one of `suffixes` and begin with one of `under` (default: anywhere)."""
        return [p for p in self.paths
                if p.endswith(suffixes) and (not under or p.startswith(tuple(under)))]

    def cpp(self, *suffixes):
        """C++ sources and headers of ours."""
        return self.files(*(suffixes or (".h", ".cpp")),
                          under=("src/", "testing/", "tests/", "fuzz/", "bench/", "tools/"))

    @functools.lru_cache(maxsize=None)
    def text(self, path):
        return (self.root / path).read_bytes().decode("utf-8", errors="replace")

    def lines(self, path):
        return self.text(path).splitlines()

    @functools.lru_cache(maxsize=None)
    def code(self, path):
        """The C++ text with comments and literals blanked; every line keeps its number."""
        return blank(self.text(path))

    def allowed(self, path, line, check):
        lines = self.lines(path)
        if 0 < line <= len(lines) and _allows(lines[line - 1], check):
            return True
        above = lines[line - 2].strip() if 2 <= line <= len(lines) + 1 else ""
        return above.startswith(("//", "#")) and _allows(above, check)

    def exists(self, path):
        return (self.root / path).exists()


def _allows(line, check):
    found = ALLOW.search(line)
    return bool(found) and check in [name.strip() for name in found[1].split(",")]


def _git_files(root):
    listed = subprocess.run(
        ["git", "-C", str(root), "ls-files", "-z", "--cached", "--others", "--exclude-standard"],
        check=True, stdout=subprocess.PIPE).stdout.decode()
    return [p for p in listed.split("\0")
            if p and not p.startswith(SELFTEST) and (root / p).is_file()]


_TOKEN = re.compile(
    r'//[^\n]*|/\*.*?\*/'                             # comments
    r'|(?:u8|[uUL])?R"(?P<tag>[^\s()\\]{0,16})\(.*?\)(?P=tag)"'  # raw strings
    r'|"(?:\\.|[^"\\\n])*"'                           # strings
    r"|(?<![0-9A-Za-z_])'(?:\\.|[^'\\\n])+'",         # characters, not digit separators
    re.DOTALL)


def blank(text):
    """Blanks comments, strings and characters, but not the names in #include lines."""
    def hide(match):
        found = match[0]
        start = text.rfind("\n", 0, match.start()) + 1
        if found.startswith('"') and text[start:match.start()].lstrip().startswith("#include"):
            return found
        quoted = not found.startswith("/")
        hidden = re.sub(r"[^\n]", " ", found)
        return '"' + hidden[1:-1] + '"' if quoted and "\n" not in found else hidden

    return _TOKEN.sub(hide, text)
