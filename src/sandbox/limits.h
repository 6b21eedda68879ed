// Rate limits: a sliding minute per key, and the headers and bodies of both kinds of 429.
//
// Source: lib/gitlab/rack_attack (throttle: text/plain, RateLimit-*),
// lib/gitlab/application_rate_limiter. Hold the mutex.
#pragma once

#include <string>
#include <string_view>

#include "sandbox/reply.h"
#include "sandbox/world.h"

namespace fairlead::sandbox {

// Counts one hit of `key`; false if that is more than `per_minute` in the last 60 s. 0: no limit.
bool within_limit(World& world, std::string const& key, int per_minute);
// Hits of `key` in the last minute.
int hits_in_minute(World& world, std::string const& key);

struct LimitState {
  int limit{0};
  int observed{0};
  int retry_after_seconds{60};
};
void add_limit_headers(Time now, LimitState const& state, net::Headers& headers);
Reply throttled(Time now, LimitState const& state);  // shape 8
Reply application_limited();                         // shape 7

// "Sun, 22 Nov 2026 17:00:00 GMT"
std::string http_date(Time time);

}  // namespace fairlead::sandbox
