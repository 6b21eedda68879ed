#include "workflow/pattern.h"

#include <optional>
#include <string>

namespace fairlead::workflow {

// Recursive descent over the text; emits steps as it goes, copying them for repetitions.
class PatternCompiler {
 public:
  explicit PatternCompiler(std::string_view text) : text_(text) {}
  Result<Pattern> compile();

 private:
  using Step = Pattern::Step;
  using Kind = Pattern::Step::Kind;
  using ByteSet = Pattern::ByteSet;
  struct Bounds {
    int least;
    int most;  // -1: any number
  };

  Result<void> alternatives(int depth);
  Result<void> sequence(int depth);
  Result<void> repeated(int depth);
  Result<void> atom(int depth);
  Result<void> group(int depth);
  Result<ByteSet> bracket();
  Result<ByteSet> escape();
  Result<std::optional<Bounds>> bounds();
  Result<int> number();
  Result<void> repeat(std::size_t start, Bounds bounds);
  Result<void> emit(Step step);
  Result<void> emit_set(ByteSet const& set);
  Result<void> copy(std::vector<Step> const& part, std::size_t from);
  [[nodiscard]] Error wrong(std::string const& message) const;
  [[nodiscard]] bool ends() const { return next_ >= text_.size(); }
  [[nodiscard]] char peek() const { return ends() ? '\0' : text_[next_]; }
  [[nodiscard]] std::uint32_t here() const {
    return static_cast<std::uint32_t>(pattern_.steps_.size());
  }

