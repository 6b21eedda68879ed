#include "connection/failed_calls.h"

#include <algorithm>

namespace fairlead::connection {
namespace {

std::int64_t hour_of(Time now) {
  return std::chrono::duration_cast<std::chrono::hours>(now.time_since_epoch()).count();
}

}  // namespace

void FailedCalls::note(Time now) {
  std::int64_t const number = std::max<std::int64_t>(hour_of(now), 0);
  std::lock_guard const lock(mutex_);
  Hour& hour = hours_[static_cast<std::size_t>(number) % hours];
  if (hour.number != number) hour = {.number = number, .count = 0};
  ++hour.count;
}

std::int64_t FailedCalls::last_day(Time now) const {
  std::int64_t const number = hour_of(now);
  std::int64_t total = 0;
  std::lock_guard const lock(mutex_);
  for (Hour const& hour : hours_) {
    bool const recent = hour.number > number - static_cast<std::int64_t>(hours);
    if (hour.number >= 0 && recent && hour.number <= number) total += hour.count;
  }
  return total;
}

}  // namespace fairlead::connection
