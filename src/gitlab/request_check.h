// What may be sent below the API root: no path that climbs out, no header that carries credentials.
//
// Actions build such requests themselves; call-api takes them from an author, so the client checks
// all of them. Pure.
#pragma once

#include <string>
#include <string_view>

#include "action/action.h"

namespace fairlead::gitlab {

// Errors: invalid_input naming "path" or "headers".
Result<void> check_request(action::Request const& request);

inline constexpr std::string_view rest_root = "/api/v4";
// "/api/v4/projects/1"; for action::graphql_path, which has a root of its own, "/api/graphql".
std::string api_path(std::string_view path);

}  // namespace fairlead::gitlab
