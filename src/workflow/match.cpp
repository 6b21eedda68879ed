#include "workflow/match.h"

#include "workflow/pattern.h"

namespace fairlead::workflow {
namespace {

std::optional<std::string> predicate_in(Json const& wanted) {
  if (!wanted.is_string()) return std::nullopt;
  return expression::expression_in(wanted.as_string());
}

// Every member of `wanted` is in `value`, deep; other kinds are equal.
bool holds(Json const& value, Json const& wanted) {
  if (!wanted.is_object()) return value == wanted;
  for (auto const& [name, member] : wanted.members()) {
    auto const* found = value.find(name);
    if (found == nullptr || !holds(*found, member)) return false;
  }
  return value.is_object();
}

Result<bool> literal_fits(Json const& value, Json const& wanted) {
  if (holds(value, wanted)) return true;
  if (!wanted.is_string() || !value.is_string() || !is_pattern(wanted.as_string())) return false;
  FAIRLEAD_TRY(auto const pattern, Pattern::compile(wanted.as_string()));
  return pattern.found_in(value.as_string());
}

}  // namespace

bool is_pattern(std::string_view text) {
  return text.starts_with('^') || text.ends_with('$') || text.find(".*") != std::string_view::npos;
}

Result<bool> matches(EventFilter const& filter, Json const& event, expression::Evaluator& evaluator,
                     Json const& variables) {
  for (auto const& [name, wanted] : filter.with.members()) {
    if (predicate_in(wanted)) continue;
    FAIRLEAD_TRY(bool const fits, literal_fits(event[name], wanted));
    if (!fits) return false;
  }
  for (auto const& [name, wanted] : filter.with.members()) {
    auto program = predicate_in(wanted);
    if (!program) continue;
    FAIRLEAD_TRY(auto const result,
                 evaluator.evaluate({std::move(*program), event[name], variables}));
    auto const fits =
        result.is_bool() ? result.as_bool() : !result.is_null() && result == event[name];
    if (!fits) return false;
  }
  return true;
}

}  // namespace fairlead::workflow
