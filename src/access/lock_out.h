// LockOut: makes guessing passwords slow, by account and by address.
//
// Some attempts are free; after them each failure doubles the wait. An attempt counts as failed
// from its beginning until succeeded() says otherwise, so that many at once gain nothing. What is
// counted does not depend on whether the account exists. In memory, bounded: the oldest go first. A
// restart changes nothing: what the audit log tells of the last hour is counted again (ADR 25).
// Thread-safe.
#pragma once

#include <cstddef>
#include <map>
#include <mutex>
#include <optional>
#include <string>

#include "base/clock.h"

namespace fairlead::access {

class LockOut {
 public:
  struct Limits {
    int free_attempts;
    Milliseconds first_wait;
    Milliseconds longest_wait;
  };
  static constexpr Limits account_limits{5, Milliseconds(1'000), Milliseconds(15 * 60'000)};
  // Many people may share an address (a proxy): more attempts, shorter waits.
  static constexpr Limits address_limits{30, Milliseconds(1'000), Milliseconds(60'000)};
  static constexpr std::size_t counters_max = 10'000;
  static constexpr Milliseconds forgotten_after{60 * 60'000};

  struct Attempt {
    std::string account;
    std::string address;
  };

  explicit LockOut(Clock const& clock) : clock_(clock) {}

  // Nothing: go on, it is counted. Else how long to wait first; that is not counted.
  std::optional<Milliseconds> begin(Attempt const& attempt);
  // Forgets the account's failures, and this one of the address.
  void succeeded(Attempt const& attempt);
  // An attempt that an earlier process counted, so long ago; oldest first.
  void recall(Attempt const& attempt, Milliseconds ago);

 private:
  struct Counter {
    int failures{0};
    Milliseconds last{0};  // steady
  };
  using Counters = std::map<std::string, Counter, std::less<>>;
  std::optional<Milliseconds> wait(Counters const& counters, std::string const& key,
                                   Limits const& limits) const;
  static void count(Counters& counters, std::string const& key, Milliseconds at);

  Clock const& clock_;
  std::mutex mutex_;
  Counters accounts_;
  Counters addresses_;
};

}  // namespace fairlead::access
