"""functions: a function is at most 70 lines long, its signature and braces counted (style rule 18).

Reads braces, not C++: a `{` outside any function opens one when the text before it is a signature.
Lambdas inside a function count as part of it. Data does not count: tables, the field list of a
type, `static constexpr auto fields()`, and test cases, `std::vector<Case> ..._cases()`.
"""
import re

from tree import Finding

LINES_MAX = 70
FIELDS = re.compile(r"\bstatic constexpr auto \w*fields\(\)\s*$|^std::vector<\w+> \w*cases\(\)\s*$")
NAMESPACE = re.compile(r"^(inline\s+)?namespace\b|^extern\s*\"")
TYPE = re.compile(r"^(export\s+|typedef\s+|constexpr\s+|static\s+)*(class|struct|union|enum)\b")
AFTER_NAME = ("const", "noexcept", "override", "final", "try", "mutable")


def skip_template(text):
    """The text without leading `template <...>` and `requires(...)`."""
    while text.startswith("template"):
        depth, end = 0, None
        for at, char in enumerate(text):
            if char == "<":
                depth += 1
            elif char == ">" and text[at - 1] != "-":
                depth -= 1
                if depth == 0:
                    end = at + 1
                    break
        if end is None:
            return text
        text = text[end:].lstrip()
    return text


def kind_of(text):
    """What a `{` after `text` opens: namespace, type, function, member initialiser or data."""
    text = skip_template(re.sub(r"\[\[.*?\]\]|^\s*#.*$", " ", text, flags=re.MULTILINE).strip())
    if NAMESPACE.match(text):
        return "namespace"
    if TYPE.match(text) and "(" not in re.sub(r"alignas\s*\([^)]*\)", "", text):
        return "type"
    if "(" not in text:
        return "data"
    outside = re.sub(r"\([^()]*\)", "()", text)
    if re.search(r"(?<![=!<>])=(?!=)", re.sub(r"\([^()]*\)|operator\s*[=!<>]+", "", outside)):
        return "function" if re.search(r"=\s*\[[^\]]*\]\s*\(?", outside) else "data"
    before = re.search(r"([A-Za-z_]\w*|>)\s*$", text)
    in_initialisers = re.search(r"\)[^()]*(?<!:):(?!:)\s*[A-Za-z_][\w:<>, ]*(\(|\{|$)", outside)
    if before and in_initialisers and before[1] not in AFTER_NAME and "->" not in outside:
        return "initialiser"
    return "data" if FIELDS.search(text) else "function"


def functions(code):
    """(first line, last line) of every function in blanked code."""
    stack, text, start, line = [], "", 1, 1
    code = re.sub(r"^[ \t]*#(?:[^\n\\]|\\.|\\\n)*", lambda m: re.sub(r"[^\n]", " ", m[0]), code,
                  flags=re.MULTILINE | re.DOTALL)
    for char in code:
        if char == "\n":
            line += 1
        inside = any(kind == "function" for kind, _ in stack)
        nested = stack and stack[-1][0] in ("initialiser", "data")
        if char == "{":
            kind = "block" if inside or nested else kind_of(text)
            if kind in ("initialiser", "data") or nested:
                stack.append(("initialiser" if kind == "initialiser" else "data", start))
                continue
            stack.append((kind, start))
            text = ""
        elif char == "}" and stack:
            kind, opened = stack.pop()
            if kind == "function" and not any(k == "function" for k, _ in stack):
                yield opened, line
            if kind == "initialiser":
                text += "()"  # reads as `name_()` to what follows
            elif kind != "data":
                text = ""
        elif char == ";" and not nested:
            text = ""
        elif not inside and not nested:
            if not text.strip() and not char.isspace():
                start = line
            text += char
            if re.search(r"\b(public|private|protected)\s*:$", text):
                text = ""


def check(tree):
    for path in tree.cpp():
        for first, last in functions(tree.code(path)):
            if last - first + 1 > LINES_MAX:
                yield Finding(path, first,
                              f"function of {last - first + 1} lines (at most {LINES_MAX}): keep "
                              "the control flow here and move computations into named functions")
