#include "expression/native.h"

#include <cctype>
#include <charconv>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>

#include "base/text.h"

namespace fairlead::expression {
namespace {

constexpr int depth_max = 32;
// Whole numbers that jq 1.6 prints with all their digits and adds without loss.
constexpr std::int64_t plain_integer_max = 999'999'999'999'999;

// Reads and computes in one go. A step that returns nothing has left the evaluation to jq.
class Native {
 public:
  Native(std::string_view text, Json const& input, Json const& variables)
      : text_(text), input_(input), variables_(variables) {}
  std::optional<Json> run();

 private:
  using Answer = std::optional<Json>;
  Answer whole(int depth);
  Answer either(int depth);
  Answer both(int depth);
  Answer comparison(int depth);
  Answer sum(int depth);
  Answer bracketed(int depth);
  std::string operation();
  bool eat_word(std::string_view wanted);
  Answer term(int depth);
  Answer path(Json const& from);
  Answer variable();
  Answer object(int depth);
  bool member(Json& object, int depth);
  Answer list(int depth);
  Answer string(int depth);
  Answer number();
  Answer keyword();
  std::optional<std::string> key();
  std::optional<Json const*> bracket(Json const& from);
  std::optional<Json const*> field(Json const& from);
  std::optional<std::string> escaped();

  void blanks();
  [[nodiscard]] bool ends() const { return next_ >= text_.size(); }
  [[nodiscard]] char peek(std::size_t ahead = 0) const {
    return next_ + ahead < text_.size() ? text_[next_ + ahead] : '\0';
  }
  bool eat(char c) {
    if (peek() != c) return false;
    ++next_;
    return true;
  }
  std::string word();

