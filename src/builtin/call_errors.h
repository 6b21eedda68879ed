// Errors of `call: http` and `call: openapi` as the standard's error types.
//
// The engine takes type and status of a problem from an error's details. Pure; any thread. Source:
// Open Workflow DSL 1.0.3, "Standard Error Types".
#pragma once

#include <string>
#include <string_view>

#include "base/error.h"
#include "net/http.h"

namespace fairlead::builtin {

// kind: "communication", "configuration", "timeout", ...
Error typed(Error error, std::string_view kind, int status);
// A mistake in the workflow or in the server's configuration: 400.
Error configuration_error(std::string where, std::string message, std::string remedy);
// The transport gave no answer. For a read, or what may be repeated, nothing is uncertain.
enum class Repeat { harmless, unsafe };
Error no_answer(Error error, Repeat repeat);
// An answer that is not a success.
Error refused(net::HttpRequest const& request, net::HttpResponse const& response);

}  // namespace fairlead::builtin
