#include "store/memory/memory_schedules.h"

#include "store/rules.h"

namespace fairlead::store {

Result<std::vector<ScheduleRecord>> MemorySchedules::list() {
  std::lock_guard const lock(mutex_);
  std::vector<ScheduleRecord> all;
  for (auto const& [key, row] : rows_)
    all.push_back(row);
  return all;
}

Result<std::optional<ScheduleRecord>> MemorySchedules::find(std::string_view workflow_namespace,
                                                            std::string_view name) {
  std::lock_guard const lock(mutex_);
  auto const found = rows_.find(Key(workflow_namespace, name));
  if (found == rows_.end()) return std::optional<ScheduleRecord>();
  return std::optional(found->second);
}

Result<void> MemorySchedules::check(ScheduleChange const& change) const {
  auto const found = rows_.find(Key(change.row.workflow_namespace, change.row.workflow_name));
  return check_schedule_change(found == rows_.end() ? nullptr : &found->second, change);
}

void MemorySchedules::apply(ScheduleChange const& change) {
  Key const key(change.row.workflow_namespace, change.row.workflow_name);
  if (change.kind == ScheduleChange::Kind::remove) {
    rows_.erase(key);
    return;
  }
  rows_[key] = change.row;
  rows_[key].generation = change.expected_generation + 1;
}

}  // namespace fairlead::store
