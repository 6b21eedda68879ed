"""layers: a lower layer never includes a higher one, and a library stays in its layer.

What may include what is written in layers.txt; which layers may see which library, below.
"""
import re

from tree import Finding

INCLUDE = re.compile(r'^\s*#\s*include\s*(["<])([^">]+)[">]', re.MULTILINE)
# A *_test.h holds what the tests of one layer share.
TESTS = ("_test.cpp", "_test.h")
TESTING_MAY = ("base", "schema", "net", "vault", "store")
# A library lives behind one layer's interface; a second user means the interface lacks something.
LIBRARY_LAYERS = {
    r"boost/(asio|beast)(/|\.hpp)": ("net",),
    r"boost/url": ("net",),
    r"curl/": ("net",),
    r"openssl/": ("net", "vault", "sandbox"),
    r"sqlite3\.h": ("store",),
    r"libpq": ("store",),
    r"sodium": ("base", "vault"),
    r"libfyaml\.h": ("workflow",),
    r"jq\.h|jv\.h": ("expression",),
    r"seccomp\.h": ("expression", "app"),
    r"spdlog/": ("base",),
    r"CLI/": ("cli", "app"),
}


def read_layers(text):
    """{layer: (set of layers it may include, set of headers it may not)}, bottom first."""
    layers = {}
    for line in text.splitlines():
        line = line.split("#")[0].strip()
        if not line:
            continue
        name, _, rest = line.partition(":")
        allowed, headers = set(), set()
        for word in rest.split():
            if word == "*":
                allowed |= set(layers)
            elif word.startswith("-"):
                allowed.discard(word[1:])
            elif word.startswith("!"):
                headers.add(word[1:])
            else:
                allowed.add(word)
        layers[name.strip()] = (allowed, headers)
    return layers


def check(tree):
    layers = read_layers(tree.text("layers.txt"))
    for path in tree.cpp(".h", ".cpp"):
        part = path.split("/")
        if part[0] not in ("src", "testing"):
            continue
        layer = part[1] if part[0] == "src" else "testing"
        if part[0] == "src" and layer not in layers:
            yield Finding(path, 1, f"src/{layer} is no layer: add a line for it to layers.txt")
            continue
        for match in INCLUDE.finditer(tree.text(path)):
            line = tree.text(path).count("\n", 0, match.start(2)) + 1
            if match[1] == '"':
                yield from own_include(tree, layers, path, layer, line, match[2])
            else:
                yield from library_include(path, layer, line, match[2])


def own_include(tree, layers, path, layer, line, header):
    first = header.split("/")[0]
    is_test = path.endswith(TESTS)
    if not tree.exists(f"src/{header}") and not tree.exists(header):
        yield Finding(path, line, f'no file "{header}": write the path from src/, as in '
                                  '"base/result.h" (or "testing/...")')
    elif header.endswith(TESTS) and not is_test:
        yield Finding(path, line, "only tests may include a *_test.h: rename it if it is no test's")
    elif first == "testing":
        if layer != "testing" and not is_test:
            yield Finding(path, line, "only tests (*_test.cpp, *_test.h) may include testing/: "
                                      "move what is needed here into a layer")
    elif layer == "testing":
        if first not in TESTING_MAY:
            yield Finding(path, line, f"testing/ may include {', '.join(TESTING_MAY)}, not "
                                      f"{first}: put the helper beside the tests that use it")
    elif first != layer:
        allowed, headers = layers[layer]
        if first not in layers:
            yield Finding(path, line, f"{first} is no layer: write the path from src/")
        elif first not in allowed:
            yield Finding(path, line, f"{layer} may not include {first} (layers.txt): move the "
                                      f"shared part down, or hand it in through an interface of "
                                      f"{layer}")
        elif header in headers:
            yield Finding(path, line, f"{layer} may not include {header} (layers.txt)")


def library_include(path, layer, line, header):
    for pattern, allowed in LIBRARY_LAYERS.items():
        if re.match(pattern, header) and layer not in allowed and layer != "testing":
            yield Finding(path, line, f"<{header}> belongs to {' and '.join(allowed)}: use their "
                                      "interface, or give it what it lacks")
