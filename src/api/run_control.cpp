#include "api/run_control.h"

#include "api/problem.h"
#include "api/run_search.h"
#include "api/runs.h"
#include "base/text.h"

namespace fairlead::api {
namespace {

using run::PlannedEffect;
using run::ReplayRequest;

RunId id_of(Call const& call) { return RunId(call.request.param("id")); }

// A body that may be left out.
Result<Json> body_or_empty(net::ServerRequest const& request) {
  if (request.body.empty()) return Json::object();
  return json_body(request);
}

Json effect_json(run::EffectSeen const& seen) {
  return Json::object({{"effect", seen.marker},
                       {"task", seen.task},
                       {"call", seen.call},
                       {"connection", seen.connection},
                       {"kind", std::string(action::to_string(seen.effect))},
                       {"state", std::string(to_string(seen.state))},
                       {"at", format_time(seen.first_attempt_at)},
                       {"link", run::link_of(seen.output)},
                       {"input", seen.arguments},
                       {"output", seen.output},
                       {"candidates", seen.candidates},
                       {"waitsForDecision", seen.parked}});
}

// ---- one run ----

Result<net::ServerResponse> run_now(RunControlParts const& parts, RunId const& id) {
  FAIRLEAD_TRY(auto run, parts.store.get(id));
  return net::json_response(202, to_json(run));
}

Result<net::ServerResponse> pause(RunControlParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const body, body_or_empty(call.request));
  FAIRLEAD_CHECK(only_members(body, {"reason"}));
  FAIRLEAD_TRY(auto reason, text_of(body, "reason"));
  FAIRLEAD_CHECK(
      parts.engine.pause(id_of(call), {.by = call.caller.name, .reason = std::move(reason)}));
  return run_now(parts, id_of(call));
}

Result<net::ServerResponse> effects(RunControlParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const all, parts.replays.effects(id_of(call)));
  Json items = Json::array();
  for (auto const& each : all)
    items.push_back(effect_json(each));
  return net::json_response(200, Json::object({{"items", std::move(items)}}));
}

Result<net::ServerResponse> decide(RunControlParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"task", "decision", "output", "reason"}));
  FAIRLEAD_TRY(auto const task, text_of(body, "task"));
  FAIRLEAD_TRY(auto const word, text_of(body, "decision"));
  FAIRLEAD_TRY(auto reason, text_of(body, "reason"));
  auto const decision = run::decision_from(word);
  if (!decision)
    return invalid_input("decision", "\"decision\" must be happened, not-happened or fail.");
  bool const happened = *decision == run::EffectDecided::Decision::happened;
  if (happened != body.contains("output")) {
    return invalid_input("output", happened ? "Say as \"output\" what the task gives, for example "
                                              "{\"id\": 42}: later tasks may use it."
                                            : "\"output\" goes with the decision happened only.");
  }
  FAIRLEAD_TRY(auto const seen, parts.replays.parked_effect(id_of(call), task));
  FAIRLEAD_CHECK(parts.engine.decide(id_of(call), {.effect = seen.marker,
                                                   .decision = *decision,
                                                   .output = body["output"],
                                                   .by = call.caller.name,
                                                   .reason = std::move(reason)}));
  return run_now(parts, id_of(call));
}

// ---- replay ----

Result<void> read_effects(Json const& body, ReplayRequest& request) {
  FAIRLEAD_TRY(auto const all, text_of(body, "effects"));
  using Effects = ReplayRequest::Effects;
  if (all == "adopt") request.effects = Effects::adopt;
  if (all == "repeat") request.effects = Effects::repeat;
  if (!all.empty() && request.effects == Effects::by_kind)
    return invalid_input("effects", "\"effects\" must be adopt or repeat.");
  Json const& choices = body["choices"];
  if (!choices.is_null() && !choices.is_object())
    return invalid_input("choices", "\"choices\" must be an object: effect -> adopt or repeat.");
  for (auto const& [marker, choice] : choices.members()) {
    bool const repeat = choice == Json("repeat");
    if (!repeat && choice != Json("adopt"))
      return invalid_input("choices", "A choice must be adopt or repeat.");
    request.choices[marker] = repeat ? PlannedEffect::Choice::repeat : PlannedEffect::Choice::adopt;
  }
  return {};
}

