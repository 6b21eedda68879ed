// Pause: the only way to wait. Handed in, so that tests wait in no time and a shutdown ends every
// wait.
//
// InterruptiblePause here blocks on a condition variable; testing::VirtualPause advances a
// VirtualClock instead. Keep waits short: what takes longer than a few seconds is a timer of the
// engine, not a blocked thread. Thread-safe.
#pragma once

#include <condition_variable>
#include <mutex>

#include "base/clock.h"

namespace fairlead {

class Pause {
 public:
  virtual ~Pause() = default;
  // Blocks for `duration`. False if it was interrupted: give up what you were waiting for.
  virtual bool wait(Milliseconds duration) = 0;
};

class InterruptiblePause final : public Pause {
 public:
  InterruptiblePause() = default;
  InterruptiblePause(InterruptiblePause const&) = delete;
  InterruptiblePause& operator=(InterruptiblePause const&) = delete;

  bool wait(Milliseconds duration) override;
  // Ends all waits, now and later.
  void interrupt();

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool interrupted_{false};
};

}  // namespace fairlead
