#include "base/pause.h"

namespace fairlead {

bool InterruptiblePause::wait(Milliseconds duration) {
  std::unique_lock lock(mutex_);
  return !changed_.wait_for(lock, duration, [this] { return interrupted_; });
}

void InterruptiblePause::interrupt() {
  {
    std::scoped_lock const lock(mutex_);
    interrupted_ = true;
  }
  changed_.notify_all();
}

}  // namespace fairlead
