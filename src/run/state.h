// RunState: everything the engine knows about one run, as a value.
//
// Rebuilt by folding the run's journal (run/journal.h) with advance() (run/advance.h); nothing else
// changes it. A run is a tree of frames: the root is the workflow, every task under way is a frame,
// and only the leaves do something. A list has one child at a time, a fork several. Pure data;
// belongs to one thread at a time.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/clock.h"
#include "base/error.h"
#include "base/ids.h"
#include "base/json.h"
#include "workflow/document.h"

namespace fairlead::run {

enum class RunStatus { pending, running, waiting, suspended, cancelled, faulted, completed };
// "pending", ... as in store::RunRecord::status.
std::string_view to_string(RunStatus status);
std::optional<RunStatus> run_status_from(std::string_view name);
[[nodiscard]] constexpr bool has_ended(RunStatus status) {
  return status == RunStatus::cancelled || status == RunStatus::faulted ||
         status == RunStatus::completed;
}

// Where a frame stands: what it waits for.
enum class Stage {
  condition,    // the value of `if`
  input,        // the value of `input.from` (and of a computed timeout)
  body,         // has its input, is about to begin
  arguments,    // the values of its own expressions
  calling,      // an action's answer
  parked,       // a time to call again: told to wait, rate limited, needs sign-in, look-up of an
                // uncertain effect
  unknown,      // a person: whether the effect took place cannot be found out
  sleeping,     // the end of a wait
  children,     // the tasks inside
  deciding,     // catch.when / exceptWhen, or a loop's `while`
  retrying,     // retry.when / exceptWhen
  backing_off,  // the delay before a retry
  handling,     // the tasks of catch.do
  emitting,     // the event being in the inbox
  scanning,     // a look at the events since the run began
  listening,    // an event
  starting,     // another workflow's run being made
  awaiting,     // that run's end
  output,       // the value of `output.as`
  exporting,    // the value of `export.as`
};
std::string_view to_string(Stage stage);
std::optional<Stage> stage_from(std::string_view name);

// A name's value for the expressions of a frame's descendants: loop variables, the caught error.
using Bindings = std::map<std::string, Json, std::less<>>;

struct CallState {
  Json arguments;          // literal: `with` after evaluation
  std::string connection;  // its name after evaluation; "": the default connection
  std::string marker;      // of the effect; the same on every attempt
  Time first_attempt_at{};
  int attempt{0};  // invocations so far
  enum class Mode { first, recover } mode{Mode::first};
  Json wait_state;  // of the action's last "not finished yet"
  enum class Parked {
    no,
    told_to_wait,
    refused_now,
    needs_sign_in,
    look_up,
    settling
  } parked{Parked::no};
  int parks{0};  // times parked in a row without progress
  std::optional<Time> parked_since;
  std::string waiting_for;  // in words
};
struct TryState {
  Time began_at{};
  int retries{0};
  Json problem;  // the error being dealt with
  Time retry_at{};
};
struct ForState {
  Json::Array items;
  std::size_t round{0};
  Json value;  // input of the next round, output of the last
};
struct ForkState {
  std::vector<Json> outputs;
  std::vector<bool> done;
};
struct WaitState {
  Time until{};
};
struct EmitState {
  Json event;
};
// An event that passed a listen's filter.
struct HeardEvent {
  int filter{0};  // its place in the document
  std::int64_t seq{0};
  Json event;  // the whole CloudEvent
  Json keys;   // correlation key -> value, an object
};
struct ListenState {
  Json::Array expected;                    // by filter: correlation key -> value
  Json::Array variables;                   // by filter: what its expressions see, or null
  Json bound;                              // what further events of one `all` must agree on
  std::vector<std::optional<Json>> heard;  // by filter: the event as it is read
  int failed_looks{0};
  std::vector<HeardEvent> early;  // came while the look at the past was under way
  std::string waiting_for;
};
// A run that a `run` task started: the child. Its id follows from the parent's place and visit.
struct ChildState {
  RunId run;
  std::uint64_t seed{0};
  std::string workflow_namespace;
  std::string name;
  std::string version;  // as asked for; what it came to once the child is there
  Json input;
  workflow::RunWorkflowTask::Await await{workflow::RunWorkflowTask::Await::yes};

