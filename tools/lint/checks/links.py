"""links: every Markdown link to a file or heading of this repository resolves."""
import os.path
import re
import urllib.parse

from tree import Finding

LINK = re.compile(r"(?<!\\)\[[^\]\n]*\]\(\s*<?([^)\s>]+)>?(?:\s+\"[^\"]*\")?\s*\)")
REFERENCE = re.compile(r"^\s{0,3}\[[^\]]+\]:\s*<?(\S+?)>?(?:\s|$)")
HEADING = re.compile(r"^#{1,6}\s+(.*?)\s*#*\s*$")
ELSEWHERE = re.compile(r"^([a-z][a-z0-9+.-]*:|//)")


def prose(text):
    """(number, line) outside fenced code, inline code blanked."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        if line.lstrip().startswith(("```", "~~~")):
            fenced = not fenced
        elif not fenced:
            yield number, line


def anchors(text):
    """The ids GitLab and GitHub give the headings, and those written as <a id=...>."""
    found = set(re.findall(r'<a\s+(?:id|name)="([^"]+)"', text))
    for _, line in prose(text):
        heading = HEADING.match(line)
        if not heading:
            continue
        words = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading[1]).replace("`", "")
        slug = re.sub(r"[^\w\- ]", "", words.lower()).strip().replace(" ", "-")
        known = slug
        for count in range(1, 100):
            if known not in found:
                break
            known = f"{slug}-{count}"
        found.add(known)
    return found


def check(tree):
    for path in tree.files(".md"):
        for number, line in prose(tree.text(path)):
            line = re.sub(r"`[^`]*`", "", line)
            reference = REFERENCE.match(line)
            targets = LINK.findall(line) + ([reference[1]] if reference else [])
            for target in targets:
                if not ELSEWHERE.match(target):
                    yield from resolve(tree, path, number, target)


def resolve(tree, path, number, target):
    name, _, anchor = urllib.parse.unquote(target).partition("#")
    there = path
    if name:
        folder = "" if name.startswith("/") else os.path.dirname(path)
        there = os.path.normpath(os.path.join(folder, name.lstrip("/")))
        if there.startswith("..") or not tree.exists(there):
            yield Finding(path, number, f"broken link {target}: no file {there}")
            return
    if anchor and there.endswith(".md") and anchor not in anchors(tree.text(there)):
        yield Finding(path, number, f"broken link {target}: no heading #{anchor} in {there}")
