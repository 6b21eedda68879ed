// call: an action with an effect outside. Intent noted, then called, then the answer journalled
// (run/call_policy.h).
//
// The marker names one effect: the same on every attempt at it, another for every new one. An
// effect that was given up without an answer (task timeout) stays unresolved, and a retry of the
// same place begins with a look-up.
#include <algorithm>
#include "run/call_arguments.h"

#include "run/call_policy.h"
#include "run/problem.h"
#include "run/replay_plan.h"
#include "run/tasks/tasks.h"
#include "run/undo.h"
#include "vault/digest.h"
#include "workflow/policies.h"

namespace fairlead::run::tasks {
namespace {

constexpr std::size_t marker_length = 32;
constexpr std::size_t digest_length = 16;

workflow::CallTask const& task_of(Frame const& frame) {
  return std::get<workflow::CallTask>(frame.task->body);
}

void start_effect(Machine& m, Frame const& frame, CallState& call) {
  std::string const place = m.place_of(frame);
  EffectTrack& track = m.state.effects[place];
  if (track.known == EffectTrack::Known::resolved) {
    ++track.generation;
    track.first_attempt_at = m.now;
    track.known = EffectTrack::Known::unresolved;
    track.open_since = m.now;
  } else {
    call.mode = CallState::Mode::recover;
  }
  track.given_up = nullptr;
  call.first_attempt_at = track.first_attempt_at;
  std::string const name = m.state.id.text + "\n" + place + "\n" + std::to_string(track.generation);
  call.marker = vault::sha256_hex(name).substr(0, marker_length);
}

std::string digest_of(Json const& arguments) {
  return vault::sha256_hex(arguments.dump()).substr(0, digest_length);
}

// What the run this one repeats did here; each is come to once.
PlannedEffect const* next_planned(Machine& m, Frame const& frame) {
  if (!m.state.replay) return nullptr;
  std::string const place = m.place_of(frame);
  auto const found = m.state.replay->effects.find(place);
  if (found == m.state.replay->effects.end()) return nullptr;
  auto const index = static_cast<std::size_t>(m.state.replayed[place]);
  if (index >= found->second.size()) return nullptr;
  PlannedEffect const& planned = found->second[index];
  if (planned.call != task_of(frame).function) return nullptr;
  ++m.state.replayed[place];
  return &planned;
}

void note_adopted(Machine& m, Frame const& frame, CallState const& call,
                  PlannedEffect const& planned) {
  m.note("effect-adopted", frame.pointer(),
         Json::object({{"run", m.state.replay->of.text},
                       {"call", planned.call},
                       {"marker", planned.marker},
                       {"place", m.place_of(frame)},
                       {"digest", planned.digest},
                       {"input", call.arguments},
                       {"inputDiffers", digest_of(call.arguments) != planned.digest},
                       {"output", planned.output}}));
}

// False: nothing was planned for it that spares a call of its own.
bool follow_plan(Machine& m, Frame& frame, CallState& call) {
  EffectTrack& track = m.state.effects[m.place_of(frame)];
  // A second attempt at what is open already.
  if (call.mode == CallState::Mode::recover) return false;
  PlannedEffect const* planned = next_planned(m, frame);
  if (planned == nullptr || planned->choice == PlannedEffect::Choice::repeat) return false;
  if (planned->choice == PlannedEffect::Choice::look_up) {
    call.marker = planned->marker;
    call.first_attempt_at = planned->first_attempt_at;
    call.mode = CallState::Mode::recover;
    return false;
  }
  track.known = EffectTrack::Known::resolved;
  note_adopted(m, frame, call, *planned);
  if (!planned->wait_state.is_null()) {
    call.marker = planned->marker;
    call.wait_state = planned->wait_state;
    return false;
  }
  m.complete(frame, planned->output);
  return true;
}

action::Invocation invocation_of(Machine const& m, Frame const& frame, CallState const& call) {
  auto const& task = task_of(frame);
  bool const recover = call.mode == CallState::Mode::recover;
  auto const track = m.state.effects.find(m.place_of(frame));
  bool const open = recover && track != m.state.effects.end();
  return {.catalog = task.catalog,
          .name = task.name,
          .version = task.version,
          .connection = call.connection,
          .input = call.arguments,
          .marker = {.id = workflow::sends_markers(*m.state.document) ? call.marker : "",
                     .first_attempt_at = call.first_attempt_at,
                     .open_since = open ? track->second.open_since : std::nullopt},
          .wait_state = call.wait_state,
          .sink = nullptr,
          .mode = recover ? action::Invocation::Mode::recover : action::Invocation::Mode::first,
          .late = late_arguments(m.state, frame),
          .run = m.state.id.text,
          .task = frame.pointer(),
          .workflow = m.state.document->workflow_namespace + "/" + m.state.document->name,
          .call = call.marker};
}

// As the author asked by metadata.idempotencyKey: every attempt at one effect carries its marker.
void add_idempotency_key(Frame const& frame, CallState& call) {
  auto const kind = task_of(frame).kind;
  if (kind != workflow::CallTask::Kind::http) return;
  if (!frame.task->metadata["idempotencyKey"].as_bool()) return;
  Json headers = call.arguments["headers"];
  if (!headers.is_object() && !headers.is_null()) return;
  headers.set("Idempotency-Key", call.marker);
  call.arguments.set("headers", std::move(headers));
}

struct Intent {
  std::string_view call;  // as the workflow names it
  std::string_view marker;
  std::string_view mode;
  std::string_view connection;
  int attempt{0};
};

Json intent(Intent const& what, Json const& arguments) {
  Json payload = Json::object({{"call", std::string(what.call)},
                               {"marker", std::string(what.marker)},
                               {"attempt", what.attempt},
                               {"digest", digest_of(arguments)},
                               {"mode", std::string(what.mode)},
                               {"input", arguments}});
  if (!what.connection.empty()) payload.set("connection", std::string(what.connection));
  return payload;
}

void send(Machine& m, Frame& frame, CallState& call) {
  ++call.attempt;
  frame.stage = Stage::calling;
  // Another look at something that is under way is no new intent.
  if (call.wait_state.is_null()) {
    bool const recover = call.mode == CallState::Mode::recover;
    m.note("call-intended", frame.pointer(),
           intent({.call = task_of(frame).function,
                   .marker = call.marker,
                   .mode = recover ? "recover" : "first",
                   .connection = call.connection,
                   .attempt = call.attempt},
                  call.arguments));
  }
  EffectTrack& track = m.state.effects[m.place_of(frame)];
  // A clock that was set back: what is made now is older than the first attempt, and must be found.
  track.first_attempt_at = std::min(track.first_attempt_at, m.now);
  call.first_attempt_at = std::min(call.first_attempt_at, m.now);
  m.commands.emplace_back(Call{
      .frame = frame.id, .attempt = call.attempt, .invocation = invocation_of(m, frame, call)});
  // This one may be the attempt whose answer is never heard. A look-up that may not send leaves the
  // time as it is.
  bool const sends = call.mode == CallState::Mode::first || !track.open_since ||
                     m.now - *track.open_since >= action::effect_settle_time;
  if (sends) track.open_since = m.now;
}

void park(Machine& m, Frame& frame, CallState& call, Verdict const& verdict, std::string wake_key) {
  bool const again = call.parked == verdict.parked;
  bool const said = again && call.waiting_for == verdict.waiting_for;
  call.parks = again ? call.parks + 1 : 1;
  if (!again) call.parked_since = m.now;
  call.parked = verdict.parked;
  call.mode = verdict.mode;
  call.waiting_for = verdict.waiting_for;
  if (verdict.what == Verdict::What::ask_person) {
    frame.stage = Stage::unknown;
    m.note("suspended", frame.pointer(), Json::object({{"reason", call.waiting_for}}));
    return;
  }
  frame.stage = Stage::parked;
  Time const until = m.now + verdict.delay;
  m.arm(frame, "call", until, std::move(wake_key));
  if (said) return;
  m.note("waiting", frame.pointer(),
         Json::object({{"waitingFor", call.waiting_for}, {"until", format_time(until)}}));
}

// An action that was sent, and of which nobody knows what it did.
bool may_have_begun(Machine const& m, Frame const& frame, CallState const& call) {
  if (task_of(frame).kind != workflow::CallTask::Kind::action || call.attempt == 0) return false;
  auto const track = m.state.effects.find(m.place_of(frame));
  return track != m.state.effects.end() && track->second.known == EffectTrack::Known::unresolved;
}

// How it is cancelled outside; nothing: nothing of it can be there.
std::optional<UndoState> undo_of(Machine const& m, Frame const& frame, CallState const& call) {
  if (call.wait_state.is_null() && !may_have_begun(m, frame, call)) return std::nullopt;
  UndoState undo{.task = frame.pointer(), .call = task_of(frame).function};
  undo.invocation = invocation_of(m, frame, call);
  undo.invocation.mode = action::Invocation::Mode::cancel;
  return undo;
}

void cancel_outside(Machine& m, UndoState undo, int attempts) {
  auto& invocation = undo.invocation;
  Json payload = intent({.call = undo.call,
                         .marker = invocation.call,
                         .mode = "cancel",
                         .connection = invocation.connection,
                         .attempt = attempts + 1},
                        invocation.input);
  payload.set("undo", m.state.undos_made + 1);
  m.note("call-intended", undo.task, std::move(payload));
  if (invocation.wait_state.is_null()) invocation.marker.open_since = m.now;
  begin_undo(m, std::move(undo));
}

// A try around it has not given it up yet.
bool is_to_be_retried(RunState const& state, GivenUp const& call) {
  return std::any_of(call.above.begin(), call.above.end(), [&](int id) {
    auto const found = state.frames.find(id);
    if (found == state.frames.end()) return false;
    Stage const stage = found->second.stage;
    return kind_of(found->second) == TaskKind::try_ &&
           (stage == Stage::deciding || stage == Stage::retrying || stage == Stage::backing_off);
  });
}

}  // namespace

void call_arguments_known(Machine& m, Frame& frame, Input& in) {
  if (task_of(frame).kind == workflow::CallTask::Kind::function) {
    function_arguments_known(m, frame, in);
    return;
  }
  std::string connection = task_of(frame).connection;
  if (in.values.size() > 1) {
    Json const& named = in.values.at(1);
    // Another type must not mean the default connection.
    if (!named.is_string() && !named.is_null()) {
      m.fault(frame, problem_from(invalid_input("connection", "must be the name of a connection"),
                                  frame.pointer()));
      return;
    }
    connection = named.as_string();
  }
  auto arguments = finished_arguments(*m.state.document, frame, std::move(in.values.at(0)));
  if (!arguments.ok()) {
    m.fault(frame, problem_from(arguments.error(), frame.pointer()));
    return;
  }
  frame.body = CallState{.arguments = std::move(*arguments), .connection = std::move(connection)};
  auto& call = std::get<CallState>(frame.body);
  start_effect(m, frame, call);
  if (follow_plan(m, frame, call)) return;
  add_idempotency_key(frame, call);
  send(m, frame, call);
}

void call_send(Machine& m, Frame& frame) { send(m, frame, std::get<CallState>(frame.body)); }

void call_returned(Machine& m, Frame& frame, Input& in) {
  auto& call = std::get<CallState>(frame.body);
  CallReturned const& answer = *in.returned;
  Verdict const verdict = judge(call, task_of(frame).name, answer, m.now);
  EffectTrack& track = m.state.effects[m.place_of(frame)];
  track.known = verdict.known;
  bool const sent_in_vain = answer.error && answer.error->kind == ErrorKind::uncertain &&
                            !action::is_not_seen_yet(*answer.error);
  if (sent_in_vain) track.open_since = m.now;
  switch (verdict.what) {
    case Verdict::What::complete: {
      Json output = answer.output;
      m.complete(frame, std::move(output));
      break;
    }
    case Verdict::What::park:
    case Verdict::What::ask_person:
      if (answer.wait) call.wait_state = answer.wait->state;
      park(m, frame, call, verdict, answer.wait ? answer.wait->wake_key : "");
      break;
    case Verdict::What::fault:
      m.fault(frame, problem_from(*answer.error, frame.pointer()));
      break;
  }
}

void call_again(Machine& m, Frame& frame, Input&) {
  m.clear(frame, "call");
  auto& call = std::get<CallState>(frame.body);
  if (frame.stage == Stage::unknown) call.parks = 0;
  // From here on the outcome is open again.
  if (call.wait_state.is_null()) {
    m.state.effects[m.place_of(frame)].known = EffectTrack::Known::unresolved;
  }
  send(m, frame, call);
}

void call_recovered(Machine& m, Frame& frame, Input&) {
  auto& call = std::get<CallState>(frame.body);
  if (call.wait_state.is_null()) {
    call.mode = CallState::Mode::recover;
    // It may have been sent at the last moment.
    m.state.effects[m.place_of(frame)].open_since = m.now;
  }
  send(m, frame, call);
}

void call_cancelled(Machine& m, Frame const& frame) {
  auto const* call = std::get_if<CallState>(&frame.body);
  if (call == nullptr) return;
  if (auto undo = undo_of(m, frame, *call)) cancel_outside(m, std::move(*undo), call->attempt);
}

void call_unheard(Machine& m, Frame const& frame) {
  auto const* call = std::get_if<CallState>(&frame.body);
  if (call == nullptr || !may_have_begun(m, frame, *call)) return;
  auto undo = undo_of(m, frame, *call);
  if (!undo) return;
  GivenUp kept{.above = {}, .attempts = call->attempt, .undo = std::move(*undo)};
  for (int above = frame.parent; above != 0; above = m.state.frames.at(above).parent)
    kept.above.push_back(above);
  m.state.effects[m.place_of(frame)].given_up = std::make_shared<GivenUp const>(std::move(kept));
}

void retries_cancelled(Machine& m, Frame const& frame) {
  for (auto& [place, track] : m.state.effects) {
    if (!track.given_up) continue;
    auto const& above = track.given_up->above;
    if (std::find(above.begin(), above.end(), frame.id) == above.end()) continue;
    auto const call = std::move(track.given_up);
    track.given_up = nullptr;
    track.known = EffectTrack::Known::resolved;
    if (is_to_be_retried(m.state, *call)) cancel_outside(m, call->undo, call->attempts);
  }
}

}  // namespace fairlead::run::tasks
