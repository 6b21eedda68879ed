// Which calls are sent again by the client itself, and after how long: the retry matrix.
//
// Reads, PUT and DELETE converge, so they are repeated after any transient failure. POST creates:
// it is repeated only if the request surely never reached the application. Everything longer than a
// few seconds is left to the engine, which can wait without a thread. Source: gitlab-org/gitlab
// docs "Rate limits", and the services named there (15-19.5). Pure.
#pragma once

#include <optional>

#include "gitlab/errors.h"

namespace fairlead::gitlab {

inline constexpr int attempts_max = 4;
inline constexpr int lock_conflict_retries_max = 2;
// All waits inside one call together.
inline constexpr Milliseconds waits_total_max{5'000};

// The wait before attempt number `attempt` + 1 (attempts count from 1); nothing if the answer is
// final.
std::optional<Milliseconds> wait_before_retry(Call const& call,
                                              Result<net::HttpResponse> const& answer, int attempt,
                                              Time now);
// The attempt may have had its effect although it looks failed.
bool ambiguous(Result<net::HttpResponse> const& answer);

}  // namespace fairlead::gitlab
