// Does an event pass a filter? Attributes compare as literals, as regular expressions, or by a
// predicate.
//
//   type: com.example.incident.opened       equal
//   source: ^https://gitlab\.example\.com/  a regular expression if it has ^, $ or .*
//   data: ${ .severity == "high" }          jq on the attribute's own value; true, or a value that
//   is equal
//
// Pure but for the evaluator, which blocks. Any thread. Source: Open Workflow DSL 1.0.3, "Event
// Filter".
#pragma once

#include "base/result.h"
#include "expression/evaluator.h"
#include "workflow/document.h"

namespace fairlead::trigger {

// Errors: those of the evaluator.
Result<bool> passes(workflow::EventFilter const& filter, Json const& envelope,
                    expression::Evaluator& evaluator);

}  // namespace fairlead::trigger
