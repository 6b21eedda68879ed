"""format: C++ is formatted as .clang-format says (clang-format 14)."""
import re
import shutil
import subprocess

from tree import Finding


def check(tree):
    tool = shutil.which("clang-format-14")
    if not tool:
        yield Finding(".clang-format", 1, "no clang-format-14: run ./do setup check")
        return
    files = tree.cpp()
    for at in range(0, len(files), 50):
        done = subprocess.run([tool, "--dry-run", "--ferror-limit=1", *files[at:at + 50]],
                              cwd=tree.root, stderr=subprocess.PIPE, check=False)
        seen = set()
        for path, line in re.findall(r"^(\S+?):(\d+):\d+: (?:warning|error)",
                                     done.stderr.decode(errors="replace"), re.MULTILINE):
            if path not in seen:
                seen.add(path)
                yield Finding(path, int(line), "not formatted: run ./do fmt")
