#include "builtin/approval_form.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include "base/text.h"

namespace fairlead::builtin {
namespace {

Error wrong(std::string where, std::string message) {
  Error error = invalid_input(std::move(where), std::move(message));
  error.remedy = "docs/approvals.md shows what a form may hold.";
  return error;
}

Result<void> only(Json const& object, std::string const& where,
                  std::vector<std::string> const& known) {
  for (auto const& [name, value] : object.members()) {
    if (std::find(known.begin(), known.end(), name) != known.end()) continue;
    auto const near = nearest_name(name, known);
    return wrong(where + "." + name, "\"" + name + "\" is not part of a form" +
                                         (near ? "; is " + *near + " meant?" : "."));
  }
  return {};
}

bool fits_type(std::string_view type, Json const& value) {
  if (type == "string") return value.is_string();
  if (type == "integer") return value.is_integer();
  if (type == "number") return value.is_number();
  return value.is_bool();
}

Result<void> check_property(std::string const& where, Json const& property) {
  if (!property.is_object()) return wrong(where, "A field of a form is an object.");
  FAIRLEAD_CHECK(only(property, where,
                      {"type", "title", "description", "enum", "default", "minimum", "maximum",
                       "minLength", "maxLength"}));
  constexpr std::array<std::string_view, 4> types{"string", "number", "integer", "boolean"};
  std::string const& type = property["type"].as_string();
  if (std::find(types.begin(), types.end(), type) == types.end())
    return wrong(where + ".type", "The type is one of string, number, integer, boolean.");
  for (auto const& choice : property["enum"].items()) {
    if (!fits_type(type, choice))
      return wrong(where + ".enum", "Every choice must be of the type " + type + ".");
  }
  if (property.contains("enum") && property["enum"].empty())
    return wrong(where + ".enum", "A list of choices has at least one.");
  if (property.contains("default") && !fits_type(type, property["default"]))
    return wrong(where + ".default", "The default must be of the type " + type + ".");
  return {};
}

Result<void> check_bounds(std::string const& where, Json const& property, Json const& value) {
  if (!property["enum"].empty()) {
    auto const& choices = property["enum"].items();
    if (std::find(choices.begin(), choices.end(), value) == choices.end())
      return wrong(where, "It must be one of " + property["enum"].dump() + ".");
  }
  if (value.is_number()) {
    Json const& least = property["minimum"];
    Json const& most = property["maximum"];
    if (least.is_number() && value.as_number() < least.as_number())
      return wrong(where, "It must be at least " + least.dump() + ".");
    if (most.is_number() && value.as_number() > most.as_number())
      return wrong(where, "It must be at most " + most.dump() + ".");
  }
  if (value.is_string()) {
    auto const length = static_cast<std::int64_t>(code_points(value.as_string()));
    if (length < property["minLength"].as_integer(0))
      return wrong(where, "It must have at least " + property["minLength"].dump() + " characters.");
    if (length > property["maxLength"].as_integer(form_text_max))
      return wrong(where, "It is too long.");
  }
  return {};
}

}  // namespace

Result<void> check_form(Json const& form) {
  if (form.is_null()) return {};
  if (!form.is_object()) return wrong("form", "A form is a JSON Schema of an object.");
  FAIRLEAD_CHECK(only(form, "form", {"type", "title", "description", "properties", "required"}));
  if (form.contains("type") && form["type"].as_string() != "object")
    return wrong("form.type", "A form is of the type object.");
  Json const& properties = form["properties"];
  if (!properties.is_object() || properties.empty())
    return wrong("form.properties", "A form has at least one field.");
  if (properties.size() > form_fields_max)
    return wrong("form.properties",
                 "A form has at most " + std::to_string(form_fields_max) + " fields.");
  for (auto const& [name, property] : properties.members())
    FAIRLEAD_CHECK(check_property("form.properties." + name, property));
  for (auto const& name : form["required"].items()) {
    if (!properties.contains(name.as_string()))
      return wrong("form.required", "There is no field " + name.dump() + " in the form.");
  }
  return {};
}

Result<void> check_values(Json const& form, Json const& values) {
  if (!values.is_null() && !values.is_object())
    return wrong("values", "The values of a form are an object.");
  for (auto const& [name, value] : values.members()) {
    Json const& property = form["properties"][name];
    if (property.is_null()) return wrong("values." + name, "The form has no field of that name.");
    if (!fits_type(property["type"].as_string(), value))
      return wrong("values." + name,
                   "It must be of the type " + property["type"].as_string() + ".");
    FAIRLEAD_CHECK(check_bounds("values." + name, property, value));
  }
  for (auto const& name : form["required"].items()) {
    if (!values.contains(name.as_string()))
      return wrong("values." + name.as_string(), "The form needs it.");
  }
  return {};
}

}  // namespace fairlead::builtin
