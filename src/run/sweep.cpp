#include "run/sweep.h"

namespace fairlead::run {

void Sweep::work() {
  Time const now = clock_.now();
  if (now < next_) return;
  next_ = now + options_.interval;
  auto events = store_.events().remove_dispatched(now - options_.keep, options_.batch);
  auto partials = store_.subscriptions().remove_partials(now - options_.keep, options_.batch);
  if (!events.ok() || !partials.ok()) {
    log_.warning("old events could not be removed",
                 {{"error", describe(events.ok() ? partials.error() : events.error())}});
    return;
  }
  events_removed_ += static_cast<std::uint64_t>(*events);
  if (*partials > 0) {
    log_.warning("events that waited too long for others are given up", {{"sets", *partials}});
  }
  if (*events >= options_.batch || *partials >= options_.batch) next_ = now;
}

}  // namespace fairlead::run
