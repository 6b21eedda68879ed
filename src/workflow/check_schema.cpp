#include "base/text.h"

#include <algorithm>
#include "expression/evaluator.h"
#include "workflow/check.h"

namespace fairlead::workflow {
namespace {

class SchemaCheck {
 public:
  SchemaCheck(Reader& reader, std::string_view what, Json const& root)
      : reader_(reader), what_(what), root_(root) {}
  void value(Place const& place, Json const& schema);

 private:
  [[nodiscard]] Json const& resolved(Json const& schema) const;
  void object(Place const& place, Json const& schema);
  void array(Place const& place, Json const& schema);
  void scalar(Place const& place, Json const& schema);
  void alternatives(Place const& place, Json const& branches);
  void unknown(Place const& place, YamlMember const& member, Json const& properties);
  [[nodiscard]] bool fits_type(YamlNode const& node, Json const& types) const;
  [[nodiscard]] std::string name_of(Place const& place) const;

  Reader& reader_;
  std::string_view what_;
  Json const& root_;
};

bool is_expression(YamlNode const& node) {
  return node.is_string() && expression::expression_in(node.scalar.as_string()).has_value();
}

std::string last_token(std::string const& pointer) {
  return pointer.substr(pointer.rfind('/') + 1);
}

std::string joined(Json const& values) {
  std::string text;
  for (auto const& value : values.items()) {
    if (!text.empty()) text += ", ";
    text += value.is_string() ? value.as_string() : value.dump();
  }
  return text;
}

Json const& SchemaCheck::resolved(Json const& schema) const {
  auto const& reference = schema["$ref"].as_string();
  if (!reference.starts_with("#")) return schema;
  auto const* target = root_.pointer(std::string_view(reference).substr(1));
  return target == nullptr ? schema : *target;
}

std::string SchemaCheck::name_of(Place const& place) const {
  return "'" + last_token(place.pointer) + "' of " + std::string(what_);
}

bool fits(YamlNode const& node, std::string_view type) {
  if (type == "object") return node.kind == YamlNode::Kind::mapping;
  if (type == "array") return node.kind == YamlNode::Kind::sequence;
  if (node.kind != YamlNode::Kind::scalar) return false;
  if (type == "string") return node.scalar.is_string();
  if (type == "integer") return node.scalar.is_integer();
  if (type == "number") return node.scalar.is_number();
  if (type == "boolean") return node.scalar.is_bool();
  return type == "null" ? node.scalar.is_null() : true;
}

bool SchemaCheck::fits_type(YamlNode const& node, Json const& types) const {
  if (types.is_string()) return fits(node, types.as_string());
  if (!types.is_array()) return true;
  return std::any_of(types.items().begin(), types.items().end(),
                     [&](Json const& type) { return fits(node, type.as_string()); });
}

void SchemaCheck::unknown(Place const& place, YamlMember const& member, Json const& properties) {
  std::vector<std::string> names;
  for (auto const& [name, schema] : properties.members())
    names.push_back(name);
  auto const near = nearest_name(member.key, names);
  reader_.error_at(
      member.at, place.pointer + "/" + pointer_token(member.key),
      {"action-input",
       std::string(what_) + " has no input '" + shorten(member.key, 60) + "'." +
           (near ? " Did you mean '" + *near + "'?" : " Known are: " + join(names, ", ") + "."),
       member.key, near.value_or("")});
}

void SchemaCheck::object(Place const& place, Json const& schema) {
  auto const& properties = schema["properties"];
  auto const& additional = schema["additionalProperties"];
  for (auto const& member : place.node->members) {
    auto const inner = place.member(member);
    if (auto const* known = properties.find(member.key)) {
      value(inner, *known);
    } else if (additional.is_bool() && !additional.as_bool()) {
      unknown(place, member, properties);
    } else if (additional.is_object()) {
      value(inner, additional);
    }
  }
  for (auto const& name : schema["required"].items()) {
    if (place.node->find(name.as_string()) != nullptr) continue;
    reader_.error(place, {"action-input", std::string(what_) + " needs '" + name.as_string() + "'.",
                          name.as_string()});
  }
}

void SchemaCheck::array(Place const& place, Json const& schema) {
  if (!schema["items"].is_object()) return;
  for (std::size_t i = 0; i < place.node->items.size(); ++i)
    value(place.item(i), schema["items"]);
}

void SchemaCheck::scalar(Place const& place, Json const& schema) {
  auto const& scalar = place.node->scalar;
  auto const& words = schema["enum"];
  if (words.is_array() &&
      std::find(words.items().begin(), words.items().end(), scalar) == words.items().end()) {
    std::vector<std::string> names;
    for (auto const& word : words.items())
      names.push_back(word.as_string());
    auto const near = scalar.is_string() ? nearest_name(scalar.as_string(), names) : std::nullopt;
    reader_.error(place,
                  {"action-input", name_of(place) + " must be one of " + joined(words) + ".",
                   scalar.is_string() ? scalar.as_string() : scalar.dump(), near.value_or("")});
  }
  if (scalar.is_number()) {
    if (auto const* minimum = schema.find("minimum");
        minimum != nullptr && scalar.as_number() < minimum->as_number()) {
      reader_.error(
          place, {"action-input", name_of(place) + " must be at least " + minimum->dump() + "."});
    }
    if (auto const* maximum = schema.find("maximum");
        maximum != nullptr && scalar.as_number() > maximum->as_number()) {
      reader_.error(place,
                    {"action-input", name_of(place) + " must be at most " + maximum->dump() + "."});
    }
  }
  if (auto const* longest = schema.find("maxLength");
      longest != nullptr && scalar.is_string() &&
      code_points(scalar.as_string()) > static_cast<std::size_t>(longest->as_integer())) {
    reader_.error(place, {"action-input",
                          name_of(place) + " is longer than " + longest->dump() + " characters."});
  }
}

void SchemaCheck::alternatives(Place const& place, Json const& branches) {
  std::vector<Problem> first;
  for (auto const& branch : branches.items()) {
    auto const before = reader_.problems.size();
    value(place, branch);
    std::vector<Problem> found(reader_.problems.begin() + static_cast<std::ptrdiff_t>(before),
                               reader_.problems.end());
    reader_.problems.resize(before);
    if (found.empty()) return;
    // The branch that went deeper into the value was probably meant.
    if (first.empty() || found[0].pointer.size() > first[0].pointer.size())
      first = std::move(found);
  }
  reader_.problems.insert(reader_.problems.end(), first.begin(), first.end());
}

void SchemaCheck::value(Place const& place, Json const& raw) {
  auto const& schema = resolved(raw);
  if (is_expression(*place.node)) return;
  if (!fits_type(*place.node, schema["type"])) {
    auto const& type = schema["type"];
    reader_.error(place,
                  {"action-input", name_of(place) + " must be of type " +
                                       (type.is_string() ? type.as_string() : joined(type)) +
                                       ", but is " + std::string(kind_name(*place.node)) + "."});
    return;
  }
  if (schema["anyOf"].is_array()) alternatives(place, schema["anyOf"]);
  if (schema["oneOf"].is_array()) alternatives(place, schema["oneOf"]);
  if (place.node->kind == YamlNode::Kind::mapping) return object(place, schema);
  if (place.node->kind == YamlNode::Kind::sequence) return array(place, schema);
  scalar(place, schema);
}

}  // namespace

void check_against_schema(Reader& reader, Place const& place, Json const& schema,
                          std::string_view what) {
  SchemaCheck(reader, what, schema).value(place, schema);
}

}  // namespace fairlead::workflow
