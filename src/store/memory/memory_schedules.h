// Schedules of the memory store. See memory_store.h.
//
// check() and apply() are called by MemoryRuns with the store's mutex held, as part of a commit;
// the rest takes it. Thread-safe.
#pragma once

#include <map>
#include <mutex>
#include <string>
#include <utility>

#include "store/schedules.h"

namespace fairlead::store {

class MemorySchedules final : public ScheduleStore {
 public:
  explicit MemorySchedules(std::mutex& mutex) : mutex_(mutex) {}

  Result<std::vector<ScheduleRecord>> list() override;
  Result<std::optional<ScheduleRecord>> find(std::string_view workflow_namespace,
                                             std::string_view name) override;
  [[nodiscard]] Result<void> check(ScheduleChange const& change) const;
  void apply(ScheduleChange const& change);

 private:
  using Key = std::pair<std::string, std::string>;

  std::mutex& mutex_;
  std::map<Key, ScheduleRecord> rows_;
};

}  // namespace fairlead::store
