#include "api/connection_insight.h"

#include "base/text.h"
#include "connection/pending_sign_ins.h"
#include "gitlab/hook_place.h"
#include "gitlab/permissions.h"
#include "store/webhooks.h"

namespace fairlead::api {
namespace {

using connection::Connections;

gitlab::Grant grant_of(store::ConnectionRecord const& record) {
  return {.scopes = record.scopes,
          .kept = record.settings["readOnly"].as_bool() ? gitlab::Grant::Kept::read_only
                                                        : gitlab::Grant::Kept::open};
}

Json permission_json(gitlab::Permission const& permission) {
  using gitlab::Permission;
  Json json = Json::object({{"id", permission.id},
                            {"title", permission.title},
                            {"scope", action::to_string(permission.scope)},
                            {"role", action::to_string(permission.role)},
                            {"note", permission.note},
                            {"allowed", permission.allowed != Permission::Allowed::no}});
  if (!permission.narrower.empty()) {
    json.set("narrowerScope", permission.narrower);
    json.set("narrowerCovers", permission.truth == Permission::Truth::covers);
  }
  if (permission.allowed == Permission::Allowed::reads_only) json.set("readsOnly", true);
  if (!permission.reason.empty()) json.set("reason", permission.reason);
  return json;
}

Result<net::ServerResponse> permissions(ConnectionInsightParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const record, parts.connections.get(call.request.param("name")));
  gitlab::Grant const grant = grant_of(record);
  Json scopes = Json::array();
  for (auto const& use : gitlab::scope_uses(grant))
    scopes.push_back(
        Json::object({{"scope", use.scope}, {"why", use.why}, {"granted", use.granted}}));
  Json granted = Json::array();
  for (auto const& scope : split(record.scopes, ' '))
    if (!scope.empty()) granted.push_back(scope);
  Json actions = Json::array();
  auto const all = gitlab::permissions_of(parts.catalogue, grant);
  for (auto const& permission : all)
    actions.push_back(permission_json(permission));
  return net::json_response(
      200, Json::object({{"readOnly", grant.kept == gitlab::Grant::Kept::read_only},
                         {"granted", std::move(granted)},
                         {"missing", connection::lacking_scopes(record)},
                         {"scopes", std::move(scopes)},
                         {"actions", std::move(actions)}}));
}

// ---- impact ----

struct Uses {
  bool surely{false};
  bool maybe{false};  // the name is computed by an expression
};

bool means(store::ConnectionRecord const& record, std::string const& name) {
  if (name.empty()) return record.is_default;
  bool known = record.name == name;
  for (auto const& alias : record.settings["aliases"].items())
    known = known || alias.as_string() == name;
  return known;
}

// Calls are objects with "call", wherever in the document they stand.
void look_for_calls(Json const& node, store::ConnectionRecord const& record, Uses& uses) {
  for (auto const& item : node.items())
    look_for_calls(item, record, uses);
  for (auto const& [name, value] : node.members())
    look_for_calls(value, record, uses);
  if (!node["call"].is_string() || !node["call"].as_string().ends_with("@gitlab")) return;
  std::string const name = node["with"]["connection"].as_string();
  if (name.find("${") != std::string::npos)
    uses.maybe = true;
  else
    uses.surely = uses.surely || means(record, name);
}

struct RunCount {
  int runs{0};
  bool more{false};
};

Result<RunCount> count_open_runs(store::RunStore& runs, workflow::Document const& document,
                                 RunCount count) {
  store::RunFilter filter;
  filter.statuses = {"pending", "running", "waiting", "suspended"};
  filter.workflow_namespace = document.workflow_namespace;
  filter.workflow_name = document.name;
  FAIRLEAD_TRY(auto const page, runs.list(filter, "", impact_runs_max));
  count.runs += static_cast<int>(page.items.size());
  count.more = count.more || !page.next_cursor.empty();
  return count;
}

Json hook_json(store::WebhookRecord const& hook) {
  auto const place = gitlab::place_of(hook.target);
  bool const of_group = place.kind == gitlab::HookPlace::Kind::group;
  return Json::object({{"project", of_group            ? "all of group " + place.id
                                   : hook.path.empty() ? place.id
                                                       : hook.path},
                       {"status", hook.status}});
}

Result<Json> webhooks_of(store::Store& store, ConnectionId const& connection) {
  FAIRLEAD_TRY(auto const hooks, store.webhooks().list());
  Json projects = Json::array();
  for (auto const& hook : hooks) {
    if (hook.connection == connection && hook.remote_id != 0) projects.push_back(hook_json(hook));
  }
  return projects;
}

Result<Json> impact_of(ConnectionInsightParts const& parts, store::ConnectionRecord const& record) {
  Json workflows = Json::array();
  RunCount open;
  FAIRLEAD_TRY(auto const documents, parts.library.latest());
  for (auto const& document : documents) {
    Uses uses;
    look_for_calls(document->definition, record, uses);
    if (!uses.surely && !uses.maybe) continue;
    workflows.push_back(Json::object({{"namespace", document->workflow_namespace},
                                      {"name", document->name},
                                      {"version", document->version},
                                      {"certain", uses.surely}}));
    FAIRLEAD_TRY(open, count_open_runs(parts.store.runs(), *document, open));
  }
  FAIRLEAD_TRY(auto webhooks, webhooks_of(parts.store, record.id));
  return Json::object({{"workflows", std::move(workflows)},
                       {"waitingRuns", open.runs},
                       {"more", open.more},
                       {"webhooks", std::move(webhooks)}});
}

Result<net::ServerResponse> impact(ConnectionInsightParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const record, parts.connections.get(call.request.param("name")));
  FAIRLEAD_TRY(auto json, impact_of(parts, record));
  return net::json_response(200, json);
}

