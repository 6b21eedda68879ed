#include "net/retry_after.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"
#include "net/http_date.h"

namespace fairlead::net {
namespace {

// All digits; more than fit are as many as can be.
std::optional<std::int64_t> seconds_of(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  if (text.empty() || text.find_first_not_of(digits) != std::string_view::npos) return std::nullopt;
  std::int64_t value = 0;
  auto const [stop, code] = std::from_chars(text.data(), text.data() + text.size(), value);
  constexpr std::int64_t most = retry_after_max / std::chrono::seconds(1);
  return code == std::errc() ? std::min(value, most) : most;
}

}  // namespace

std::optional<Milliseconds> retry_after(HttpResponse const& response, std::optional<Time> now) {
  auto const text = trim(response.headers.get("Retry-After"));
  if (auto const seconds = seconds_of(text)) return std::chrono::seconds(*seconds);
  auto const until = parse_http_date(text);
  auto const date = parse_http_date(response.headers.get("Date"));
  std::optional<Time> const their_now = date ? date : now;
  if (!until || !their_now) return std::nullopt;
  return std::clamp(std::chrono::duration_cast<Milliseconds>(*until - *their_now), Milliseconds(0),
                    retry_after_max);
}

}  // namespace fairlead::net
