"""paths: no absolute path of somebody's machine in the repository."""
import re

from tree import Finding

PLACE = re.compile(r"""(?:^|[\s"'`=(,:\[])(/(?:work|root|home/\w+|var/tmp|tmp)/[\w.-]+)""")
SKIP = (".lock", "package-lock.json", ".png", ".gz", ".woff2", "fuzz/corpus/")


def check(tree):
    for path in tree.paths:
        if any(part in path for part in SKIP):
            continue
        for number, line in enumerate(tree.lines(path), 1):
            found = PLACE.search(line)
            if found and "\0" not in line:
                yield Finding(path, number, f"{found[1]}: a path of one machine: make it relative "
                                            "to the repository, or take a folder (mktemp -d)")
