// Correlation of events: which values tie an event to a run, and whether they agree.
//
//   correlate:
//     order: {from: .data.order, expect: '${ $context.order }'}
//
// `from` is asked of the whole event, so its data lie in `.data`. Without `expect` the first event
// that is heard says what the others of the same `all` must agree with. Values agree if they read
// the same: "42" and 42 do, since a written `expect` can only be text. Pure but for the evaluator,
// which blocks. Any thread. Source: Open Workflow DSL 1.0.3, "Event Filter", "Correlation".
#pragma once

#include <optional>
#include <string>

#include "base/result.h"
#include "expression/evaluator.h"
#include "workflow/document.h"

namespace fairlead::workflow {

// Correlation key -> value, an object; nothing if one of them is null: such an event is not
// correlated. Errors: those of the evaluator.
Result<std::optional<Json>> correlation_of(EventFilter const& filter, Json const& event,
                                           expression::Evaluator& evaluator, Json const& variables);

// Every key that both have reads the same.
[[nodiscard]] bool agrees(Json const& keys, Json const& expected);
// How a value reads.
[[nodiscard]] std::string correlation_text(Json const& value);

// The one type that passes the filter; "" if there may be several.
[[nodiscard]] std::string literal_type(EventFilter const& filter);
// The filter without its expressions.
[[nodiscard]] EventFilter literal_part(EventFilter const& filter);

}  // namespace fairlead::workflow
