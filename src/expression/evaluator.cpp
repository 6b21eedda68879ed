#include "expression/evaluator.h"

#include <algorithm>
#include <array>
#include <cctype>

#include "base/text.h"

namespace fairlead::expression {
namespace {

constexpr int depth_max = 200;

Result<Json> evaluate_at(Evaluator& evaluator, Json const& value, Evaluation& frame,
                         std::string const& pointer, int depth);

Result<Json> evaluate_text(Evaluator& evaluator, Json const& value, Evaluation& frame,
                           std::string const& pointer) {
  auto program = expression_in(value.as_string());
  if (!program) return value;
  frame.program = std::move(*program);
  auto result = evaluator.evaluate(frame);
  if (!result.ok()) result.error().where = pointer;
  return result;
}

Result<Json> evaluate_items(Evaluator& evaluator, Json const& value, Evaluation& frame,
                            std::string const& pointer, int depth) {
  Json::Array items;
  items.reserve(value.size());
  for (std::size_t i = 0; i < value.size(); ++i) {
    FAIRLEAD_TRY(auto item, evaluate_at(evaluator, value.at(i), frame,
                                        pointer + "/" + std::to_string(i), depth + 1));
    items.push_back(std::move(item));
  }
  return Json(std::move(items));
}

Result<Json> evaluate_members(Evaluator& evaluator, Json const& value, Evaluation& frame,
                              std::string const& pointer, int depth) {
  Json::Object members;
  members.reserve(value.size());
  for (auto const& [name, member] : value.members()) {
    FAIRLEAD_TRY(auto item, evaluate_at(evaluator, member, frame,
                                        pointer + "/" + pointer_token(name), depth + 1));
    members.emplace_back(name, std::move(item));
  }
  return Json::from_object(std::move(members));
}

Result<Json> evaluate_at(Evaluator& evaluator, Json const& value, Evaluation& frame,
                         std::string const& pointer, int depth) {
  if (depth > depth_max) return invalid_input(pointer, "The value nests deeper than 200.");
  switch (value.type()) {
    case Json::Type::string:
      return evaluate_text(evaluator, value, frame, pointer);
    case Json::Type::array:
      return evaluate_items(evaluator, value, frame, pointer, depth);
    case Json::Type::object:
      return evaluate_members(evaluator, value, frame, pointer, depth);
    default:
      return value;
  }
}

}  // namespace

std::optional<std::string> expression_in(std::string_view text) {
  auto const trimmed = trim(text);
  if (!trimmed.starts_with("${") || !trimmed.ends_with('}') || trimmed.size() < 3)
    return std::nullopt;
  return std::string(trim(trimmed.substr(2, trimmed.size() - 3)));
}

bool is_variable_name(std::string_view name) {
  static constexpr std::array<std::string_view, 24> words{
      "and",     "or",     "not",     "if",      "then", "else",  "elif",  "end",
      "as",      "def",    "reduce",  "foreach", "try",  "catch", "label", "import",
      "include", "module", "__loc__", "ENV",     "null", "true",  "false", "__prog_args"};
  if (name.empty() || name.size() > 64 || std::isdigit(static_cast<unsigned char>(name[0])) != 0) {
    return false;
  }
  for (char const c : name) {
    if (std::isalnum(static_cast<unsigned char>(c)) == 0 && c != '_') return false;
  }
  return !name.starts_with("__") && std::find(words.begin(), words.end(), name) == words.end();
}

Result<Json> evaluate_strings(Evaluator& evaluator, Json const& value, Json const& input,
                              Json const& variables) {
  Evaluation frame{"", input, variables};
  return evaluate_at(evaluator, value, frame, "", 0);
}

}  // namespace fairlead::expression
