#include "store/wakes.h"

namespace fairlead::store {

void RecentWakes::remember(std::string const& key, Time at) {
  std::lock_guard const lock(mutex_);
  Wake& wake = by_key_[key];
  by_number_.erase(wake.number);
  wake = {.number = ++newest_, .at = at};
  by_number_[wake.number] = key;
  if (by_number_.size() <= recent_wakes_max) return;
  by_key_.erase(by_number_.begin()->second);
  by_number_.erase(by_number_.begin());
}

RecentWakes::Wake RecentWakes::later_than(std::string_view key, std::int64_t seen) const {
  std::lock_guard const lock(mutex_);
  auto const found = by_key_.find(key);
  if (found == by_key_.end() || found->second.number <= seen) return {};
  return found->second;
}

std::int64_t RecentWakes::newest() const {
  std::lock_guard const lock(mutex_);
  return newest_;
}

}  // namespace fairlead::store
