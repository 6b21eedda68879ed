// jq's error messages, mended for people who never saw jq's command line.
//
// Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"

namespace fairlead::expression {

// `words` as libjq reports them for the framed program; `program` and `variables` as the user wrote
// them.
Error compile_error(std::string_view words, std::string_view program,
                    std::vector<std::string> const& variables);
Error run_error(std::string_view words, std::string_view program);

}  // namespace fairlead::expression
