#include "run/state.h"

#include <array>
#include <utility>

#include "run/pause.h"
#include "run/replay_plan.h"
#include "run/undo.h"

namespace fairlead::run {
namespace {

template <class Enum, std::size_t Count>
using Names = std::array<std::pair<Enum, std::string_view>, Count>;

constexpr Names<RunStatus, 7> status_names{{{RunStatus::pending, "pending"},
                                            {RunStatus::running, "running"},
                                            {RunStatus::waiting, "waiting"},
                                            {RunStatus::suspended, "suspended"},
                                            {RunStatus::cancelled, "cancelled"},
                                            {RunStatus::faulted, "faulted"},
                                            {RunStatus::completed, "completed"}}};

constexpr Names<Stage, 20> stage_names{
    {{Stage::condition, "condition"}, {Stage::input, "input"},
     {Stage::body, "body"},           {Stage::arguments, "arguments"},
     {Stage::calling, "calling"},     {Stage::parked, "parked"},
     {Stage::unknown, "unknown"},     {Stage::sleeping, "sleeping"},
     {Stage::children, "children"},   {Stage::deciding, "deciding"},
     {Stage::retrying, "retrying"},   {Stage::backing_off, "backing-off"},
     {Stage::handling, "handling"},   {Stage::emitting, "emitting"},
     {Stage::scanning, "scanning"},   {Stage::listening, "listening"},
     {Stage::starting, "starting"},   {Stage::awaiting, "awaiting"},
     {Stage::output, "output"},       {Stage::exporting, "exporting"}}};

template <class Enum, std::size_t Count>
std::string_view name_of(Names<Enum, Count> const& names, Enum value) {
  for (auto const& [each, name] : names) {
    if (each == value) return name;
  }
  return "";
}

template <class Enum, std::size_t Count>
std::optional<Enum> value_of(Names<Enum, Count> const& names, std::string_view text) {
  for (auto const& [each, name] : names) {
    if (name == text) return each;
  }
  return std::nullopt;
}

Json body_json(std::monostate const&) { return {}; }
Json body_json(CallState const& call) {
  Json json = Json::object({{"arguments", call.arguments},
                            {"connection", call.connection},
                            {"marker", call.marker},
                            {"firstAttemptAt", to_epoch_ms(call.first_attempt_at)},
                            {"attempt", call.attempt},
                            {"recover", call.mode == CallState::Mode::recover},
                            {"waitState", call.wait_state},
                            {"parked", static_cast<int>(call.parked)},
                            {"parks", call.parks},
                            {"waitingFor", call.waiting_for}});
  if (call.parked_since) json.set("parkedSince", to_epoch_ms(*call.parked_since));
  return json;
}
Json body_json(TryState const& attempt) {
  return Json::object({{"beganAt", to_epoch_ms(attempt.began_at)},
                       {"retries", attempt.retries},
                       {"problem", attempt.problem},
                       {"retryAt", to_epoch_ms(attempt.retry_at)}});
}
Json body_json(ForState const& loop) {
  return Json::object({{"items", Json(loop.items)}, {"round", loop.round}, {"value", loop.value}});
}
Json body_json(ForkState const& fork) {
  Json done = Json::array();
  for (bool each : fork.done)
    done.push_back(each);
  return Json::object({{"outputs", Json(Json::Array(fork.outputs))}, {"done", std::move(done)}});
}
Json body_json(WaitState const& wait) { return Json::object({{"until", to_epoch_ms(wait.until)}}); }
Json body_json(EmitState const& emit) { return Json::object({{"event", emit.event}}); }
Json body_json(ListenState const& listen) {
  Json heard = Json::array();
  for (auto const& each : listen.heard)
    heard.push_back(each ? Json::array({*each}) : Json());
  Json early = Json::array();
  for (auto const& each : listen.early)
    early.push_back(Json::array({each.filter, each.seq, each.event, each.keys}));
  return Json::object({{"expected", Json(listen.expected)},
                       {"variables", Json(listen.variables)},
                       {"bound", listen.bound},
                       {"heard", std::move(heard)},
                       {"failedLooks", listen.failed_looks},
                       {"early", std::move(early)},
                       {"waitingFor", listen.waiting_for}});
}
Json body_json(ChildState const& child) {
  return Json::object({{"run", child.run.text},
                       {"seed", child.seed},
                       {"namespace", child.workflow_namespace},
                       {"name", child.name},
                       {"version", child.version},
                       {"input", child.input},
                       {"await", child.await == workflow::RunWorkflowTask::Await::yes}});
}

Json frame_json(Frame const& frame) {
  Json bindings = Json::object();
  for (auto const& [name, value] : frame.bindings)
    bindings.set(name, value);
  Json timers = Json::object();
  for (auto const& [kind, due_at] : frame.timers)
    timers.set(kind, to_epoch_ms(due_at));
  return Json::object(
      {{"id", frame.id},
       {"parent", frame.parent},
       {"pointer", frame.pointer()},
       {"index", frame.index},
       {"stage", std::string(to_string(frame.stage))},
       {"rawInput", frame.raw_input},
       {"input", frame.input},
       {"rawOutput", frame.raw_output},
       {"output", frame.output},
       {"then", frame.then},
       {"startedAt", to_epoch_ms(frame.started_at)},
       {"bindings", std::move(bindings)},
       {"timers", std::move(timers)},
       {"body", std::visit([](auto const& body) { return body_json(body); }, frame.body)}});
}

Json pause_json(PauseState const& pause) {
  Json held = Json::array();
  if (pause.held) {
    for (auto const& what : pause.held->events)
      held.push_back(encode(Event{.at = {}, .what = what}, "").payload);
  }
  return Json::object({{"by", pause.by},
                       {"reason", pause.reason},
                       {"parent", pause.parent.text},
                       {"since", to_epoch_ms(pause.since)},
                       {"held", std::move(held)}});
}

}  // namespace

std::string_view to_string(RunStatus status) { return name_of(status_names, status); }
std::optional<RunStatus> run_status_from(std::string_view name) {
  return value_of(status_names, name);
}
std::string_view to_string(Stage stage) { return name_of(stage_names, stage); }
std::optional<Stage> stage_from(std::string_view name) { return value_of(stage_names, name); }

std::string ChildState::words() const {
  return "run " + run.text + " of " + workflow_namespace + "/" + name +
         (version.empty() ? std::string() : ":" + version);
}

Json to_json(RunState const& state) {
  Json frames = Json::array();
  for (auto const& [id, frame] : state.frames)
    frames.push_back(frame_json(frame));
  Json effects = Json::object();
  for (auto const& [place, track] : state.effects) {
    Json& one = effects.set(
        place, Json::object({{"generation", track.generation},
                             {"firstAttemptAt", to_epoch_ms(track.first_attempt_at)},
                             {"resolved", track.known == EffectTrack::Known::resolved}}));
    if (track.open_since) one.set("openSince", to_epoch_ms(*track.open_since));
    if (track.given_up) one.set("givenUp", to_json(track.given_up->undo));
  }
  Json heard = Json::array();
  for (auto const seq : state.heard)
    heard.push_back(seq);
  Json json = Json::object({{"id", state.id.text},
                            {"status", std::string(to_string(state.status))},
                            {"waitingFor", state.waiting_for},
                            {"input", state.raw_input},
                            {"context", state.context},
                            {"output", state.output},
                            {"problem", state.problem},
                            {"eventSeq", state.event_seq},
                            {"heard", std::move(heard)},
                            {"startedAt", to_epoch_ms(state.started_at)},
                            {"seed", state.seed},
                            {"draws", state.draws},
                            {"steps", state.steps},
                            {"nextFrame", state.next_frame},
                            {"frames", std::move(frames)},
                            {"effects", std::move(effects)},
                            {"parent", state.parent.run.text},
                            {"depth", state.depth}});
  if (state.pause) json.set("pause", pause_json(*state.pause));
  if (state.undos_made > 0) {
    Json undos = Json::object({{"made", state.undos_made}});
    for (auto const& [number, undo] : state.undos)
      undos.set(std::to_string(number), to_json(*undo));
    json.set("undos", std::move(undos));
  }
  if (state.replay) {
    json.set("replay", to_json(*state.replay));
    Json replayed = Json::object();
    for (auto const& [place, count] : state.replayed)
      replayed.set(place, count);
    json.set("replayed", std::move(replayed));
  }
  if (state.ended_at) json.set("endedAt", to_epoch_ms(*state.ended_at));
  return json;
}

}  // namespace fairlead::run
