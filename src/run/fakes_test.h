// Fakes for the tests of run/: an evaluator with a script, actions that keep their effects, a bench
// for the pure core.
//
// Test code only. Unknown expressions and actions fail the test. Single-threaded but for
// FakeActions.
#pragma once

#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

#include "action/catalogue.h"
#include "expression/evaluator.h"
#include "run/advance.h"
#include "run/library.h"
#include "run/workers.h"

namespace fairlead::run::testing_support {

// Simple programs natively; the rest from a table of functions.
class ScriptedEvaluator final : public expression::Evaluator {
 public:
  using Program = std::function<Result<Json>(expression::Evaluation const&)>;

  ScriptedEvaluator();
  void add(std::string program, Program meaning) {
    programs_[std::move(program)] = std::move(meaning);
  }
  Result<Json> evaluate(expression::Evaluation const& evaluation) override;
  Result<void> check(std::string_view, std::vector<std::string> const&) override { return {}; }

 private:
  std::map<std::string, Program, std::less<>> programs_;
};

// Actions with effects that are counted by marker, as a GitLab with markers in descriptions would
// keep them.
class FakeActions final : public action::Invoker {
 public:
  using Behaviour = std::function<Result<action::Outcome>(action::Invocation const&)>;

  FakeActions();
  void add(std::string name, action::Effect effect, Behaviour behaviour);
  Result<action::Outcome> invoke(action::Invocation const& invocation) override;
  Result<action::ActionInfo const*> info(std::string_view catalog, std::string_view name,
                                         std::string_view version) const override;
  // Takes effect unless the marker was seen in `recover` mode; counts.
  Result<action::Outcome> create(action::Invocation const& invocation);

  // Called before each invocation.
  std::function<void(action::Invocation const&)> watch;
  std::map<std::string, int> effects;   // marker -> times it took effect
  std::map<std::string, Json> created;  // marker -> output
  std::vector<std::string> log;         // "create-issue first", "wait recover"
  int polls_until_done{2};              // of wait-for-pipeline
  std::deque<Error> failures;           // of `flaky`, then it succeeds
  std::deque<Error> cancel_failures;    // of every cancel, then they succeed

 private:
  struct Entry {
    action::ActionInfo info;
    Behaviour behaviour;
  };
  mutable std::recursive_mutex mutex_;  // `watch` may use the engine
  std::map<std::string, Entry, std::less<>> entries_;
};

// `body` is the text below `document`: do, input, output, schedule.
DocumentPtr document_of(std::string_view body, std::string_view name = "test");
std::string document_text(std::string_view body, std::string_view name = "test");
// A parsed JSON text; fails the test if it is none.
Json json(std::string_view text);

// Drives the pure core by hand: no threads, no store.
class CoreBench {
 public:
  CoreBench(DocumentPtr document, ScriptedEvaluator& evaluator, FakeActions& actions);

  void start(Json input);
  void feed(What what);
  // Answers evaluations, calls and emits until none is left.
  void settle();
  // Answers the oldest command.
  void perform_one();
  // As a crash does.
  void lose_commands() { commands_.clear(); }
  // Moves to the next timer and fires it, with what follows; false if none is armed.
  bool fire_next();
  // settle() and fire_next() until the run has ended; at most `timers_max` timers.
  void run(int timers_max = 200);
  // The notes so far: "started a", "intended a", "completed a", one a line.
  [[nodiscard]] std::string story() const;
  [[nodiscard]] std::vector<store::JournalEntry> const& journal() const { return journal_; }
  [[nodiscard]] RunState const& state() const { return state_; }
  [[nodiscard]] std::set<int> const& taken() const { return taken_; }
  [[nodiscard]] std::map<std::string, Time> const& timers() const { return timers_; }
  // Durable listeners, by key.
  [[nodiscard]] std::map<std::string, store::ListenerRecord> const& listeners() const {
    return listeners_;
  }
  [[nodiscard]] std::deque<Command> const& commands() const { return commands_; }
  // Folding the journal gives the live state.
  void expect_replay() const;

  Time now;
  std::vector<Json> emitted;
  std::deque<Scanned> looks;  // what looks at past events give, one after the other; then nothing
  // What the children of `run` tasks come to, by name; without it they go on for ever.
  std::map<std::string, ChildEnded> children;
  std::vector<StartRun> children_started;
  std::vector<RunId> children_cancelled;
  std::vector<HoldRun> children_held;

 private:
  void perform(Command const& command);
  void perform_start(StartRun const& start);

  DocumentPtr document_;
  ScriptedEvaluator& evaluator_;
  FakeActions& actions_;
  RunState state_;
  std::vector<store::JournalEntry> journal_;
  std::deque<Command> commands_;
  std::map<std::string, Time> timers_;
  std::map<std::string, store::ListenerRecord> listeners_;
  std::set<int> taken_;
};

}  // namespace fairlead::run::testing_support
