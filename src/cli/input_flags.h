// "--title text --labels a,b" as an action's input.
//
// Which flags there are and what their texts mean is schema/flags.h's, made from the server's
// schema: the CLI knows no action. Here is only how they stand in a command line. Pure.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace fairlead::cli {

// `input` with the fields the flags name set; a flag wins over the input's own field. "--due-date"
// and "--due_date" name the field due_date; "--flag=value" and "--flag value" do the same; a
// true|false flag needs no value. Errors: invalid_input naming the field and the nearest right one.
Result<Json> with_flags(Json input, Json const& schema, std::vector<std::string> const& arguments);

// "--due-date"
std::string flag_spelling(std::string_view field);

}  // namespace fairlead::cli
