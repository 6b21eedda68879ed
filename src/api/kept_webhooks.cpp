#include "api/kept_webhooks.h"

#include <algorithm>

#include "api/connection_gate.h"
#include "api/paging.h"
#include "api/problem.h"
#include "api/search_words.h"
#include "base/text.h"
#include "gitlab/hook_place.h"
#include "gitlab/wake_key.h"
#include "store/wakes.h"
#include "store/webhooks.h"

namespace fairlead::api {
namespace {

using gitlab::HookPlace;
using store::WebhookRecord;

constexpr int forbidden = 403;
// Waiting calls that are looked at for one list, and runs shown with one webhook.
constexpr int waits_max = 1'000;
constexpr std::size_t runs_shown = 5;

std::string place_key(std::string const& base_url, std::string const& project) {
  return base_url + "\n" + project;
}

Json reason(std::string_view kind, std::string const& name) {
  return Json::object({{"kind", std::string(kind)}, {"name", name}});
}

bool is_number(std::string const& text) {
  return !text.empty() &&
         std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

Json events_of(WebhookRecord const& hook) {
  Json events = Json::array({"pipeline", "issue"});
  for (auto const& kind : split(hook.kinds, ' '))
    if (!kind.empty()) events.push_back(kind);
  return events;
}

std::string words_for(WebhookRecord const& hook) {
  auto const place = gitlab::place_of(hook.target);
  if (place.kind == HookPlace::Kind::group) return "group " + place.id;
  return hook.path.empty() ? hook.target : hook.path;
}

gitlab::KeptHooks kept_hooks(KeptWebhookParts const& parts) {
  return gitlab::KeptHooks(
      {.store = parts.store, .apis = parts.apis, .maker = parts.maker, .wants = parts.wants});
}

Result<net::ServerResponse> keep(KeptWebhookParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"connection", "project", "group"}));
  gitlab::KeepAsk ask{.connection = {}, .project = {}, .group = {}, .by = call.caller.name};
  FAIRLEAD_TRY(ask.connection, text_of(body, "connection"));
  FAIRLEAD_TRY(ask.project, text_of(body, "project"));
  FAIRLEAD_TRY(ask.group, text_of(body, "group"));
  call.note.target = ask.project.empty() ? "group " + ask.group : ask.project;
  FAIRLEAD_TRY(auto const kept, kept_hooks(parts).keep(ask));
  call.note.target = words_for(kept.hook);
  bool const made = kept.was == gitlab::KeptHooks::Kept::Was::made;
  return net::json_response(made ? 201 : 200, HookReasons(parts).to_json(kept.hook));
}

Error not_yours(store::ConnectionRecord const& connection, Call const& call) {
  Error error = make_error(ErrorKind::denied,
                           "The connection \"" + connection.name + "\" is not for the role " +
                               std::string(access::to_string(call.caller.role)) + ".");
  error.remedy = "Ask an org admin.";
  return error;
}

Result<net::ServerResponse> forget(KeptWebhookParts const& parts, Call const& call) {
  std::string const id = call.request.param("id");
  FAIRLEAD_TRY(auto const there, parts.store.webhooks().find(id));
  if (there) {
    call.note.target = words_for(*there);
    auto const connection = parts.store.connections().get(there->connection);
    if (connection.ok() && !may_use(call.caller.role, *connection))
      return problem(not_yours(*connection, call), forbidden);
  }
  FAIRLEAD_TRY(auto const hook, kept_hooks(parts).forget(id));
  return net::json_response(200, HookReasons(parts).to_json(hook));
}

Json to_json(gitlab::HookCounts const& counts) {
  return Json::object({{"accepted", counts.accepted},
                       {"duplicates", counts.duplicates},
                       {"tryOuts", counts.try_outs},
                       {"unknown", counts.unknown},
                       {"refused", counts.refused},
                       {"malformed", counts.malformed}});
}

