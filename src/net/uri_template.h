// URI templates: "https://host/v2/pet/{petId}{?status,tags}" filled in from an object.
//
// All operators of RFC 6570 (levels 1 to 3: simple, +, #, ., /, ;, ?, &); lists become
// comma-separated, or one pair an item after a star. A variable that is not there is an error: a
// path that silently loses a segment would name another thing. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace fairlead::net {

// The variables a template names, in order. Errors: invalid_input, a brace that is not closed, an
// unknown operator.
Result<std::vector<std::string>> uri_template_variables(std::string_view text);

// Errors: invalid_input (`where` is the variable) if one is missing, null, or an object.
Result<std::string> expand_uri_template(std::string_view text, Json const& values);

}  // namespace fairlead::net
