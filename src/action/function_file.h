// An action as a function file of an Open Workflow catalog: what another runtime can run.
//
// The call is found by asking the action's own plan with marked values and looking where they come
// out again, so that the file cannot differ from what we send. An action of several requests, or
// one that must look something up first, says so and raises an error elsewhere. Pure; any thread.
// Source: Open Workflow Specification DSL 1.0.3, catalogs; the layout
// functions/<name>/<version>/function.yaml.
#pragma once

#include <string>

#include "action/action.h"

namespace fairlead::action {

// The task definition: {input, output, call: http, with, metadata}, or raise.
Json function_definition(Action const& action);
// The same as YAML text (JSON flow for the values), with a comment that says how to use it.
std::string function_file(Action const& action);
// "functions/create-issue/1.0.0/function.yaml"
std::string function_path(ActionInfo const& info);

}  // namespace fairlead::action
