// YAML (and JSON) text as a tree that remembers where everything stood.
//
// The first step of reading a workflow: libfyaml's events become plain nodes with line and column;
// anchors, aliases and merge keys are resolved, limits are kept (size, depth, nodes after
// expansion). YAML 1.2 core schema, so `on:` and `yes` stay strings. Pure; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"
#include "base/result.h"

namespace fairlead::workflow {

inline constexpr std::size_t yaml_bytes_max = 1024 * 1024;
inline constexpr int yaml_depth_max = 60;
// After aliases are expanded: what stops a "billion laughs" document.
inline constexpr std::size_t yaml_nodes_max = 50'000;

struct Position {
  int line{1};  // from 1
  int column{1};
};

struct YamlMember;

struct YamlNode {
  enum class Kind { scalar, sequence, mapping };
  Kind kind{Kind::scalar};
  Json scalar;          // null, boolean, integer, number or string
  std::string written;  // the letters of a scalar that is no string: "1.0"
  Position at;
  std::vector<YamlNode> items;
  std::vector<YamlMember> members;  // in written order, names unique

  [[nodiscard]] bool is_null() const { return kind == Kind::scalar && scalar.is_null(); }
  [[nodiscard]] bool is_string() const { return kind == Kind::scalar && scalar.is_string(); }
  // The member of that name; nullptr if there is none or this is no mapping.
  [[nodiscard]] YamlMember const* find(std::string_view name) const;
};

struct YamlMember {
  std::string key;
  Position at;
  YamlNode value;
};

// Errors: invalid_input; `where` is "line 3, column 7", details {line, column}.
Result<YamlNode> parse_yaml(std::string_view text);

Json to_json(YamlNode const& node);
// "a text", "a list", ... for messages.
std::string_view kind_name(YamlNode const& node);

}  // namespace fairlead::workflow
