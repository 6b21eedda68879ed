#include "api/workflows.h"

#include "api/runs.h"
#include "vault/digest.h"
#include "workflow/templates.h"

namespace fairlead::api {
namespace {

// "com.example.incident.opened", "every 5 min", "by hand".
std::string starts_on(workflow::Document const& document) {
  if (!document.schedule) return "by hand";
  auto const& schedule = *document.schedule;
  if (schedule.cron) return "cron " + *schedule.cron;
  if (schedule.every) return "every " + format_duration(*schedule.every);
  if (schedule.after) return format_duration(*schedule.after) + " after its end";
  std::string types;
  for (auto const& filter : schedule.on) {
    if (!types.empty()) types += ", ";
    types += filter.with["type"].string_or("any event");
  }
  return types;
}

Json brief(store::WorkflowRecord const& record) {
  Json json = Json::object({{"namespace", record.workflow_namespace},
                            {"name", record.name},
                            {"version", record.version},
                            {"status", record.status},
                            {"contentHash", record.content_hash},
                            {"createdAt", format_time(record.created_at)}});
  if (auto document = workflow::parse(record.source); document.ok()) {
    json.set("title", (*document)->title);
    json.set("summary", (*document)->summary);
    json.set("startsOn", starts_on(**document));
  }
  return json;
}

Result<net::ServerResponse> validate(WorkflowRoutesParts const& parts, Call const& call) {
  auto validation = workflow::validate(call.request.body, parts.actions, &parts.evaluator);
  return net::json_response(200, to_json(validation));
}

Result<net::ServerResponse> publish(WorkflowRoutesParts const& parts, Call const& call) {
  auto validation = workflow::validate(call.request.body, parts.actions, &parts.evaluator);
  if (!validation.ok()) return workflow::to_error(validation.problems);
  auto const& document = *validation.document;
  store::WorkflowRecord record;
  record.workflow_namespace = document.workflow_namespace;
  record.name = document.name;
  record.version = document.version;
  record.status = "published";
  record.source = call.request.body;
  record.content_hash = vault::sha256_hex(record.source);
  record.created_at = parts.clock.now();
  auto before = parts.store.get(record.workflow_namespace, record.name, record.version);
  bool const same =
      before.ok() && before->status == "published" && before->content_hash == record.content_hash;
  if (!same) {
    auto put = parts.store.put(record);
    if (!put.ok() && put.error().kind == ErrorKind::conflict) {
      Error error = std::move(put).error();
      error.title = "Version already published";
      error.remedy = "A published version never changes: raise document.version and publish again.";
      return error;
    }
    FAIRLEAD_CHECK(std::move(put));
    parts.library.refresh();
  }
  Json json = brief(record);
  json.set("change", same ? "unchanged" : "published");
  json.set("problems", to_json(validation)["problems"]);
  return net::json_response(same ? 200 : 201, json);
}

Result<net::ServerResponse> list(WorkflowRoutesParts const& parts) {
  FAIRLEAD_TRY(auto latest, parts.store.latest());
  Json items = Json::array();
  for (auto const& record : latest)
    items.push_back(brief(record));
  return net::json_response(200, Json::object({{"items", std::move(items)}}));
}

Result<net::ServerResponse> show(WorkflowRoutesParts const& parts, Call const& call) {
  auto const& workflow_namespace = call.request.param("namespace");
  auto const& name = call.request.param("name");
  FAIRLEAD_TRY(auto versions, parts.store.versions(workflow_namespace, name));
  std::string_view const wanted = call.request.query_value("version");
  Json history = Json::array();
  Json json;
  for (auto const& record : versions) {
    history.push_back(Json::object({{"version", record.version},
                                    {"status", record.status},
                                    {"createdAt", format_time(record.created_at)}}));
    if (!json.is_null() || (!wanted.empty() && record.version != wanted)) continue;
    json = brief(record);
    json.set("source", record.source);
  }
  if (json.is_null()) {
    Error error =
        make_error(ErrorKind::not_found,
                   "There is no workflow " + workflow_namespace + "/" + name +
                       (wanted.empty() ? "" : " in version " + std::string(wanted)) + ".");
    error.remedy = "See `fairlead workflow list`.";
    return error;
  }
  json.set("versions", std::move(history));
  return net::json_response(200, json);
}

Result<net::ServerResponse> start(WorkflowRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"version", "input"}));
  FAIRLEAD_TRY(auto version, text_of(body, "version"));
  run::StartRequest request;
  request.workflow = {.workflow_namespace = call.request.param("namespace"),
                      .name = call.request.param("name"),
                      .version = std::move(version)};
  request.input = body["input"].is_null() ? Json::object() : body["input"];
  request.cause = "hand of " + call.caller.name;
  FAIRLEAD_TRY(auto id, parts.engine.start(request));
  auto response = net::json_response(201, Json::object({{"id", id.text}}));
  response.headers.add("Location", "/api/v1/runs/" + id.text);
  return response;
}

Result<net::ServerResponse> templates() {
  Json items = Json::array();
  for (auto const& item : workflow::templates())
    items.push_back(
        Json::object({{"name", item.name}, {"summary", item.summary}, {"source", item.source}}));
  return net::json_response(200, Json::object({{"items", std::move(items)}}));
}

}  // namespace

std::vector<Endpoint> workflow_endpoints(WorkflowRoutesParts parts) {
  using access::Role;
  using net::Method;
  std::string const one = "/api/v1/workflows/{namespace}/{name}";
  return {
      {Method::get, "/api/v1/workflows", Role::viewer, "List published workflows",
       [parts](Call const&) { return list(parts); }},
      {Method::post, "/api/v1/workflows", Role::author, "Publish a workflow (body: YAML)",
       [parts](Call const& call) { return publish(parts, call); }},
      {Method::post, "/api/v1/workflows/validate", Role::viewer, "Check a workflow (body: YAML)",
       [parts](Call const& call) { return validate(parts, call); }},
      {Method::get, one, Role::viewer, "Show a workflow, its text and versions",
       [parts](Call const& call) { return show(parts, call); }},
      {Method::post, one + "/run", Role::operator_, "Start a run by hand",
       [parts](Call const& call) { return start(parts, call); }},
      {Method::get, "/api/v1/templates", Role::viewer, "List workflow templates",
       [](Call const&) { return templates(); }},
  };
}

}  // namespace fairlead::api
