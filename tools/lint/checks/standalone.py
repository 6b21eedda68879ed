"""standalone: every header compiles alone, without the precompiled header (style rule 20)."""
import concurrent.futures
import hashlib
import os
import pathlib
import re
import shutil
import subprocess
import tempfile

from tree import Finding

FLAGS = ["-std=c++20", "-Wall", "-Wextra", "-Werror", "-Wno-missing-field-initializers", "-O0",
         "-DBOOST_JSON_DYN_LINK", "-DFAIRLEAD_VERSION=\"lint\""]
INCLUDE = re.compile(r'^\s*#\s*include\s*"([^"]+)"', re.MULTILINE)


def closure(tree, path, seen):
    """The header and what of ours it includes: what the answer depends on."""
    if path in seen or not tree.exists(path):
        return
    seen.add(path)
    for name in INCLUDE.findall(tree.text(path)):
        closure(tree, f"src/{name}" if tree.exists(f"src/{name}") else name, seen)


def compile_alone(tree, path, compiler, cache):
    files = set()
    closure(tree, path, files)
    digest = hashlib.sha256(" ".join([compiler, *FLAGS]).encode())
    for name in sorted(files):
        digest.update(f"\0{name}\0{tree.text(name)}".encode())
    good = cache / digest.hexdigest() if cache else None
    if good and good.exists():
        return None
    include = path[4:] if path.startswith("src/") else path
    with tempfile.TemporaryDirectory() as folder:
        source = pathlib.Path(folder) / "alone.cpp"
        # Twice, so that a missing include guard fails too.
        source.write_text(f'#include "{include}"\n#include "{include}"\n', encoding="utf-8")
        done = subprocess.run(
            ["nice", compiler, *FLAGS, f"-I{tree.root}/src", f"-I{tree.root}", "-fsyntax-only",
             str(source)], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode == 0:
        if good:
            good.touch()
        return None
    error = re.search(r"(?:error|fatal error): (.*)", done.stdout.decode(errors="replace"))
    return Finding(path, 1, f"does not compile alone ({error[1] if error else 'see g++'}): include "
                            "or forward-declare what it uses")


def check(tree):
    compiler = shutil.which("g++")
    if not compiler:
        yield Finding("CMakeLists.txt", 1, "no g++ to compile headers with: run ./do setup")
        return
    cache = None
    if (tree.root / "CMakeLists.txt").exists():
        cache = tree.root / "build" / "lint" / "standalone"
        cache.mkdir(parents=True, exist_ok=True)
    headers = [p for p in tree.cpp(".h") if p.startswith(("src/", "testing/"))]
    with concurrent.futures.ThreadPoolExecutor(os.cpu_count()) as pool:
        for found in pool.map(lambda p: compile_alone(tree, p, compiler, cache), headers):
            if found:
                yield found