Json preview_json(run::ReplayPreview const& preview) {
  Json items = Json::array();
  for (auto const& each : preview.effects) {
    Json item = effect_json(each.effect);
    item.set("fate", std::string(to_string(each.fate)));
    items.push_back(std::move(item));
  }
  auto const& document = *preview.document;
  bool const whole = preview.plan.from.empty();
  return Json::object({{"replayOf", preview.plan.of.text},
                       {"workflow", Json::object({{"namespace", document.workflow_namespace},
                                                  {"name", document.name},
                                                  {"version", document.version}})},
                       {"from", preview.plan.from},
                       {"input", whole ? preview.input : preview.plan.input},
                       {"context", preview.plan.context},
                       {"effects", std::move(items)}});
}

Result<net::ServerResponse> replay(RunControlParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const body, body_or_empty(call.request));
  FAIRLEAD_CHECK(only_members(body, {"from", "input", "version", "effects", "choices", "preview"}));
  ReplayRequest request{.run = id_of(call)};
  FAIRLEAD_TRY(request.from, text_of(body, "from"));
  FAIRLEAD_TRY(request.version, text_of(body, "version"));
  FAIRLEAD_TRY(bool const preview, flag_of(body, "preview"));
  if (body.contains("input")) request.input = body["input"];
  FAIRLEAD_CHECK(read_effects(body, request));
  if (preview) {
    FAIRLEAD_TRY(auto const shown, parts.replays.preview(request));
    return net::json_response(200, preview_json(shown));
  }
  FAIRLEAD_TRY(auto const started, parts.replays.start(request, call.caller.name));
  FAIRLEAD_TRY(auto const run, parts.store.get(started));
  return net::json_response(201, to_json(run));
}

// ---- many ----

Result<std::optional<Time>> time_of(Json const& body, std::string const& name) {
  FAIRLEAD_TRY(auto const text, text_of(body, name));
  if (text.empty()) return std::optional<Time>();
  auto const time = parse_time(text);
  if (!time)
    return invalid_input(name, "\"" + name + "\" must be a time like 2026-11-22T10:00:00Z.");
  return time;
}

Result<store::RunFilter> filter_of(Json const& body) {
  store::RunFilter filter;
  if (body.is_null()) return filter;
  if (!body.is_object()) return invalid_input("filter", "\"filter\" must be an object.");
  FAIRLEAD_CHECK(only_members(body, {"status", "workflow", "startedAfter", "startedBefore"}));
  Json const& status = body["status"];
  if (status.is_string()) filter.statuses.push_back(status.as_string());
  for (auto const& each : status.items())
    filter.statuses.push_back(each.as_string());
  for (auto const& each : filter.statuses)
    FAIRLEAD_CHECK(known_run_status(each));
  FAIRLEAD_TRY(auto const workflow, text_of(body, "workflow"));
  auto const slash = workflow.find('/');
  if (!workflow.empty() && slash == std::string::npos)
    return invalid_input("workflow", "\"workflow\" must be namespace/name.");
  if (!workflow.empty()) {
    filter.workflow_namespace = workflow.substr(0, slash);
    filter.workflow_name = workflow.substr(slash + 1);
  }
  FAIRLEAD_TRY(filter.started_from, time_of(body, "startedAfter"));
  FAIRLEAD_TRY(filter.started_before, time_of(body, "startedBefore"));
  return filter;
}

Result<run::BulkOrder> order_of(Json const& body, std::string const& by) {
  run::BulkOrder order;
  FAIRLEAD_TRY(auto const word, text_of(body, "action"));
  auto const what = run::bulk_from(word);
  if (!what) return invalid_input("action", "\"action\" must be cancel, pause, resume or replay.");
  order.what = *what;
  FAIRLEAD_TRY(order.filter, filter_of(body["filter"]));
  FAIRLEAD_TRY(order.reason, text_of(body, "reason"));
  FAIRLEAD_TRY(order.replay.version, text_of(body, "version"));
  FAIRLEAD_TRY(order.replay.from, text_of(body, "from"));
  FAIRLEAD_CHECK(read_effects(body, order.replay));
  order.by = by;
  return order;
}

