#include "cli/input_flags.h"

#include <algorithm>
#include <set>

#include "base/text.h"
#include "schema/flags.h"

namespace fairlead::cli {
namespace {

using Pairs = std::vector<std::pair<std::string, std::string>>;

std::string field_spelling(std::string_view flag) {
  std::string field(flag);
  std::ranges::replace(field, '-', '_');
  return field;
}

bool is_truth(std::string_view text) {
  return text == "true" || text == "false" || text == "yes" || text == "no";
}

Result<Pairs> pairs_of(std::vector<std::string> const& arguments,
                       std::set<std::string> const& switches) {
  Pairs pairs;
  for (std::size_t i = 0; i < arguments.size(); ++i) {
    std::string const& argument = arguments[i];
    if (!argument.starts_with("--") || argument.size() < 3)
      return invalid_input(
          "", "\"" + shorten(argument, 80) + "\" is not a flag; fields are given as --name value.");
    std::string name = argument.substr(2);
    if (auto const equals = name.find('='); equals != std::string::npos) {
      std::string text = name.substr(equals + 1);
      name.resize(equals);
      pairs.emplace_back(std::move(name), std::move(text));
      continue;
    }
    bool const more = i + 1 < arguments.size();
    if (switches.contains(field_spelling(name)) && !(more && is_truth(arguments[i + 1]))) {
      pairs.emplace_back(std::move(name), "true");
    } else if (more) {
      pairs.emplace_back(std::move(name), arguments[++i]);
    } else {
      return invalid_input(name, argument + " needs a value.");
    }
  }
  return pairs;
}

}  // namespace

Result<Json> with_flags(Json input, Json const& schema, std::vector<std::string> const& arguments) {
  std::set<std::string> switches;
  for (auto const& flag : schema::flags(schema))
    if (flag.type == "true|false") switches.insert(flag.name);
  FAIRLEAD_TRY(auto pairs, pairs_of(arguments, switches));
  FAIRLEAD_TRY(auto given, schema::input_from_flags(schema, pairs));
  for (auto const& [name, value] : given.members())
    input.set(name, value);
  return input;
}

std::string flag_spelling(std::string_view field) {
  std::string flag = "--" + std::string(field);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

}  // namespace fairlead::cli
