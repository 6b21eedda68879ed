// Sweep: forgets what the inbox need not keep: dispatched events and partial matches of a certain
// age.
//
// In batches, so that no run waits long for its commit; looks again at once while there is more.
// One thread calls work(); it blocks on the store.
#pragma once

#include "base/clock.h"
#include "base/log.h"
#include "store/subscriptions.h"

namespace fairlead::run {

struct SweepOptions {
  // How long a listen can look back, a sender's repetition is noticed, and a workflow waits for
  // the rest of several events.
  Milliseconds keep{std::chrono::hours(24)};
  Milliseconds interval{std::chrono::minutes(1)};
  int batch{1'000};
};

class Sweep {
 public:
  Sweep(store::Store& store, Clock const& clock, Log& log, SweepOptions options)
      : store_(store), clock_(clock), log_(log), options_(options) {}

  void work();
  [[nodiscard]] std::uint64_t events_removed() const { return events_removed_; }

 private:
  store::Store& store_;
  Clock const& clock_;
  Log& log_;
  SweepOptions options_;
  Time next_{};
  std::uint64_t events_removed_{0};
};

}  // namespace fairlead::run
