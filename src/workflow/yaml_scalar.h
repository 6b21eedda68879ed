// The YAML 1.2 core schema: what an unquoted word means.
//
// Used by yaml.cpp only, apart so that a table can test it. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/json.h"

namespace fairlead::workflow {

// null, true, 12, 0x1f, 1.5e3 or the text itself. Nothing for .inf and .nan, which JSON cannot
// hold.
std::optional<Json> resolve_plain_scalar(std::string_view text);

}  // namespace fairlead::workflow
