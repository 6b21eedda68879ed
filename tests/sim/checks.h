// Checks: what must hold at every crash and at the end, read from the store and from GitLab.
//
// Nothing here asks the engine: what counts is what is durable and what the outside has. One
// thread.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "run/state.h"
#include "store/store.h"
#include "tests/sim/setting.h"
#include "tests/sim/sim_gitlab.h"
#include "tests/sim/sim_store.h"
#include "tests/sim/workload.h"

namespace fairlead::sim {

class Checks {
 public:
  struct Parts {
    Setting& setting;
    store::Store& kept;
    SimStore& store;
    SimGitlab& gitlab;
    std::vector<Workflow> const& workflows;
  };
  explicit Checks(Parts parts) : parts_(parts) {}

  // An event whose sender was told that it is accepted.
  void accepted(std::string const& id, std::string const& type);
  // A person who was told that their decision counts.
  void decided(std::string const& approval, std::string const& person);
  // The state that a commit on its way makes durable.
  void watch(run::RunState const& state, std::int64_t seq);

  // At a crash, and at any other moment without a process: journals fold to what was in memory,
  // armed timers are rows, each effect at GitLab has its intent in a journal and is there once.
  void when_down();
  // When the world is calm and all is settled: besides, nothing accepted is lost or done twice,
  // every answer has its effect, and every run has ended or waits for something with a name.
  void at_the_end();
  // Runs that have not ended.
  std::vector<store::RunRecord> open_runs();
  [[nodiscard]] std::size_t runs() const { return checked_.size(); }

 private:
  void check_runs();
  void check_run(store::RunRecord const& row);
  void check_row(store::RunRecord const& row, run::RunState const& state);
  void check_timers(store::RunRecord const& row, run::RunState const& state);
  void read_intents(store::RunRecord const& row, std::vector<store::JournalEntry> const& journal);
  void read_cancels(store::RunRecord const& row, std::vector<store::JournalEntry> const& journal);
  void read_unheard(store::RunRecord const& row, std::vector<store::JournalEntry> const& journal);
  void check_effects();
  void check_answers(std::map<std::string, int> const& effects);
  void check_events();
  void check_cancels();
  void check_open();
  void check_timers_left();
  void check_children(store::RunRecord const& row, std::vector<store::JournalEntry> const& journal);
  void check_verdicts(store::RunRecord const& row, std::vector<store::JournalEntry> const& journal);
  void check_families();
  void check_approvals();
  void check_starts_by_time();
  Result<std::shared_ptr<workflow::Document const>> document_of(store::RunRecord const& row);
  std::string name(store::RunRecord const& row) { return parts_.store.name_of(row.id); }

  Parts parts_;
  std::map<std::string, std::string> accepted_;           // id -> type
  std::map<std::string, std::set<std::string>> decided_;  // approval -> people
  std::map<RunId, RunId> intended_children_;              // child -> parent
  struct Cancel {
    std::string place;         // for people
    std::int64_t pipeline{0};  // what GitLab should have been asked to cancel
    bool parked{false};        // a reason why it was not is recorded
  };
  std::map<std::pair<RunId, std::int64_t>, Cancel> cancels_;  // by run and number
  // Marker -> place: the run was given up before it heard what this one's request did.
  std::map<std::string, std::string> unheard_;
  std::map<RunId, std::map<std::int64_t, run::RunState>> watched_;
  std::map<RunId, std::int64_t> checked_;                              // up to this seq
  std::map<RunId, std::map<std::string, store::TimerRecord>> timers_;  // as of the store
  std::map<std::string, std::string> intents_;                         // marker -> run and task
  std::map<std::string, std::string> answered_;                        // marker -> run and task
  std::map<std::string, std::shared_ptr<workflow::Document const>> documents_;
};

}  // namespace fairlead::sim
