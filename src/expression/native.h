// The simplest jq programs, answered in the process: paths, texts with paths in them, objects and
// lists of these, `+`, comparisons, `and`, `or`, `not`.
//
// Most expressions of real workflows are of this kind, and a helper's round trip costs twenty times
// as much. The rule: the same value as jq or no answer at all; every error and every doubtful case
// is left to jq. One difference is wanted: whole numbers above 2^53 stay exact here (as in jq 1.7).
// Pure; any thread.
#pragma once

#include <optional>

#include "expression/evaluator.h"

namespace fairlead::expression {

// Nothing: ask jq.
std::optional<Json> evaluate_native(Evaluation const& evaluation);

}  // namespace fairlead::expression
