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
  made.use_case = about["useCase"].string_or("");
  made.source = embedded.text;
  made.sample_event = about["sampleEvent"];
  for (auto const& field : about["fields"].items()) {
    auto const& name = field["name"].as_string();
    auto pointer = std::string(settings_pointer) + name;
    auto const* value = json.pointer(pointer);
    FAIRLEAD_ASSERT(value != nullptr, "a template's field must stand under settings");
    TemplateField made_field{name, field["label"].as_string(), field["description"].as_string(),
                             std::move(pointer), *value};
    made_field.kind = field["kind"].string_or("text");
    made_field.parent = field["parent"].string_or("");
    for (auto const& choice : field["choices"].items())
      made_field.choices.push_back(choice.as_string());
    if (field.contains("required") && !field["required"].as_bool())
      made_field.needed = TemplateField::Needed::no;
    made.fields.push_back(std::move(made_field));
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

// Errors: invalid_input.
Result<void> check_value(TemplateField const& field, Json const& value) {
  bool const list = field.value.is_array();
  bool plain = list ? value.is_array() : value.is_string() || value.is_integer();
  for (auto const& item : value.items())
    plain = plain && (item.is_string() || item.is_integer());
  if (!plain)
    return invalid_input(
        field.name, "\"" + field.label + "\" is a text" + (list ? " in a list of texts." : "."));
  bool const empty = list ? value.items().empty() : value.is_string() && value.as_string().empty();
  if (empty && field.needed == TemplateField::Needed::yes)
    return invalid_input(field.name, "\"" + field.label + "\" is needed. " + field.description);
  auto const& choices = field.choices;
  bool const one_of = choices.empty() || list ||
                      std::find(choices.begin(), choices.end(), value.as_string()) != choices.end();
  if (one_of) return {};
  return invalid_input(field.name,
                       "\"" + field.label + "\" is one of " + join(choices, ", ") + ".");
}

// A DNS label, as the language wants it. https://www.rfc-editor.org/rfc/rfc1123 section 2.1
bool is_workflow_name(std::string_view name) {
  constexpr std::size_t bytes_max = 63;
  return !name.empty() && name.size() <= bytes_max && name.front() != '-' && name.back() != '-' &&
         name.find_first_not_of("abcdefghijklmnopqrstuvwxyz0123456789-") == std::string_view::npos;
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

Result<std::string> instantiate(std::string_view name, std::string const& workflow_name,
                                Json const& values) {
  FAIRLEAD_TRY(auto text, fill_template(name, values));
  auto const found = std::find_if(templates().begin(), templates().end(),
                                  [&](Template const& each) { return each.name == name; });
  for (auto const& field : found->fields) {
    if (values.contains(field.name)) FAIRLEAD_CHECK(check_value(field, values[field.name]));
  }
  if (workflow_name.empty()) return text;
  if (!is_workflow_name(workflow_name))
    return invalid_input("name", "A workflow's name is of a-z, 0-9 and hyphens, at most 63.");
  FAIRLEAD_TRY(auto const root, parse_yaml(text));
  auto const* document = root.find("document");
  auto const* member = document == nullptr ? nullptr : document->value.find("name");
  FAIRLEAD_ASSERT(member != nullptr, "a template has a name");
  auto lines = split(text, '\n');
  auto& line = lines.at(static_cast<std::size_t>(member->at.line - 1));
  // Quoted: a name such as 1-2 or "on" stays a text.
  line = line.substr(0, static_cast<std::size_t>(member->at.column - 1)) + "name: '" +
         workflow_name + "'";
  return join(lines, "\n");
}

}  // namespace fairlead::workflow
