// When a workflow that starts by time is due: `schedule.cron`, `every`, `after`.
//
// Between the document and the Scheduler, which keeps the answers in the store. Reads time zone
// files, else pure. Any thread.
#pragma once

#include <optional>
#include <string>

#include "base/clock.h"
#include "base/result.h"
#include "workflow/document.h"

namespace fairlead::run {

// Missed times of a cron expression are counted one by one: "at least so many" beyond it.
inline constexpr int missed_counted_max = 100;

bool starts_by_time(workflow::Document const& document);
// In words, the same for the same times: `cron "0 9 * * 1-5" (Europe/Berlin)`, "every PT5M".
std::string plan_of(workflow::Schedule const& schedule);

// The first start after `after`; `every` counts from `anchor`. Nothing: never again. For `after`:
// its delay after `after`. Errors: not_found, corrupt (the time zone).
Result<std::optional<Time>> next_start(workflow::Schedule const& schedule, Time anchor, Time after);
// How many starts lie after `due` and not after `now`.
Result<std::int64_t> missed_between(workflow::Schedule const& schedule, Time due, Time now);

}  // namespace fairlead::run
