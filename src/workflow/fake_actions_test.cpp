#include "workflow/fake_actions_test.h"

namespace fairlead::workflow {
namespace {

// "title!:string labels:array" into a JSON Schema; ! marks what is required.
Json schema_of(std::string_view fields) {
  auto properties = Json::object();
  auto required = Json::array();
  while (!fields.empty()) {
    auto const end = std::min(fields.find(' '), fields.size());
    auto field = fields.substr(0, end);
    fields.remove_prefix(std::min(end + 1, fields.size()));
    auto const colon = field.find(':');
    auto name = field.substr(0, colon);
    if (name.ends_with('!')) {
      name.remove_suffix(1);
      required.push_back(name);
    }
    auto type = Json::object({{"type", field.substr(colon + 1)}});
    if (type["type"] == Json("array")) type.set("items", Json::object({{"type", "string"}}));
    if (name == "status") type.set("enum", Json::array({"open", "closed"}));
    if (name == "iid")
      type = Json::object({{"type", Json::array({"integer", "string"})}, {"minimum", 1}});
    properties.set(name, std::move(type));
  }
  return Json::object({{"type", "object"},
                       {"properties", std::move(properties)},
                       {"required", std::move(required)},
                       {"additionalProperties", false}});
}

}  // namespace

FakeActions::FakeActions()
    : schemas_{
          {"create-issue",
           schema_of(
               "project!:string title!:string description:string labels:array assignees:array "
               "milestone:string due_date:string confidential:boolean dedupe_key:string "
               "quick_actions:string")},
          {"get-issue", schema_of("project:string iid!:integer")},
          {"update-issue",
           schema_of("project:string iid!:integer title:string status:string labels:array "
                     "add_labels:array remove_labels:array assignees:array comment:string")},
          {"comment-issue", schema_of("project:string iid!:integer body!:string")},
          {"trigger-pipeline",
           schema_of("project!:string ref!:string variables:array inputs:object wait:string")},
          {"wait-for-pipeline", schema_of("project:string pipeline!:integer")},
          {"invite-group-member", schema_of("group!:string emails:array users:array "
                                            "access_level!:string expires_at:string")},
          {"call-api", schema_of("method!:string path!:string query:object body:object")},
      } {}

std::optional<Json> FakeActions::input_schema(std::string_view catalog, std::string_view name,
                                              std::string_view version) const {
  auto const found = schemas_.find(std::string(name));
  if (catalog != "gitlab" || found == schemas_.end() || (!version.empty() && version != "1.0.0")) {
    return std::nullopt;
  }
  return found->second;
}

std::vector<std::string> FakeActions::ids() const {
  std::vector<std::string> ids;
  for (auto const& [name, schema] : schemas_)
    ids.push_back(name + ":1.0.0@gitlab");
  return ids;
}

std::optional<std::string> FakeActions::warning(CallTask const& call) const {
  if (call.connection != "narrow") return std::nullopt;
  return "The connection 'narrow' has the scopes read_api; create-issue needs api.";
}

}  // namespace fairlead::workflow
