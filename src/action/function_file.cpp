#include "action/function_file.h"

#include <algorithm>
#include <array>
#include <map>
#include <optional>

#include "base/text.h"

namespace fairlead::action {
namespace {

// A number no text of ours holds; the fields' own are counted from it.
constexpr std::int64_t first_mark = 770'001;

// Which mark stands for which field. Marks are of the field's type: text, number or a list of one.
struct Marks {
  Json input = Json::object();
  std::map<std::string, std::string> fields;  // mark as text -> field
};

std::string_view type_of(Json const& schema) { return schema["type"].as_string(); }

// Nothing: of a kind that cannot be marked (a choice, a flag, a date, an object).
std::optional<Json> mark_for(Json const& schema, std::string const& mark) {
  if (schema.contains("enum") || schema.contains("const") || schema.contains("format"))
    return std::nullopt;
  auto const type = type_of(schema);
  if (type == "integer") return Json(std::stoll(mark));
  if (type == "string" || type.empty()) return Json(mark);
  if (type == "array") {
    auto item = mark_for(schema["items"], mark);
    if (item) return Json::array({*item});
  }
  return std::nullopt;
}

bool is_required(Json const& schema, std::string const& field) {
  auto const& required = schema["required"].items();
  return std::find(required.begin(), required.end(), Json(field)) != required.end();
}

Marks marks_for(Json const& schema) {
  Marks marks;
  std::int64_t next = first_mark;
  for (auto const& [name, field] : schema["properties"].members()) {
    auto const mark = std::to_string(next++);
    auto value = mark_for(field, mark);
    if (value) {
      marks.input.set(name, *value);
      marks.fields[mark] = name;
    } else if (is_required(schema, name)) {
      auto const& choices = field["enum"];
      marks.input.set(name, choices.empty() ? Json(true) : choices.at(0));
    }
  }
  return marks;
}

// jq for a text with marks in it: a string with interpolations.
std::string text_expression(std::string const& text, Marks const& marks, std::string_view filter) {
  std::string jq = "\"";
  for (std::size_t at = 0; at < text.size();) {
    auto const found = marks.fields.find(text.substr(at, 6));
    if (found != marks.fields.end()) {
      jq += "\\(." + found->second + std::string(filter) + ")";
      at += 6;
      continue;
    }
    if (text[at] == '"' || text[at] == '\\') jq += '\\';
    jq += text[at++];
  }
  return jq + "\"";
}

std::optional<std::string> field_of(Json const& value, Marks const& marks) {
  Json const& one = value.is_array() && value.size() == 1 ? value.at(0) : value;
  std::string const text = one.is_string() ? one.as_string() : one.dump();
  auto const found = marks.fields.find(text);
  return found == marks.fields.end() ? std::nullopt : std::optional(found->second);
}

// {"title": .title, "labels": .labels}, without what was not given.
std::string object_expression(Json const& object, Marks const& marks) {
  std::string jq;
  for (auto const& [name, value] : object.members()) {
    auto const field = field_of(value, marks);
    // A list that is sent as one text: "a,b".
    bool const joined = field && value.is_string() && marks.input[*field].is_array();
    std::string expression = field               ? "." + *field
                             : value.is_string() ? text_expression(value.as_string(), marks, "")
                                                 : value.dump();
    if (joined)
      expression = "(" + expression + " | if type == \"array\" then join(\",\") else . end)";
    jq += (jq.empty() ? "" : ", ") + Json(name).dump() + ": " + expression;
  }
  return "${ {" + jq + "} | with_entries(select(.value != null)) }";
}

bool has_gap(Request const& request) {
  return request.path.find('<') != std::string::npos ||
         request.path.find("%3C") != std::string::npos ||
         request.body.dump().find("\"<") != std::string::npos || request.path == graphql_path;
}

std::string call_name(ActionInfo const& info) {
  return info.name + ":" + info.version + "@" + info.catalog;
}

// With the fields only where they can be seen: a plan that refuses all of them is tried with what
// is required.
std::optional<std::pair<Request, Marks>> single_request(Action const& action) {
  if (action.info.waits || !action.plan) return std::nullopt;
  auto marks = marks_for(action.info.input_schema);
  auto planned = action.plan(nullptr, marks.input);
  if (!planned.ok()) {
    Json needed = Json::object();
    for (auto const& [name, value] : marks.input.members())
      if (is_required(action.info.input_schema, name)) needed.set(name, value);
    marks.input = std::move(needed);
    planned = action.plan(nullptr, marks.input);
  }
  if (!planned.ok() || planned->size() != 1 || has_gap(planned->front())) return std::nullopt;
  return std::pair(std::move(planned->front()), std::move(marks));
}

Json call_of(Request const& request, Marks const& marks) {
  Json query = Json::object();
  for (auto const& [name, value] : request.query)
    query.set(name, value);
  auto const path = text_expression(request.path, marks, " | tostring | @uri");
  Json with = Json::object({{"method", to_json(request)["method"]}});
  with.set(
      "endpoint",
      Json::object(
          {{"uri", "${ (.gitlab_url // \"https://gitlab.com\") + \"/api/v4\" + " + path + " }"},
           {"authentication",
            Json::object({{"bearer", Json::object({{"token", "${ $secrets.gitlab_token }"}})}})}}));
  if (!query.empty()) with.set("query", object_expression(query, marks));
  if (request.body.is_object()) with.set("body", object_expression(request.body, marks));
  return with;
}

Json raise_of(ActionInfo const& info) {
  return Json::object(
      {{"error",
        Json::object(
            {{"type", "https://open-workflow-specification.org/spec/1.0.0/errors/runtime"},
             {"status", 501},
             {"title", "Runs on Fairlead only"},
             {"detail", call_name(info) + " takes several requests to GitLab, or waits; Fairlead "
                                          "runs it itself."}})}});
}

void add_schema(Json& definition, std::string_view key, Json schema) {
  if (schema.is_null()) return;
  definition.set(
      key, Json::object(
               {{"schema", Json::object({{"format", "json"}, {"document", std::move(schema)}})}}));
}

// Ours choose the connection, others the address.
Json portable_input(Json schema) {
  if (auto* properties = schema.find("properties")) {
    properties->set("gitlab_url",
                    Json::object({{"type", "string"},
                                  {"description", "The GitLab's address, without Fairlead."}}));
    properties->set(
        "connection",
        Json::object({{"type", "string"}, {"description", "The connection's name, on Fairlead."}}));
  }
  return schema;
}

std::string quoted(std::string const& text) {
  std::string out = "'";
  for (char const c : text)
    out += c == '\'' ? "''" : std::string(1, c == '\n' ? ' ' : c);
  return out + "'";
}

// Block style, keys in order; short and stable, so that exports can be compared.
void write_yaml(Json const& value, std::string const& indent, std::string& out) {
  for (auto const& [key, member] : value.members()) {
    out += indent + (key.find_first_of(": #'\"$@") == std::string::npos ? key : quoted(key)) + ":";
    if (member.is_object() && !member.empty()) {
      out += '\n';
      write_yaml(member, indent + "  ", out);
    } else {
      out += " " + (member.is_string() ? quoted(member.as_string()) : member.dump()) + "\n";
    }
  }
}

}  // namespace

Json function_definition(Action const& action) {
  auto const& info = action.info;
  Json definition = Json::object();
  add_schema(definition, "input", portable_input(info.input_schema));
  add_schema(definition, "output", info.output_schema);
  auto const request = single_request(action);
  if (request) {
    definition.set("call", "http");
    definition.set("with", call_of(request->first, request->second));
  } else {
    definition.set("raise", raise_of(info));
  }
  definition.set("metadata", Json::object({{"title", info.title},
                                           {"description", info.description},
                                           {"documentation", info.docs_url},
                                           {"effect", to_string(info.effect)},
                                           {"scope", to_string(info.scope)},
                                           {"role", to_string(info.role)},
                                           {"portable", request.has_value()}}));
  return definition;
}

std::string function_file(Action const& action) {
  auto const& info = action.info;
  std::string text = "# " + info.title + ". Use it as: call: " + call_name(info) + "\n";
  text += "# Outside of Fairlead: the secret gitlab_token is an access token with the scope " +
          std::string(to_string(info.scope)) + ".\n";
  write_yaml(function_definition(action), "", text);
  return text;
}

std::string function_path(ActionInfo const& info) {
  return "functions/" + info.name + "/" + info.version + "/function.yaml";
}

}  // namespace fairlead::action
