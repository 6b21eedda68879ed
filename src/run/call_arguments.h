// The arguments of a call: what is evaluated beforehand, what is put in place, and what stays text
// until the moment of the call because it names secrets.
//
// A named authentication policy is written out and URI templates are filled in here, so that the
// journalled arguments are complete. Only what stands in the document is a template or an
// expression, never what came out of one. Pure; any thread.
#pragma once

#include "action/late_arguments.h"
#include "run/state.h"

namespace fairlead::run {

// `with`, to be evaluated: `use: name` of authentications replaced, null where secrets are named.
Json arguments_to_evaluate(workflow::Document const& document, workflow::CallTask const& call);

// From the values to the arguments of the call. Errors: invalid_input (a URI template).
Result<Json> finished_arguments(workflow::Document const& document, Frame const& frame,
                                Json values);

action::LateArguments late_arguments(RunState const& state, Frame const& frame);

}  // namespace fairlead::run
