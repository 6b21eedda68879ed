#include "run/timers.h"

#include <algorithm>

namespace fairlead::run {

Timers::Timers(Parts parts) : parts_(std::move(parts)) {}

Time Timers::next() const {
  std::lock_guard const lock(mutex_);
  return next_;
}

void Timers::changed(Time due_at) {
  {
    std::lock_guard const lock(mutex_);
    set_since_ = std::min(set_since_, due_at);
    if (due_at >= next_) return;
    next_ = due_at;
  }
  parts_.wake();
}

bool Timers::work() {
  Time const now = parts_.clock.now();
  std::size_t const room = parts_.room();
  std::size_t under_way = 0;
  {
    std::lock_guard const lock(mutex_);
    if (now < next_) return false;
    under_way = fired_.size();
    // What is set from here on counts again.
    next_ = now + timers_recheck;
    set_since_ = Time::max();
  }
  if (room == 0) return false;
  auto due = parts_.runs.due_timers(now, timers_page + static_cast<int>(under_way));
  if (!due.ok()) {
    parts_.log.error("timers cannot be read", {{"error", describe(due.error())}});
    return false;
  }
  bool any = false;
  for (auto const& timer : *due) {
    Key key{timer.run, timer.key};
    {
      std::lock_guard const lock(mutex_);
      if (!fired_.insert(key).second) continue;
    }
    any = true;
    lag_.add(now - timer.due_at);
    parts_.fire(timer, [this, key](Result<void> result) { answered(key, result); });
  }
  if (due->size() < timers_page) look_ahead(now);
  return any;
}

void Timers::look_ahead(Time now) {
  auto soonest = parts_.runs.next_timer();
  if (!soonest.ok()) return;
  std::lock_guard const lock(mutex_);
  // Something set meanwhile has moved next_ already.
  if (next_ != now + timers_recheck) return;
  // The store may not have known yet what was set meanwhile, also if it is due after the recheck.
  Time const known = soonest->value_or(Time::max());
  if (known > now) next_ = std::min(known, set_since_);
}

void Timers::answered(Key const& key, Result<void> const& result) {
  {
    std::lock_guard const lock(mutex_);
    // A run that cannot be read is not asked again and again.
    if (!result.ok() && result.error().kind == ErrorKind::corrupt) return;
    fired_.erase(key);
    if (!fired_.empty()) return;
    next_ = std::min(next_, result.ok() ? Time{} : parts_.clock.now() + timers_recheck);
  }
  parts_.wake();
}

}  // namespace fairlead::run
