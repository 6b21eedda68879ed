// "--title text --labels a,b" as an action's input: flags made from its JSON Schema.
//
// The server's schema decides names and types, so the CLI knows no action. Pure.
#pragma once

#include <string>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace fairlead::cli {

// Adds the flags to `input`. "--due-date" and "--due_date" name the field due_date; "--flag=value"
// works; a boolean flag needs no value; lists take commas or repetition; objects take JSON; "null"
// clears a field that can be cleared. Errors: invalid_input naming the flag and the nearest right
// one.
Result<void> add_flags(Json& input, Json const& schema, std::vector<std::string> const& flags);

// One line a field, for `action show`: "--title text   required   what it is".
struct FlagHelp {
  std::string flag;
  std::string type;
  std::string help;
  bool required{false};
};
std::vector<FlagHelp> flag_help(Json const& schema);

}  // namespace fairlead::cli
