// Five-field cron expressions: is this one, which part is wrong, and when is it due next.
//
// Minute, hour, day of month, month, day of week; lists, ranges, steps, English names. If both
// kinds of day are restricted, either is enough. Pure; any thread. Source: POSIX.1-2017 crontab,
// with steps and names as in Vixie cron.
#pragma once

#include <bitset>
#include <optional>
#include <string_view>

#include "base/result.h"
#include "base/time_zone.h"

namespace fairlead::workflow {

struct Cron {
  std::bitset<60> minutes;
  std::bitset<24> hours;
  std::bitset<32> days;
  std::bitset<13> months;
  std::bitset<7> weekdays;  // from Sunday
  // Whether a day must fit both fields of days, or one is enough.
  enum class Days { both, either } rule{Days::both};
  // fixed: named hours, which happen once a day whatever the clocks do. passing: every hour.
  enum class Hours { fixed, passing } hour_kind{Hours::fixed};
};

// Errors: invalid_input naming the field, or that no day ever fits.
Result<Cron> parse_cron(std::string_view text);
Result<void> check_cron(std::string_view text);

// The first time after `after` that is due. Where clocks go forward, a named hour that is jumped
// over is due at the next minute there is; where they go back, it is due the first time only. With
// `*` for the hour, time passes as it does: nothing is made up and nothing left out (ADR 9).
// Nothing: not within 9 years.
std::optional<Time> next_due(Cron const& cron, TimeZone const& zone, Time after);

}  // namespace fairlead::workflow
