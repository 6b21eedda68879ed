// Five-field cron expressions: is this one, and which part is wrong.
//
// Minute, hour, day of month, month, day of week; lists, ranges, steps, English names. The times
// themselves are computed by the scheduler. Pure; any thread. Source: POSIX.1-2017 crontab, with
// steps and names as in Vixie cron.
#pragma once

#include <string_view>

#include "base/result.h"

namespace fairlead::workflow {

// Errors: invalid_input naming the field.
Result<void> check_cron(std::string_view text);

}  // namespace fairlead::workflow