  std::string_view text_;
  std::size_t next_{0};
  Pattern pattern_;
};

namespace {

constexpr int depth_max = 20;

std::bitset<256> range(char from, char to) {
  std::bitset<256> set;
  for (int c = static_cast<unsigned char>(from); c <= static_cast<unsigned char>(to); ++c) {
    set.set(static_cast<std::size_t>(c));
  }
  return set;
}

// \d and the like; nothing if the letter names no class.
std::optional<std::bitset<256>> class_of(char letter) {
  switch (letter) {
    case 'd':
      return range('0', '9');
    case 'D':
      return ~range('0', '9');
    case 'w':
      return range('0', '9') | range('a', 'z') | range('A', 'Z') | range('_', '_');
    case 'W':
      return ~*class_of('w');
    case 's':
      return range('\t', '\r') | range(' ', ' ');
    case 'S':
      return ~*class_of('s');
    default:
      return std::nullopt;
  }
}

}  // namespace

Error PatternCompiler::wrong(std::string const& message) const {
  return invalid_input("", "The regular expression '" + std::string(text_) + "' cannot be used: " +
                               message + " (column " + std::to_string(next_ + 1) + ").");
}

Result<void> PatternCompiler::emit(Step step) {
  if (pattern_.steps_.size() >= pattern_steps_max) return wrong("it is too large");
  pattern_.steps_.push_back(step);
  return {};
}

Result<void> PatternCompiler::emit_set(ByteSet const& set) {
  pattern_.sets_.push_back(set);
  return emit({.kind = Kind::bytes, .set = static_cast<std::uint32_t>(pattern_.sets_.size() - 1)});
}

// Appends steps that were made to stand at `from`.
Result<void> PatternCompiler::copy(std::vector<Step> const& part, std::size_t from) {
  auto const shift = here() - static_cast<std::uint32_t>(from);
  for (auto step : part) {
    if (step.kind == Kind::split || step.kind == Kind::jump) step.next += shift;
    if (step.kind == Kind::split) step.other += shift;
    FAIRLEAD_CHECK(emit(step));
  }
  return {};
}

Result<void> PatternCompiler::repeat(std::size_t start, Bounds bounds) {
  std::vector<Step> const part(pattern_.steps_.begin() + static_cast<std::ptrdiff_t>(start),
                               pattern_.steps_.end());
  pattern_.steps_.resize(start);
  for (int i = 0; i < bounds.least; ++i)
    FAIRLEAD_CHECK(copy(part, start));
  auto const size = static_cast<std::uint32_t>(part.size());
  if (bounds.most < 0) {
    auto const split = here();
    FAIRLEAD_CHECK(emit({.kind = Kind::split, .next = split + 1, .other = split + size + 2}));
    FAIRLEAD_CHECK(copy(part, start));
    return emit({.kind = Kind::jump, .next = split});
  }
  for (int i = bounds.least; i < bounds.most; ++i) {
    auto const split = here();
    FAIRLEAD_CHECK(emit({.kind = Kind::split, .next = split + 1, .other = split + size + 1}));
    FAIRLEAD_CHECK(copy(part, start));
  }
  return {};
}

Result<int> PatternCompiler::number() {
  int value = 0;
  auto const start = next_;
  for (; peek() >= '0' && peek() <= '9'; ++next_) {
    value = value * 10 + (peek() - '0');
    if (value > pattern_repeat_max) {
      return wrong("it repeats more than " + std::to_string(pattern_repeat_max) + " times");
    }
  }
  if (next_ == start) return wrong("a number is missing after '{'");
  return value;
}

Result<std::optional<PatternCompiler::Bounds>> PatternCompiler::bounds() {
  using Found = std::optional<Bounds>;
  auto const c = peek();
  if (c != '*' && c != '+' && c != '?' && c != '{') return Found();
  ++next_;
  if (c == '*') return Found({0, -1});
  if (c == '+') return Found({1, -1});
  if (c == '?') return Found({0, 1});
  FAIRLEAD_TRY(int const least, number());
  int most = least;
  if (peek() == ',') {
    ++next_;
    most = -1;
    if (peek() != '}') {
      FAIRLEAD_TRY(most, number());
    }
  }
  if (peek() != '}') return wrong("'}' is missing");
  if (most >= 0 && most < least) return wrong("the bounds stand the wrong way round");
  ++next_;
  return Found({least, most});
}

Result<PatternCompiler::ByteSet> PatternCompiler::escape() {
  ++next_;
  auto const c = peek();
  if (ends()) return wrong("it ends with a backslash");
  ++next_;
  if (auto const set = class_of(c)) return *set;
  if (c == 'n') return range('\n', '\n');
  if (c == 't') return range('\t', '\t');
  auto const is_letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  if (is_letter) return wrong(std::string("'\\") + c + "' is not supported");
  return range(c, c);
}

Result<PatternCompiler::ByteSet> PatternCompiler::bracket() {
  ++next_;
  ByteSet set;
  bool const negated = peek() == '^';
  if (negated) ++next_;
  bool first = true;
  while (first || peek() != ']') {
    if (ends()) return wrong("']' is missing");
    first = false;
    if (peek() == '\\') {
      FAIRLEAD_TRY(auto const inner, escape());
      set |= inner;
      continue;
    }
    auto const from = peek();
    ++next_;
    auto to = from;
    if (peek() == '-' && next_ + 1 < text_.size() && text_[next_ + 1] != ']') {
      to = text_[next_ + 1];
      next_ += 2;
    }
    if (static_cast<unsigned char>(to) < static_cast<unsigned char>(from)) {
      return wrong("a range stands the wrong way round");
    }
    set |= range(from, to);
  }
  ++next_;
  return negated ? ~set : set;
}

Result<void> PatternCompiler::group(int depth) {
  ++next_;
  if (peek() == '?') {
    if (text_.substr(next_, 2) != "?:")
      return wrong("look-around and named groups are not supported");
    next_ += 2;
  }
  FAIRLEAD_CHECK(alternatives(depth + 1));
  if (peek() != ')') return wrong("')' is missing");
  ++next_;
  return {};
}

Result<void> PatternCompiler::atom(int depth) {
  auto const c = peek();
  switch (c) {
    case '(':
      return group(depth);
    case '[': {
      FAIRLEAD_TRY(auto const set, bracket());
      return emit_set(set);
    }
    case '\\': {
      FAIRLEAD_TRY(auto const set, escape());
      return emit_set(set);
    }
    case '*':
    case '+':
    case '?':
    case '{':
      return wrong(std::string("nothing stands before '") + c + "'");
    case '^':
      ++next_;
      return emit({.kind = Kind::begin});
    case '$':
      ++next_;
      return emit({.kind = Kind::end});
    case '.':
      ++next_;
      return emit_set(~range('\n', '\n'));
    default:
      ++next_;
      return emit_set(range(c, c));
  }
}

Result<void> PatternCompiler::repeated(int depth) {
  auto const start = pattern_.steps_.size();
  FAIRLEAD_CHECK(atom(depth));
  FAIRLEAD_TRY(auto const found, bounds());
  if (!found) return {};
  if (peek() == '?') ++next_;  // a lazy repetition finds the same texts
  if (peek() == '*' || peek() == '+' || peek() == '{') return wrong("two repetitions in a row");
  return repeat(start, *found);
}

Result<void> PatternCompiler::sequence(int depth) {
  while (!ends() && peek() != '|' && peek() != ')')
    FAIRLEAD_CHECK(repeated(depth));
  return {};
}

Result<void> PatternCompiler::alternatives(int depth) {
  if (depth > depth_max) return wrong("its brackets nest too deep");
  auto const start = pattern_.steps_.size();
  FAIRLEAD_CHECK(sequence(depth));
  if (peek() != '|') return {};
  ++next_;
  std::vector<Step> const left(pattern_.steps_.begin() + static_cast<std::ptrdiff_t>(start),
                               pattern_.steps_.end());
  pattern_.steps_.resize(start);
  auto const split = here();
  auto const size = static_cast<std::uint32_t>(left.size());
  FAIRLEAD_CHECK(emit({.kind = Kind::split, .next = split + 1, .other = split + size + 2}));
  FAIRLEAD_CHECK(copy(left, start));
  auto const jump = here();
  FAIRLEAD_CHECK(emit({.kind = Kind::jump}));
  FAIRLEAD_CHECK(alternatives(depth + 1));
  pattern_.steps_[jump].next = here();
  return {};
}

Result<Pattern> PatternCompiler::compile() {
  if (text_.size() > pattern_bytes_max) return wrong("it is longer than 512 bytes");
  FAIRLEAD_CHECK(alternatives(0));
  if (!ends()) return wrong("')' closes nothing");
  FAIRLEAD_CHECK(emit({.kind = Kind::match}));
  return std::move(pattern_);
}

// The steps that are reached at one place of the text, each once.
struct Pattern::Threads {
  explicit Threads(std::size_t steps) : seen(steps, false) {}
  void clear() {
    for (auto const step : list)
      seen[step] = false;
    list.clear();
    matched = false;
  }
  std::vector<std::uint32_t> list;
  std::vector<bool> seen;
  bool matched{false};
};

void Pattern::follow(Threads& threads, std::uint32_t first, std::size_t at,
                     std::size_t size) const {
  std::vector<std::uint32_t> open{first};
  while (!open.empty()) {
    auto const index = open.back();
    open.pop_back();
    if (threads.seen[index]) continue;
    threads.seen[index] = true;
    threads.list.push_back(index);
    auto const& step = steps_[index];
    switch (step.kind) {
      case Step::Kind::split:
        open.push_back(step.other);
        open.push_back(step.next);
        break;
      case Step::Kind::jump:
        open.push_back(step.next);
        break;
      case Step::Kind::begin:
        if (at == 0) open.push_back(index + 1);
        break;
      case Step::Kind::end:
        if (at == size) open.push_back(index + 1);
        break;
      case Step::Kind::match:
        threads.matched = true;
        break;
      case Step::Kind::bytes:
        break;
    }
  }
}

bool Pattern::found_in(std::string_view text) const {
  Threads now(steps_.size());
  Threads then(steps_.size());
  for (std::size_t at = 0;; ++at) {
    follow(now, 0, at, text.size());
    if (now.matched) return true;
    if (at == text.size()) return false;
    auto const byte = static_cast<unsigned char>(text[at]);
    for (auto const index : now.list) {
      auto const& step = steps_[index];
      if (step.kind == Step::Kind::bytes && sets_[step.set].test(byte)) {
        follow(then, index + 1, at + 1, text.size());
      }
    }
    if (then.matched) return true;
    now.clear();
    std::swap(now, then);
  }
}

Result<Pattern> Pattern::compile(std::string_view text) { return PatternCompiler(text).compile(); }

}  // namespace fairlead::workflow
