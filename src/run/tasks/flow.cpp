// What every task goes through, in the order of the language: if, input, body, output, export,
// then.
#include "run/machine.h"
#include "run/problem.h"
#include "run/replay_plan.h"
#include "run/tasks/tasks.h"
#include "workflow/duration.h"
#include "workflow/json_schema.h"

namespace fairlead::run::tasks {
namespace {

Result<std::optional<Time>> timeout_at(Machine const& m, Json const& value) {
  if (value.is_null()) return std::optional<Time>();
  FAIRLEAD_TRY(auto duration, workflow::duration_from(value));
  return std::optional<Time>(m.now + duration);
}

// False, and the frame is at its end, if `value` does not fit.
bool fits(Machine& m, Frame& frame, workflow::SchemaPtr const& schema, std::string_view what,
          Json const& value) {
  if (!schema) return true;
  auto const faults = schema->check(value);
  if (faults.empty()) return true;
  std::string const of =
      frame.task == nullptr ? "the workflow" : "task \"" + frame.task->name + "\"";
  Json problem = m.problem(frame, "validation", 400, "Does not fit the schema",
                           "The " + std::string(what) + " of " + of + " does not fit its schema. " +
                               workflow::in_words(faults));
  problem.set("faults", workflow::to_json(faults));
  m.fault(frame, std::move(problem));
  return false;
}

// What the workflow or task gives as its own output needs no more evaluation.
void go_to(Machine& m, Frame& frame, int index, Json output) {
  auto const& list = *frame.list;
  if (index >= static_cast<int>(list.size())) {
    m.push({.frame = frame.id, .trigger = Trigger::list_done, .output = std::move(output)});
    return;
  }
  m.begin_child(frame, list[static_cast<std::size_t>(index)], index, std::move(output));
}

// A replay from a task: in the state the old run had before it.
void begin_in_the_middle(Machine& m, Frame& frame, workflow::TaskList const& list,
                         ReplayPlan const& plan) {
  frame.list = &list;
  m.state.context = plan.context;
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].pointer != plan.from) continue;
    m.begin_child(frame, list[i], static_cast<int>(i), plan.input);
    return;
  }
  m.fault(frame, m.problem(frame, "configuration", 400, "No such task",
                           "The run should begin with " + plan.from +
                               ", which is not in this version's list of tasks."));
}

int find_by_name(workflow::TaskList const& list, std::string_view name) {
  for (std::size_t i = 0; i < list.size(); ++i) {
    if (list[i].name == name) return static_cast<int>(i);
  }
  return -1;
}

}  // namespace

void take_input(Machine& m, Frame& frame) {
  auto const& schema =
      frame.task == nullptr ? m.state.document->input_schema : frame.task->input_schema;
  if (fits(m, frame, schema, "input", frame.raw_input)) m.evaluate(frame, Stage::input);
}

void condition_known(Machine& m, Frame& frame, Input& in) {
  if (holds(in.values.at(0))) {
    take_input(m, frame);
    return;
  }
  m.note("task-skipped", frame.pointer(), Json::object({{"name", frame.task->name}}));
  int const parent = frame.parent;
  m.push({.frame = parent,
          .trigger = Trigger::child_done,
          .child = frame.index,
          .output = std::move(frame.raw_input)});
  m.state.frames.erase(frame.id);
}

void input_known(Machine& m, Frame& frame, Input& in) {
  auto due = timeout_at(m, in.values.at(1));
  if (!due.ok()) {
    m.fault(frame, m.problem(frame, "expression", 400, "Not a duration",
                             "The timeout is no duration: " + due.error().message));
    return;
  }
  frame.input = std::move(in.values[0]);
  frame.stage = Stage::body;
  if (frame.task != nullptr) {
    Json started = Json::object({{"name", frame.task->name}, {"input", frame.input}});
    Frame const& parent = m.state.frames.at(frame.parent);
    if (kind_of(parent) == TaskKind::call) started.set("calledFrom", parent.pointer());
    m.note("task-started", frame.pointer(), std::move(started));
  }
  if (due.value()) m.arm(frame, "timeout", *due.value());
  m.push({.frame = frame.id, .trigger = Trigger::begin});
}

void output_known(Machine& m, Frame& frame, Input& in) {
  frame.output = std::move(in.values.at(0));
  if (!fits(m, frame, frame.task->output_schema, "output", frame.output)) return;
  if (frame.task->export_as.is_null() || m.inside_fork(frame)) {
    m.leave(frame);
    return;
  }
  m.evaluate(frame, Stage::exporting);
}

void export_known(Machine& m, Frame& frame, Input& in) {
  if (!fits(m, frame, frame.task->export_schema, "export", in.values.at(0))) return;
  m.state.context = std::move(in.values.at(0));
  m.leave(frame);
}

void expression_failed(Machine& m, Frame& frame, Input& in) {
  m.fault(frame, expression_problem(in.error, frame.pointer()));
}

void evaluate_anew(Machine& m, Frame& frame, Input&) { m.evaluate_again(frame); }

void timed_out(Machine& m, Frame& frame, Input&) {
  std::string const what =
      frame.task == nullptr ? "The workflow" : "Task \"" + frame.task->name + "\"";
  m.fault(frame, m.problem(frame, "timeout", 408, "Timed out",
                           what + " did not finish in " +
                               format_duration(m.now - frame.started_at) + "."));
}

void pass_on_failure(Machine& m, Frame& frame, Input& in) { m.fault(frame, std::move(in.problem)); }

void next_in_list(Machine& m, Frame& frame, Input& in) {
  if (in.then == "end") {
    m.end_early(std::move(in.output));
  } else if (in.then == "exit") {
    m.push({.frame = frame.id, .trigger = Trigger::list_done, .output = std::move(in.output)});
  } else if (in.then.empty() || in.then == "continue") {
    go_to(m, frame, in.child + 1, std::move(in.output));
  } else if (int const index = find_by_name(*frame.list, in.then); index >= 0) {
    go_to(m, frame, index, std::move(in.output));
  } else {
    m.fault(frame, m.problem(frame, "configuration", 400, "No such task",
                             "`then` names \"" + in.then + "\", which is not in the same list."));
  }
}

void need_arguments(Machine& m, Frame& frame, Input&) { m.evaluate(frame, Stage::arguments); }

void complete_with_list(Machine& m, Frame& frame, Input& in) {
  m.clear(frame, "attempt");
  m.complete(frame, std::move(in.output));
}

void workflow_begin(Machine& m, Frame& frame, Input&) {
  frame.stage = Stage::children;
  auto const* list = m.state.document->tasks.get();
  if (m.state.replay && !m.state.replay->from.empty()) {
    begin_in_the_middle(m, frame, *list, *m.state.replay);
    return;
  }
  m.begin_list(frame, list, frame.input);
}

void workflow_output_known(Machine& m, Frame& frame, Input& in) {
  frame.output = std::move(in.values.at(0));
  if (!fits(m, frame, m.state.document->output_schema, "output", frame.output)) return;
  m.finish_completed(frame);
}

void not_available(Machine& m, Frame& frame, Input&) {
  m.fault(frame, m.problem(frame, "configuration", 501, "Not available",
                           "Tasks of kind `" + std::string(to_string(kind_of(frame))) +
                               "` cannot run in this version of Fairlead."));
}

}  // namespace fairlead::run::tasks
