#include "sandbox/limits.h"

#include <algorithm>
#include <array>

namespace fairlead::sandbox {
namespace {

constexpr std::chrono::minutes window{1};

std::string two(unsigned number) { return (number < 10 ? "0" : "") + std::to_string(number); }

void forget_old(std::vector<Time>& hits, Time now) {
  std::erase_if(hits, [now](Time hit) { return hit + window <= now; });
}

}  // namespace

std::string http_date(Time time) {
  static constexpr std::array<std::string_view, 7> days{"Sun", "Mon", "Tue", "Wed",
                                                        "Thu", "Fri", "Sat"};
  static constexpr std::array<std::string_view, 12> months{
      "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  auto const day = std::chrono::floor<std::chrono::days>(time);
  std::chrono::year_month_day const date(day);
  std::chrono::hh_mm_ss const clock(std::chrono::floor<std::chrono::seconds>(time - day));
  std::string out(days[std::chrono::weekday(day).c_encoding()]);
  out += ", " + two(static_cast<unsigned>(date.day())) + " ";
  out += months[static_cast<unsigned>(date.month()) - 1];
  out += " " + std::to_string(static_cast<int>(date.year())) + " ";
  out += two(static_cast<unsigned>(clock.hours().count())) + ":";
  out += two(static_cast<unsigned>(clock.minutes().count())) + ":";
  return out + two(static_cast<unsigned>(clock.seconds().count())) + " GMT";
}

bool within_limit(World& world, std::string const& key, int per_minute) {
  if (per_minute <= 0) return true;
  std::vector<Time>& hits = world.hits[key];
  forget_old(hits, world.now());
  if (hits.size() >= static_cast<std::size_t>(per_minute)) return false;
  hits.push_back(world.now());
  return true;
}

int hits_in_minute(World& world, std::string const& key) {
  auto const it = world.hits.find(key);
  if (it == world.hits.end()) return 0;
  forget_old(it->second, world.now());
  return static_cast<int>(it->second.size());
}

void add_limit_headers(Time now, LimitState const& state, net::Headers& headers) {
  auto const reset = now + std::chrono::seconds(state.retry_after_seconds);
  headers.add("RateLimit-Limit", std::to_string(state.limit));
  headers.add("RateLimit-Name", "throttle_authenticated_api");
  headers.add("RateLimit-Observed", std::to_string(state.observed));
  headers.add("RateLimit-Remaining", std::to_string(std::max(0, state.limit - state.observed)));
  headers.add("RateLimit-Reset", std::to_string(to_epoch_ms(reset) / 1000));
  headers.add("RateLimit-ResetTime", http_date(reset));
}

Reply throttled(Time now, LimitState const& state) {
  Reply reply = text_reply(429, "Retry later\n");
  add_limit_headers(now, state, reply.headers);
  reply.headers.add("Retry-After", std::to_string(state.retry_after_seconds));
  return reply;
}

Reply application_limited() {
  return json_reply(429,
                    Json::object({{"message", Json::object({{"error",
                                                             "This endpoint has been requested too "
                                                             "many times. Try again later."}})}}));
}

}  // namespace fairlead::sandbox
