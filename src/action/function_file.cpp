#include "action/function_file.h"

#include <algorithm>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

namespace fairlead::action {
namespace {

// A number no text of ours holds; the fields' own are counted from it.
constexpr std::int64_t first_mark = 770'001;

std::string_view type_of(Json const& schema) { return schema["type"].as_string(); }

// A value for the field that is seen again in the request, as far as its kind allows.
Json sample_for(Json const& schema, std::string const& mark) {
  if (!schema["enum"].empty()) return schema["enum"].at(0);
  if (schema.contains("const")) return schema["const"];
  if (schema["format"].as_string() == "date") return "2026-11-22";
  auto const type = type_of(schema);
  if (type == "integer" || type == "number") return std::stoll(mark);
  if (type == "boolean") return true;
  if (type == "array") return Json::array({sample_for(schema["items"], mark)});
  if (type == "object") return Json::object();
  return mark;
}

bool is_required(Json const& schema, std::string const& field) {
  auto const& required = schema["required"].items();
  return std::find(required.begin(), required.end(), Json(field)) != required.end();
}

// What the plan was asked with, and where each field came out.
struct Probe {
  Json input = Json::object();
  Request request;
  std::map<std::string, std::string> marks;  // mark -> field
  std::map<std::string, std::string> query;  // parameter -> field
  std::map<std::string, std::string> body;   // member -> field
  std::vector<std::string> left_out;         // fields that take another request
};

// jq for a text with marks in it: null if one of its fields was not given.
std::string text_expression(std::string const& text, Probe const& probe, std::string_view filter) {
  std::string jq = "\"";
  std::string missing;
  for (std::size_t at = 0; at < text.size();) {
    auto const found = probe.marks.find(text.substr(at, 6));
    if (found != probe.marks.end()) {
      jq += "\\(." + found->second + std::string(filter) + ")";
      missing += (missing.empty() ? "." : " == null or .") + found->second;
      at += 6;
      continue;
    }
    if (text[at] == '"' || text[at] == '\\') jq += '\\';
    jq += text[at] == '\n' ? std::string("\\n") : std::string(1, text[at]);
    ++at;
  }
  jq += "\"";
  // In a path all are required.
  if (missing.empty() || !filter.empty()) return jq;
  return "(if " + missing + " == null then null else " + jq + " end)";
}

using Names = std::map<std::string, std::string>;

// {"title": .title, "labels": .labels}, without what was not given.
std::string object_expression(Json const& object, Names const& fields, Probe const& probe,
                              std::string_view convert) {
  std::string jq;
  for (auto const& [name, value] : object.members()) {
    auto const field = fields.find(name);
    std::string expression = value.dump();
    if (field != fields.end()) {
      bool const joined = value.is_string() && probe.input[field->second].is_array();
      expression = "(." + field->second +
                   (joined ? " | if type == \"array\" then join(\",\") else . end" : "") +
                   std::string(convert) + ")";
    } else if (value.is_string()) {
      expression = text_expression(value.as_string(), probe, "");
    }
    jq += (jq.empty() ? "" : ", ") + Json(name).dump() + ": " + expression;
  }
  return "${ {" + jq + "} | with_entries(select(.value != null)) }";
}

Json query_of(Request const& request) {
  Json query = Json::object();
  for (auto const& [name, value] : request.query)
    query.set(name, value);
  return query;
}

std::string as_text(Json const& value) {
  if (value.is_string()) return value.as_string();
  if (value.is_array() && value.size() == 1) return as_text(value.at(0));
  return value.dump();
}

// Members that are the field's value, and were not there or not so before.
void note_places(Json const& before, Json const& after, Json const& value, std::string const& field,
                 Names& names) {
  for (auto const& [name, present] : after.members()) {
    bool const fresh = !before.contains(name) || !(before[name] == present);
    if (fresh && (present == value || as_text(present) == as_text(value))) names[name] = field;
  }
}

bool has_gap(Request const& request) {
  return request.path.find('<') != std::string::npos ||
         request.path.find("%3C") != std::string::npos ||
         request.body.dump().find("\"<") != std::string::npos || request.path == graphql_path;
}

std::string call_name(ActionInfo const& info) {
  return info.name + ":" + info.version + "@" + info.catalog;
}

std::optional<Request> planned(Action const& action, Json const& input) {
  auto requests = action.plan(nullptr, input);
  if (!requests.ok() || requests->size() != 1 || has_gap(requests->front())) return std::nullopt;
  return std::move(requests->front());
}

// One field more, if the request stays one and shows it.
bool try_field(Action const& action, std::string const& field, Json const& value,
               std::string const& mark, Probe& probe) {
  auto input = probe.input;
  input.set(field, value);
  auto const request = planned(action, input);
  if (!request) return false;
  bool const marked = as_text(value) == mark;
  Names query;
  Names body;
  note_places(query_of(probe.request), query_of(*request), value, field, query);
  note_places(probe.request.body, request->body, value, field, body);
  bool const inside = marked && (request->path.find(mark) != std::string::npos ||
                                 request->body.dump().find(mark) != std::string::npos);
  if (query.empty() && body.empty() && !inside) return false;
  probe.input = std::move(input);
  probe.request = *request;
  if (marked) probe.marks[mark] = field;
  probe.query.merge(query);
  probe.body.merge(body);
  return true;
}

using Samples = std::vector<std::pair<std::string, Json>>;

Json with_fields(Json input, std::initializer_list<Samples::value_type const*> fields) {
  for (auto const* field : fields)
    input.set(field->first, field->second);
  return input;
}

// The fewest optional fields without which there is no request: none, one, or two, as in "a
// project, or the issue's URL" and "something to change".
std::optional<Json> least_input(Action const& action, Json const& needed, Samples const& optional) {
  if (planned(action, needed)) return needed;
  for (auto const& one : optional) {
    auto input = with_fields(needed, {&one});
    if (planned(action, input)) return input;
  }
  for (auto const& one : optional) {
    for (auto const& other : optional) {
      auto input = with_fields(needed, {&one, &other});
      if (planned(action, input)) return input;
    }
  }
  return std::nullopt;
}

// What is needed first, then each field that can be added.
std::optional<Probe> single_request(Action const& action) {
  if (action.info.waits || !action.plan) return std::nullopt;
  auto const& schema = action.info.input_schema;
  std::map<std::string, std::string> mark_of;
  Json needed = Json::object();
  Samples optional;
  std::int64_t next = first_mark;
  for (auto const& [name, field] : schema["properties"].members()) {
    auto const& mark = mark_of[name] = std::to_string(next++);
    auto sample = sample_for(field, mark);
    if (is_required(schema, name)) {
      needed.set(name, std::move(sample));
    } else {
      optional.emplace_back(name, std::move(sample));
    }
  }
  auto least = least_input(action, needed, optional);
  if (!least) return std::nullopt;
  Probe probe;
  probe.input = std::move(*least);
  probe.request = *planned(action, probe.input);
  for (auto const& [name, value] : probe.input.members()) {
    if (as_text(value) == mark_of[name]) probe.marks[mark_of[name]] = name;
    note_places(Json(), query_of(probe.request), value, name, probe.query);
    note_places(Json(), probe.request.body, value, name, probe.body);
  }
  for (auto const& [name, sample] : optional) {
    if (probe.input.contains(name)) continue;
    if (!try_field(action, name, sample, mark_of[name], probe)) probe.left_out.push_back(name);
  }
  return probe;
}

Json call_of(Probe const& probe) {
  constexpr std::string_view as_parameter =
      " | if . == null then null elif type == \"array\" then join(\",\") else tostring end";
  auto const& request = probe.request;
  auto const path = text_expression(request.path, probe, " | tostring | @uri");
  Json with = Json::object({{"method", to_json(request)["method"]}});
  with.set(
      "endpoint",
      Json::object(
          {{"uri", "${ (.gitlab_url // \"https://gitlab.com\") + \"/api/v4\" + " + path + " }"},
           {"authentication",
            Json::object({{"bearer", Json::object({{"token", "${ $secrets.gitlab_token }"}})}})}}));
  auto const query = query_of(request);
  if (!query.empty()) with.set("query", object_expression(query, probe.query, probe, as_parameter));
  if (request.body.is_object())
    with.set("body", object_expression(request.body, probe.body, probe, ""));
  return with;
}

// Fields that the call cannot do without, since they are in its path.
void require_path_fields(Probe const& probe, Json& schema) {
  Json required = schema["required"].is_array() ? schema["required"] : Json::array();
  for (auto const& [mark, field] : probe.marks) {
    if (probe.request.path.find(mark) != std::string::npos && !is_required(schema, field))
      required.push_back(field);
  }
  if (!required.empty()) schema.set("required", std::move(required));
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
  auto const probe = single_request(action);
  auto input = portable_input(info.input_schema);
  if (probe) require_path_fields(*probe, input);
  add_schema(definition, "input", std::move(input));
  add_schema(definition, "output", info.output_schema);
  if (probe) {
    definition.set("call", "http");
    definition.set("with", call_of(*probe));
  } else {
    definition.set("raise", raise_of(info));
  }
  Json left_out = Json::array();
  if (probe) {
    for (auto const& field : probe->left_out)
      left_out.push_back(field);
  }
  definition.set("metadata", Json::object({{"title", info.title},
                                           {"description", info.description},
                                           {"documentation", info.docs_url},
                                           {"effect", to_string(info.effect)},
                                           {"scope", to_string(info.scope)},
                                           {"role", to_string(info.role)},
                                           {"portable", probe.has_value()},
                                           {"onFairleadOnly", std::move(left_out)}}));
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
