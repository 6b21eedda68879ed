#include "api/workflow_dry_run.h"

#include <algorithm>
#include <set>

#include "api/known_values.h"
#include "base/text.h"

namespace fairlead::api {
namespace {

using workflow::Task;
using workflow::TaskList;

// How a list of tasks ends: goes on behind it, ends the run, or an error leaves it.
enum class End { on, over, error };
// Whether what is shown surely happens.
enum class Sure { yes, no };

class Walk {
 public:
  Walk(WorkflowDryRunParts const& parts, KnownValues known)
      : parts_(parts), known_(std::move(known)) {}

  End list(TaskList const& tasks, Sure sure) {
    std::set<std::size_t> seen;
    bool all_ways = false;  // a choice only the run makes: what follows is shown one after another
    for (std::size_t at = 0; at < tasks.size() && !full();) {
      auto const& task = tasks[at];
      if (!seen.insert(at).second) {
        note(task, "goes round again from here, as often as the run decides");
        return End::on;
      }
      std::optional<bool> holds = true;
      if (task.condition) holds = known_.holds(task.condition->jq);
      if (holds && !*holds) {
        note(task, "skipped: " + task.condition->jq + " does not hold");
        ++at;
        continue;
      }
      bool const maybe = !holds || all_ways;
      auto const before = known_.context;
      then_ = task.then;
      undecided_ = false;
      auto const end = one(task, maybe ? Sure::no : sure);
      all_ways = all_ways || undecided_;
      undecided_ = false;
      if (maybe || all_ways) {
        // It may be passed by: what it gives and where it leads is not known.
        may_have_run(before, task);
        sure = Sure::no;
        ++at;
        continue;
      }
      if (end != End::on) return end;
      if (then_ == "end") return End::over;
      if (then_ == "exit") return End::on;
      at = next(tasks, at);
    }
    return End::on;
  }

  Json steps = Json::array();

 private:
  [[nodiscard]] bool full() const { return steps.items().size() >= dry_steps_max; }

  [[nodiscard]] std::size_t next(TaskList const& tasks, std::size_t at) const {
    for (std::size_t i = 0; i < tasks.size() && then_ != "continue"; ++i)
      if (tasks[i].name == then_) return i;
    return at + 1;
  }

  // What the task adds to the context may not be there, and what it gives.
  void may_have_run(Json const& before, Task const& task) {
    known_.input = gap(task.name);
    Json const now = known_.context;
    if (!now.is_object()) return;
    for (auto const& [name, value] : now.members())
      if (before[name].dump() != value.dump()) known_.context.set(name, gap(task.name));
  }

  Json& add(Task const& task, std::string note_text) {
    Json step = Json::object({{"task", task.pointer}, {"title", task.name}});
    if (!note_text.empty()) step.set("note", std::move(note_text));
    steps.push_back(std::move(step));
    return steps.make_array().back();
  }
  void note(Task const& task, std::string text) {
    if (!full()) add(task, std::move(text));
  }
  std::string said(Task const& task, Sure sure, std::string text) {
    if (sure == Sure::yes) return text;
    std::string const maybe =
        task.condition ? "only if " + task.condition->jq : "perhaps: the run decides";
    return text.empty() ? maybe : maybe + "; " + text;
  }

  End one(Task const& task, Sure sure) {
    if (full()) return End::on;
    if (!task.input_from.is_null())
      known_.input = known_.transformed(task.input_from, known_.input, task.name);
    Json const given = known_.input;
    known_.task_input = given;
    auto const end = std::visit([&](auto const& body) { return run(task, body, sure); }, task.body);
    known_.task_input = given;
    if (end != End::on) return end;
    known_.input = known_.transformed(task.output_as, known_.input, task.name);
    if (!task.export_as.is_null())
      known_.context = known_.transformed(task.export_as, known_.input, task.name);
    return End::on;
  }

  End run(Task const& task, workflow::CallTask const& call, Sure sure) {
    bool const action = call.kind == workflow::CallTask::Kind::action;
    auto& step = add(task, said(task, sure, ""));
    step.set("call", call.function);
    Json const input = known_.with_gaps_written(call.with);
    step.set("input", input);
    if (action) plan(step, call, input);
    known_.input = gap(task.name);
    return End::on;
  }

  void plan(Json& step, workflow::CallTask const& call, Json const& input) {
    if (auto const why = parts_.actions.warning(call)) {
      step.set("allowed", false);
      step.set("reason", *why);
    } else {
      step.set("allowed", true);
    }
    auto const found = parts_.catalogue.find(call.catalog, call.name, call.version);
    if (!found.ok()) return;
    // Names are not resolved: that would ask GitLab.
    auto const planned = action::dry_run(**found, nullptr, input);
    auto const known = known_.value(call.with);
    if (planned.ok()) {
      Json requests = Json::array();
      for (auto const& request : planned->requests)
        requests.push_back(to_json(request));
      step.set("request", Json::object({{"input", input}, {"requests", std::move(requests)}}));
    } else if (!known.ok() || *known) {
      step.set("problem", (known.ok() ? planned.error() : known.error()).message);
    }
    if (known.ok() && !*known)
      step.set("expression", "what stands as ${ ... } is known when the run gets there");
  }

  End run(Task const& task, workflow::SetTask const& set, Sure sure) {
    auto const known = known_.value(set.value);
    Json const shown = known_.with_gaps_written(set.value);
    auto& step = add(task, said(task, sure, known.ok() ? "" : "fails: " + known.error().message));
    step.set("output", shown);
    if (known.ok() && *known) {
      known_.input = std::move(**known);
    } else {
      known_.input = known_.transformed(set.value, known_.input, task.name);
    }
    return known.ok() ? End::on : End::error;
  }

