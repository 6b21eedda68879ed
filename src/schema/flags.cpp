#include "schema/flags.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace fairlead::schema {
namespace {

// The first word of "type", leaving out "null"; "" for anything.
std::string type_of(Json const& property) {
  Json const& type = property["type"];
  if (type.is_string()) return type.as_string();
  for (Json const& word : type.items()) {
    if (word.as_string() != "null") return word.as_string();
  }
  return "";
}

bool takes_null(Json const& property) { return property["x-fairlead"]["clearable"].as_bool(); }

// Of one of several schemas: a text's, if there is one, is what people type.
std::string shown_type(Json const& property) {
  for (Json const& choice : property["anyOf"].items()) {
    if (type_of(choice) == "string") return shown_type(choice);
  }
  std::vector<std::string> words;
  for (Json const& word : property["enum"].items()) {
    if (word.is_string()) words.push_back(word.as_string());
  }
  if (!words.empty()) return join(words, "|");
  std::string const type = type_of(property);
  if (type == "string") return property["format"].as_string() == "date" ? "date" : "text";
  if (type == "boolean") return "true|false";
  if (type == "integer" || type == "number") return "number";
  if (type == "array") return "list";
  return type == "object" ? "JSON" : "value";
}

std::optional<std::int64_t> integer_from(std::string_view text) {
  std::int64_t value = 0;
  auto const [end, failure] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (failure != std::errc() || end != text.data() + text.size() || text.empty())
    return std::nullopt;
  return value;
}

std::string underscored(std::string_view name) {
  std::string out(name);
  std::ranges::replace(out, '-', '_');
  return out;
}

Error wrong(std::string const& name, std::string_view wanted, std::string_view text) {
  return invalid_input(name,
                       "must be " + std::string(wanted) + ", not \"" + shorten(text, 60) + "\"");
}

// "a=1,b=2" as an object of texts.
std::optional<Json> pairs_from(std::string_view text) {
  Json json = Json::object();
  for (std::string const& part : split(text, ',')) {
    std::size_t const sign = part.find('=');
    if (sign == part.npos || sign == 0) return std::nullopt;
    json.set(part.substr(0, sign), part.substr(sign + 1));
  }
  return json;
}

// One text as a value of the schema `property`; lists are the caller's.
Result<Json> value_from(std::string const& name, Json const& property, std::string const& text) {
  if (text == "null" && takes_null(property)) return Json(nullptr);
  std::string const type = type_of(property);
  if (type == "string") return Json(text);
  if (type == "boolean") {
    if (text == "true" || text == "yes" || text.empty()) return Json(true);
    if (text == "false" || text == "no") return Json(false);
    return wrong(name, "true or false", text);
  }
  if (type == "integer") {
    if (auto const number = integer_from(text)) return Json(*number);
    return wrong(name, "a whole number", text);
  }
  auto parsed = Json::parse(text);
  if (type == "number") {
    if (parsed.ok() && parsed->is_number()) return parsed;
    return wrong(name, "a number", text);
  }
  if (type == "object") {
    if (parsed.ok() && parsed->is_object()) return parsed;
    if (auto pairs = pairs_from(text)) return std::move(*pairs);
    return wrong(name, "a JSON object or key=value,...", text);
  }
  if (parsed.ok()) return parsed;
  return Json(text);  // anything: what is not JSON is a text
}

Result<void> add_items(std::string const& name, Json const& property, std::string const& text,
                       Json& list) {
  if (text.starts_with('[') || text.starts_with('{')) {
    auto parsed = Json::parse(text);
    if (!parsed.ok()) return wrong(name, "a JSON list or comma-separated", text);
    if (parsed->is_object()) list.push_back(std::move(parsed).value());
    for (Json& item : parsed->make_array())
      list.push_back(std::move(item));
    return {};
  }
  for (std::string const& part : split(text, ',')) {
    std::string const item(trim(part));
    if (item.empty()) continue;
    FAIRLEAD_TRY(Json value, value_from(name, property["items"], item));
    list.push_back(std::move(value));
  }
  return {};
}

Error unknown_flag(std::string const& given, Json const& properties) {
  std::vector<std::string> names;
  for (auto const& [name, property] : properties.members())
    names.push_back(name);
  Error error = invalid_input(given, "is not a field of this action");
  if (auto const nearest = nearest_name(given, names)) {
    error.message += "; did you mean --" + *nearest + "?";
  } else if (!names.empty()) {
    error.message += "; there are --" + join(names, ", --");
  }
  return error;
}

}  // namespace

std::vector<Flag> flags(Json const& input_schema) {
  std::vector<Flag> list;
  for (auto const& [name, property] : input_schema["properties"].members()) {
    Flag flag{
        .name = name, .type = shown_type(property), .help = property["description"].as_string()};
    if (flag.help.empty()) flag.help = property["title"].as_string();
    for (Json const& required : input_schema["required"].items()) {
      if (required.as_string() == name) flag.presence = Flag::Presence::required;
    }
    if (type_of(property) == "array") flag.occurrence = Flag::Occurrence::repeated;
    list.push_back(std::move(flag));
  }
  return list;
}

Result<Json> input_from_flags(Json const& input_schema,
                              std::span<std::pair<std::string, std::string> const> given) {
  Json const& properties = input_schema["properties"];
  Json input = Json::object();
  for (auto const& [typed, text] : given) {
    std::string const name = properties.contains(typed) ? typed : underscored(typed);
    Json const* property = properties.find(name);
    if (property == nullptr) return unknown_flag(typed, properties);
    if (type_of(*property) == "array" && !(text == "null" && takes_null(*property))) {
      Json* list = input.find(name);
      if (list == nullptr) list = &input.set(name, Json::array());
      FAIRLEAD_CHECK(add_items(name, *property, text, *list));
      continue;
    }
    if (input.contains(name)) return invalid_input(name, "is given twice");
    FAIRLEAD_TRY(Json value, value_from(name, *property, text));
    input.set(name, std::move(value));
  }
  return input;
}

}  // namespace fairlead::schema
