// Flags: an input schema as command-line options, and options back into an input.
//
// `fairlead action run gitlab.create-issue --title "Disk full" --labels a,b` works for every action
// because flags come from the same schema as forms. Pure; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace fairlead::schema {

struct Flag {
  std::string name;  // "due_date"; --due-date is accepted as well
  std::string type;  // "text", "number", "true|false", "a|b|c", "list", "JSON"
  std::string help;
  enum class Presence { required, optional } presence{Presence::optional};
  enum class Occurrence {
    once,
    repeated
  } occurrence{Occurrence::once};  // lists: also comma-separated
};

// In the order of the schema.
std::vector<Flag> flags(Json const& input_schema);

// {name, text} pairs as typed on the command line (without "--") to an input. Lists are split at
// commas and joined over repetitions; objects are JSON or key=value; "null" clears what can be
// cleared. Errors: invalid_input for an unknown flag, with the nearest right name, and for a text
// that is not of the flag's type.
Result<Json> input_from_flags(Json const& input_schema,
                              std::span<std::pair<std::string, std::string> const> given);

}  // namespace fairlead::schema
