// How long GitLab asks us to wait: Retry-After, ratelimit-reset, and the answers that say nothing.
//
// Two limiters answer 429: the request throttle, before the application (text/plain, with headers),
// and the application's own (JSON, often without Retry-After). Times are counted against the
// answer's Date header, so that a wrong clock here or there does no harm. Source:
// https://docs.gitlab.com/administration/settings/user_and_ip_rate_limits/ (19.5). Pure.
#pragma once

#include <optional>

#include "base/clock.h"
#include "net/http.h"
#include "net/retry_after.h"

namespace fairlead::gitlab {

// What an application limiter means when it names no time.
inline constexpr Milliseconds limit_window{60'000};

// What the headers ask for, whatever the status: the larger of Retry-After and the limit's reset.
// Nothing if silent.
std::optional<Milliseconds> asked_wait(net::HttpResponse const& response, Time now);
// For a 429: as asked, else a whole window.
Milliseconds wait_after_429(net::HttpResponse const& response, Time now);
// How long the present window of the limit still lasts, by the answer's own clock. Nothing if
// silent.
std::optional<Milliseconds> window_end(net::HttpResponse const& response, Time now);
// True if the throttle refused it: nothing of the request was executed, and every call is affected.
bool from_throttle(net::HttpResponse const& response);

}  // namespace fairlead::gitlab
