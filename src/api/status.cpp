#include "api/status.h"

#include "api/connection_gate.h"

namespace fairlead::api {
namespace {

// Since when the first of them waits, or null.
Result<Json> oldest_event(store::EventStore& events, Json& queue) {
  FAIRLEAD_TRY(auto const backlog, events.backlog());
  queue = Json::object({{"name", "events"}, {"depth", backlog.count}});
  return backlog.oldest ? Json(format_time(*backlog.oldest)) : Json();
}

// Ids grow with time: the first one is the oldest.
Result<Json> oldest_run(store::RunStore& runs) {
  FAIRLEAD_TRY(auto const open, runs.unfinished(RunId(), 1));
  if (open.empty()) return Json();
  return Json::object({{"run", open.front().id.text},
                       {"since", format_time(open.front().started_at)},
                       {"waitingFor", open.front().waiting_for}});
}

// Those the caller may use.
Result<Json> connections(ConnectionInsightParts const& parts, access::Role role) {
  FAIRLEAD_TRY(auto const all, parts.connections.list());
  Json items = Json::array();
  for (auto const& record : all) {
    if (!may_use(role, record)) continue;
    auto const budget = parts.budget(record.id);
    items.push_back(
        Json::object({{"name", record.name},
                      {"status", record.status},
                      {"budget", budget ? to_json(*budget, parts.clock.now()) : Json()}}));
  }
  return items;
}

Json deliveries(gitlab::HookIntake const& intake) {
  auto const counts = intake.counts();
  auto const lag = intake.lag();
  Json newest;
  if (lag.newest_at)
    newest = Json::object({{"at", format_time(*lag.newest_at)}, {"lagMs", lag.newest.count()}});
  return Json::object({{"accepted", counts.accepted},
                       {"duplicates", counts.duplicates},
                       {"refused", counts.refused},
                       {"newest", std::move(newest)}});
}

Json workers(std::vector<run::LaneFigures> const& lanes) {
  Json items = Json::array();
  for (auto const& lane : lanes)
    items.push_back(Json::object({{"name", lane.name},
                                  {"threads", lane.threads},
                                  {"busy", lane.busy},
                                  {"waiting", lane.waiting}}));
  return items;
}

Result<net::ServerResponse> show(StatusParts const& parts, access::Role role) {
  auto const figures = parts.engine.figures();
  Json events;
  FAIRLEAD_TRY(auto oldest_waiting_event, oldest_event(parts.connections.store.events(), events));
  FAIRLEAD_TRY(auto oldest_waiting, oldest_run(parts.connections.store.runs()));
  FAIRLEAD_TRY(auto rows, connections(parts.connections, role));
  Json queues = Json::array();
  queues.push_back(std::move(events));
  queues.push_back(Json::object({{"name", "commits"}, {"depth", figures.commits_under_way}}));
  auto const bytes = parts.store_bytes();
  return net::json_response(
      200, Json::object({{"version", parts.version},
                         {"startedAt", format_time(parts.started_at)},
                         {"runs", Json::object({{"active", figures.active_runs},
                                                {"listeners", figures.listeners},
                                                {"steps", figures.steps_committed}})},
                         {"oldestWaiting", std::move(oldest_waiting)},
                         {"oldestEventAt", std::move(oldest_waiting_event)},
                         {"queues", std::move(queues)},
                         {"workers", workers(figures.workers)},
                         {"webhooks", deliveries(parts.webhooks.intake)},
                         {"connections", std::move(rows)},
                         {"store", Json::object({{"bytes", bytes == 0 ? Json() : Json(bytes)}})}}));
}

}  // namespace

std::vector<Endpoint> status_endpoints(StatusParts const& parts) {
  return {{net::Method::get, "/api/v1/status", access::Role::viewer, "How the server is doing",
           [parts](Call const& call) { return show(parts, call.caller.role); }}};
}

}  // namespace fairlead::api
