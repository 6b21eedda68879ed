// Does a CloudEvent pass an event filter? Literals, regular expressions, predicates.
//
//   type: com.example.incident.opened       equal
//   source: ^https://gitlab\.example\.com/  ^ first, $ last or .*: a pattern (workflow/pattern.h)
//   data: {severity: high}                  the members named here are equal, deep
//   data: ${ .severity == "high" }          jq on the attribute: true, or a value equal to it
//
// Pure but for the evaluator, which blocks and is asked only when all literals fit. Any thread.
// Source: Open Workflow DSL 1.0.3, "Event Filter".
#pragma once

#include "base/result.h"
#include "expression/evaluator.h"
#include "workflow/document.h"

namespace fairlead::workflow {

// `event` is the envelope: {type, source, subject, data, ...}. `variables` for the expressions, an
// object. Errors: invalid_input (a pattern that cannot be used), those of the evaluator.
Result<bool> matches(EventFilter const& filter, Json const& event, expression::Evaluator& evaluator,
                     Json const& variables);

// Whether a literal text of a filter is meant as a regular expression.
bool is_pattern(std::string_view text);

}  // namespace fairlead::workflow
