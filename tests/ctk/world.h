// World: what one scenario plays in: the real engine on a store in memory, with a clock that moves
// when the scenario says so.
//
// Real: validation, engine, jq helpers, HTTP client. Played: time, GitLab's actions, public hosts.
// Workflows are published as the API publishes them. Nothing is shared between two worlds but the
// helpers and the loopback server. Single-threaded.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "action/catalogue.h"
#include "actions.h"
#include "app/action_lookup.h"
#include "expression/evaluator.h"
#include "run/engine.h"
#include "secrets.h"
#include "stub.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"
#include "workflow/parse.h"

namespace fairlead::ctk {

// Times the clock is moved while one step waits; a scenario that needs more does not end.
inline constexpr int moves_max = 20'000;

struct WorldParts {
  testing::VirtualClock& clock;
  expression::Evaluator& evaluator;
  Stub& stub;
  Log& log;
};

// The name under which a scenario's workflow is published.
struct WorkflowName {
  std::string workflow_namespace;
  std::string name;
  std::string version;
};

class World {
 public:
  explicit World(WorldParts parts);
  World(World const&) = delete;
  World& operator=(World const&) = delete;
  ~World();

  // ---- given
  // The scenario's own workflow is the one defined as `subject`. A text with errors is kept: see
  // problems().
  enum class Role { subject, other };
  Result<void> define(std::string text, Role role);
  [[nodiscard]] std::vector<workflow::Problem> const& problems() const { return problems_; }
  [[nodiscard]] bool defined() const { return !subject_.name.empty() || !problems_.empty(); }
  Json input;  // of the next start
  ScriptedActions& actions() { return *actions_; }
  PlayedSecrets& secrets() { return secrets_; }
  Stub& stub() { return parts_.stub; }
  testing::VirtualClock& clock() { return parts_.clock; }

  // ---- when
  // Starts a run of the subject and works until nothing is left to do at this time.
  Result<void> start();
  // Moves the clock from timer to timer until the run has ended or waits for something else.
  Result<void> run_to_the_end();
  Result<void> pass(Milliseconds time);
  Result<void> deliver(Json const& event);
  Result<void> cancel();
  // The process dies and another one goes on with its store.
  Result<void> restart();
  // Works until nothing is left to do now; starts the engine with the first need.
  Result<void> settle();

  // ---- then
  // The newest run of the subject; not_found if there is none.
  Result<store::RunRecord> run();
  Result<std::vector<store::RunRecord>> runs_of(std::string const& name);
  [[nodiscard]] WorkflowName const& subject() const { return subject_; }
  Result<std::vector<store::JournalEntry>> journal(RunId const& run);
  Result<std::vector<store::EventRecord>> events();
  // Everything that was written down, as text: for looking for what must not be there.
  Result<std::string> all_that_is_kept();

 private:
  Result<void> ensure_engine();
  // When a timer or a schedule is due next.
  Result<std::optional<Time>> next_moment();
  Result<void> publish(std::string text, workflow::Document const& document);

  WorldParts parts_;
  testing::SeededRandom random_;
  std::unique_ptr<store::Store> store_;
  std::unique_ptr<action::Catalogue> catalogue_;
  std::unique_ptr<app::CatalogueLookup> lookup_;
  std::unique_ptr<action::ApiProvider> apis_;
  std::unique_ptr<action::Invoker> catalogue_invoker_;
  std::unique_ptr<action::Invoker> real_invoker_;
  std::unique_ptr<ScriptedActions> actions_;
  PlayedSecrets secrets_;
  std::unique_ptr<action::Invoker> invoker_;  // fills in secrets, then asks actions_
  std::unique_ptr<run::WorkflowLibrary> library_;
  std::unique_ptr<run::Engine> engine_;
  std::vector<workflow::Problem> problems_;
  WorkflowName subject_;
};

}  // namespace fairlead::ctk