  // "run 0198... of tests/child:1.0.0"
  [[nodiscard]] std::string words() const;
};
using BodyState = std::variant<std::monostate, CallState, TryState, ForState, ForkState, WaitState,
                               EmitState, ListenState, ChildState>;

struct Frame {
  int id{0};
  int parent{0};                            // 0: the root
  workflow::Task const* task{nullptr};      // nullptr: the root; owned by RunState::document
  workflow::TaskList const* list{nullptr};  // the list its children come from
  int index{0};  // place in the parent's list or among the fork's branches
  Stage stage{Stage::condition};
  Json raw_input;
  Json input;  // after input.from
  Json raw_output;
  Json output;       // after output.as
  std::string then;  // directive that holds after completion
  Time started_at{};
  Bindings bindings;  // for the frames below
  std::map<std::string, Time>
      timers;  // armed: "timeout", "wait", "call", "retry", "attempt" -> due
  BodyState body;

  [[nodiscard]] std::string pointer() const {
    return task == nullptr ? std::string() : task->pointer;
  }
};

struct GivenUp;  // run/undo.h

// One place in the document that has an outside effect, over all its visits: gives markers their
// number.
struct EffectTrack {
  int generation{0};
  Time first_attempt_at{};
  std::optional<Time> open_since;  // of the newest attempt that may have taken effect unseen
  enum class Known { resolved, unresolved } known{Known::resolved};
  // Of a call that is over and is to be looked up by the next one here. Shared by copies of the
  // state, never changed.
  std::shared_ptr<GivenUp const> given_up{};
};

// Of a run that was started by a task of another run.
struct ParentLink {
  RunId run;  // empty: there is no parent
  std::string task;
  workflow::RunWorkflowTask::Await await{workflow::RunWorkflowTask::Await::yes};
};
// A person said: nothing new begins (run/pause.h).
struct HeldEvents;
struct PauseState {
  std::string by;
  std::string reason;
  RunId parent;  // the run above, if the pause is its
  Time since{};
  // What happened meanwhile. Shared by copies of the state, never changed.
  std::shared_ptr<HeldEvents const> held;
};
struct ReplayPlan;  // run/replay_plan.h
struct UndoState;   // run/undo.h

struct RunState {
  RunId id;
  ParentLink parent;
  int depth{0};  // parents above it
  // Shared by all runs of the version and immutable: frames point into it.
  std::shared_ptr<workflow::Document const> document;
  RunStatus status{RunStatus::pending};
  std::string waiting_for;
  Json raw_input;
  Json context;  // $context
  Json output;
  Json problem;               // RFC 7807 error of a faulted run
  std::int64_t event_seq{0};  // the event that started it, 0 if none
  Time started_at{};
  std::optional<Time> ended_at;
  std::uint64_t seed{0};  // of the run's randomness (jitter)
  std::uint64_t draws{0};
  int steps{0};  // tasks begun
  int next_frame{1};
  std::map<int, Frame> frames;
  std::map<std::string, EffectTrack, std::less<>> effects;  // by pointer and loop rounds
  std::set<std::int64_t> heard;  // events it has heard: none is heard twice
  std::optional<PauseState> pause;
  // What is still to be cancelled outside, by number.
  std::map<int, std::shared_ptr<UndoState const>> undos;
  int undos_made{0};
  // Of a run that repeats another one; immutable, so shared by copies.
  std::shared_ptr<ReplayPlan const> replay;
  std::map<std::string, int, std::less<>> replayed;  // planned effects come to so far, by place
};

// For tests, support and comparison: two states are equal if these are.
Json to_json(RunState const& state);

// How many tasks one run may begin: bounds loops made by a backward `then`.
inline constexpr int steps_max = 10'000;

}  // namespace fairlead::run
