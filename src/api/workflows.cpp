#include "api/workflows.h"

#include <map>
#include <string>

#include "api/paging.h"
#include "api/runs.h"
#include "api/search_words.h"
#include "api/workflow_json.h"
#include "api/workflow_makers.h"
#include "base/text.h"
#include "base/trace_parent.h"
#include "gitlab/hook_wishes.h"
#include "workflow/publish_checks.h"
#include "workflow/yaml.h"

namespace fairlead::api {
namespace {

Result<net::ServerResponse> validate(WorkflowRoutesParts const& parts, Call const& call) {
  auto validation = workflow::validate(call.request.body, parts.actions, &parts.evaluator);
  gitlab::add_hook_problems(validation, call.request.body);
  return net::json_response(200, to_json(validation));
}

Result<net::ServerResponse> publish(WorkflowRoutesParts const& parts, Call const& call) {
  auto const force =
      call.request.query_value("force") == "true" ? workflow::Force::yes : workflow::Force::no;
  auto validation =
      workflow::validate_to_publish(call.request.body, parts.actions, &parts.evaluator, force);
  if (!validation.ok()) return workflow::to_error(validation.problems);
  gitlab::add_hook_problems(validation, call.request.body);
  auto const record = record_of(*validation.document, call.request.body, parts.clock.now());
  call.note.target = record.workflow_namespace + "/" + record.name + ":" + record.version;
  auto const before = parts.store.get(record.workflow_namespace, record.name, record.version);
  bool const same = before.ok() && before->content_hash == record.content_hash;
  bool const unchanged = same && before->status == "published";
  // The same content of a version that was disabled: it is switched on again.
  bool const enabled = same && before->status == "disabled";
  if (!unchanged) {
    store::WorkflowBatch batch;
    (enabled ? batch.statuses : batch.puts).push_back(record);
    auto put = parts.store.apply(batch);
    if (!put.ok() && put.error().kind == ErrorKind::conflict)
      return version_taken(std::move(put).error());
    FAIRLEAD_CHECK(std::move(put));
    parts.library.refresh();
  }
  Json json = brief(record);
  json.set("change", unchanged ? "unchanged" : enabled ? "enabled" : "published");
  json.set("problems", to_json(validation)["problems"]);
  return net::json_response(unchanged ? 200 : 201, json);
}

void name_maker(Json& row, std::map<std::string, std::string, std::less<>> const& makers,
                std::string const& key) {
  if (auto const found = makers.find(key); found != makers.end()) row.set("by", found->second);
}

using Makers = std::map<std::string, std::string, std::less<>>;

// By ?namespace=, ?status= and ?q=, whose words are looked for in the name, the title, the summary,
// what starts it and who changed it last.
std::function<bool(store::WorkflowRecord const&)> wanted_of(net::ServerRequest const& request,
                                                            Makers const& makers) {
  return [place = std::string(request.query_value("namespace")),
          status = std::string(request.query_value("status")), words = SearchWords(request),
          &makers](auto const& record) {
    if (!place.empty() && record.workflow_namespace != place) return false;
    if (!status.empty() && record.status != status) return false;
    if (words.empty()) return true;
    auto const key = record.workflow_namespace + "/" + record.name;
    auto const maker = makers.find(key);
    Json const row = brief(record);
    return words.in({key, row["title"].as_string(), row["summary"].as_string(),
                     row["startsOn"].as_string(),
                     maker == makers.end() ? std::string_view() : maker->second});
  };
}

Result<void> check_status(std::string_view status) {
  if (status.empty() || status == "published" || status == "draft" || status == "disabled")
    return {};
  return invalid_input("status", "\"status\" must be published, draft or disabled.");
}

// With what a list of workflows is looked through for: who changed it and when, how its last run
// ended, when it starts next.
Result<net::ServerResponse> list(WorkflowRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const ask, page_asked(call.request));
  FAIRLEAD_CHECK(check_status(call.request.query_value("status")));
  FAIRLEAD_TRY(auto latest, parts.store.latest());
  FAIRLEAD_TRY(auto const makers, workflow_makers(parts.audit));
  auto const page = page_by(
      std::move(latest), ask,
      [](store::WorkflowRecord const& record) {
        return key_of({record.workflow_namespace, record.name});
      },
      wanted_of(call.request, makers.workflows));
  FAIRLEAD_TRY(auto const schedules, parts.schedules.list());
  std::map<std::string, Time> starts;
  for (auto const& schedule : schedules) {
    if (schedule.next_at)
      starts.emplace(schedule.workflow_namespace + "/" + schedule.workflow_name, *schedule.next_at);
  }
  std::vector<store::HistoryOwner> shown;
  for (auto const& record : page.items)
    shown.push_back({record.workflow_namespace, record.name});
  FAIRLEAD_TRY(auto const traces, parts.history.traces(shown));
  Json items = Json::array();
  for (std::size_t i = 0; i < page.items.size(); ++i) {
    auto const& record = page.items[i];
    Json row = brief(record);
    set_trace(row, traces[i]);
    auto const key = record.workflow_namespace + "/" + record.name;
    name_maker(row, makers.workflows, key);
    if (auto const next = starts.find(key); next != starts.end())
      row.set("nextStart", format_time(next->second));
    items.push_back(std::move(row));
  }
  return net::json_response(
      200, Json::object({{"items", std::move(items)}, {"nextCursor", page.next_cursor}}));
}

// Why a version was made, as its document says.
std::string change_note(std::string const& source) {
  if (source.find("changeNote") == std::string::npos) return "";
  auto const root = workflow::parse_yaml(source);
  if (!root.ok()) return "";
  return workflow::to_json(*root)["document"]["metadata"]["changeNote"].string_or("");
}

Result<net::ServerResponse> show(WorkflowRoutesParts const& parts, Call const& call) {
  auto const& workflow_namespace = call.request.param("namespace");
  auto const& name = call.request.param("name");
  FAIRLEAD_TRY(auto versions, parts.store.versions(workflow_namespace, name));
  std::string_view const wanted = call.request.query_value("version");
  FAIRLEAD_TRY(auto const makers, workflow_makers(parts.audit));
  Json history = Json::array();
  auto const* chosen = wanted.empty() ? shown_version(versions) : nullptr;
  for (auto const& record : versions) {
    Json item = Json::object({{"version", record.version},
                              {"status", record.status},
                              {"createdAt", format_time(record.created_at)}});
    if (auto note = change_note(record.source); !note.empty()) item.set("note", std::move(note));
    name_maker(item, makers.versions, workflow_namespace + "/" + name + ":" + record.version);
    history.push_back(std::move(item));
    if (record.version == wanted) chosen = &record;
  }
  if (chosen == nullptr) return no_workflow(workflow_namespace, name, wanted);
  Json json = brief(*chosen);
  FAIRLEAD_TRY(auto const traces, parts.history.traces({{workflow_namespace, name}}));
  set_trace(json, traces.front());
  json.set("source", chosen->source);
  FAIRLEAD_TRY(auto const schedule, parts.schedules.find(workflow_namespace, name));
  if (schedule) json.set("schedule", to_json(*schedule));
  json.set("versions", std::move(history));
  return net::json_response(200, json);
}

// A draft may change under a run.
Error is_a_draft(std::string const& version) {
  Error error = make_error(ErrorKind::conflict, "Version " + version + " is a draft.");
  error.remedy = "Publish it first: fairlead workflow publish.";
  return error;
}

Result<net::ServerResponse> start(WorkflowRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"version", "input"}));
  FAIRLEAD_TRY(auto version, text_of(body, "version"));
  if (!version.empty()) {
    auto const wanted =
        parts.store.get(call.request.param("namespace"), call.request.param("name"), version);
    if (wanted.ok() && wanted->status == "draft") return is_a_draft(version);
  }
  run::StartRequest request;
  request.workflow = {.workflow_namespace = call.request.param("namespace"),
                      .name = call.request.param("name"),
                      .version = std::move(version)};
  request.input = body["input"].is_null() ? Json::object() : body["input"];
  request.cause = "hand of " + call.caller.name;
  if (auto const parent = call.request.headers.get("traceparent"); parse_trace_parent(parent))
    request.trace_parent = parent;
  FAIRLEAD_TRY(auto id, parts.engine.start(request));
  auto response = net::json_response(201, Json::object({{"id", id.text}}));
  response.headers.add("Location", "/api/v1/runs/" + id.text);
  return response;
}

}  // namespace

std::vector<Endpoint> workflow_endpoints(WorkflowRoutesParts parts) {
  using access::Role;
  using net::Method;
  std::string const one = "/api/v1/workflows/{namespace}/{name}";
  return {
      {Method::get, "/api/v1/workflows", Role::viewer, "List published workflows",
       [parts](Call const& call) { return list(parts, call); }},
      {Method::post, "/api/v1/workflows", Role::author, "Publish a workflow (body: YAML)",
       [parts](Call const& call) { return publish(parts, call); }},
      {Method::post, "/api/v1/workflows/validate", Role::viewer, "Check a workflow (body: YAML)",
       [parts](Call const& call) { return validate(parts, call); }},
      {Method::get, one, Role::viewer, "Show a workflow, its text and versions",
       [parts](Call const& call) { return show(parts, call); }},
      {Method::post, one + "/run", Role::operator_, "Start a run by hand",
       [parts](Call const& call) { return start(parts, call); }},
  };
}

}  // namespace fairlead::api
