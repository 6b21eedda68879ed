// SchemaNode: one schema of a compiled JsonSchema, its keywords as typed fields.
//
// Inside of this layer: made by json_schema.cpp, read by json_schema_check.cpp. Other schemas are
// meant by their index. Plain data.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/json.h"
#include "workflow/pattern.h"

namespace fairlead::workflow {

using NodeIndex = std::optional<std::size_t>;

struct SchemaBounds {
  std::optional<std::size_t> least;
  std::optional<std::size_t> most;
};

struct SchemaPattern {
  Pattern pattern;
  std::string text;
};

struct SchemaNode {
  bool never{false};                 // the schema `false`
  std::vector<std::string> types;    // empty: any
  std::optional<Json::Array> words;  // enum or const
  std::optional<Json> minimum;
  std::optional<Json> maximum;
  std::optional<Json> above;  // exclusiveMinimum
  std::optional<Json> below;  // exclusiveMaximum
  std::optional<Json> multiple_of;
  SchemaBounds length;
  std::optional<SchemaPattern> pattern;
  std::string format;
  SchemaBounds items_count;
  bool unique{false};
  std::vector<std::size_t> prefix;
  NodeIndex items;
  NodeIndex contains;
  SchemaBounds contains_count;
  SchemaBounds members_count;
  std::vector<std::string> required;
  std::map<std::string, std::size_t, std::less<>> properties;
  std::vector<std::pair<SchemaPattern, std::size_t>> pattern_properties;
  NodeIndex additional;
  NodeIndex names;
  std::map<std::string, std::vector<std::string>, std::less<>> dependent_required;
  std::map<std::string, std::size_t, std::less<>> dependent_schemas;
  std::vector<std::size_t> all_of;
  std::vector<std::size_t> any_of;
  std::vector<std::size_t> one_of;
  NodeIndex none_of;  // not
  NodeIndex if_;
  NodeIndex then_;
  NodeIndex else_;
  NodeIndex reference;
};

}  // namespace fairlead::workflow
