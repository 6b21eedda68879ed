// Wakes: making the timers that wait for something due the moment it happens.
//
// A timer may carry a wake key ("gitlab:<connection>:project:12:pipeline:345", "approval:<id>").
// wake() makes all timers with that key due now, durably. What is looked at before its timer is
// committed must not miss a wake in between: a timer says which wakes had come before the look
// (TimerRecord::wakes_seen), and a later one of its key makes it due in the same commit that sets
// it. Recent wakes are remembered in memory only: after a restart every look is repeated anyway.
// Thread-safe; part of store.h's Store.
#pragma once

#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/result.h"

namespace fairlead::store {

struct WakeKeysAsk {
  std::string prefix;  // "": all
  std::string after;   // keys greater than this one
  int limit{500};
};

struct WakeWait {
  std::string key;
  RunId run;
  friend auto operator<=>(WakeWait const&, WakeWait const&) = default;
};

class WakeStore {
 public:
  virtual ~WakeStore() = default;
  // Durable when it returns; says how many timers it made due. Again is harmless.
  virtual Result<std::int64_t> wake(std::string const& key, Time now) = 0;
  // The distinct keys that timers wait for, in order.
  virtual Result<std::vector<std::string>> keys(WakeKeysAsk const& ask) = 0;
  // Which runs wait for what: by key, then by run.
  virtual Result<std::vector<WakeWait>> waits(WakeKeysAsk const& ask) = 0;
  // The number of the newest wake: what to say as TimerRecord::wakes_seen before looking. Never
  // blocks on I/O.
  [[nodiscard]] virtual std::int64_t newest() const = 0;
};

// Beyond this many keys the oldest wakes are forgotten: a look that takes longer than 10,000 other
// wakes falls back on its timer.
inline constexpr std::size_t recent_wakes_max = 10'000;

// The memory of both stores.
class RecentWakes {
 public:
  struct Wake {
    std::int64_t number{0};
    Time at{};
  };

  void remember(std::string const& key, Time at);
  // The newest wake of the key if its number is above `seen`; else a number of 0.
  [[nodiscard]] Wake later_than(std::string_view key, std::int64_t seen) const;
  [[nodiscard]] std::int64_t newest() const;

 private:
  mutable std::mutex mutex_;
  std::int64_t newest_{0};
  std::map<std::string, Wake, std::less<>> by_key_;
  std::map<std::int64_t, std::string> by_number_;
};

}  // namespace fairlead::store
