#include "workflow/publish_checks.h"

#include <algorithm>
#include <deque>
#include <iterator>

#include "base/text.h"
#include "workflow/match.h"

namespace fairlead::workflow {
namespace {

// ---- walking ----

using Reached = FoundTask::Reached;

class Walk {
 public:
  void list(std::shared_ptr<TaskList const> const& tasks, Reached reached) {
    if (tasks == nullptr) return;
    for (auto const& task : *tasks) {
      one(task, reached);
      // What follows a jump or a choice may be passed by.
      bool const straight = task.then.empty() || task.then == "continue";
      if (!straight || std::holds_alternative<SwitchTask>(task.body)) reached = Reached::maybe;
    }
  }

  void one(Task const& task, Reached reached) {
    if (task.condition) reached = Reached::maybe;
    found.push_back({&task, reached});
    if (auto const* body = std::get_if<DoTask>(&task.body)) list(body->tasks, reached);
    if (auto const* body = std::get_if<ForTask>(&task.body)) list(body->tasks, Reached::maybe);
    if (auto const* body = std::get_if<TryTask>(&task.body)) {
      list(body->tasks, reached);
      list(body->handler, Reached::maybe);
    }
    if (auto const* body = std::get_if<ForkTask>(&task.body)) {
      for (auto const& branch : body->branches)
        one(*branch.task, Reached::maybe);
    }
  }

  std::vector<FoundTask> found;
};

// ---- never reached ----

class Reach {
 public:
  // Whether what follows the list can be reached through it; notes what inside never is.
  bool list(TaskList const& tasks) {
    std::vector<bool> reached(tasks.size(), false);
    std::deque<std::size_t> open;
    bool through = tasks.empty();
    auto go = [&](std::size_t to) {
      if (to >= tasks.size()) {
        through = true;
      } else if (!reached[to]) {
        reached[to] = true;
        open.push_back(to);
      }
    };
    go(0);
    for (; !open.empty(); open.pop_front()) {
      auto const at = open.front();
      auto directed = [&](std::string const& then) {
        auto const named = std::find_if(tasks.begin(), tasks.end(),
                                        [&](Task const& task) { return task.name == then; });
        if (then.empty() || then == "continue") return go(at + 1);
        if (then == "exit") return go(tasks.size());
        if (then != "end" && named != tasks.end())
          go(static_cast<std::size_t>(named - tasks.begin()));
      };
      auto const& task = tasks[at];
      if (task.condition) go(at + 1);
      if (passes(task)) directed(task.then);
      if (auto const* choice = std::get_if<SwitchTask>(&task.body)) {
        for (auto const& one : choice->cases)
          directed(one.then);
      }
      auto const* attempt = std::get_if<TryTask>(&task.body);
      if (attempt != nullptr && !attempt->then.empty()) directed(attempt->then);
    }
    note(tasks, reached);
    return through;
  }

  std::vector<Problem> problems;

 private:
  // Whether the task can end in the ordinary way, so that its `then` holds.
  bool passes(Task const& task) {
    if (std::holds_alternative<RaiseTask>(task.body)) return false;
    if (auto const* choice = std::get_if<SwitchTask>(&task.body))
      return std::all_of(choice->cases.begin(), choice->cases.end(),
                         [](SwitchCase const& one) { return one.when.has_value(); });
    if (auto const* body = std::get_if<DoTask>(&task.body)) return list(*body->tasks);
    if (auto const* body = std::get_if<ForTask>(&task.body)) list(*body->tasks);
    if (auto const* body = std::get_if<ForkTask>(&task.body)) {
      for (auto const& branch : body->branches)
        passes(*branch.task);
    }
    if (auto const* body = std::get_if<TryTask>(&task.body)) {
      bool const good = list(*body->tasks);
      return (body->handler == nullptr || list(*body->handler)) || good;
    }
    return true;
  }