Result<net::ServerResponse> budget(ConnectionInsightParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const record, parts.connections.get(call.request.param("name")));
  auto const state = parts.budget(record.id).value_or(gitlab::BudgetState{});
  return net::json_response(200, to_json(state, parts.clock.now()));
}

Result<net::ServerResponse> disconnect(ConnectionInsightParts const& parts, Call const& call) {
  std::string_view const wish = call.request.query_value("revoke");
  if (!wish.empty() && wish != "true" && wish != "false")
    return invalid_input("revoke", "\"revoke\" must be true or false.");
  FAIRLEAD_TRY(auto const record, parts.connections.get(call.request.param("name")));
  FAIRLEAD_TRY(auto broken, impact_of(parts, record));
  parts.release(record);
  auto const revoke = wish == "true" ? Connections::Revoke::yes : Connections::Revoke::no;
  FAIRLEAD_TRY(auto note, parts.connections.disconnect(record.name, revoke));
  return net::json_response(
      200,
      Json::object({{"disconnected", record.name}, {"note", note}, {"impact", std::move(broken)}}));
}

Json when(std::optional<Milliseconds> const& in, Time now) {
  return in ? Json(format_time(now + *in)) : Json();
}

}  // namespace

Json to_json(gitlab::BudgetState const& state, Time now) {
  Json shares = Json::array();
  for (auto const& share : state.shares)
    shares.push_back(Json::object(
        {{"workflow", share.workflow}, {"used", share.used}, {"waiting", share.waiting}}));
  return Json::object({{"limit", state.limit ? Json(*state.limit) : Json()},
                       {"remaining", state.remaining ? Json(*state.remaining) : Json()},
                       {"resetsAt", when(state.resets_in, now)},
                       {"limitedUntil", when(state.closed_for, now)},
                       {"queue", state.queue},
                       {"byWorkflow", std::move(shares)}});
}

std::vector<Endpoint> connection_insight_endpoints(ConnectionInsightParts parts) {
  using access::Role;
  using net::Method;
  std::string const one = "/api/v1/connections/{name}";
  return {
      {Method::get, one + "/permissions", Role::viewer, "What each action needs of a connection",
       [parts](Call const& call) { return permissions(parts, call); }},
      {Method::get, one + "/impact", Role::viewer, "What breaks without a connection",
       [parts](Call const& call) { return impact(parts, call); }},
      {Method::get, one + "/budget", Role::viewer, "Room in the connection's rate limit",
       [parts](Call const& call) { return budget(parts, call); }},
      {Method::delete_, one, Role::org_admin, "Disconnect (revoke=true also at GitLab)",
       [parts](Call const& call) { return disconnect(parts, call); }},
  };
}

}  // namespace fairlead::api
