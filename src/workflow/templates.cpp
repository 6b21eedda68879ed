#include "workflow/templates.h"

#include <algorithm>

#include "base/text.h"
#include "workflow/embedded_texts.h"
#include "workflow/yaml.h"

namespace fairlead::workflow {
namespace {

constexpr std::string_view settings_pointer = "/do/0/settings/set/";

YamlNode const& parsed(std::string_view text, YamlNode& into) {
  auto node = parse_yaml(text);
  FAIRLEAD_ASSERT(node.ok(), "a template that is built in must be YAML");
  return into = std::move(*node);
}

// The mapping under do/0/settings/set.
YamlNode const* settings_of(YamlNode const& root) {
  auto const* list = root.find("do");
  if (list == nullptr || list->value.items.empty()) return nullptr;
  auto const* task = list->value.items[0].find("settings");
  auto const* set = task == nullptr ? nullptr : task->value.find("set");
  return set == nullptr ? nullptr : &set->value;
}

Template make_template(EmbeddedText const& embedded) {
  YamlNode root;
  auto const json = to_json(parsed(embedded.text, root));
  auto const& document = json["document"];
  auto const& about = document["metadata"]["template"];
  Template made;
  made.name = embedded.name;
  made.title = document["title"].as_string();
  made.summary = document["summary"].as_string();
  made.source = embedded.text;
  made.sample_event = about["sampleEvent"];
  for (auto const& field : about["fields"].items()) {
    auto const& name = field["name"].as_string();
    auto pointer = std::string(settings_pointer) + name;
    auto const* value = json.pointer(pointer);
    FAIRLEAD_ASSERT(value != nullptr, "a template's field must stand under settings");
    made.fields.push_back({name, field["label"].as_string(), field["description"].as_string(),
                           std::move(pointer), *value});
  }
  return made;
}

// Single-quoted, or a list of such.
std::string yaml_text(Json const& value) {
  if (value.is_array()) {
    std::string list = "[";
    for (auto const& item : value.items())
      list += (list.size() > 1 ? ", " : "") + yaml_text(item);
    return list + "]";
  }
  std::string text = value.is_string() ? value.as_string() : value.dump();
  std::string quoted = "'";
  for (char const c : text) {
    if (c == '\'') quoted += '\'';
    // A line break would end the value's line; in single quotes YAML folds it to a blank anyway.
    quoted += c == '\n' || c == '\r' ? ' ' : c;
  }
  return quoted + "'";
}

Error unknown_template(std::string_view name) {
  std::vector<std::string> names;
  for (auto const& each : templates())
    names.push_back(each.name);
  auto const near = nearest_name(name, names);
  auto error = make_error(ErrorKind::not_found,
                          "There is no template '" + std::string(name) + "'." +
                              (near ? " Did you mean '" + *near + "'?" : std::string()));
  error.remedy = "Templates are: " + join(names, ", ") + ".";
  return error;
}

Error unknown_field(Template const& made, std::string const& name) {
  std::vector<std::string> names;
  for (auto const& field : made.fields)
    names.push_back(field.name);
  auto const near = nearest_name(name, names);
  return invalid_input(name, "The template '" + made.name + "' has no field '" + name + "'." +
                                 (near ? " Did you mean '" + *near + "'?"
                                       : " Fields are: " + join(names, ", ") + "."));
}

}  // namespace

std::vector<Template> const& templates() {
  static std::vector<Template> const all = [] {
    std::vector<Template> made;
    for (auto const& embedded : embedded_texts())
      made.push_back(make_template(embedded));
    return made;
  }();
  return all;
}

Result<std::string> fill_template(std::string_view name, Json const& values) {
  auto const found = std::find_if(templates().begin(), templates().end(),
                                  [&](Template const& each) { return each.name == name; });
  if (found == templates().end()) return unknown_template(name);
  YamlNode root;
  auto const* settings = settings_of(parsed(found->source, root));
  FAIRLEAD_ASSERT(settings != nullptr, "a template has settings");
  auto lines = split(found->source, '\n');
  for (auto const& [field, value] : values.members()) {
    auto const* member = settings->find(field);
    if (member == nullptr) return unknown_field(*found, field);
    auto& line = lines.at(static_cast<std::size_t>(member->at.line - 1));
    line = line.substr(0, static_cast<std::size_t>(member->at.column - 1)) + field + ": " +
           yaml_text(value);
  }
  return join(lines, "\n");
}

}  // namespace fairlead::workflow
