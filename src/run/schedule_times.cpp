#include "run/schedule_times.h"

#include <algorithm>

#include "workflow/cron.h"
#include "workflow/duration.h"

namespace fairlead::run {

bool starts_by_time(workflow::Document const& document) {
  if (!document.schedule) return false;
  auto const& schedule = *document.schedule;
  return schedule.cron || schedule.every || schedule.after;
}

std::string plan_of(workflow::Schedule const& schedule) {
  if (schedule.cron) return "cron \"" + *schedule.cron + "\" (" + schedule.timezone + ")";
  if (schedule.every) return "every " + workflow::format_iso_duration(*schedule.every);
  if (schedule.after) return "after " + workflow::format_iso_duration(*schedule.after);
  return "";
}

Result<std::optional<Time>> next_start(workflow::Schedule const& schedule, Time anchor,
                                       Time after) {
  if (schedule.cron) {
    FAIRLEAD_TRY(auto const cron, workflow::parse_cron(*schedule.cron));
    FAIRLEAD_TRY(auto const zone, TimeZone::load(schedule.timezone));
    return workflow::next_due(cron, zone, after);
  }
  if (schedule.every) {
    auto const step = std::max(*schedule.every, Milliseconds(1));
    if (after < anchor) return std::optional(anchor + step);
    return std::optional(anchor + step * ((after - anchor) / step + 1));
  }
  if (schedule.after) return std::optional(after + *schedule.after);
  return std::optional<Time>();
}

Result<std::int64_t> missed_between(workflow::Schedule const& schedule, Time due, Time now) {
  if (schedule.after) return 0;
  if (schedule.every) {
    return (now - due) / std::max(*schedule.every, Milliseconds(1));
  }
  std::int64_t missed = 0;
  while (missed < missed_counted_max) {
    FAIRLEAD_TRY(auto const next, next_start(schedule, due, due));
    if (!next || *next > now) break;
    due = *next;
    ++missed;
  }
  return missed;
}

}  // namespace fairlead::run
