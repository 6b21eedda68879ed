#include "schema/describe.h"

namespace fairlead::schema {
namespace {

void set_limits(Json& json, FieldOptions const& options) {
  auto const set = [&](std::string_view name, std::optional<std::int64_t> const& value) {
    if (value) json.set(name, *value);
  };
  set("minimum", options.minimum);
  set("maximum", options.maximum);
  set("minLength", options.min_length);
  set("maxLength", options.max_length);
  set("minItems", options.min_items);
  set("maxItems", options.max_items);
  if (!options.pattern.regex.empty()) json.set("pattern", options.pattern.regex);
}

Json example_of(FieldSchema const& field) {
  // A text stands for itself, even one that happens to be JSON.
  if (field.type["type"].as_string() == "string") return field.options.example;
  auto parsed = Json::parse(field.options.example);
  return parsed.ok() ? std::move(parsed).value() : Json(field.options.example);
}

Json field_schema(FieldSchema const& field, std::int64_t order) {
  FieldOptions const& options = field.options;
  Json json = Json::object();
  if (!options.label.empty()) json.set("title", options.label);
  if (!options.help.empty()) json.set("description", options.help);
  for (auto const& [name, value] : field.type.members())
    json.set(name, value);
  set_limits(json, options);
  if (!field.default_value.is_null()) json.set("default", field.default_value);
  if (!options.example.empty()) json.set("examples", Json::array({example_of(field)}));
  json = with_hint(std::move(json), "order", order);
  if (!options.widget.empty()) json = with_hint(std::move(json), "widget", options.widget);
  if (!options.picker.empty()) json = with_hint(std::move(json), "picker", options.picker);
  if (options.advanced) json = with_hint(std::move(json), "advanced", true);
  return json;
}

}  // namespace

Json object_schema(std::span<FieldSchema const> fields, Unknown unknown) {
  Json properties = Json::object();
  Json required = Json::array();
  std::int64_t order = 0;
  for (FieldSchema const& field : fields) {
    properties.set(field.name, field_schema(field, ++order));
    if (field.presence == FieldSchema::Presence::required) required.push_back(field.name);
  }
  Json json = Json::object({{"type", "object"}, {"properties", std::move(properties)}});
  if (!required.empty()) json.set("required", std::move(required));
  json.set("additionalProperties", unknown == Unknown::welcome);
  return json;
}

Json enum_schema(std::span<std::string_view const> names,
                 std::span<std::string_view const> labels) {
  Json words = Json::array();
  for (std::string_view const name : names)
    words.push_back(name);
  Json json = Json::object({{"type", "string"}, {"enum", std::move(words)}});
  Json shown_as = Json::object();
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (!labels[i].empty()) shown_as.set(names[i], labels[i]);
  }
  return shown_as.empty() ? json : with_hint(std::move(json), "labels", std::move(shown_as));
}

Json nullable_schema(Json type) {
  if (Json* word = type.find("type"); word != nullptr && word->is_string()) {
    *word = Json::array({*word, "null"});
  } else if (Json* choices = type.find("anyOf"); choices != nullptr) {
    choices->push_back(simple_schema("null"));
  }
  if (Json* words = type.find("enum")) words->push_back(nullptr);
  return with_hint(std::move(type), "clearable", true);
}

Json simple_schema(std::string_view type) { return Json::object({{"type", type}}); }

Json with_hint(Json type, std::string_view name, Json value) {
  Json* hints = type.find("x-fairlead");
  if (hints == nullptr) hints = &type.set("x-fairlead", Json::object());
  hints->set(name, std::move(value));
  return type;
}

}  // namespace fairlead::schema
