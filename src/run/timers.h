// Timers: fires what is due, from the store's table, in batches.
//
// Knows only when the next one is due; the timers themselves stay in the store until the run's
// answer to them is durable, so none is lost. One thread at a time calls work(); changed() is for
// any thread.
#pragma once

#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "base/metric_text.h"
#include "run/shard.h"
#include "store/store.h"

namespace fairlead::run {

// Fired in one go.
inline constexpr int timers_page = 500;
// Looked again this soon when what is due is still being worked on and may hide what comes next.
inline constexpr Milliseconds timers_recheck = std::chrono::milliseconds(50);

class Timers {
 public:
  using Fire = std::function<void(store::TimerRecord const&, RunReply)>;

  struct Parts {
    store::RunStore& runs;
    Clock const& clock;
    Log& log;
    Fire fire;
    std::function<std::size_t()> room;
    std::function<void()> wake;
  };

  explicit Timers(Parts parts);
  Timers(Timers const&) = delete;
  Timers& operator=(Timers const&) = delete;

  // Fires what is due; false if nothing was. Blocks on the store.
  bool work();
  // A timer was set to `due_at`.
  void changed(Time due_at);
  // When to call work() next.
  [[nodiscard]] Time next() const;
  // From when each was due to when its run was told.
  [[nodiscard]] TimedCounts::Seen lag() const { return lag_.seen(); }

 private:
  using Key = std::pair<RunId, std::string>;
  void look_ahead(Time now);
  void answered(Key const& key, Result<void> const& result);

  Parts parts_;
  mutable std::mutex mutex_;
  Time next_{};          // at the beginning: look at once
  Time set_since_{};     // the soonest of those set since the last look began
  std::set<Key> fired_;  // not answered yet
  TimedCounts lag_;
};

}  // namespace fairlead::run
