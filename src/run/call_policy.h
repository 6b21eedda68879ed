// What follows from an action's answer: go on, ask again later, look whether it took effect, ask a
// person, or fail.
//
// One pure function, so that the rules stand in one place and in one test table. An effect that may
// have happened is never repeated without a look-up; what surely did not happen is repeated when
// the other side says so. Any thread.
#pragma once

#include <string>
#include <string_view>

#include "base/clock.h"
#include "run/journal.h"
#include "run/state.h"

namespace fairlead::run {

// The connection's user must sign in before such a call can do anything.
[[nodiscard]] bool needs_sign_in(Error const& error);

// Refused for now (429, unavailable with a time): how often and how long a call is tried again by
// itself.
inline constexpr int refusals_max = 100;
inline constexpr Milliseconds refused_duration_max = std::chrono::hours(2);
inline constexpr Milliseconds rate_limit_delay_default = std::chrono::seconds(30);
// Looking up an uncertain effect: 5 s, 10 s, 20 s, ... then a person is asked.
inline constexpr int look_ups_max = 6;
inline constexpr Milliseconds look_up_delay = std::chrono::seconds(5);
inline constexpr Milliseconds look_up_delay_max = std::chrono::minutes(5);
// A connection that needs sign-in is tried once a minute, for a month.
inline constexpr Milliseconds sign_in_check_delay = std::chrono::minutes(1);
inline constexpr Milliseconds sign_in_wait_max = std::chrono::hours(24 * 30);
// The shortest pause between two looks at something that is not finished.
inline constexpr Milliseconds check_delay_min = std::chrono::milliseconds(1);

// Whether somebody's sign-in may let a run go on that waits for these words. Also knows the words
// of former versions: such runs wait on after an upgrade.
bool may_wait_for_sign_in(std::string_view waiting_for);

struct Verdict {
  enum class What { complete, park, ask_person, fault } what{What::fault};
  CallState::Parked parked{CallState::Parked::no};  // park
  CallState::Mode mode{CallState::Mode::first};     // of the next call
  Milliseconds delay{0};
  std::string waiting_for;  // park, ask_person
  // Whether the effect is known to have happened, or not to have.
  EffectTrack::Known known{EffectTrack::Known::resolved};
};

Verdict judge(CallState const& call, std::string_view action, CallReturned const& answer, Time now);

}  // namespace fairlead::run