  // Only the first of several in a row: the others follow from it.
  void note(TaskList const& tasks, std::vector<bool> const& reached) {
    for (std::size_t i = 1; i < tasks.size(); ++i) {
      if (reached[i] || !reached[i - 1]) continue;
      problems.push_back({.severity = Problem::Severity::warning,
                          .code = "unreachable",
                          .line = tasks[i].line,
                          .column = 1,
                          .pointer = tasks[i].pointer,
                          .message = "The step '" + tasks[i].name + "' is never reached: '" +
                                     tasks[i - 1].name +
                                     "' before it always goes elsewhere, and nothing leads to it.",
                          .wrong_key = {},
                          .nearest = {}});
    }
  }
};

// ---- our own event ----

bool is_computed(Json const& value) {
  if (value.is_string()) return value.as_string().find("${") != std::string::npos;
  for (auto const& item : value.items())
    if (is_computed(item)) return true;
  for (auto const& [name, member] : value.members())
    if (is_computed(member)) return true;
  return false;
}

// Filters that come here have no expressions.
class NoExpressions final : public expression::Evaluator {
 public:
  Result<Json> evaluate(expression::Evaluation const&) override {
    return make_error(ErrorKind::invalid_input, "Not a literal.");
  }
  Result<void> check(std::string_view, std::vector<std::string> const&) override { return {}; }
};

enum class Passes { no, maybe, surely };

Passes passes(EventFilter const& filter, Json const& event) {
  EventFilter literal;
  literal.with = Json::object();
  bool all = true;
  for (auto const& [name, wanted] : filter.with.members()) {
    if (is_computed(wanted) || is_computed(event[name])) {
      all = false;
    } else {
      literal.with.set(name, wanted);
    }
  }
  NoExpressions none;
  auto const passed = matches(literal, event, none, Json::object());
  if (!passed.ok()) return Passes::maybe;
  if (!*passed) return Passes::no;
  return all ? Passes::surely : Passes::maybe;
}

// What the engine fills in where the author left it out.
Json emitted(Document const& document, EmitTask const& emit) {
  Json event = Json::object(
      {{"source", "/workflows/" + document.workflow_namespace + "/" + document.name + "/runs/0"}});
  for (auto const& [name, value] : emit.event.members())
    event.set(name, value);
  return event;
}

void own_events(Document const& document, std::vector<Problem>& problems) {
  if (!document.schedule) return;
  auto const& schedule = *document.schedule;
  bool const several = schedule.on_mode == Schedule::On::all && schedule.on.size() > 1;
  for (auto const& [task, reached] : all_tasks(document)) {
    auto const* emit = std::get_if<EmitTask>(&task->body);
    if (emit == nullptr) continue;
    auto const event = emitted(document, *emit);
    auto worst = Passes::no;
    for (auto const& filter : schedule.on)
      worst = std::max(worst, passes(filter, event));
    if (worst == Passes::no) continue;
    bool const surely = worst == Passes::surely && reached == Reached::always && !several;
    problems.push_back(
        {.severity = surely ? Problem::Severity::error : Problem::Severity::warning,
         .code = "own-event",
         .line = task->line,
         .column = 1,
         .pointer = task->pointer,
         .message =
             surely ? "The event that '" + task->name +
                          "' emits starts this workflow again, without end. Give it another type, "
                          "or a filter in schedule.on that it does not pass."
                    : "The event that '" + task->name +
                          "' emits may start this workflow again. Make sure that it comes to an "
                          "end, or give the event another type.",
         .wrong_key = {},
         .nearest = {}});
  }
}

}  // namespace

std::vector<FoundTask> all_tasks(Document const& document) {
  Walk walk;
  walk.list(document.tasks, Reached::always);
  for (auto const& [name, task] : document.functions)
    walk.one(*task, Reached::maybe);
  return std::move(walk.found);
}

Json literal_of(Document const& document, Json const& value) {
  if (!is_computed(value)) return value;
  if (!value.is_string()) return {};
  auto const inner = expression::expression_in(value.as_string()).value_or("");
  constexpr std::string_view start = "$context.";
  auto const path = trim(inner);
  if (!path.starts_with(start)) return {};
  auto const parts = split(std::string(path.substr(start.size())), '.');
  if (parts.size() != 2) return {};
  for (auto const& task : *document.tasks) {
    auto const* set = std::get_if<SetTask>(&task.body);
    if (set == nullptr || task.name != parts[0] || task.condition) continue;
    auto const& literal = set->value[parts[1]];
    return is_computed(literal) ? Json() : literal;
  }
  return {};
}

std::vector<Problem> publish_problems(Document const& document) {
  Reach reach;
  reach.list(*document.tasks);
  own_events(document, reach.problems);
  return std::move(reach.problems);
}

void add_problems(Validation& validation, std::vector<Problem> more) {
  auto& all = validation.problems;
  std::move(more.begin(), more.end(), std::back_inserter(all));
  std::stable_sort(all.begin(), all.end(),
                   [](Problem const& a, Problem const& b) { return a.line < b.line; });
  if (has_error(all)) validation.document = nullptr;
}

Validation validate_to_publish(std::string_view text, ActionLookup const& actions,
                               expression::Evaluator* evaluator, Force force) {
  auto validation = validate(text, actions, evaluator);
  if (!validation.ok()) return validation;
  auto found = publish_problems(*validation.document);
  for (auto& problem : found) {
    if (force == Force::yes) problem.severity = Problem::Severity::warning;
  }
  add_problems(validation, std::move(found));
  return validation;
}

}  // namespace fairlead::workflow