  std::string_view text_;
  std::size_t next_{0};
  Json const& input_;
  Json const& variables_;
};

Json const& null_json() {
  static Json const value;
  return value;
}

bool starts_word(char c) { return std::isalpha(static_cast<unsigned char>(c)) != 0 || c == '_'; }
bool in_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

bool plain_integer(Json const& value) {
  return value.is_integer() && value.as_integer() <= plain_integer_max &&
         value.as_integer() >= -plain_integer_max;
}

bool truthy(Json const& value) { return !value.is_null() && (!value.is_bool() || value.as_bool()); }

bool doubtful(Json const& value) { return value.is_integer() && !plain_integer(value); }

// Deep, numbers by what they are worth; nothing if one of them is more than jq holds.
std::optional<bool> same(Json const& left, Json const& right) {
  if (doubtful(left) || doubtful(right)) return std::nullopt;
  if (left.is_number() && right.is_number()) return left.as_number() == right.as_number();
  if (left.type() != right.type() || left.size() != right.size()) return false;
  if (left.is_array()) {
    bool all = true;
    for (std::size_t i = 0; i < left.size(); ++i) {
      auto const item = same(left.at(i), right.at(i));
      if (!item) return std::nullopt;
      all = all && *item;
    }
    return all;
  }
  if (!left.is_object()) return left == right;
  bool all = true;
  for (auto const& [name, value] : left.members()) {
    auto const* other = right.find(name);
    auto const member = other == nullptr ? std::optional(false) : same(value, *other);
    if (!member) return std::nullopt;
    all = all && *member;
  }
  return all;
}

// Two numbers or two texts; the order of other kinds is jq's business.
std::optional<bool> in_order(std::string_view operation, Json const& left, Json const& right) {
  int order = 0;
  if (left.is_number() && right.is_number() && !doubtful(left) && !doubtful(right)) {
    double const a = left.as_number();
    double const b = right.as_number();
    order = a < b ? -1 : a > b ? 1 : 0;
  } else if (left.is_string() && right.is_string()) {
    order = left.as_string().compare(right.as_string());
  } else {
    return std::nullopt;
  }
  if (operation == "<") return order < 0;
  if (operation == "<=") return order <= 0;
  return operation == ">" ? order > 0 : order >= 0;
}

void Native::blanks() {
  while (peek() == ' ' || peek() == '\t' || peek() == '\n' || peek() == '\r')
    ++next_;
}

std::string Native::word() {
  auto const start = next_;
  while (in_word(peek()))
    ++next_;
  return std::string(text_.substr(start, next_ - start));
}

// .name of null is null, of an object its member; of anything else an error, which jq words.
std::optional<Json const*> member_of(Json const& from, std::string_view name) {
  if (from.is_null()) return &null_json();
  if (!from.is_object()) return std::nullopt;
  return &from[name];
}

std::optional<Json const*> item_of(Json const& from, std::int64_t index) {
  if (from.is_null()) return &null_json();
  if (!from.is_array()) return std::nullopt;
  auto const size = static_cast<std::int64_t>(from.size());
  if (index < 0) index += size;
  return index < 0 || index >= size ? &null_json() : &from.at(static_cast<std::size_t>(index));
}

std::optional<Json const*> Native::bracket(Json const& from) {
  blanks();
  std::optional<Json const*> found;
  if (peek() == '"') {
    auto const name = string(depth_max);
    if (!name) return std::nullopt;
    found = member_of(from, name->as_string());
  } else {
    auto const start = next_;
    if (peek() == '-') ++next_;
    while (std::isdigit(static_cast<unsigned char>(peek())) != 0)
      ++next_;
    auto const digits = text_.substr(start, next_ - start);
    std::int32_t index = 0;
    auto const parsed = std::from_chars(digits.data(), digits.data() + digits.size(), index);
    if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size())
      return std::nullopt;
    found = item_of(from, index);
  }
  blanks();
  if (!eat(']')) return std::nullopt;
  return found;
}

// After a dot.
std::optional<Json const*> Native::field(Json const& from) {
  if (starts_word(peek())) return member_of(from, word());
  if (peek() != '"') return std::nullopt;
  auto const name = string(depth_max);
  if (!name) return std::nullopt;
  return member_of(from, name->as_string());
}

// The suffixes of a path: .name ."name" ["name"] [0]; `from` is what they start at.
Native::Answer Native::path(Json const& from) {
  auto const* at = &from;
  for (;;) {
    std::optional<Json const*> found;
    if (peek() == '.') {
      ++next_;
      found = field(*at);
    } else if (peek() == '[') {
      ++next_;
      found = bracket(*at);
    } else {
      // A word or text straight after a path is jq's business.
      if (in_word(peek()) || peek() == '"' || peek() == '?' || peek() == '$') return std::nullopt;
      return *at;
    }
    if (!found) return std::nullopt;
    at = *found;
  }
}

Native::Answer Native::variable() {
  ++next_;
  if (!starts_word(peek())) return std::nullopt;
  auto const name = word();
  auto const* value = variables_.find(name);
  if (value == nullptr || name.starts_with("__") || name == "ENV") return std::nullopt;
  return path(*value);
}

std::optional<std::string> Native::escaped() {
  auto const c = peek();
  ++next_;
  switch (c) {
    case 'n':
      return "\n";
    case 't':
      return "\t";
    case 'r':
      return "\r";
    case '"':
    case '\\':
    case '/':
      return std::string(1, c);
    default:
      return std::nullopt;  // \u, \b, \f and mistakes
  }
}

Native::Answer Native::string(int depth) {
  ++next_;
  std::string out;
  while (!ends()) {
    auto const c = text_[next_++];
    if (c == '"') return Json(std::move(out));
    if (c != '\\') {
      out.push_back(c);
      continue;
    }
    if (peek() != '(') {
      auto const character = escaped();
      if (!character) return std::nullopt;
      out += *character;
      continue;
    }
    if (depth >= depth_max) return std::nullopt;
    ++next_;
    auto const inner = whole(depth + 1);
    if (!inner || !eat(')')) return std::nullopt;
    if (inner->is_string()) {
      out += inner->as_string();
    } else if (plain_integer(*inner) || inner->is_null() || inner->is_bool()) {
      out += inner->dump();
    } else {
      return std::nullopt;  // jq prints fractions, objects and lists in its own way
    }
  }
  return std::nullopt;
}

Native::Answer Native::number() {
  auto const start = next_;
  while (std::isdigit(static_cast<unsigned char>(peek())) != 0)
    ++next_;
  auto const digits = text_.substr(start, next_ - start);
  std::int64_t value = 0;
  auto const parsed = std::from_chars(digits.data(), digits.data() + digits.size(), value);
  if (parsed.ec != std::errc() || value > plain_integer_max) return std::nullopt;
  if (peek() == '.' || in_word(peek()) || peek() == '[') return std::nullopt;
  return Json(value);
}

Native::Answer Native::keyword() {
  auto const name = word();
  if (peek() == '.' || peek() == '[' || peek() == '(' || peek() == ':') return std::nullopt;
  if (name == "true") return Json(true);
  if (name == "false") return Json(false);
  if (name == "null") return Json();
  if (name == "not") return Json(!truthy(input_));
  return std::nullopt;
}

std::optional<std::string> Native::key() {
  if (peek() == '"') {
    auto const text = string(depth_max);
    if (!text) return std::nullopt;
    return text->as_string();
  }
  if (!starts_word(peek())) return std::nullopt;
  return word();
}

bool Native::member(Json& object, int depth) {
  blanks();
  auto const name = key();
  if (!name) return false;
  blanks();
  if (!eat(':')) return false;
  blanks();
  // jq takes one term here, and more only in brackets; `|` and `,` end it either way.
  auto value = term(depth + 1);
  if (!value) return false;
  object.set(*name, std::move(*value));
  blanks();
  return peek() == ',' || peek() == '}';
}

Native::Answer Native::object(int depth) {
  ++next_;
  auto result = Json::object();
  blanks();
  if (eat('}')) return result;
  for (;;) {
    if (!member(result, depth)) return std::nullopt;
    if (eat('}')) break;
    ++next_;
  }
  return peek() == '.' || peek() == '[' || peek() == '?' ? std::nullopt : Answer(std::move(result));
}

Native::Answer Native::list(int depth) {
  ++next_;
  auto result = Json::array();
  blanks();
  if (eat(']')) return result;
  for (;;) {
    auto item = either(depth + 1);
    if (!item) return std::nullopt;
    result.push_back(std::move(*item));
    if (eat(']')) break;
    if (!eat(',')) return std::nullopt;
  }
  return peek() == '.' || peek() == '[' || peek() == '?' ? std::nullopt : Answer(std::move(result));
}

Native::Answer Native::term(int depth) {
  if (depth > depth_max) return std::nullopt;
  auto const c = peek();
  if (c == '.') {
    auto const after = peek(1);
    if (after == '.') return std::nullopt;
    if (starts_word(after) || after == '"') return path(input_);
    ++next_;
    if (peek() == '[') return path(input_);
    if (in_word(peek())) return std::nullopt;  // .5 is a number
    return input_;
  }
  if (c == '$') return variable();
  if (c == '(') return bracketed(depth);
  if (c == '{') return object(depth);
  if (c == '[') return list(depth);
  if (c == '"') {
    auto text = string(depth);
    return peek() == '.' || peek() == '[' || peek() == '?' || peek() == '"' ? std::nullopt : text;
  }
  if (std::isdigit(static_cast<unsigned char>(c)) != 0) return number();
  return starts_word(c) ? keyword() : std::nullopt;
}

std::optional<Json> added(Json left, Json right) {
  if (left.is_null()) return right;
  if (right.is_null()) return left;
  if (left.is_object() && right.is_object()) {
    for (auto& [name, value] : right.make_object())
      left.set(name, std::move(value));
    return left;
  }
  if (left.is_array() && right.is_array()) {
    for (auto& item : right.make_array())
      left.push_back(std::move(item));
    return left;
  }
  if (left.is_string() && right.is_string()) return Json(left.as_string() + right.as_string());
  if (plain_integer(left) && plain_integer(right))
    return Json(left.as_integer() + right.as_integer());
  return std::nullopt;
}

// a + b + c, with blanks around.
Native::Answer Native::sum(int depth) {
  blanks();
  auto total = term(depth);
  blanks();
  while (total && peek() == '+' && peek(1) != '=') {
    ++next_;
    blanks();
    auto right = term(depth);
    if (!right) return std::nullopt;
    total = added(std::move(*total), std::move(*right));
    blanks();
  }
  return total;
}

// ==, !=, <, <=, >, >=; "" and nothing read if it is none of them.
std::string Native::operation() {
  auto const c = peek();
  bool const equals = peek(1) == '=';
  if (((c == '=' || c == '!') && !equals) || (c != '=' && c != '!' && c != '<' && c != '>'))
    return "";
  next_ += equals ? 2 : 1;
  return std::string(1, c) + (equals ? "=" : "");
}

// One only: jq refuses a < b < c.
Native::Answer Native::comparison(int depth) {
  auto left = sum(depth);
  if (!left) return std::nullopt;
  auto const how = operation();
  if (how.empty()) return left;
  auto const right = sum(depth);
  if (!right) return std::nullopt;
  bool const for_equality = how == "==" || how == "!=";
  auto const holds = for_equality ? same(*left, *right) : in_order(how, *left, *right);
  if (!holds) return std::nullopt;
  return Json(how == "!=" ? !*holds : *holds);
}

bool Native::eat_word(std::string_view wanted) {
  if (!text_.substr(next_).starts_with(wanted)) return false;
  auto const after = peek(wanted.size());
  if (in_word(after) || after == ':') return false;
  next_ += wanted.size();
  return true;
}

// jq would not look at the right side where the left decides: what fails there is left to it.
Native::Answer Native::both(int depth) {
  auto value = comparison(depth);
  while (value && eat_word("and")) {
    auto const right = comparison(depth);
    if (!right) return std::nullopt;
    value = Json(truthy(*value) && truthy(*right));
  }
  return value;
}

Native::Answer Native::either(int depth) {
  auto value = both(depth);
  while (value && eat_word("or")) {
    auto const right = both(depth);
    if (!right) return std::nullopt;
    value = Json(truthy(*value) || truthy(*right));
  }
  return value;
}

// `a or b | not`: up to the end, or to the bracket that ends it.
Native::Answer Native::whole(int depth) {
  auto value = either(depth);
  while (value && eat('|')) {
    blanks();
    if (!eat_word("not")) return std::nullopt;
    blanks();
    value = Json(!truthy(*value));
  }
  if (!ends() && peek() != ')') return std::nullopt;
  return value;
}

Native::Answer Native::bracketed(int depth) {
  ++next_;
  auto value = whole(depth + 1);
  if (!value || !eat(')')) return std::nullopt;
  return peek() == '.' || peek() == '[' || peek() == '?' || peek() == '"' ? std::nullopt : value;
}

std::optional<Json> Native::run() {
  auto value = whole(0);
  if (!value || !ends()) return std::nullopt;
  return value;
}

}  // namespace

std::optional<Json> evaluate_native(Evaluation const& evaluation) {
  if (evaluation.program.size() > 4096 || !valid_utf8(evaluation.program)) return std::nullopt;
  return Native(evaluation.program, evaluation.input, evaluation.variables).run();
}

}  // namespace fairlead::expression
