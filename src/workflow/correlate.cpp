#include "workflow/correlate.h"

#include "workflow/match.h"

namespace fairlead::workflow {

Result<std::optional<Json>> correlation_of(EventFilter const& filter, Json const& event,
                                           expression::Evaluator& evaluator,
                                           Json const& variables) {
  Json keys = Json::object();
  for (auto const& [name, correlation] : filter.correlate.members()) {
    std::string const& from = correlation["from"].as_string();
    FAIRLEAD_TRY(auto value, evaluator.evaluate({expression::expression_in(from).value_or(from),
                                                 event, variables}));
    if (value.is_null()) return std::optional<Json>();
    keys.set(name, std::move(value));
  }
  return std::optional(std::move(keys));
}

std::string correlation_text(Json const& value) {
  return value.is_string() ? value.as_string() : value.dump();
}

bool agrees(Json const& keys, Json const& expected) {
  for (auto const& [name, value] : expected.members()) {
    auto const* found = keys.find(name);
    if (found != nullptr && correlation_text(*found) != correlation_text(value)) return false;
  }
  return true;
}

std::string literal_type(EventFilter const& filter) {
  Json const& type = filter.with["type"];
  if (!type.is_string() || expression::expression_in(type.as_string())) return "";
  return is_pattern(type.as_string()) ? "" : type.as_string();
}

EventFilter literal_part(EventFilter const& filter) {
  EventFilter literals{.with = Json::object(), .correlate = {}};
  for (auto const& [name, wanted] : filter.with.members()) {
    if (!expression::expression_in(wanted.as_string())) literals.with.set(name, wanted);
  }
  return literals;
}

}  // namespace fairlead::workflow