Result<net::ServerResponse> list(KeptWebhookParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const ask, page_asked(call.request));
  FAIRLEAD_TRY(auto hooks, parts.store.webhooks().list());
  FAIRLEAD_TRY(auto const connections, parts.store.connections().list());
  std::map<ConnectionId, std::string> names;
  for (auto const& connection : connections)
    names[connection.id] = connection.name;
  SearchWords const words(call.request);
  auto const page = page_by(
      std::move(hooks), ask,
      [](WebhookRecord const& hook) {
        return key_of({hook.connection.text, hook.target, hook.id});
      },
      [&](WebhookRecord const& hook) {
        return words.in({names[hook.connection], hook.target, hook.path, hook.status, hook.reason});
      });
  Json items = Json::array();
  HookReasons const reasons(parts);
  for (auto const& hook : page.items)
    items.push_back(reasons.to_json(hook));
  return net::json_response(200, Json::object({{"items", std::move(items)},
                                               {"nextCursor", page.next_cursor},
                                               {"deliveries", to_json(parts.intake.counts())}}));
}

}  // namespace

HookReasons::HookReasons(KeptWebhookParts const& parts) : parts_(parts) {
  auto connections = parts.store.connections().list();
  if (!connections.ok()) return;
  for (auto& connection : *connections)
    connections_.emplace(connection.id, std::move(connection));
  auto const waits = parts.store.wakes().waits(
      {.prefix = std::string(gitlab::wake_key_prefix), .limit = waits_max});
  if (!waits.ok()) return;
  for (auto const& wait : *waits) {
    auto const key = gitlab::pipeline_key_from(wait.key);
    if (!key) continue;
    auto const connection = connections_.find(ConnectionId(key->connection));
    if (connection == connections_.end()) continue;
    auto& runs = runs_[place_key(connection->second.base_url, key->project)];
    bool const more =
        runs.size() < runs_shown && std::ranges::find(runs, wait.run.text) == runs.end();
    if (more) runs.push_back(wait.run.text);
  }
}

Json HookReasons::wanted_by(WebhookRecord const& hook, std::string const& base_url) const {
  Json all = Json::array();
  if (hook.keep == WebhookRecord::Keep::by_hand) all.push_back(reason("hand", hook.kept_by));
  for (auto const& workflow : parts_.wants.of(hook.id))
    all.push_back(reason("workflow", workflow));
  auto const runs = runs_.find(place_key(base_url, hook.target));
  if (runs == runs_.end()) return all;
  for (auto const& run : runs->second)
    all.push_back(reason("run", run));
  return all;
}

Json HookReasons::to_json(WebhookRecord const& hook) const {
  auto const place = gitlab::place_of(hook.target);
  bool const of_group = place.kind == HookPlace::Kind::group;
  auto const connection = connections_.find(hook.connection);
  bool const known = connection != connections_.end();
  auto const time_or_null = [](Time at) { return at == Time() ? Json() : Json(format_time(at)); };
  return Json::object(
      {{"id", hook.id},
       {"connection", known ? connection->second.name : ""},
       {"project", of_group ? "" : words_for(hook)},
       {"projectId", is_number(hook.target) ? Json::parse(hook.target).value() : Json()},
       {"group", of_group ? place.id : ""},
       {"gitlabId", hook.remote_id},
       {"status", hook.status},
       {"reason", hook.reason},
       {"events", events_of(hook)},
       {"wantedBy", wanted_by(hook, known ? connection->second.base_url : "")},
       {"createdAt", format_time(hook.created_at)},
       {"checkedAt", time_or_null(hook.checked_at)},
       {"usedAt", time_or_null(hook.used_at)},
       {"deliveredAt", hook.delivered_at ? Json(format_time(*hook.delivered_at)) : Json()}});
}

std::vector<Endpoint> kept_webhook_endpoints(KeptWebhookParts const& parts) {
  return {
      {net::Method::get, "/api/v1/webhooks", access::Role::viewer,
       "List the webhooks kept at GitLab", [parts](Call const& call) { return list(parts, call); }},
      {net::Method::post, "/api/v1/webhooks", access::Role::author,
       "Keep a webhook in a project or group",
       [parts](Call const& call) { return keep(parts, call); }},
      {net::Method::delete_, "/api/v1/webhooks/{id}", access::Role::author,
       "Keep a webhook by hand no more",
       [parts](Call const& call) { return forget(parts, call); }}};
}

}  // namespace fairlead::api
