// Which values a frame needs in its present stage, and the variables its expressions see.
//
// Pure: asked again after a restart, it gives the same. Only variables that a text names are sent
// along, since context and input can be large. Any thread. Source: Open Workflow DSL 1.0.3,
// "Runtime expressions", "Data flow".
#pragma once

#include "run/command.h"
#include "run/state.h"

namespace fairlead::run {

// The items in the order the handler of the stage expects them.
Evaluate evaluation_for(RunState const& state, Frame const& frame);

// The variables that `text` names, as an expression of the frame's present stage sees them.
Json variables_for(RunState const& state, Frame const& frame, std::string_view text);

// Nothing to evaluate: all items are literals.
[[nodiscard]] bool all_literal(Evaluate const& evaluation);

}  // namespace fairlead::run
