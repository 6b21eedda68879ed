#include "trigger/event_filter.h"

#include <string>

namespace fairlead::trigger {
namespace {

bool looks_like_pattern(std::string_view text) {
  return text.starts_with('^') || text.ends_with('$') || text.find(".*") != std::string_view::npos;
}

Result<bool> attribute_passes(Json const& wanted, Json const& value,
                              expression::Evaluator& evaluator) {
  if (!wanted.is_string()) return wanted == value;
  if (auto program = expression::expression_in(wanted.as_string())) {
    FAIRLEAD_TRY(auto result, evaluator.evaluate({.program = std::move(*program),
                                                  .input = value,
                                                  .variables = Json::object()}));
    if (result.is_bool()) return result.as_bool();
    return !result.is_null() && result == value;
  }
  if (wanted == value) return true;
  if (!value.is_string() || !looks_like_pattern(wanted.as_string())) return false;
  FAIRLEAD_TRY(auto found, evaluator.evaluate({.program = "test($pattern)",
                                               .input = value,
                                               .variables = Json::object({{"pattern", wanted}})}));
  return found.as_bool();
}

}  // namespace

Result<bool> passes(workflow::EventFilter const& filter, Json const& envelope,
                    expression::Evaluator& evaluator) {
  // Literals first: most filters fail on the type, without any evaluation.
  for (auto const& [name, wanted] : filter.with.members()) {
    bool const literal = !wanted.is_string() || !expression::expression_in(wanted.as_string());
    if (!literal) continue;
    FAIRLEAD_TRY(bool passed, attribute_passes(wanted, envelope[name], evaluator));
    if (!passed) return false;
  }
  for (auto const& [name, wanted] : filter.with.members()) {
    if (!wanted.is_string() || !expression::expression_in(wanted.as_string())) continue;
    FAIRLEAD_TRY(bool passed, attribute_passes(wanted, envelope[name], evaluator));
    if (!passed) return false;
  }
  return true;
}

}  // namespace fairlead::trigger
