// Schedules: when each workflow with `schedule.cron`, `every` or `after` starts next, as rows.
//
// A row changes only as part of RunStore::commit (Commit::schedule), together with the run it
// starts, if any: so no start is lost or done twice, whatever dies in between. Thread-safe; reads
// block on I/O.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"

namespace fairlead::store {

// One for each workflow whose newest published version starts by time.
struct ScheduleRecord {
  std::string workflow_namespace;
  std::string workflow_name;
  std::string version;          // of the workflow that is started
  std::string plan;             // in words: "cron 0 9 * * 1-5 (Europe/Berlin)"
  Time anchor_at{};             // `every` counts from here
  std::optional<Time> next_at;  // nothing: waits for the end of last_run, or never again
  std::optional<Time> last_at;  // when last_run was due
  RunId last_run;               // the newest run it started, "" if none
  Time decided_at{};            // when this row was made: tells a clock that was set back
  std::int64_t skipped{0};      // times that were due and started nothing
  std::optional<Time> skipped_at;
  std::string skipped_why;  // in words, of the newest such time
  std::int64_t generation{0};
};

// What one commit does to a row; conflict if the row's generation is not the expected one.
struct ScheduleChange {
  std::int64_t expected_generation{0};  // 0: there is no row yet
  // The row after the change; the store sets its generation to the expected one plus 1.
  ScheduleRecord row;
  enum class Kind { put, remove } kind{Kind::put};
};

class ScheduleStore {
 public:
  virtual ~ScheduleStore() = default;
  // By namespace and name.
  virtual Result<std::vector<ScheduleRecord>> list() = 0;
  virtual Result<std::optional<ScheduleRecord>> find(std::string_view workflow_namespace,
                                                     std::string_view name) = 0;
};

}  // namespace fairlead::store
