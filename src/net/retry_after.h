// Retry-After (RFC 9110 10.2.3): how long an answer asks us to wait, in seconds or until a date.
//
// A date counts against the answer's own Date, so that a wrong clock here or there does no harm.
// Pure; any thread.
#pragma once

#include <optional>

#include "base/clock.h"
#include "net/http.h"

namespace fairlead::net {

// Nothing that a header says makes us wait longer.
inline constexpr Milliseconds retry_after_max{3'600'000};

// Between nothing and retry_after_max. Nothing: it does not say, or in no form that we know.
// `now` stands in for a missing Date; without both, a date says nothing.
std::optional<Milliseconds> retry_after(HttpResponse const& response,
                                        std::optional<Time> now = std::nullopt);

}  // namespace fairlead::net
