#include "expression/frame.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "base/text.h"
#include "expression/evaluator.h"

namespace fairlead::expression {
namespace {

// What a program may not do, under its jq name. `now` is the engine's time, so that simulated and
// repeated runs agree; debug and stderr pass their input on.
constexpr std::string_view shadows =
    R"(def fairlead_no(f): error(f + " is not available in workflows"); )"
    R"(def env: fairlead_no("env"); )"
    R"(def input: fairlead_no("input"); def inputs: fairlead_no("inputs"); )"
    R"(def input_filename: fairlead_no("input_filename"); )"
    R"(def input_line_number: fairlead_no("input_line_number"); )"
    R"(def halt: fairlead_no("halt"); def halt_error: fairlead_no("halt_error"); )"
    R"(def halt_error(f): fairlead_no("halt_error"); )"
    R"(def get_search_list: fairlead_no("get_search_list"); )"
    R"(def modulemeta: fairlead_no("modulemeta"); )"
    R"(def debug: .; def debug(f): .; def stderr: .; def now: $__e.n; )";

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

class Scanner {
 public:
  explicit Scanner(std::string_view text) : text_(text) {}
  Result<void> scan();

 private:
  struct Open {
    char kind;  // ( [ { " or i, an interpolation's bracket
    std::size_t at;
  };
  Result<void> step();
  Result<void> in_string();
  Result<void> comment();
  Result<void> close(char bracket);
  Result<void> variable();
  Result<void> word();
  [[nodiscard]] bool is_key(std::size_t start) const;
  [[nodiscard]] Error at(std::size_t position, std::string message) const;

