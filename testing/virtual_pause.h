// VirtualPause: waits take no real time; they advance a VirtualClock and are written down.
//
// Tests assert on `waits()`: how often and how long somebody would have waited. Thread-safe.
#pragma once

#include <mutex>
#include <vector>

#include "base/pause.h"
#include "testing/virtual_clock.h"

namespace fairlead::testing {

class VirtualPause final : public Pause {
 public:
  explicit VirtualPause(VirtualClock& clock) : clock_(clock) {}

  bool wait(Milliseconds duration) override {
    std::scoped_lock const lock(mutex_);
    waits_.push_back(duration);
    if (interrupted_) return false;
    clock_.advance(duration);
    return true;
  }
  void interrupt() {
    std::scoped_lock const lock(mutex_);
    interrupted_ = true;
  }
  [[nodiscard]] std::vector<Milliseconds> waits() const {
    std::scoped_lock const lock(mutex_);
    return waits_;
  }

 private:
  VirtualClock& clock_;
  mutable std::mutex mutex_;
  std::vector<Milliseconds> waits_;
  bool interrupted_{false};
};

}  // namespace fairlead::testing
