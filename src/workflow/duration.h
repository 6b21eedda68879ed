// Durations as the language writes them: ISO 8601 text.
//
// Used for documents and for the results of expressions at run time. Pure; any thread.
// Source: ISO 8601-1 section 5.5.2, restricted as in the Open Workflow DSL 1.0.3.
#pragma once

#include <string_view>

#include "base/clock.h"
#include "base/json.h"
#include "base/result.h"

namespace fairlead::workflow {

// 10 years: longer waits are typing errors, and sums stay far from overflow.
inline constexpr Milliseconds duration_max{std::chrono::hours(24 * 3650)};

// "PT15M", "P1DT2H", "P2W", fractions allowed. Months and years are refused: their length differs.
Result<Milliseconds> parse_duration(std::string_view text);
// The text form, or an object of days, hours, minutes, seconds, milliseconds (whole numbers).
Result<Milliseconds> duration_from(Json const& value);
// "P1DT2H3.5S"
std::string format_iso_duration(Milliseconds duration);

}  // namespace fairlead::workflow
