// HistoryStore: tells how a workflow's runs ended; removes what they leave, by age and by count.
//
// A rule names one workflow. What it lets go is always the oldest part of that workflow's ended
// runs; runs that have not ended are never touched. remove() takes a bounded piece and is called
// again until nothing is left, so that the writer is free for others in between. A run goes whole:
// row, journal and timers in one commit. Thread-safe; blocks.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"

namespace fairlead::store {

// An ended run is let go if one of the two says so; with neither, none is.
struct HistoryRule {
  std::string workflow_namespace;
  std::string workflow_name;
  std::optional<Time> ended_before;
  std::optional<std::int64_t> keep_newest;  // of the ended ones
};

struct HistoryCount {
  std::int64_t runs{0};
  std::int64_t entries{0};  // of their journals
};

// One remove() takes at least one run, and stops at whichever bound it reaches first.
struct HistoryPiece {
  int runs_max{50};
  std::int64_t entries_max{2'000};
};

struct HistoryOwner {
  std::string workflow_namespace;
  std::string workflow_name;
};

// How a run of a workflow ended.
struct RunOutcome {
  RunId run;
  std::string status;
  Time started_at{};
  Time ended_at{};
};

// What a list of workflows tells of each besides its text.
struct WorkflowTrace {
  std::optional<Time> written_at;      // when any of its versions was saved or published last
  std::optional<RunOutcome> last_end;  // of the run that ended last
};

class HistoryStore {
 public:
  virtual ~HistoryStore() = default;
  // One for each of `workflows`, in their order; each is looked up by index, whatever runs there
  // are. As many as a page of a list has.
  virtual Result<std::vector<WorkflowTrace>> traces(std::vector<HistoryOwner> const& workflows) = 0;
  // Workflows that have ended runs, by namespace and name.
  virtual Result<std::vector<HistoryOwner>> owners() = 0;
  // What the rule lets go: ended runs without timers (one that has a timer still cancels something
  // outside).
  virtual Result<HistoryCount> count(HistoryRule const& rule) = 0;
  // Oldest first; what was removed. No runs: nothing was left.
  virtual Result<HistoryCount> remove(HistoryRule const& rule, HistoryPiece const& piece) = 0;
};

}  // namespace fairlead::store
