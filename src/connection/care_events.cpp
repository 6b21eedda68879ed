#include "connection/care_events.h"

#include <array>

#include "connection/care.h"

namespace fairlead::connection {
namespace {

constexpr std::chrono::hours day{24};
constexpr std::array<int, 3> warning_days{1, 7, 30};  // of access tokens, nearest first

store::EventRecord make_event(store::ConnectionRecord const& record, std::string const& what,
                              std::string const& mark, Json data, Time now) {
  store::EventRecord event{.source = care_events_source,
                           .id = record.id.text + "/" + what + "/" + mark,
                           .type = "connection." + what,
                           .received_at = now};
  data.set("connection", record.name);
  data.set("baseUrl", record.base_url);
  event.envelope = Json::object({{"specversion", "1.0"},
                                 {"id", event.id},
                                 {"source", event.source},
                                 {"type", event.type},
                                 {"subject", record.name},
                                 {"time", format_time(now)},
                                 {"datacontenttype", "application/json"},
                                 {"data", std::move(data)}});
  return event;
}

bool lately(std::optional<Time> at, Time now) { return at && *at > now - day; }

std::optional<store::EventRecord> expiring(store::ConnectionRecord const& record, Time now) {
  bool const counts = record.auth_kind == "token" && record.status == "active";
  if (!counts || !record.token_expires_at || *record.token_expires_at <= now) return std::nullopt;
  for (int const days : warning_days) {
    if (*record.token_expires_at - now > day * days) continue;
    return make_event(
        record, "token-expiring", std::to_string(pair_of(record)) + "-" + std::to_string(days),
        Json::object({{"expiresAt", format_time(*record.token_expires_at)}, {"withinDays", days}}),
        now);
  }
  return std::nullopt;
}

}  // namespace

std::vector<store::EventRecord> care_events(store::ConnectionRecord const& record, Time now) {
  std::vector<store::EventRecord> events;
  auto const care = care_report(record, now);
  if (lately(care.broken_at, now)) {
    Json data = Json::object({{"brokenAt", format_time(*care.broken_at)}});
    if (record.status == "needs-sign-in") data.set("reason", record.last_error["message"]);
    events.push_back(
        make_event(record, "broken", format_time(*care.broken_at), std::move(data), now));
  }
  if (care.broken_at && lately(care.recovered_at, now)) {
    events.push_back(make_event(record, "recovered", format_time(*care.recovered_at),
                                Json::object({{"brokenAt", format_time(*care.broken_at)},
                                              {"recoveredAt", format_time(*care.recovered_at)}}),
                                now));
  }
  if (auto event = expiring(record, now)) events.push_back(std::move(*event));
  return events;
}

}  // namespace fairlead::connection
