"""banned: calls that break determinism, safety or the build, each with its remedy (style rules)."""
import dataclasses
import re

from tree import Finding


@dataclasses.dataclass(frozen=True)
class Rule:
    pattern: str
    remedy: str
    allowed: str = r"(?!)"  # paths where it is fine
    where: str = r"src/|testing/"

EVERYWHERE = r"src/|testing/|tests/|fuzz/|bench/|tools/"
RULES = (
    Rule(r"\bsleep_(for|until)\b|\b(u|nano)?sleep\s*\(",
         "nothing sleeps (style rule 12): arm a timer, or wait on a condition or queue"),
    Rule(r"\b(system|steady|high_resolution)_clock::now\b|\btime\s*\(\s*(nullptr|NULL|0|&)|"
         r"\b(gettimeofday|clock_gettime)\s*\(",
         "nothing reads a clock directly (style rule 12): take a Clock& (base/clock.h)",
         allowed=r"src/base/clock\w*\.cpp"),
    Rule(r"\bs?rand\s*\(|\brandom_device\b|\bmt19937(_64)?\b|\bgetrandom\s*\(",
         "nothing draws randomness directly (style rule 12): take a Random& (base/random.h)",
         allowed=r"src/base/random\w*\.cpp|testing/|src/[a-z/_]+_test\.cpp"),
    Rule(r"[Tt]hread\w*(\s*[({].*[)}])?\s*\.\s*detach\s*\(\s*\)|[)}]\s*\.\s*detach\s*\(\s*\)",
         "no detached threads (style rule 12): keep the thread in its owner and join it there",
         where=EVERYWHERE),
    Rule(r"\bco_(await|return|yield)\b",
         "no coroutines: g++ 12 miscompiles them (style rule 11): post a callback to a queue",
         where=EVERYWHERE),
    Rule(r"\b(secure_)?getenv\s*\(|\b(set|put|unset)env\s*\(|\benviron\b",
         "the environment is read at the edge only: take the value as an option",
         allowed=r"src/(app|cli|vault)/|src/expression/\w*helper\w*\.cpp|src/[a-z/_]+_test\.cpp|"
                 r"testing/"),
    Rule(r"\b(f|v|vf)?printf\s*\(|\bputs\s*\(|\bputchar\s*\(|\bstd::(cout|cerr|clog)\b",
         "nothing prints but cli/ and app/: log through base/log.h, or return the text",
         allowed=r"src/(cli|app)/|src/sandbox/main\w*\.cpp|src/base/(assert|log)\w*\.cpp|testing/|"
                 r"src/[a-z/_]+_test\.cpp"),
    Rule(r"\bnew\s+[A-Za-z_:]|(?<!operator )\bnew\s*\(|"
         r"(?<!operator )\bdelete(\s*\[\s*\]\s*|\s+|\s*(?=[(*]))[A-Za-z_(*]",
         "no raw new or delete: std::make_unique, a container, or a unique_ptr with a deleter"),
    Rule(r"\bassert\s*\(|<cassert>|<assert\.h>",
         "assert() is off with NDEBUG and names no run: FAIRLEAD_ASSERT (base/assert.h)",
         where=EVERYWHERE),
    Rule(r"\bv?sprintf\s*\(|\bstr(cpy|cat|ncpy|ncat|tok)\s*\(|\bgets\s*\(|\balloca\s*\(",
         "unbounded C string call: std::string, base/text.h, or std::to_chars", where=EVERYWHERE),
    Rule(r"\bstd::w?regex\b|<regex>",
         "std::regex is slow to compile and can overflow the stack: write the few lines that parse "
         "it (base/text.h)", where=EVERYWHERE),
    Rule(r"\b(localtime|gmtime|asctime|ctime|strerror|setlocale)\s*\(",
         "not thread-safe or changes global state: base/clock.h for time text, "
         "std::generic_category().message(errno) for errno",
         allowed=r"src/base/clock\w*\.cpp"),
    Rule(r"\bfmt::print\b|\bsystem\s*\(|\bpopen\s*\(",
         "no shell: pass arguments as a list to posix_spawn", allowed=r"src/app/|src/cli/"),
    Rule(r"^\s*using\s+namespace\s+(?!std::(string_view_literals|chrono_literals|string_literals|"
         r"literals))",
         "in a header it reaches every file that includes it: name what is used",
         allowed=r".*\.cpp$"),
    Rule(r"\bNDEBUG\b", "asserts stay on in release: nothing depends on NDEBUG", where=EVERYWHERE),
)


def check(tree):
    for path in tree.cpp():
        lines = tree.code(path).splitlines()
        for rule in RULES:
            if not re.match(rule.where, path) or re.match(rule.allowed, path):
                continue
            pattern = re.compile(rule.pattern)
            for number, line in enumerate(lines, 1):
                found = pattern.search(line)
                if found:
                    yield Finding(path, number, f"`{found[0].strip()}`: {rule.remedy}")
