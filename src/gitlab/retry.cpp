#include "gitlab/retry.h"

#include <algorithm>
#include <array>

#include "gitlab/rate_limit.h"

namespace fairlead::gitlab {
namespace {

constexpr Milliseconds first_backoff{200};
constexpr int backoff_factor = 4;

Milliseconds backoff(int attempt) {
  Milliseconds wait = first_backoff;
  for (int i = 1; i < attempt; ++i)
    wait *= backoff_factor;
  return wait;
}

// Repeating it leads to the same state.
bool converges(net::Method method) {
  constexpr std::array methods{net::Method::get, net::Method::head, net::Method::put,
                               net::Method::delete_};
  return std::find(methods.begin(), methods.end(), method) != methods.end();
}

bool transient(int status) {
  return status == 500 || (status >= 502 && status <= 504) || (status >= 520 && status <= 524);
}

}  // namespace

bool ambiguous(Result<net::HttpResponse> const& answer) {
  return answer.ok() ? answer->status >= 500 : answer.error().kind == ErrorKind::uncertain;
}

std::optional<Milliseconds> wait_before_retry(Call const& call,
                                              Result<net::HttpResponse> const& answer, int attempt,
                                              Time now) {
  if (attempt >= attempts_max) return std::nullopt;
  bool const repeatable = converges(call.method);
  if (!answer.ok()) {
    if (answer.error().kind == ErrorKind::unavailable) return backoff(attempt);
    // A time-out costs a minute each: once is enough to get over a lost connection.
    bool const lost = answer.error().kind == ErrorKind::uncertain;
    return lost && repeatable && attempt == 1 ? std::optional(backoff(attempt)) : std::nullopt;
  }
  net::HttpResponse const& response = answer.value();
  if (response.status == 429) {
    if (!repeatable && !from_throttle(response)) return std::nullopt;
    return std::max(wait_after_429(response, now), backoff(attempt));
  }
  if (is_lock_conflict(response)) {
    return attempt <= lock_conflict_retries_max ? std::optional(backoff(attempt)) : std::nullopt;
  }
  if (!transient(response.status) || !repeatable) return std::nullopt;
  bool const asked = response.headers.contains("Retry-After");
  return std::max(asked ? asked_wait(response, now).value_or(Milliseconds(0)) : Milliseconds(0),
                  backoff(attempt));
}

}  // namespace fairlead::gitlab
