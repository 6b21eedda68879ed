#include "gitlab/pipeline_variables.h"

#include <algorithm>
#include <set>

namespace fairlead::gitlab {
namespace {

bool is_variable_name(std::string const& key) {
  auto const allowed = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !key.empty() && std::all_of(key.begin(), key.end(), allowed);
}

}  // namespace
}  // namespace fairlead::gitlab

namespace fairlead::schema {

void Codec<gitlab::PipelineVariables>::decode(Json const& json, gitlab::PipelineVariables& out,
                                              Reader& reader) {
  if (json.is_object()) {
    for (auto const& [key, value] : json.members()) {
      auto const inside = reader.enter(key);
      gitlab::PipelineVariable one{.key = key};
      // YAML makes numbers and booleans of 1 and true; a variable is always a text.
      if (value.is_number() || value.is_bool()) {
        one.value = value.dump();
      } else {
        reader.read(value, one.value);
      }
      out.list.push_back(std::move(one));
    }
  } else {
    Codec<std::vector<gitlab::PipelineVariable>>::decode(json, out.list, reader);
  }
  std::set<std::string> names;
  for (auto const& one : out.list) {
    if (!gitlab::is_variable_name(one.key))
      reader.fail("must have names of letters, digits and _, not \"" + one.key + "\"");
    if (!names.insert(one.key).second)
      reader.fail("must name every variable once, not " + one.key + " twice");
  }
}

Json Codec<gitlab::PipelineVariables>::schema(Unknown unknown) {
  Json map = simple_schema("object");
  map.set("additionalProperties",
          Json::object({{"type", Json::array({"string", "number", "boolean"})}}));
  Json const list = Codec<std::vector<gitlab::PipelineVariable>>::schema(unknown);
  return with_hint(Json::object({{"anyOf", Json::array({map, list})}}), "widget", "variables");
}

}  // namespace fairlead::schema
