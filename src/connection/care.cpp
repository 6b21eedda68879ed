#include "connection/care.h"

#include <algorithm>

namespace fairlead::connection {
namespace {

constexpr std::chrono::hours day{24};
constexpr int life_divisor = 4;

Json care_of(store::ConnectionRecord const& record) {
  return record.settings["care"].is_object() ? record.settings["care"] : Json::object();
}

void put(store::ConnectionRecord& record, Json care) {
  if (!record.settings.is_object()) record.settings = Json::object();
  record.settings.set("care", std::move(care));
}

std::optional<Time> time_of(Json const& value) {
  return value.is_string() ? parse_time(value.as_string()) : std::nullopt;
}

// Those of the last day, at most failures_kept_max with the one that is added.
Json with_failure(Json const& failures, Time now) {
  Json kept = Json::array();
  std::size_t const count = failures.items().size();
  std::size_t place = 0;
  for (auto const& failure : failures.items()) {
    ++place;
    auto const at = time_of(failure);
    if (count - place + 1 < failures_kept_max && at && *at > now - day) kept.push_back(failure);
  }
  kept.push_back(format_time(now));
  return kept;
}

}  // namespace

std::int64_t pair_of(store::ConnectionRecord const& record) {
  Json const& pair = record.settings["care"]["pair"];
  return pair.is_integer() ? pair.as_integer() : record.generation;
}

void note_refreshing(store::ConnectionRecord& record, std::string const& by, Time now) {
  Json care = care_of(record);
  care.set("pair", pair_of(record));
  care.set("refresher", by);
  put(record, std::move(care));
  record.generation += 1;
  record.status = "refreshing";
  record.updated_at = now;
}

void note_pair(store::ConnectionRecord& record, Time now) {
  Json care = care_of(record);
  record.generation += 1;
  care.set("pair", record.generation);
  care.set("pairAt", format_time(now));
  care.erase("refresher");
  if (care.contains("brokenAt") && !care.contains("recoveredAt"))
    care.set("recoveredAt", format_time(now));
  put(record, std::move(care));
}

void note_failure(store::ConnectionRecord& record, std::string const& status, Time now) {
  Json care = care_of(record);
  care.set("pair", pair_of(record));
  care.set("failures", with_failure(care["failures"], now));
  care.erase("refresher");
  if (status == "needs-sign-in" && record.status != status) {
    care.set("brokenAt", format_time(now));
    care.erase("recoveredAt");
  }
  put(record, std::move(care));
  record.generation += 1;
  record.status = status;
  record.updated_at = now;
}

void note_forgotten(store::ConnectionRecord& record) {
  Json care = care_of(record);
  record.generation += 1;
  care.set("pair", record.generation);
  care.erase("refresher");
  put(record, std::move(care));
}

void note_edit(store::ConnectionRecord& record) {
  Json care = care_of(record);
  care.set("pair", pair_of(record));
  put(record, std::move(care));
  record.generation += 1;
}

std::string refresher_of(store::ConnectionRecord const& record) {
  return record.settings["care"]["refresher"].as_string();
}

bool is_same_care(store::ConnectionRecord const& one, store::ConnectionRecord const& other) {
  return one.status == other.status && pair_of(one) == pair_of(other) &&
         refresher_of(one) == refresher_of(other);
}

Milliseconds refresh_ahead_of(store::ConnectionRecord const& record, Milliseconds at_most) {
  auto const since = time_of(care_of(record)["pairAt"]);
  if (!since || !record.token_expires_at || *record.token_expires_at <= *since) return at_most;
  return std::min(at_most, (*record.token_expires_at - *since) / life_divisor);
}

CareReport care_report(store::ConnectionRecord const& record, Time now) {
  Json const care = care_of(record);
  CareReport report;
  report.last_refresh_at = time_of(care["pairAt"]);
  report.broken_at = time_of(care["brokenAt"]);
  report.recovered_at = time_of(care["recoveredAt"]);
  for (auto const& failure : care["failures"].items()) {
    auto const at = time_of(failure);
    if (at && *at > now - day) ++report.failures_24h;
  }
  return report;
}

}  // namespace fairlead::connection
