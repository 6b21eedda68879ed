#include "run/fakes_test.h"

#include <gtest/gtest.h>

#include "expression/native.h"
#include "run/machine.h"
#include "workflow/parse.h"

namespace fairlead::run::testing_support {
namespace {

Result<Json> compare(expression::Evaluation const& e, char const* member, std::int64_t than) {
  return Json(e.input[member].as_integer() > than);
}

}  // namespace

ScriptedEvaluator::ScriptedEvaluator() {
  add(".n > 2", [](auto const& e) { return compare(e, "n", 2); });
  add(".n > 0", [](auto const& e) { return compare(e, "n", 0); });
  add(".color == \"red\"", [](auto const& e) { return Json(e.input["color"] == Json("red")); });
  add(".color == \"blue\"", [](auto const& e) { return Json(e.input["color"] == Json("blue")); });
  add("$index < 2", [](auto const& e) { return Json(e.variables["index"].as_integer() < 2); });
  add("$error.status == 503",
      [](auto const& e) { return Json(e.variables["error"]["status"].as_integer() == 503); });
  add(".n + 1", [](auto const& e) { return Json(e.input["n"].as_integer() + 1); });
  add(".n + $item", [](auto const& e) {
    return Json(e.input["n"].as_integer() + e.variables["item"].as_integer());
  });
  add("bad(", [](auto const&) { return invalid_input("bad(", "jq: syntax error"); });
  add("$context + { kept: . }", [](auto const& e) {
    Json context = e.variables["context"];
    context.set("kept", e.input);
    return context;
  });
  add("{ raw: $output }", [](auto const& e) {
    return Json::object({{"raw", e.variables["output"]}});
  });
  add("{ seen: $output, was: $task.output }", [](auto const& e) {
    return Json::object({{"seen", e.variables["output"]}, {"was", e.variables["task"]["output"]}});
  });
  add("\"slow\"", [](auto const&) { return Json("slow"); });
  add(".[0]", [](auto const& e) { return e.input.at(0); });
  add("{ issue: . }", [](auto const& e) { return Json::object({{"issue", e.input}}); });
  add("test($pattern)", [](auto const&) { return Json(true); });
}

Result<Json> ScriptedEvaluator::evaluate(expression::Evaluation const& evaluation) {
  auto const found = programs_.find(evaluation.program);
  if (found != programs_.end()) return found->second(evaluation);
  if (auto value = expression::evaluate_native(evaluation)) return *value;
  ADD_FAILURE() << "no script for the program " << evaluation.program;
  return invalid_input(evaluation.program, "no script");
}

FakeActions::FakeActions() {
  using action::Effect;
  auto create = [this](action::Invocation const& call) { return this->create(call); };
  add("create-issue", Effect::creates, create);
  add("trigger-pipeline", Effect::creates, create);
  add("update-issue", Effect::changes, create);
  add("get-issue", Effect::reads,
      [](action::Invocation const& call) { return action::Outcome{.output = call.input}; });
  add("wait-for-pipeline", Effect::reads,
      [this](action::Invocation const& call) -> Result<action::Outcome> {
        auto const polls = call.wait_state["polls"].as_integer() + 1;
        Json output = Json::object({{"id", call.input["pipeline"]}, {"status", "success"}});
        if (polls > polls_until_done) return action::Outcome{.output = std::move(output)};
        return action::Outcome{
            .output = {},
            .wait = action::Wait{.check_after = std::chrono::seconds(15),
                                 .waiting_for = "pipeline " + call.input["pipeline"].dump(),
                                 .state = Json::object({{"polls", polls}})}};
      });
  auto flaky = [this](action::Invocation const& call) -> Result<action::Outcome> {
    if (failures.empty()) return this->create(call);
    Error error = failures.front();
    failures.pop_front();
    return error;
  };
  add("flaky", Effect::creates, flaky);
  add("flaky-read", Effect::reads, flaky);
}

void FakeActions::add(std::string name, action::Effect effect, Behaviour behaviour) {
  Entry entry;
  entry.info.name = name;
  entry.info.version = "1.0.0";
  entry.info.effect = effect;
  entry.behaviour = std::move(behaviour);
  entries_[std::move(name)] = std::move(entry);
}

Result<action::Outcome> FakeActions::create(action::Invocation const& call) {
  auto const seen = created.find(call.marker.id);
  if (call.mode == action::Invocation::Mode::recover && seen != created.end()) {
    return action::Outcome{.output = seen->second, .adopted = true};
  }
  ++effects[call.marker.id];
  Json output = call.input;
  output.set("iid", static_cast<std::int64_t>(created.size() + 1));
  output.set("id", static_cast<std::int64_t>(created.size() + 100));
  created[call.marker.id] = output;
  return action::Outcome{.output = std::move(output)};
}

Result<action::Outcome> FakeActions::invoke(action::Invocation const& call) {
  std::scoped_lock const lock(mutex_);
  if (watch) watch(call);
  using Mode = action::Invocation::Mode;
  bool const recover = call.mode == Mode::recover;
  bool const cancel = call.mode == Mode::cancel;
  log.push_back(call.name + (cancel ? " cancel" : recover ? " recover" : " first"));
  if (cancel && !cancel_failures.empty()) {
    Error error = std::move(cancel_failures.front());
    cancel_failures.pop_front();
    return error;
  }
  if (cancel) return action::Outcome{};
  return entries_.find(call.name)->second.behaviour(call);
}

Result<action::ActionInfo const*> FakeActions::info(std::string_view, std::string_view name,
                                                    std::string_view) const {
  std::scoped_lock const lock(mutex_);
  auto const found = entries_.find(name);
  if (found == entries_.end()) {
    return make_error(ErrorKind::not_found, "There is no action " + std::string(name) + ".");
  }
  return &found->second.info;
}

std::string document_text(std::string_view body, std::string_view name) {
  return "document:\n  dsl: '1.0.3'\n  namespace: tests\n  name: " + std::string(name) +
         "\n  version: '1.0.0'\n" + std::string(body);
}

DocumentPtr document_of(std::string_view body, std::string_view name) {
  auto parsed = workflow::parse(document_text(body, name));
  if (!parsed.ok()) {
    ADD_FAILURE() << describe(parsed.error()) << "\n" << document_text(body, name);
    return nullptr;
  }
  return std::move(parsed).value();
}

Json json(std::string_view text) {
  auto parsed = Json::parse(text);
  if (parsed.ok()) return std::move(parsed).value();
  ADD_FAILURE() << describe(parsed.error()) << " in " << text;
  return {};
}

CoreBench::CoreBench(DocumentPtr document, ScriptedEvaluator& evaluator, FakeActions& actions)
    : now(*parse_time("2026-11-22T12:00:00Z")),
      document_(std::move(document)),
      evaluator_(evaluator),
      actions_(actions),
      state_(new_run(RunId("run-1"), document_)) {
  children = {{"good", {.status = RunStatus::completed, .output = json(R"({"made": 7})")}},
              {"bad",
               {.status = RunStatus::faulted,
                .problem = json(R"({"type": "https://example.com/errors/full", "status": 507,
                            "title": "Full", "detail": "No room.", "instance": "/do/0/x"})")}},
              {"stopped", {.status = RunStatus::cancelled}}};
}

void CoreBench::start(Json input) {
  feed(Started{.workflow_namespace = "tests",
               .name = "test",
               .version = "1.0.0",
               .input = std::move(input),
               .cause = "a test",
               .seed = 7});
}

void CoreBench::feed(What what) {
  Event const event{.at = now, .what = std::move(what)};
  Step step = advance(std::move(state_), event);
  state_ = std::move(step.state);
  auto const last = static_cast<std::int64_t>(journal_.size());
  for (auto& entry : journal_of(event, step, last))
    journal_.push_back(std::move(entry));
  taken_.insert(step.transitions.begin(), step.transitions.end());
  for (Command& command : step.commands) {
    if (auto const* arm = std::get_if<ArmTimer>(&command)) {
      timers_[arm->key] = arm->due_at;
    } else if (auto const* clear = std::get_if<ClearTimer>(&command)) {
      timers_.erase(clear->key);
    } else if (auto const* set = std::get_if<SetListener>(&command)) {
      listeners_[set->listener.key] = set->listener;
    } else if (auto const* gone = std::get_if<ClearListener>(&command)) {
      listeners_.erase(gone->key);
    } else {
      commands_.push_back(std::move(command));
    }
  }
}

void CoreBench::perform(Command const& command) {
  if (auto const* cancel = std::get_if<CancelRun>(&command)) {
    children_cancelled.push_back(cancel->run);
  } else if (auto const* hold = std::get_if<HoldRun>(&command)) {
    children_held.push_back(*hold);
  } else if (auto const* start = std::get_if<StartRun>(&command)) {
    perform_start(*start);
  } else if (auto const* emit = std::get_if<Emit>(&command)) {
    emitted.push_back(emit->event);
    feed(Emitted{.frame = emit->frame, .seq = 1});
  } else if (auto const* call = std::get_if<Call>(&command)) {
    CallReturned answer{.frame = call->frame, .attempt = call->attempt};
    auto info = actions_.info("", call->invocation.name, "");
    if (info.ok()) answer.effect = (*info)->effect;
    auto outcome =
        info.ok() ? actions_.invoke(call->invocation) : Result<action::Outcome>(info.error());
    if (outcome.ok()) {
      answer.output = outcome->output;
      answer.adopted = outcome->adopted;
      answer.wait = outcome->wait;
    } else {
      answer.error = outcome.error();
    }
    if (call->undo != 0) {
      feed(UndoReturned{.undo = call->undo, .attempt = call->attempt, .error = answer.error});
    } else {
      feed(answer);
    }
  } else if (auto const* listen = std::get_if<Listen>(&command)) {
    Scanned answer;
    if (!looks.empty()) {
      answer = std::move(looks.front());
      looks.pop_front();
    }
    answer.frame = listen->frame;
    feed(answer);
  } else if (auto const* evaluate = std::get_if<Evaluate>(&command)) {
    Evaluated answer{.frame = evaluate->frame, .stage = evaluate->stage};
    for (auto const& item : evaluate->items) {
      Result<Json> value = item.source;
      if (item.mode == Item::Mode::program) {
        value = evaluator_.evaluate({item.source.as_string(), item.input, item.variables});
      } else if (item.mode == Item::Mode::text) {
        value = expression::evaluate_strings(evaluator_, item.source, item.input, item.variables);
      }
      if (!value.ok()) {
        answer.error = value.error();
        break;
      }
      answer.values.push_back(*value);
      if (evaluate->until == Evaluate::Until::first_true && holds(*value)) break;
    }
    feed(answer);
  }
}

void CoreBench::perform_start(StartRun const& start) {
  children_started.push_back(start);
  ChildStarted begun{.frame = start.frame, .run = start.child.run, .version = "1.2.0"};
  if (start.child.name == "unknown")
    begun.error = make_error(ErrorKind::not_found, "There is no such workflow.");
  feed(begun);
  auto const found = children.find(start.child.name);
  if (found == children.end()) return;
  ChildEnded over = found->second;
  over.run = start.child.run;
  feed(over);
}

void CoreBench::perform_one() {
  Command const command = std::move(commands_.front());
  commands_.pop_front();
  perform(command);
}

void CoreBench::settle() {
  while (!commands_.empty())
    perform_one();
}

bool CoreBench::fire_next() {
  if (timers_.empty()) return false;
  auto soonest = timers_.begin();
  for (auto each = timers_.begin(); each != timers_.end(); ++each) {
    if (each->second < soonest->second) soonest = each;
  }
  if (soonest->second > now) now = soonest->second;
  std::string const key = soonest->first;
  feed(TimerFired{key});
  settle();
  return true;
}

void CoreBench::run(int timers_max) {
  settle();
  while (!has_ended(state_.status) && timers_max-- > 0 && fire_next()) {
  }
}

std::string CoreBench::story() const {
  std::string text;
  for (auto const& entry : journal_) {
    auto decoded = decode(entry);
    if (!decoded.ok() || decoded->has_value()) continue;
    std::string word = entry.kind;
    if (word.starts_with("task-")) word = word.substr(5);
    if (word == "call-intended")
      word = entry.payload["mode"].as_string() == "recover" ? "looked-up" : "called";
    std::string const name = entry.task.substr(entry.task.rfind('/') + 1);
    text += name.empty() ? word + "\n" : word + " " + name + "\n";
  }
  return text;
}

void CoreBench::expect_replay() const {
  auto folded = replay(new_run(RunId("run-1"), document_), journal_);
  ASSERT_TRUE(folded.ok()) << describe(folded.error());
  EXPECT_EQ(to_json(*folded).dump(), to_json(state_).dump());
}

}  // namespace fairlead::run::testing_support
