// What of the server's environment concerns secrets: the FAIRLEAD_SECRET_... variables, and what
// the operator's command for secrets may see; and where traces go.
//
// The environment is read here, at the edge, and once. Before any thread runs.
#pragma once

#include <string>
#include <vector>

#include "access/secret_places.h"
#include "trace/options.h"

namespace fairlead::app {

// Takes them out of the environment, so that no child process sees them.
access::SecretVariables take_secret_variables();
// OpenTelemetry's. Those that may hold credentials are taken out of the environment.
trace::Variables take_trace_variables();
// All variables that are there: "NAME=value".
std::vector<std::string> environment_for_command();

}  // namespace fairlead::app
