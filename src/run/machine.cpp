#include "run/machine.h"

#include <array>
#include <utility>

#include "run/evaluations.h"
#include "run/problem.h"
#include "run/tasks/tasks.h"
#include "run/transitions.h"

namespace fairlead::run {

TaskKind kind_of(Frame const& frame) {
  if (frame.task == nullptr) return TaskKind::workflow;
  // In the order of workflow::TaskBody.
  constexpr std::array kinds{TaskKind::call,    TaskKind::do_,    TaskKind::set,
                             TaskKind::switch_, TaskKind::wait,   TaskKind::try_,
                             TaskKind::raise,   TaskKind::for_,   TaskKind::fork,
                             TaskKind::emit,    TaskKind::listen, TaskKind::run_workflow};
  static_assert(kinds.size() == std::variant_size_v<workflow::TaskBody>);
  return kinds[frame.task->body.index()];
}

std::string_view to_string(TaskKind kind) {
  constexpr std::array<std::string_view, 14> names{"any",    "workflow", "call",   "do",    "set",
                                                   "switch", "wait",     "try",    "raise", "for",
                                                   "fork",   "emit",     "listen", "run"};
  return names[static_cast<std::size_t>(kind)];
}

std::string_view to_string(Trigger trigger) {
  constexpr std::array<std::string_view, 20> names{
      "begin",      "values",       "failed",    "returned",    "emitted",
      "scanned",    "heard",        "fired",     "timed-out",   "attempt-over",
      "child-done", "child-failed", "list-done", "resumed",     "recovered",
      "paused",     "unpaused",     "decided",   "child-begun", "child-over"};
  return names[static_cast<std::size_t>(trigger)];
}

std::string timer_key(Frame const& frame, std::string_view kind) {
  return std::string(kind) + ":" + std::to_string(frame.id);
}

std::string clock_text(Time at, Time now) {
  std::string const text = format_time(at);
  std::string const time = text.substr(11, 8) + " UTC";
  return text.substr(0, 10) == format_time(now).substr(0, 10) ? time
                                                              : text.substr(0, 10) + " " + time;
}

bool Machine::work() {
  bool any = false;
  while (!inputs_.empty()) {
    Input input = std::move(inputs_.front());
    inputs_.pop_front();
    auto found = state.frames.find(input.frame);
    if (found == state.frames.end()) continue;
    int const row = find_transition(kind_of(found->second), found->second.stage, input.trigger);
    if (row < 0) continue;
    any = true;
    taken.push_back(row);
    transitions()[static_cast<std::size_t>(row)].handle(*this, found->second, input);
  }
  return any;
}

Frame& Machine::open_frame(Frame const* parent, workflow::Task const* task, int index,
                           Json raw_input) {
  int const id = state.next_frame++;
  Frame& frame = state.frames[id];
  frame.id = id;
  frame.parent = parent == nullptr ? 0 : parent->id;
  frame.task = task;
  frame.index = index;
  frame.raw_input = std::move(raw_input);
  frame.started_at = now;
  if (task != nullptr) frame.then = task->then;
  return frame;
}

void Machine::evaluate(Frame& frame, Stage stage) {
  frame.stage = stage;
  evaluate_again(frame);
}

void Machine::evaluate_again(Frame const& frame) {
  Evaluate evaluation = evaluation_for(state, frame);
  if (!all_literal(evaluation)) {
    commands.emplace_back(std::move(evaluation));
    return;
  }
  Input input{.frame = frame.id, .trigger = Trigger::values};
  for (auto& item : evaluation.items)
    input.values.push_back(std::move(item.source));
  push(std::move(input));
}

void Machine::complete(Frame& frame, Json raw_output, std::string then) {
  erase_children(frame, "the task is over");
  frame.raw_output = std::move(raw_output);
  frame.then = std::move(then);
  frame.body = std::monostate{};
  evaluate(frame, Stage::output);
}

void Machine::complete(Frame& frame, Json raw_output) {
  complete(frame, std::move(raw_output), std::string(frame.then));
}

void Machine::leave(Frame& frame) {
  note("task-completed", frame.pointer(),
       Json::object({{"name", frame.task->name}, {"output", frame.output}}));
  push({.frame = frame.parent,
        .trigger = Trigger::child_done,
        .child = frame.index,
        .output = std::move(frame.output),
        .then = std::move(frame.then)});
  erase_frame(frame.id, "");
}

void Machine::fault(Frame& frame, Json problem) {
  if (frame.task == nullptr) {
    finish_faulted(std::move(problem));
    return;
  }
  note("task-faulted", frame.pointer(),
       Json::object({{"name", frame.task->name}, {"error", problem}}));
  push({.frame = frame.parent,
        .trigger = Trigger::child_failed,
        .child = frame.index,
        .problem = std::move(problem)});
  erase_frame(frame.id, "a task around it failed");
}

void Machine::begin_list(Frame& frame, workflow::TaskList const* list, Json input) {
  frame.list = list;
  if (list == nullptr || list->empty()) {
    push({.frame = frame.id, .trigger = Trigger::list_done, .output = std::move(input)});
    return;
  }
  begin_child(frame, list->front(), 0, std::move(input));
}

void Machine::begin_child(Frame& frame, workflow::Task const& task, int index, Json input) {
  if (++state.steps > steps_max) {
    finish_faulted(make_problem(
        {.kind = "runtime",
         .status = 500,
         .title = "Step budget used up",
         .detail = "The run began " + std::to_string(steps_max) +
                   " tasks, which is the most one run may: is there a loop that never ends?"},
        task.pointer));
    return;
  }
  if (watch != nullptr && frame.task == nullptr) (*watch)(state, task, input);
  evaluate(open_frame(&frame, &task, index, std::move(input)), Stage::condition);
}

void Machine::erase_children(Frame const& frame, std::string_view reason) {
  std::vector<int> children;
  for (auto const& [id, each] : state.frames) {
    if (each.parent == frame.id) children.push_back(id);
  }
  for (int id : children) {
    Frame const& child = state.frames.at(id);
    if (child.stage > Stage::input) {
      Json payload = Json::object({{"name", child.task->name}, {"reason", std::string(reason)}});
      // Its effect may take place all the same.
      if (child.stage == Stage::calling) payload.set("inFlight", true);
      note("task-cancelled", child.pointer(), std::move(payload));
    }
    erase_frame(id, reason);
  }
}

void Machine::cancel_waits(Frame const& frame) {
  for (auto const& [id, each] : state.frames) {
    for (int above = each.parent; above != 0; above = state.frames.at(above).parent) {
      if (above != frame.id) continue;
      tasks::call_cancelled(*this, each);
      // Whatever it began is given up with it: who comes here again begins something of its own.
      auto const track = state.effects.find(place_of(each));
      if (track != state.effects.end()) track->second.known = EffectTrack::Known::resolved;
      break;
    }
  }
  tasks::retries_cancelled(*this, frame);
}

void Machine::erase_frame(int id, std::string_view reason) {
  Frame& frame = state.frames.at(id);
  erase_children(frame, reason);
  tasks::stop_listening(*this, frame);
  if (frame.stage == Stage::calling) {
    // Nobody will hear the answer of what is under way.
    auto const track = state.effects.find(place_of(frame));
    bool const open =
        track != state.effects.end() && track->second.known == EffectTrack::Known::unresolved;
    if (open) track->second.open_since = now;
  }
  tasks::call_unheard(*this, frame);
  for (auto const& [kind, due_at] : frame.timers)
    commands.emplace_back(ClearTimer{timer_key(frame, kind)});
  if (!reason.empty()) tasks::child_abandoned(*this, frame, reason);
  state.frames.erase(id);
}

void Machine::end_early(Json output) {
  Frame& root = state.frames.begin()->second;
  complete(root, std::move(output), "");
}

void Machine::finish_completed(Frame& root) {
  state.status = RunStatus::completed;
  state.output = std::move(root.output);
  state.ended_at = now;
  note("run-completed", "", Json::object({{"output", state.output}}));
  erase_frame(root.id, "");
}

void Machine::finish_faulted(Json problem) {
  state.status = RunStatus::faulted;
  state.problem = std::move(problem);
  state.ended_at = now;
  if (!state.frames.empty()) erase_frame(state.frames.begin()->first, "the run failed");
  note("run-faulted", "", Json::object({{"error", state.problem}}));
}

void Machine::finish_cancelled(std::string by) {
  Json in_flight = Json::array();
  for (auto const& [id, frame] : state.frames) {
    if (frame.stage == Stage::calling) in_flight.push_back(frame.pointer());
    tasks::call_cancelled(*this, frame);
  }
  if (!state.frames.empty()) tasks::retries_cancelled(*this, state.frames.begin()->second);
  state.status = RunStatus::cancelled;
  state.pause.reset();
  state.ended_at = now;
  if (!state.frames.empty()) erase_frame(state.frames.begin()->first, "the run was cancelled");
  note("run-cancelled", "",
       Json::object({{"by", std::move(by)}, {"inFlight", std::move(in_flight)}}));
}

void Machine::arm(Frame& frame, std::string const& kind, Time due_at, std::string wake_key) {
  frame.timers[kind] = due_at;
  commands.emplace_back(ArmTimer{.key = timer_key(frame, kind),
                                 .due_at = due_at,
                                 .frame = frame.id,
                                 .wake_key = std::move(wake_key)});
}

void Machine::clear(Frame& frame, std::string const& kind) {
  if (frame.timers.erase(kind) == 0) return;
  commands.emplace_back(ClearTimer{timer_key(frame, kind)});
}

void Machine::note(std::string_view kind, std::string_view task, Json payload) {
  notes.push_back(
      {.kind = std::string(kind), .task = std::string(task), .payload = std::move(payload)});
}

double Machine::draw() {
  // SplitMix64 over the seed and the number of draws so far.
  std::uint64_t z = state.seed + (++state.draws) * 0x9e3779b97f4a7c15ULL;
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebULL;
  z ^= z >> 31U;
  return static_cast<double>(z >> 11U) * 0x1.0p-53;
}

std::string Machine::place_of(Frame const& frame) const { return run::place_of(state, frame); }

std::string place_of(RunState const& state, Frame const& frame) {
  std::string place = frame.pointer();
  for (Frame const* each = &frame; each->parent != 0;) {
    each = &state.frames.at(each->parent);
    if (auto const* loop = std::get_if<ForState>(&each->body)) {
      place += "#" + std::to_string(loop->round);
    } else if (kind_of(*each) == TaskKind::call) {
      place += "@" + each->pointer();
    }
  }
  return place;
}

bool Machine::inside_fork(Frame const& frame) const {
  for (Frame const* each = &frame; each->parent != 0;) {
    each = &state.frames.at(each->parent);
    if (kind_of(*each) == TaskKind::fork) return true;
  }
  return false;
}

Json Machine::problem(Frame const& frame, std::string_view kind, int status, std::string_view title,
                      std::string detail) const {
  return make_problem({.kind = kind, .status = status, .title = title, .detail = std::move(detail)},
                      frame.pointer());
}

}  // namespace fairlead::run
