// How many calls of a connection failed in the last 24 hours.
//
// Counts by the hour, so that a storm of failures takes no more memory than a quiet day. Of this
// process, since its start; failed refreshes are kept with the row (connection/care.h).
// Thread-safe.
#pragma once

#include <array>
#include <cstdint>
#include <mutex>

#include "base/clock.h"

namespace fairlead::connection {

class FailedCalls {
 public:
  void note(Time now);
  [[nodiscard]] std::int64_t last_day(Time now) const;

 private:
  static constexpr std::size_t hours = 24;
  struct Hour {
    std::int64_t number{-1};  // since the epoch
    std::int64_t count{0};
  };
  mutable std::mutex mutex_;
  std::array<Hour, hours> hours_{};
};

}  // namespace fairlead::connection
