// HistoryKeeper: removes the history of ended runs by age and count.
//
// What a workflow says of itself (document.metadata.retention of its newest published version) goes
// before what the server's settings say (run/retention_settings.h). prune() works in small pieces
// with pauses in between, so that runs under way do not wait for it. run() does it again and again
// on a thread of its own until stop(). Thread-safe.
#pragma once

#include <condition_variable>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "base/log.h"
#include "base/pause.h"
#include "run/library.h"
#include "run/retention_settings.h"
#include "store/history.h"
#include "workflow/policies.h"

namespace fairlead::run {

inline constexpr Milliseconds history_interval = std::chrono::minutes(10);
// Between two pieces.
inline constexpr Milliseconds history_pause{20};
// Pieces of one workflow in one go: the rest is for the next.
inline constexpr int history_pieces_max = 10'000;

struct PrunedWorkflow {
  std::string workflow_namespace;
  std::string name;
  store::HistoryCount count;
};

struct HistoryFigures {
  std::int64_t runs_removed{0};  // since the start of the server
  std::int64_t entries_removed{0};
  std::optional<Time> pruned_at;
};

class HistoryKeeper {
 public:
  struct Parts {
    store::HistoryStore& history;
    WorkflowLibrary& library;
    Clock const& clock;
    Pause& pause;
    Log& log;
    RetentionSettings& defaults;
  };
  enum class Mode { remove, only_count };

  explicit HistoryKeeper(Parts parts) : parts_(std::move(parts)) {}
  HistoryKeeper(HistoryKeeper const&) = delete;
  HistoryKeeper& operator=(HistoryKeeper const&) = delete;
  ~HistoryKeeper() { stop(); }

  // Starts the thread.
  void start();
  // Ends after the piece under way. Idempotent.
  void stop();
  // Workflows without anything to remove are left out. One at a time; blocks.
  Result<std::vector<PrunedWorkflow>> prune(Mode mode);
  [[nodiscard]] HistoryFigures figures() const;

 private:
  store::HistoryRule rule_of(store::HistoryOwner const& owner, workflow::Retention const& defaults);
  Result<store::HistoryCount> remove(store::HistoryRule const& rule);
  void loop();
  [[nodiscard]] bool stopping() const;

  Parts parts_;
  std::mutex pruning_;  // held during a prune: two would only be in each other's way
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  bool stopping_{false};
  HistoryFigures figures_;
  std::thread thread_;
};

}  // namespace fairlead::run