Json done_json(run::BulkDone const& done) {
  Json json = Json::object({{"run", done.run.text}});
  json.set("done", !done.error.has_value());
  if (!done.started.empty()) json.set("started", done.started.text);
  if (done.error) json.set("error", to_json(*done.error));
  return json;
}

Result<net::ServerResponse> bulk(RunControlParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"action", "filter", "reason", "version", "from", "effects",
                                     "dryRun", "cursor", "limit"}));
  FAIRLEAD_TRY(auto const order, order_of(body, call.caller.name));
  FAIRLEAD_TRY(bool const dry_run, flag_of(body, "dryRun"));
  if (dry_run) {
    FAIRLEAD_TRY(auto const count, parts.bulk.count(order));
    return net::json_response(200,
                              Json::object({{"runs", count.runs}, {"complete", count.complete}}));
  }
  FAIRLEAD_TRY(auto const cursor, text_of(body, "cursor"));
  auto const limit = static_cast<int>(body["limit"].as_integer(run::bulk_page_max));
  FAIRLEAD_TRY(auto const page, parts.bulk.step(order, cursor, limit));
  Json items = Json::array();
  for (auto const& each : page.items)
    items.push_back(done_json(each));
  return net::json_response(
      200, Json::object({{"items", std::move(items)}, {"nextCursor", page.next_cursor}}));
}

// ---- history ----

Result<net::ServerResponse> prune(RunControlParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const body, body_or_empty(call.request));
  FAIRLEAD_CHECK(only_members(body, {"dryRun"}));
  FAIRLEAD_TRY(bool const dry_run, flag_of(body, "dryRun"));
  using Mode = run::HistoryKeeper::Mode;
  FAIRLEAD_TRY(auto const pruned, parts.history.prune(dry_run ? Mode::only_count : Mode::remove));
  Json items = Json::array();
  for (auto const& each : pruned) {
    items.push_back(Json::object({{"workflow", each.workflow_namespace + "/" + each.name},
                                  {"runs", each.count.runs},
                                  {"entries", each.count.entries}}));
  }
  return net::json_response(200, Json::object({{"dryRun", dry_run}, {"items", std::move(items)}}));
}

Result<net::ServerResponse> history(RunControlParts const& parts, Call const&) {
  auto const figures = parts.history.figures();
  return net::json_response(
      200, Json::object(
               {{"runsRemoved", figures.runs_removed},
                {"entriesRemoved", figures.entries_removed},
                {"prunedAt", figures.pruned_at ? Json(format_time(*figures.pruned_at)) : Json()}}));
}

}  // namespace

std::vector<Endpoint> run_control_endpoints(RunControlParts parts) {
  using access::Role;
  using net::Method;
  std::string const one = "/api/v1/runs/{id}";
  auto bound = [parts](auto handler) {
    return [parts, handler](Call const& call) { return handler(parts, call); };
  };
  return {
      {Method::post, one + "/pause", Role::operator_, "Pause a run: nothing new begins",
       bound(pause)},
      {Method::get, one + "/effects", Role::viewer, "List what a run did outside", bound(effects)},
      {Method::post, one + "/effects/decide", Role::operator_,
       "Say what became of an effect that cannot be looked up", bound(decide)},
      {Method::post, one + "/replay", Role::operator_, "Run a run again, or preview that",
       bound(replay)},
      {Method::post, "/api/v1/bulk/runs", Role::operator_,
       "Cancel, pause, resume or replay the runs of a filter, page by page", bound(bulk)},
      {Method::get, "/api/v1/history", Role::viewer, "What was removed of old history",
       bound(history)},
      {Method::post, "/api/v1/history/prune", Role::org_admin,
       "Remove old history now, or count it", bound(prune)},
  };
}

}  // namespace fairlead::api
