// VirtualClock: time that moves only when a test says so.
//
// Wall time and steady time advance together; set_now() moves only the wall, as an administrator or
// NTP does. Thread-safe.
#pragma once

#include <mutex>

#include "base/clock.h"

namespace fairlead::testing {

class VirtualClock final : public Clock {
 public:
  // 2026-11-22T12:00:00.000Z unless said otherwise.
  VirtualClock();
  explicit VirtualClock(Time start);

  [[nodiscard]] Time now() const override;
  [[nodiscard]] Milliseconds steady() const override;
  // By zero or more.
  void advance(Milliseconds by);
  void set_now(Time now);

 private:
  mutable std::mutex mutex_;
  Time now_;
  Milliseconds steady_{1'000};
};

}  // namespace fairlead::testing
