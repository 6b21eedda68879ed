#include "run/retention_settings.h"

#include "workflow/duration.h"

namespace fairlead::run {
namespace {

constexpr std::string_view key = "retention";
constexpr std::string_view forever = "forever";

bool is_forever(Json const& value) { return value.is_string() && value.as_string() == forever; }

Result<workflow::Retention::Age> age_from(Json const& value) {
  workflow::Retention::Age age;
  if (is_forever(value)) return age;
  auto const duration = value.is_string() ? workflow::parse_duration(value.as_string())
                                          : Result<Milliseconds>(invalid_input("", ""));
  if (!duration.ok())
    return invalid_input("retention.keepAge",
                         "keepAge must be an ISO 8601 duration like \"P90D\", or \"forever\".");
  age.most = *duration;
  return age;
}

Result<workflow::Retention::Count> count_from(Json const& value) {
  workflow::Retention::Count count;
  if (is_forever(value)) return count;
  if (!value.is_integer() || value.as_integer() < 0)
    return invalid_input("retention.keepRuns",
                         "keepRuns must be a whole number of runs from 0 on, or \"forever\".");
  count.most = value.as_integer();
  return count;
}

}  // namespace

Json retention_to_json(workflow::Retention const& retention) {
  bool const age = retention.age && retention.age->most;
  bool const count = retention.count && retention.count->most;
  return Json::object(
      {{"keepAge",
        age ? workflow::format_iso_duration(*retention.age->most) : std::string(forever)},
       {"keepRuns", count ? Json(*retention.count->most) : Json(std::string(forever))}});
}

Result<workflow::Retention> retention_from_json(Json const& json) {
  workflow::Retention retention;
  FAIRLEAD_TRY(retention.age, age_from(json["keepAge"]));
  FAIRLEAD_TRY(retention.count, count_from(json["keepRuns"]));
  return retention;
}

Result<std::optional<RetentionSettings::Change>> RetentionSettings::change() const {
  FAIRLEAD_TRY(auto const text, meta_.get(key));
  if (!text || text->empty()) return std::optional<Change>();
  FAIRLEAD_TRY(auto const json, Json::parse(*text));
  auto retention = retention_from_json(json);
  auto const at = json["at"].is_string() ? parse_time(json["at"].as_string()) : std::nullopt;
  if (!retention.ok() || !at || !json["by"].is_string())
    return make_error(ErrorKind::corrupt,
                      "The stored setting of how long history is kept cannot be read.");
  return std::optional(Change{.retention = *retention, .by = json["by"].as_string(), .at = *at});
}

Result<workflow::Retention> RetentionSettings::current() const {
  FAIRLEAD_TRY(auto const changed, change());
  return changed ? changed->retention : at_start_;
}

Result<void> RetentionSettings::set(Change const& change) {
  Json json = retention_to_json(change.retention);
  json.set("by", change.by);
  json.set("at", format_time(change.at));
  return meta_.set(key, json.dump());
}

Result<void> RetentionSettings::forget() { return meta_.set(key, ""); }

}  // namespace fairlead::run
