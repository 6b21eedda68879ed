#include "cli/input_flags.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace fairlead::cli {
namespace {

std::string field_of(std::string_view flag) {
  std::string name(flag.substr(2));
  std::ranges::replace(name, '-', '_');
  return name;
}

std::string flag_of(std::string_view field) {
  std::string flag = "--" + std::string(field);
  std::ranges::replace(flag, '_', '-');
  return flag;
}

// The types a value may have: "type" as a string or a list, or those of the alternatives.
std::vector<std::string> types_of(Json const& schema) {
  std::vector<std::string> types;
  if (schema["type"].is_string()) types.push_back(schema["type"].as_string());
  for (auto const& type : schema["type"].items())
    types.push_back(type.as_string());
  for (auto const* key : {"anyOf", "oneOf"})
    for (auto const& alternative : schema[key].items())
      for (auto& type : types_of(alternative))
        types.push_back(std::move(type));
  return types;
}

bool has(std::vector<std::string> const& types, std::string_view type) {
  return std::find(types.begin(), types.end(), type) != types.end();
}

std::optional<Json> as_number(std::string const& text, bool whole) {
  std::int64_t integer = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), integer);
  if (code == std::errc() && end == text.data() + text.size()) return Json(integer);
  if (whole) return std::nullopt;
  double number = 0;
  auto [stop, status] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (status == std::errc() && stop == text.data() + text.size()) return Json(number);
  return std::nullopt;
}

Result<Json> value_of(std::string const& flag, std::string const& text, Json const& schema) {
  auto const types = types_of(schema);
  if (text == "null" && has(types, "null")) return Json();
  if (has(types, "array")) {
    if (text.starts_with('[')) return Json::parse(text);
    Json list = Json::array();
    for (auto const& part : split(text, ',')) {
      FAIRLEAD_TRY(auto item, value_of(flag, std::string(trim(part)), schema["items"]));
      if (!trim(part).empty()) list.push_back(std::move(item));
    }
    return list;
  }
  if (has(types, "integer") || has(types, "number"))
    if (auto number = as_number(text, !has(types, "number"))) return *number;
  if (has(types, "boolean")) {
    if (text == "true") return Json(true);
    if (text == "false") return Json(false);
  }
  if (has(types, "object") || types.empty())
    if (auto json = Json::parse(text); json.ok()) return json;
  if (has(types, "string") || types.empty()) return Json(text);
  return invalid_input(
      flag, flag + " takes " + join(types, " or ") + ", not \"" + shorten(text, 80) + "\".");
}

Error unknown_flag(std::string const& flag, Json const& properties) {
  std::vector<std::string> known;
  for (auto const& [name, schema] : properties.members())
    known.push_back(flag_of(name));
  std::string message = "There is no flag " + shorten(flag, 80) + " here.";
  if (auto nearest = nearest_name(flag, known)) message += " Did you mean " + *nearest + "?";
  Error error = invalid_input(flag, std::move(message));
  error.remedy = "Flags of this action: " + join(known, " ") + ".";
  return error;
}

void put(Json& input, std::string const& field, Json value) {
  Json* present = input.find(field);
  if (present == nullptr || !present->is_array() || !value.is_array()) {
    input.set(field, std::move(value));
    return;
  }
  for (auto const& item : value.items())
    present->push_back(item);
}

}  // namespace

Result<void> add_flags(Json& input, Json const& schema, std::vector<std::string> const& flags) {
  Json const& properties = schema["properties"];
  for (std::size_t i = 0; i < flags.size(); ++i) {
    std::string flag = flags[i];
    if (!flag.starts_with("--") || flag.size() < 3)
      return invalid_input(
          flag, "\"" + shorten(flag, 80) + "\" is not a flag; fields are given as --name value.");
    std::optional<std::string> text;
    if (auto equals = flag.find('='); equals != std::string::npos) {
      text = flag.substr(equals + 1);
      flag.resize(equals);
    }
    std::string const field = field_of(flag);
    Json const* property = properties.find(field);
    if (property == nullptr) return unknown_flag(flag, properties);
    bool const is_switch = has(types_of(*property), "boolean");
    bool const next_is_value = i + 1 < flags.size() && !flags[i + 1].starts_with("--");
    if (!text && is_switch &&
        !(next_is_value && (flags[i + 1] == "true" || flags[i + 1] == "false")))
      text = "true";
    if (!text && i + 1 < flags.size()) text = flags[++i];
    if (!text) return invalid_input(flag, flag + " needs a value.");
    FAIRLEAD_TRY(auto value, value_of(flag, *text, *property));
    put(input, field, std::move(value));
  }
  return {};
}

std::vector<FlagHelp> flag_help(Json const& schema) {
  std::vector<FlagHelp> help;
  for (auto const& [name, property] : schema["properties"].members()) {
    FlagHelp line;
    line.flag = flag_of(name);
    auto types = types_of(property);
    std::erase(types, "null");
    line.type = types.empty() ? "JSON" : join(types, " or ");
    std::vector<std::string> words;
    for (auto const& word : property["enum"].items())
      if (!word.is_null()) words.push_back(word.is_string() ? word.as_string() : word.dump());
    if (!words.empty()) line.type = join(words, " | ");
    line.help = property["description"].as_string();
    for (auto const& required : schema["required"].items())
      if (required.as_string() == name) line.required = true;
    help.push_back(std::move(line));
  }
  return help;
}

}  // namespace fairlead::cli
