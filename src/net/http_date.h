// HTTP dates ("Sun, 06 Nov 1994 08:49:37 GMT", RFC 9110 5.6.7), as in Date, Retry-After and
// RateLimit-ResetTime.
//
// Only the one form that servers send today; the two obsolete ones give nothing. Pure; any thread.
#pragma once

#include <optional>
#include <string_view>

#include "base/clock.h"

namespace fairlead::net {

std::optional<Time> parse_http_date(std::string_view text);

}  // namespace fairlead::net
