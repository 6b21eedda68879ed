// Lifecycle events: what a run's journal says, as the CloudEvents of the standard.
//
// lifecycle_events() derives them for readers. Lifecycle puts those of a whole run into the inbox,
// in the commit that makes them true, if a published workflow or a listening run wants their type:
// so a failed run can start another one. A run of a workflow that itself starts with lifecycle
// events, and a run inside another one, put none there: no workflow can keep itself running.
// Thread-safe. Source: Open Workflow DSL 1.0.3, "Lifecycle Events". Not made: task.created,
// task.resumed, correlation-started, correlation-completed and status-changed, which say nothing
// that the others do not.
#pragma once

#include <mutex>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "run/library.h"
#include "run/listening.h"
#include "store/records.h"

namespace fairlead::run {

inline constexpr std::string_view lifecycle_prefix = "io.serverlessworkflow.";

// In CloudEvents' JSON format. The id is the run's and the entry's, so it is the same each time.
std::vector<Json> lifecycle_events(store::RunRecord const& run, store::JournalEntry const& entry);

class Lifecycle {
 public:
  explicit Lifecycle(Listening const& listening) : listening_(listening) {}
  Lifecycle(Lifecycle const&) = delete;
  Lifecycle& operator=(Lifecycle const&) = delete;

  // The newest published ones.
  void workflows_are(std::vector<DocumentPtr> const& workflows);
  // For the inbox, of those entries.
  [[nodiscard]] std::vector<store::EventRecord> wanted(
      workflow::Document const& document, store::RunRecord const& run,
      std::span<store::JournalEntry const> entries) const;

 private:
  [[nodiscard]] bool is_wanted(std::string const& type) const;

  Listening const& listening_;
  mutable std::mutex mutex_;
  std::vector<workflow::Document const*> seen_;  // of the last workflows_are()
  std::set<std::string> types_;
};

}  // namespace fairlead::run