  End run(Task const&, workflow::DoTask const& body, Sure sure) {
    return inside([&] { return list(*body.tasks, sure); });
  }

  // `then` of the task around is its own again afterwards.
  template <class F>
  End inside(F const& walk) {
    auto const then = then_;
    auto const end = walk();
    then_ = then;
    return end;
  }

  End run(Task const& task, workflow::SwitchTask const& choice, Sure sure) {
    for (auto const& each : choice.cases) {
      auto const holds = each.when ? known_.holds(each.when->jq) : true;
      if (!holds) {
        note(task, said(task, sure,
                        "the run chooses: " + each.when->jq +
                            " is not known yet; each way is "
                            "shown"));
        then_ = "continue";
        undecided_ = true;
        return End::on;
      }
      if (!*holds) continue;
      note(task, said(task, sure, "goes on as '" + each.name + "' says: " + each.then));
      then_ = each.then.empty() ? "continue" : each.then;
      return End::on;
    }
    note(task, said(task, sure, "no case holds"));
    return End::on;
  }

  End run(Task const& task, workflow::ForTask const& loop, Sure sure) {
    auto const items = known_.value(loop.in);
    bool const known = items.ok() && *items && (*items)->is_array();
    auto const count = known ? (*items)->items().size() : 1;
    note(task, said(task, sure, known ? plural(count) : "once for each item the run finds"));
    auto end = End::on;
    for (std::size_t i = 0; i < std::min(count, dry_rounds_max) && end == End::on; ++i) {
      known_.variables.set(loop.each, known ? (*items)->items()[i] : gap(loop.each));
      known_.variables.set(loop.at, known ? Json(static_cast<std::int64_t>(i)) : gap(loop.at));
      end = inside([&] { return list(*loop.tasks, known && !loop.while_ ? sure : Sure::no); });
    }
    if (!known) known_.input = gap(task.name);
    return known ? end : End::on;
  }

  static std::string plural(std::size_t count) {
    auto text = std::to_string(count) + (count == 1 ? " round" : " rounds");
    return count > dry_rounds_max
               ? text + "; the first " + std::to_string(dry_rounds_max) + " are shown"
               : text;
  }

  End run(Task const& task, workflow::TryTask const& attempt, Sure sure) {
    auto const end = inside([&] { return list(*attempt.tasks, sure); });
    if (attempt.handler == nullptr || full()) return end == End::error ? End::on : end;
    auto const after = known_;
    note(task, end == End::error ? "then what catches the error:" : "if a step of it fails:");
    known_.variables.set(attempt.as, gap(attempt.as));
    auto const handled =
        inside([&] { return list(*attempt.handler, end == End::error ? sure : Sure::no); });
    if (end == End::error) return handled;
    known_ = after;
    return end;
  }

  End run(Task const& task, workflow::ForkTask const& fork, Sure sure) {
    note(task, said(task, sure, "side by side:"));
    auto const before = known_;
    for (auto const& branch : fork.branches) {
      known_ = before;
      inside([&] { return one(*branch.task, sure); });
    }
    known_ = before;
    known_.input = gap(task.name);
    return End::on;
  }

  End run(Task const& task, workflow::RaiseTask const& raise, Sure sure) {
    auto& step = add(task, said(task, sure, "raises an error"));
    step.set("output", known_.with_gaps_written(raise.error));
    return End::error;
  }

  End run(Task const& task, workflow::EmitTask const& emit, Sure sure) {
    auto& step = add(task, said(task, sure, "emits an event"));
    step.set("output", known_.with_gaps_written(emit.event));
    known_.input = gap(task.name);
    return End::on;
  }

  End run(Task const& task, workflow::WaitTask const& wait, Sure sure) {
    auto const* literal = std::get_if<Milliseconds>(&wait.duration);
    note(task, said(task, sure,
                    literal != nullptr ? "waits " + format_duration(*literal)
                                       : "waits as long as the run finds out"));
    return End::on;
  }

  End run(Task const& task, workflow::ListenTask const&, Sure sure) {
    note(task, said(task, sure, "waits for events"));
    known_.input = gap(task.name);
    return End::on;
  }

  End run(Task const& task, workflow::RunWorkflowTask const& child, Sure sure) {
    auto& step = add(
        task, said(task, sure, "runs the workflow " + child.workflow_namespace + "/" + child.name));
    step.set("input", known_.with_gaps_written(child.input));
    known_.input = gap(task.name);
    return End::on;
  }

  WorkflowDryRunParts const& parts_;
  KnownValues known_;
  std::string then_;  // where the task that was just walked leads
  bool undecided_{false};
};

Result<net::ServerResponse> dry_run(WorkflowDryRunParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"source", "input"}));
  FAIRLEAD_TRY(auto const source, text_of(body, "source"));
  auto const validation = workflow::validate(source, parts.actions, &parts.evaluator);
  if (!validation.ok()) return workflow::to_error(validation.problems);
  auto const& document = *validation.document;
  KnownValues known(parts.evaluator, body["input"].is_null() ? Json::object() : body["input"]);
  known.input = known.transformed(document.input_from, known.input, "input");
  Walk walk(parts, std::move(known));
  walk.list(*document.tasks, Sure::yes);
  bool const more = walk.steps.items().size() >= dry_steps_max;
  return net::json_response(200, Json::object({{"steps", std::move(walk.steps)}, {"more", more}}));
}

}  // namespace

std::vector<Endpoint> workflow_dry_run_endpoints(WorkflowDryRunParts parts) {
  return {{net::Method::post, "/api/v1/workflows/dry-run", access::Role::operator_,
           "What a workflow would do with an input",
           [parts](Call const& call) { return dry_run(parts, call); }}};
}

}  // namespace fairlead::api
