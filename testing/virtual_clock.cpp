#include "testing/virtual_clock.h"

#include "base/assert.h"

namespace fairlead::testing {

VirtualClock::VirtualClock() : VirtualClock(parse_time("2026-11-22T12:00:00Z").value()) {}

VirtualClock::VirtualClock(Time start) : now_(start) {}

Time VirtualClock::now() const {
  std::lock_guard const lock(mutex_);
  return now_;
}

Milliseconds VirtualClock::steady() const {
  std::lock_guard const lock(mutex_);
  return steady_;
}

void VirtualClock::advance(Milliseconds by) {
  FAIRLEAD_ASSERT(by.count() >= 0, "time does not run backwards");
  std::lock_guard const lock(mutex_);
  now_ += by;
  steady_ += by;
}

void VirtualClock::set_now(Time now) {
  std::lock_guard const lock(mutex_);
  now_ = now;
}

}  // namespace fairlead::testing
