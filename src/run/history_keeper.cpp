#include "run/history_keeper.h"

#include <utility>

namespace fairlead::run {

void HistoryKeeper::start() {
  thread_ = std::thread([this] { loop(); });
}

void HistoryKeeper::stop() {
  {
    std::lock_guard const lock(mutex_);
    stopping_ = true;
  }
  changed_.notify_all();
  if (thread_.joinable()) thread_.join();
}

bool HistoryKeeper::stopping() const {
  std::lock_guard const lock(mutex_);
  return stopping_;
}

void HistoryKeeper::loop() {
  while (!stopping()) {
    auto pruned = prune(Mode::remove);
    if (!pruned.ok()) {
      parts_.log.error("old history was not removed", {{"error", describe(pruned.error())}});
    }
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, history_interval, [&] { return stopping_; });
  }
}

store::HistoryRule HistoryKeeper::rule_of(store::HistoryOwner const& owner,
                                          workflow::Retention const& defaults) {
  workflow::Retention said;
  auto document = parts_.library.get(
      {.workflow_namespace = owner.workflow_namespace, .name = owner.workflow_name, .version = {}});
  if (document.ok()) said = workflow::retention_of(**document);
  if (!said.age) said.age = defaults.age;
  if (!said.count) said.count = defaults.count;
  store::HistoryRule rule{.workflow_namespace = owner.workflow_namespace,
                          .workflow_name = owner.workflow_name,
                          .ended_before = std::nullopt,
                          .keep_newest = std::nullopt};
  if (said.age && said.age->most) rule.ended_before = parts_.clock.now() - *said.age->most;
  if (said.count) rule.keep_newest = said.count->most;
  return rule;
}

Result<store::HistoryCount> HistoryKeeper::remove(store::HistoryRule const& rule) {
  store::HistoryCount removed;
  for (int piece = 0; piece < history_pieces_max && !stopping(); ++piece) {
    FAIRLEAD_TRY(auto const count, parts_.history.remove(rule, {}));
    if (count.runs == 0) break;
    removed.runs += count.runs;
    removed.entries += count.entries;
    {
      std::lock_guard const lock(mutex_);
      figures_.runs_removed += count.runs;
      figures_.entries_removed += count.entries;
    }
    if (!parts_.pause.wait(history_pause)) break;
  }
  return removed;
}

Result<std::vector<PrunedWorkflow>> HistoryKeeper::prune(Mode mode) {
  std::lock_guard const one_at_a_time(pruning_);
  FAIRLEAD_TRY(auto const defaults, parts_.defaults.current());
  FAIRLEAD_TRY(auto const owners, parts_.history.owners());
  std::vector<PrunedWorkflow> pruned;
  for (auto const& owner : owners) {
    auto const rule = rule_of(owner, defaults);
    if (!rule.ended_before && !rule.keep_newest) continue;
    // Counted on a reader: the writer is not asked for what there is not.
    FAIRLEAD_TRY(auto count, parts_.history.count(rule));
    if (count.runs == 0) continue;
    if (mode == Mode::remove) {
      FAIRLEAD_TRY(count, remove(rule));
      parts_.log.info("history removed",
                      {{"workflow", owner.workflow_namespace + "/" + owner.workflow_name},
                       {"runs", count.runs},
                       {"entries", count.entries}});
    }
    pruned.push_back({.workflow_namespace = owner.workflow_namespace,
                      .name = owner.workflow_name,
                      .count = count});
  }
  std::lock_guard const lock(mutex_);
  if (mode == Mode::remove) figures_.pruned_at = parts_.clock.now();
  return pruned;
}

HistoryFigures HistoryKeeper::figures() const {
  std::lock_guard const lock(mutex_);
  return figures_;
}

}  // namespace fairlead::run
