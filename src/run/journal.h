// The journal of a run: what happened to it, in order, as JSON; the source of truth.
//
// Two sorts of entries. *Events* are what advance() consumes: folding them rebuilds the state.
// *Notes* say in words of the workflow what was decided (a task began, an effect is intended, a run
// ended); they are for people, API and audit, and are skipped when folding. A kind or member is
// never renamed; a new meaning gets a new kind. Pure; any thread.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "action/action.h"
#include "base/result.h"
#include "run/state.h"
#include "store/records.h"

namespace fairlead::run {

// What each kind carries:
//
//   event kind         payload
//   run-started        {journalVersion, namespace, name, version, input, cause, seed, eventSeq?,
//                      parent?: {run, task, await, depth}, replay?, traceparent?}
//                      replay: as in run/replay_plan.h
//   evaluated          {frame, stage, values: [...]} or {frame, stage, error}
//   call-returned      {frame, attempt, effect, output, adopted?} | {..., error} | {..., wait:
//   {checkAfterMs, waitingFor, state, wakeKey?}}
//   emitted            {frame, seq} or {frame, error}
//   events-scanned     {frame, events: [{filter, seq, event, keys}]} or {frame, error}
//   event-heard        {frame, filter, seq, event, keys}
//   limit-reached      {error}                         the run holds too much: it faults with it
//   child-started      {frame, run, version} or {frame, run, error}   of a `run` task
//   child-ended        {run, status, output} or {run, status, error}
//   timer-fired        {key}
//   woken              {key}                           before its time: what it waits for happened
//   cancel-requested   {by}
//   undo-returned      {undo, attempt, error?}         of a call in mode "cancel" (run/undo.h)
//   resume-requested   {reason, connection?, parent?}  parent: of a pause that came from it
//   pause-requested    {by, reason, parent?}           what comes after it is held until the run is
//                      resumed (run/pause.h)
//   effect-decided     {effect, decision, output?, by, reason}   effect: its marker
//   recovered          {}                              the server restarted while something was
//   under way
//
//   note kind          payload
//   task-started       {name, input, calledFrom?}     calledFrom: pointer of a function's call
//   task-skipped       {name}                          `if` was false
//   call-intended      {call, connection?, marker, attempt, digest, mode, input}; mode "cancel":
//                      the run ends, what it waited for is cancelled as the action's input says;
//                      then with {undo}, the number
//   cancel-settled     {undo, call, attempt}            the action answered to that
//   cancel-postponed   {undo, call, attempt, error}     it is tried again
//   cancel-parked      {undo, call, attempt, marker, reason}   not before a person resumes the run
//   child-intended     {run, namespace, name, version, await, input}
//   child-cancelled    {run, reason}
//   waiting            {waitingFor, until?}
//   suspended          {reason}
//   error-caught       {error}
//   retry-scheduled    {retry, delayMs, at, error}
//   task-completed     {name, output, adopted?}
//   task-faulted       {name, error}
//   task-cancelled     {name, reason, inFlight?}         inFlight: a call whose answer is lost
//   effect-adopted     {run, call, marker, place, digest, input, inputDiffers, output}   of the
//                      run this one repeats
//   run-paused         {by, reason}
//   run-resumed        {by, pausedForMs}
//   run-completed      {output}
//   run-faulted        {error}
//   run-cancelled      {by, inFlight: [pointer]}
inline constexpr int journal_version = 1;

struct Started {
  std::string workflow_namespace;
  std::string name;
  std::string version;
  Json input;
  std::string cause;
  std::uint64_t seed{0};  // below 2^53: survives every JSON reader
  std::int64_t event_seq{0};
  Json replay;  // null, or to_json(ReplayPlan)
  ParentLink parent;
  int depth{0};
  std::string trace_parent;  // base/trace_parent.h, of what started it; "": none
};
struct Evaluated {
  int frame{0};
  Stage stage{Stage::condition};
  Json::Array values;
  std::optional<Error> error;
};
struct CallReturned {
  int frame{0};
  int attempt{0};
  action::Effect effect{action::Effect::reads};
  Json output;
  bool adopted{false};
  std::optional<Error> error;
  std::optional<action::Wait> wait;
};
struct Emitted {
  int frame{0};
  std::int64_t seq{0};
  std::optional<Error> error;
};
// The events since the run began that a listen takes, oldest first.
struct Scanned {
  int frame{0};
  std::vector<HeardEvent> events;
  std::optional<Error> error;
};
// Idempotent by the event's seq.
struct Heard {
  int frame{0};
  HeardEvent event;
};
struct LimitReached {
  Json problem;
};
struct ChildStarted {
  int frame{0};
  RunId run;
  std::string version;
  std::optional<Error> error;
};
struct ChildEnded {
  RunId run;
  RunStatus status{RunStatus::completed};
  Json output;
  Json problem;  // of a faulted one
};
struct TimerFired {
  std::string key;
};
// What the call waits for may have happened: it looks again now.
struct Woken {
  std::string key;  // of its timer
};
struct UndoReturned {
  int undo{0};
  int attempt{0};
  std::optional<Error> error;
};
struct CancelRequested {
  std::string by;
};
// Calls parked for a connection go on; with no connection named also effects parked for a person.
struct ResumeRequested {
  std::string reason;
  std::string connection;
  RunId parent{};  // only a pause that came from this run ends
};
struct PauseRequested {
  std::string by;
  std::string reason;
  RunId parent{};  // the run above, if it was paused
};
// A person knows about an effect that cannot be looked up.
struct EffectDecided {
  std::string effect;  // its marker
  enum class Decision { happened, not_happened, fail } decision{Decision::fail};
  Json output;  // happened: what the task gives
  std::string by;
  std::string reason;
};
std::string_view to_string(EffectDecided::Decision decision);
std::optional<EffectDecided::Decision> decision_from(std::string_view name);
struct Recovered {};

struct Event {
  Time at{};
  std::variant<Started, Evaluated, CallReturned, Emitted, Scanned, Heard, TimerFired,
               CancelRequested, ResumeRequested, Recovered, Woken, PauseRequested, EffectDecided,
               ChildStarted, ChildEnded, LimitReached, UndoReturned>
      what;
};

// What a person reads in the journal.
struct Note {
  std::string kind;
  std::string task;  // JSON pointer
  Json payload;
};

// seq stays 0; `task` is the pointer of the task the event is for.
store::JournalEntry encode(Event const& event, std::string task);
store::JournalEntry encode(Note note, Time at);
// Nothing for notes. corrupt: an unknown kind or a malformed payload.
Result<std::optional<Event>> decode(store::JournalEntry const& entry);

}  // namespace fairlead::run
