// The control API below /-/sandbox/: what a test may do to the sandbox that no GitLab offers. JSON,
// no credentials.
//
// State counts, faults, the clock, pipeline plans, options, tokens: the list of calls stands at the
// top of control.cpp. Hold World::mutex.
#pragma once

#include "sandbox/call.h"

namespace fairlead::sandbox {

ApiRoutes control_routes();

}  // namespace fairlead::sandbox
