#include "gitlab/rate_limit.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "net/http_date.h"

namespace fairlead::gitlab {
namespace {

std::optional<std::int64_t> number(std::string_view text) {
  text = trim(text);
  std::int64_t value = 0;
  auto const end = text.data() + text.size();
  auto const [stop, code] = std::from_chars(text.data(), end, value);
  if (text.empty() || code != std::errc() || stop != end || value < 0) return std::nullopt;
  return value;
}

// Epoch seconds or seconds; larger values would overflow milliseconds.
constexpr std::int64_t seconds_max = 100'000'000'000;

void consider(std::optional<Milliseconds>& longest, Milliseconds wait) {
  auto const sane = std::clamp(wait, Milliseconds(0), net::retry_after_max);
  longest = std::max(longest.value_or(Milliseconds(0)), sane);
}

}  // namespace

std::optional<Milliseconds> asked_wait(net::HttpResponse const& response, Time now) {
  Time const their_now = net::parse_http_date(response.headers.get("Date")).value_or(now);
  std::optional<Milliseconds> longest = net::retry_after(response, now);
  if (auto const reset = number(response.headers.get("RateLimit-Reset"))) {
    consider(longest, Time(std::chrono::seconds(std::min(*reset, seconds_max))) - their_now);
  } else if (auto const at = net::parse_http_date(response.headers.get("RateLimit-ResetTime"))) {
    consider(longest, *at - their_now);
  }
  return longest;
}

std::optional<Milliseconds> window_end(net::HttpResponse const& response, Time now) {
  Time const their_now = net::parse_http_date(response.headers.get("Date")).value_or(now);
  std::optional<Milliseconds> end;
  if (auto const reset = number(response.headers.get("RateLimit-Reset"))) {
    consider(end, Time(std::chrono::seconds(std::min(*reset, seconds_max))) - their_now);
  } else if (auto const at = net::parse_http_date(response.headers.get("RateLimit-ResetTime"))) {
    consider(end, *at - their_now);
  }
  return end;
}

Milliseconds wait_after_429(net::HttpResponse const& response, Time now) {
  auto const asked = asked_wait(response, now);
  bool const says_when = response.headers.contains("Retry-After") || from_throttle(response);
  // GitLab.com sends the throttle's reset with every answer: it says nothing about the
  // application's own limits.
  if (!says_when) return std::max(limit_window, asked.value_or(Milliseconds(0)));
  return asked.value_or(limit_window);
}

bool from_throttle(net::HttpResponse const& response) {
  if (response.status != 429) return false;
  auto const type = to_lower_ascii(response.headers.get("Content-Type"));
  return !type.starts_with("application/json");
}

}  // namespace fairlead::gitlab
