#include "api/runs.h"

#include <charconv>

#include "api/run_search.h"
#include "run/lifecycle.h"

namespace fairlead::api {
namespace {

Result<std::int64_t> number_of(std::string_view text, std::string const& name) {
  if (text.empty()) return std::int64_t{0};
  std::int64_t number = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (code == std::errc() && end == text.data() + text.size() && number >= 0) return number;
  return invalid_input(name, "\"" + name + "\" must be a number.");
}

Result<net::ServerResponse> list(store::RunStore& store, Call const& call) {
  FAIRLEAD_TRY(auto limit, limit_of(call.request));
  FAIRLEAD_TRY(auto const search, run_search_of(call.request));
  FAIRLEAD_TRY(auto page,
               find_runs(store, search, std::string(call.request.query_value("cursor")), limit));
  Json items = Json::array();
  for (auto const& run : page.items)
    items.push_back(to_json(run));
  return net::json_response(
      200, Json::object({{"items", std::move(items)}, {"nextCursor", page.next_cursor}}));
}

Result<net::ServerResponse> journal(store::RunStore& store, Call const& call) {
  FAIRLEAD_TRY(auto limit, limit_of(call.request));
  FAIRLEAD_TRY(auto after, number_of(call.request.query_value("after"), "after"));
  RunId const id(call.request.param("id"));
  FAIRLEAD_CHECK(store.get(id));
  FAIRLEAD_TRY(auto entries, store.journal(id, after, limit));
  Json items = Json::array();
  for (auto const& entry : entries)
    items.push_back(to_json(entry));
  return net::json_response(200, Json::object({{"items", std::move(items)}}));
}

Result<net::ServerResponse> events(store::RunStore& store, Call const& call) {
  FAIRLEAD_TRY(auto limit, limit_of(call.request));
  FAIRLEAD_TRY(auto after, number_of(call.request.query_value("after"), "after"));
  RunId const id(call.request.param("id"));
  FAIRLEAD_TRY(auto const run, store.get(id));
  FAIRLEAD_TRY(auto entries, store.journal(id, after, limit));
  Json items = Json::array();
  for (auto const& entry : entries) {
    for (auto& event : run::lifecycle_events(run, entry))
      items.push_back(std::move(event));
  }
  // Entries without an event are passed over: the cursor counts entries, not events.
  bool const more = entries.size() == static_cast<std::size_t>(limit);
  return net::json_response(
      200, Json::object({{"items", std::move(items)},
                         {"nextAfter", more ? Json(entries.back().seq) : Json()}}));
}

Result<net::ServerResponse> follow(RunRoutesParts const& parts, Call const& call) {
  RunId const id(call.request.param("id"));
  FAIRLEAD_CHECK(parts.store.get(id));
  FAIRLEAD_TRY(auto after, number_of(call.request.headers.get("last-event-id"), "Last-Event-ID"));
  net::ServerResponse response = net::text_response(200, "", "text/event-stream");
  response.headers.add("X-Accel-Buffering", "no");
  response.on_stream = [&streams = parts.streams, id,
                        after](std::shared_ptr<net::StreamWriter> writer) {
    streams.add(id, after, std::move(writer));
  };
  return response;
}

Json parent_of(store::RunRecord const& run) {
  if (run.parent_run.empty()) return {};
  return Json::object({{"run", run.parent_run.text}, {"task", run.parent_task}});
}

}  // namespace

Json to_json(store::RunRecord const& run) {
  return Json::object({{"id", run.id.text},
                       {"workflow", Json::object({{"namespace", run.workflow_namespace},
                                                  {"name", run.workflow_name},
                                                  {"version", run.workflow_version}})},
                       {"status", run.status},
                       {"waitingFor", run.waiting_for},
                       {"cause", run.cause},
                       {"eventSeq", run.event_seq},
                       {"replayOf", run.replay_of.text},
                       {"parent", parent_of(run)},
                       {"startedAt", format_time(run.started_at)},
                       {"endedAt", run.ended_at ? Json(format_time(*run.ended_at)) : Json()},
                       {"input", run.input},
                       {"output", run.output},
                       {"error", run.error}});
}

Json to_json(store::JournalEntry const& entry) {
  return Json::object({{"seq", entry.seq},
                       {"kind", entry.kind},
                       {"task", entry.task},
                       {"at", format_time(entry.at)},
                       {"payload", entry.payload}});
}

std::vector<Endpoint> run_endpoints(RunRoutesParts parts) {
  using access::Role;
  using net::Method;
  auto& store = parts.store;
  std::string const one = "/api/v1/runs/{id}";
  auto show = [&store](Call const& call) -> Result<net::ServerResponse> {
    FAIRLEAD_TRY(auto run, store.get(RunId(call.request.param("id"))));
    Json json = to_json(run);
    // What it repeats may be removed by now (retention).
    if (!run.replay_of.empty()) json.set("replayOfRemoved", !store.get(run.replay_of).ok());
    return net::json_response(200, json);
  };
  auto cancel = [parts](Call const& call) -> Result<net::ServerResponse> {
    RunId const id(call.request.param("id"));
    FAIRLEAD_CHECK(parts.engine.cancel(id, call.caller.name));
    FAIRLEAD_TRY(auto run, parts.store.get(id));
    return net::json_response(202, to_json(run));
  };
  auto resume = [parts](Call const& call) -> Result<net::ServerResponse> {
    RunId const id(call.request.param("id"));
    FAIRLEAD_CHECK(parts.engine.resume(id, "asked by " + call.caller.name));
    FAIRLEAD_TRY(auto run, parts.store.get(id));
    return net::json_response(202, to_json(run));
  };
  return {
      {Method::get, "/api/v1/runs", Role::viewer, "List runs, newest first",
       [&store](Call const& call) { return list(store, call); }},
      {Method::get, one, Role::viewer, "Show a run", show},
      {Method::get, one + "/journal", Role::viewer, "Read a run's journal",
       [&store](Call const& call) { return journal(store, call); }},
      {Method::get, one + "/events", Role::viewer, "Read a run's lifecycle events (CloudEvents)",
       [&store](Call const& call) { return events(store, call); }},
      {Method::get, one + "/follow", Role::viewer, "Follow a run live (server-sent events)",
       [parts](Call const& call) { return follow(parts, call); }},
      {Method::post, one + "/resume", Role::operator_, "Go on with a parked or suspended run",
       resume},
      {Method::post, one + "/cancel", Role::operator_, "Cancel a run", cancel},
  };
}

}  // namespace fairlead::api
