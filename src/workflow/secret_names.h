// Which secrets a jq program names: $secrets.apiKey, $secrets["api-key"].
//
// Programs may only name secrets outright, so that a text alone tells which ones a call needs and
// no data ever chooses one. Used by validation and by the engine. Pure; any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairlead::workflow {

struct SecretNames {
  std::vector<std::string> names;  // each once, in the order of the text
  // `$secrets` stands somewhere without a name behind it.
  enum class Use { none, by_name, unclear } use{Use::none};
};

SecretNames secrets_named(std::string_view program);

}  // namespace fairlead::workflow
