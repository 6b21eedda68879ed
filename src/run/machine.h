// Machine: one step of one run under construction; what the handlers of the transition table work
// with.
//
// Internal to run/. advance() makes one for each event, lets it work off its inputs until none is
// left, and takes the result. Handlers never call each other across frames: they queue an input for
// the other frame, so a chain of 10,000 tasks needs no deep stack. Single-threaded.
#pragma once

#include <deque>
#include <string>
#include <string_view>
#include <vector>

#include "run/advance.h"

namespace fairlead::run {

// What kind of frame a row of the table is about.
enum class TaskKind {
  any,
  workflow,
  call,
  do_,
  set,
  switch_,
  wait,
  try_,
  raise,
  for_,
  fork,
  emit,
  listen,
  run_workflow
};
[[nodiscard]] TaskKind kind_of(Frame const& frame);
std::string_view to_string(TaskKind kind);

// What happened to a frame.
enum class Trigger {
  begin,         // it has its input
  values,        // the values of its stage
  failed,        // an expression of its stage failed
  returned,      // the action answered
  emitted,       // the event is in the inbox
  scanned,       // the events since the run began were looked at
  heard,         // an event that a filter wants
  fired,         // the timer of its stage
  timed_out,     // its `timeout`
  attempt_over,  // retry.limit.attempt.duration
  child_done,    // a task inside completed
  child_failed,  // a task inside failed
  list_done,     // all tasks inside completed
  resumed,       // a person or a repaired connection says: go on
  recovered,     // the server restarted meanwhile
  paused,        // a person says: nothing new begins
  unpaused,      // and: go on
  decided,       // a person says what became of its effect
  child_begun,   // the run it starts is there, or cannot be
  child_over,    // that run has ended
};
std::string_view to_string(Trigger trigger);

struct Input {
  int frame{0};
  Trigger trigger{Trigger::begin};
  Json::Array values;
  Error error;  // failed, emitted
  CallReturned const* returned{nullptr};
  Scanned const* scanned{nullptr};
  HeardEvent const* heard{nullptr};
  PauseRequested const* pause{nullptr};
  EffectDecided const* decided{nullptr};
  ChildStarted const* begun{nullptr};
  ChildEnded const* over{nullptr};
  int child{0};      // index of the child
  Json output;       // child_done, list_done
  std::string then;  // child_done: its directive; unpaused: who
  Json problem;      // child_failed
};

class Machine {
 public:
  RunState state;
  Time const now;
  std::vector<Command> commands;
  std::vector<Note> notes;
  std::vector<int> taken;
  bool touched{false};  // something beside the frames has changed
  // Told of each task of the workflow's own list before it begins; may be null.
  TaskWatch const* watch{nullptr};

  Machine(RunState from, Time at) : state(std::move(from)), now(at) {}

  void push(Input input) { inputs_.push_back(std::move(input)); }
  // Works off the inputs by the table. False if none of them had a row: all were stale.
  bool work();

  // ---- moves of a frame
  // ----------------------------------------------------------------------------------
  Frame& open_frame(Frame const* parent, workflow::Task const* task, int index, Json raw_input);
  // Enters an evaluating stage; literals are answered at once.
  void evaluate(Frame& frame, Stage stage);
  // Asks again for the values of the present stage.
  void evaluate_again(Frame const& frame);
  // The body is done; output.as, export.as and the parent follow.
  void complete(Frame& frame, Json raw_output, std::string then);
  void complete(Frame& frame, Json raw_output);
  // The frame is over; the parent decides.
  void fault(Frame& frame, Json problem);
  // The frame is over, with `output` after all transformations.
  void leave(Frame& frame);
  void begin_list(Frame& frame, workflow::TaskList const* list, Json input);
  void begin_child(Frame& frame, workflow::Task const& task, int index, Json input);
  void erase_children(Frame const& frame, std::string_view reason);
  // What calls inside of the frame wait for outside is cancelled, as their input says.
  void cancel_waits(Frame const& frame);

  // ---- ends of the run
  // -----------------------------------------------------------------------------------
  void end_early(Json output);
  void finish_completed(Frame& root);
  void finish_faulted(Json problem);
  void finish_cancelled(std::string by);

  // ---- effects and helpers
  // -------------------------------------------------------------------------------
  void arm(Frame& frame, std::string const& kind, Time due_at, std::string wake_key = "");
  void clear(Frame& frame, std::string const& kind);
  void note(std::string_view kind, std::string_view task, Json payload);
  // Uniform in [0, 1), from the run's seed.
  double draw();
  [[nodiscard]] std::string place_of(Frame const& frame) const;
  [[nodiscard]] bool inside_fork(Frame const& frame) const;
  Json problem(Frame const& frame, std::string_view kind, int status, std::string_view title,
               std::string detail) const;

 private:
  void erase_frame(int id, std::string_view reason);

  std::deque<Input> inputs_;
};

// How deep functions may call functions, and runs start runs.
inline constexpr int calls_nested_max = 20;
inline constexpr int runs_nested_max = 20;

// "/do/1/repair/try/0/start#2": the place of a frame with the rounds of the loops around it
// and, inside a function, "@" and the place of its call.
std::string place_of(RunState const& state, Frame const& frame);
// Parked because nobody knows whether the effect took place.
[[nodiscard]] inline bool is_uncertain(CallState const& call) {
  return call.parked == CallState::Parked::look_up || call.parked == CallState::Parked::settling;
}
// "<kind>:<frame>"
std::string timer_key(Frame const& frame, std::string_view kind);
// jq's truth: all but false and null.
[[nodiscard]] inline bool holds(Json const& value) {
  return !value.is_null() && !(value.is_bool() && !value.as_bool());
}
// "12:04:10 UTC" today, with the date on other days.
std::string clock_text(Time at, Time now);

}  // namespace fairlead::run
