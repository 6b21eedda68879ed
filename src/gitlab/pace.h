// Pace: what one connection has learnt about GitLab's patience, shared by all who use it.
//
// When the throttle has refused one call, all others of the connection hold back until it opens
// again. After several refused sign-ins in a row with one token, calls with that token stop for a
// while: GitLab bans addresses that go on. Thread-safe; nothing here blocks.
#pragma once

#include <cstdint>
#include <mutex>
#include <optional>

#include "base/clock.h"

namespace fairlead::gitlab {

inline constexpr int refused_tokens_in_row_max = 5;
inline constexpr Milliseconds refused_token_rest{60'000};

class Pace {
 public:
  // The throttle said: nothing before `wait` has passed.
  void hold(Milliseconds steady_now, Milliseconds wait);
  // What is left of that; nothing if the way is free.
  [[nodiscard]] std::optional<Milliseconds> held_for(Milliseconds steady_now) const;

  // GitLab answered 401 to, or accepted, the token of that generation.
  void refused(std::int64_t generation, Milliseconds steady_now);
  void accepted();
  // Too many refusals of that token: do not send it now.
  [[nodiscard]] bool resting(std::int64_t generation, Milliseconds steady_now) const;
  // Refusals since the last accepted call.
  [[nodiscard]] int refusals() const;

 private:
  mutable std::mutex mutex_;
  Milliseconds closed_until_{0};
  int refusals_{0};
  std::int64_t refused_generation_{-1};
  Milliseconds resting_until_{0};
};

}  // namespace fairlead::gitlab
