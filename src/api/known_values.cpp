#include "api/known_values.h"

#include <algorithm>
#include <array>
#include <cctype>

namespace fairlead::api {
namespace {

// A control character in front: nobody's data begins like that.
constexpr std::string_view gap_mark = "\x01";

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// The word that begins at `from`.
std::string_view word_at(std::string_view text, std::size_t from) {
  auto end = from;
  while (end < text.size() && is_word(text[end]))
    ++end;
  return text.substr(from, end - from);
}

// Whether "." stands for the input somewhere: a dot that does not go on from something before it.
bool names_input(std::string_view program) {
  for (std::size_t i = 0; i < program.size(); ++i) {
    if (program[i] != '.') continue;
    char const before = i == 0 ? ' ' : program[i - 1];
    bool const goes_on = is_word(before) || before == ')' || before == ']' || before == '?' ||
                         before == '"' || before == '.';
    if (!goes_on) return true;
  }
  return false;
}

}  // namespace

Json gap(std::string_view what) { return std::string(gap_mark) + std::string(what); }

bool has_gap(Json const& value) {
  if (value.is_string()) return value.as_string().find(gap_mark) != std::string::npos;
  for (auto const& item : value.items())
    if (has_gap(item)) return true;
  for (auto const& [name, member] : value.members())
    if (has_gap(member)) return true;
  return false;
}

KnownValues::KnownValues(expression::Evaluator& evaluator, Json workflow_input)
    : input(workflow_input), evaluator_(&evaluator), workflow_input_(std::move(workflow_input)) {}

Json KnownValues::all_variables() const {
  Json all = variables;
  all.set("context", context);
  all.set("input", task_input);
  all.set("output", Json());
  all.set("workflow", Json::object({{"input", workflow_input_}}));
  for (auto const* name : {"task", "runtime", "authorization", "secrets"})
    all.set(name, Json::object());
  return all;
}

bool KnownValues::names_gap(std::string_view program, std::string_view name) const {
  // Only a run has these; of $workflow only the input is known here.
  constexpr std::array<std::string_view, 5> of_runs{"task", "runtime", "authorization", "secrets",
                                                    "output"};
  if (std::ranges::find(of_runs, name) != of_runs.end()) return true;
  if (name == "input") return has_gap(task_input);
  auto const after = static_cast<std::size_t>(name.data() - program.data()) + name.size();
  auto const member = after < program.size() && program[after] == '.' ? word_at(program, after + 1)
                                                                      : std::string_view();
  if (name == "workflow") return member != "input";
  if (name == "context") {
    bool const whole = member.empty() || !context.is_object();
    return has_gap(whole ? context : context[std::string(member)]);
  }
  return has_gap(variables[std::string(name)]);
}

bool KnownValues::is_decidable(std::string_view program) const {
  if (has_gap(input) && names_input(program)) return false;
  for (auto at = program.find('$'); at != std::string_view::npos; at = program.find('$', at + 1)) {
    auto const name = word_at(program, at + 1);
    if (!name.empty() && names_gap(program, name)) return false;
  }
  return true;
}

Result<std::optional<Json>> KnownValues::value(Json const& written) const {
  if (written.is_string()) {
    auto const program = expression::expression_in(written.as_string());
    if (!program) return std::optional<Json>(written);
    if (!is_decidable(*program)) return std::optional<Json>();
    FAIRLEAD_TRY(
        auto result,
        evaluator_->evaluate({.program = *program, .input = input, .variables = all_variables()}));
    return std::optional<Json>(std::move(result));
  }
  if (!written.is_object() && !written.is_array()) return std::optional<Json>(written);
  Json made = written.is_object() ? Json::object() : Json::array();
  for (auto const& item : written.items()) {
    FAIRLEAD_TRY(auto one, value(item));
    if (!one) return std::optional<Json>();
    made.push_back(std::move(*one));
  }
  for (auto const& [name, member] : written.members()) {
    FAIRLEAD_TRY(auto one, value(member));
    if (!one) return std::optional<Json>();
    made.set(name, std::move(*one));
  }
  return std::optional<Json>(std::move(made));
}

Json KnownValues::with_gaps_written(Json const& written) const {
  if (written.is_object()) {
    Json made = Json::object();
    for (auto const& [name, member] : written.members())
      made.set(name, with_gaps_written(member));
    return made;
  }
  if (written.is_array()) {
    Json made = Json::array();
    for (auto const& item : written.items())
      made.push_back(with_gaps_written(item));
    return made;
  }
  auto known = value(written);
  return known.ok() && *known ? std::move(**known) : written;
}

std::optional<bool> KnownValues::holds(std::string_view program) const {
  if (program.empty()) return true;
  auto const known = value("${ " + std::string(program) + " }");
  if (!known.ok() || !*known) return std::nullopt;
  auto const& result = **known;
  // As jq takes it: everything but null and false.
  return !result.is_null() && !(result.is_bool() && !result.as_bool());
}

Json KnownValues::transformed(Json const& written, Json const& from, std::string_view what) const {
  if (written.is_null()) return from;
  // With the gap as a text inside: what is built around it is seen, what looks into it fails.
  auto made = expression::evaluate_strings(*evaluator_, written, from, all_variables());
  if (!made.ok()) return gap(what);
  bool const hidden = has_gap(from) && !has_gap(*made) && !made->is_object();
  return hidden ? gap(what) : std::move(*made);
}

}  // namespace fairlead::api