  std::string_view text_;
  std::size_t next_{0};
  std::vector<Open> open_;
};

Error Scanner::at(std::size_t position, std::string message) const {
  auto const before = text_.substr(0, position);
  auto const line = std::count(before.begin(), before.end(), '\n') + 1;
  auto const start = before.rfind('\n') == std::string_view::npos ? 0 : before.rfind('\n') + 1;
  auto const column = code_points(before.substr(start)) + 1;
  std::string where = "column " + std::to_string(column);
  if (line > 1) where = "line " + std::to_string(line) + ", " + where;
  return invalid_input(std::string(text_), std::move(message) + " (" + where + ").");
}

Result<void> Scanner::close(char bracket) {
  auto const opener = bracket == ')' ? '(' : bracket == ']' ? '[' : '{';
  if (open_.empty()) {
    return at(next_, std::string("The '") + bracket + "' closes a bracket that was never opened");
  }
  auto const kind = open_.back().kind;
  if (kind != opener && !(bracket == ')' && kind == 'i')) {
    return at(next_, std::string("The '") + bracket + "' does not fit the '" +
                         (kind == 'i' ? '(' : kind) + "' before it");
  }
  open_.pop_back();
  ++next_;
  return {};
}

Result<void> Scanner::in_string() {
  auto const c = text_[next_];
  if (c == '"') {
    open_.pop_back();
    ++next_;
    return {};
  }
  if (c == '\\' && next_ + 1 < text_.size()) {
    if (text_[next_ + 1] == '(') open_.push_back({'i', next_ + 1});
    next_ += 2;
    return {};
  }
  ++next_;
  return {};
}

Result<void> Scanner::comment() {
  auto const end = std::min(text_.find_first_of("\n\r", next_), text_.size());
  // Newer versions of jq let such a comment go on in the next line, older ones do not.
  if (text_[end - 1] == '\\') return at(end - 1, "A comment must not end with a backslash");
  next_ = end;
  return {};
}

Result<void> Scanner::variable() {
  auto const start = next_++;
  while (next_ < text_.size() && is_word(text_[next_]))
    ++next_;
  auto const name = text_.substr(start + 1, next_ - start - 1);
  if (name == "ENV") {
    return at(start,
              "$ENV is not available: a workflow sees its input, $context and $secrets, not the "
              "server's environment");
  }
  if (name.starts_with("__")) return at(start, "$" + std::string(name) + " is not available");
  return {};
}

// What libjq would do with these words is no business of a workflow. The shadows above stand
// behind this check; here the author learns it before the first run.
constexpr std::array<std::pair<std::string_view, std::string_view>, 9> refused_words{{
    {"env", "a workflow sees its input, $context and $secrets, not the server's environment"},
    {"input", "the data is '.', the input of the task is $input"},
    {"inputs", "the data is '.', the input of the task is $input"},
    {"input_filename", "there is no file"},
    {"input_line_number", "there is no file"},
    {"halt", "a run ends with 'then: end'"},
    {"halt_error", "use error(...), which 'catch' can handle"},
    {"get_search_list", "there are no modules"},
    {"modulemeta", "there are no modules"},
}};

// Is the word at `start` a key of an object, as in {input: 1} or {input}?
bool Scanner::is_key(std::size_t start) const {
  auto const after = text_.find_first_not_of(" \t\r\n", next_);
  if (after != std::string_view::npos && text_[after] == ':') return true;
  if (open_.empty() || open_.back().kind != '{') return false;
  auto const before = text_.substr(0, start).find_last_not_of(" \t\r\n");
  return text_[before] == '{' || text_[before] == ',';
}

Result<void> Scanner::word() {
  auto const start = next_;
  while (next_ < text_.size() && is_word(text_[next_]))
    ++next_;
  auto const name = text_.substr(start, next_ - start);
  if ((start > 0 && text_[start - 1] == '.') || is_key(start)) return {};
  if (name == "import" || name == "include") {
    auto const after = text_.find_first_not_of(" \t\r\n", next_);
    if (after == std::string_view::npos || text_[after] != '"') return {};
    return at(start,
              "'" + std::string(name) +
                  "' is not available in workflows: modules would be read from the server's files");
  }
  for (auto const& [word, instead] : refused_words) {
    if (word != name) continue;
    return at(start,
              "'" + std::string(name) + "' is not available in workflows: " + std::string(instead));
  }
  return {};
}

Result<void> Scanner::step() {
  if (!open_.empty() && open_.back().kind == '"') return in_string();
  auto const c = text_[next_];
  switch (c) {
    case '#':
      return comment();
    case '$':
      return variable();
    case '(':
    case '[':
    case '{':
    case '"':
      open_.push_back({c, next_++});
      return {};
    case ')':
    case ']':
    case '}':
      return close(c);
    case '\0':
      return at(next_, "A zero byte does not belong into an expression");
    default:
      if (is_word(c)) return word();
      ++next_;
      return {};
  }
}

Result<void> Scanner::scan() {
  while (next_ < text_.size())
    FAIRLEAD_CHECK(step());
  if (open_.empty()) return {};
  auto const& last = open_.back();
  if (last.kind == '"') return at(last.at, "The text that begins here is not closed with '\"'");
  return at(last.at, std::string("The bracket '") + (last.kind == 'i' ? '(' : last.kind) +
                         "' is never closed");
}

}  // namespace

Result<void> check_program(std::string_view program) {
  if (program.size() > program_bytes_max) {
    return invalid_input(
        "", "The expression has " + with_thousands(static_cast<long long>(program.size())) +
                " bytes; at most " + with_thousands(program_bytes_max) + " are run.");
  }
  if (!valid_utf8(program)) return invalid_input("", "The expression is not UTF-8 text.");
  FAIRLEAD_CHECK(Scanner(program).scan());
  if (trim(program).empty()) return invalid_input("", "The expression is empty.");
  return {};
}

Result<std::string> frame_program(std::string_view program,
                                  std::vector<std::string> const& variables) {
  FAIRLEAD_CHECK(check_program(program));
  if (variables.size() > variables_max) {
    return invalid_input(
        "", "An expression cannot have more than " + std::to_string(variables_max) + " variables.");
  }
  std::string frame = ". as $__e | ";
  for (auto const& name : variables) {
    if (!is_variable_name(name)) {
      return invalid_input(name,
                           "'" + shorten(name, 60) + "' cannot be a variable of an expression.");
    }
    frame += frame.ends_with("{") || frame.ends_with("| ") ? "$__e.v as {$" : ", $";
    frame += name;
  }
  if (!variables.empty()) frame += "} | ";
  frame += shadows;
  frame += "$__e.d | (\n";
  frame += program;
  frame += "\n)";
  return frame;
}

}  // namespace fairlead::expression
