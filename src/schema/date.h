// Dates and times as inputs take them: a calendar day, a point in time, or a day that lies N days
// ahead.
//
// GitLab takes days as YYYY-MM-DD and times as ISO 8601. 2026-02-30 is refused here, not by GitLab.
// Pure values.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "schema/codec.h"

namespace fairlead::schema {

struct Date {
  std::chrono::year_month_day day{};
  friend bool operator==(Date const&, Date const&) = default;
};

// "2026-11-22"; empty if it is not a day of the calendar.
std::optional<Date> parse_date(std::string_view text);
std::string format(Date const& date);

// A point in time; a bare date means its midnight in UTC.
struct DateTime {
  Time time{};
  friend bool operator==(DateTime const&, DateTime const&) = default;
};

// A day, or "in 90 days" (also "in 2 weeks"), counted from the day the action runs.
struct FutureDate {
  std::optional<Date> date;
  std::int64_t days_ahead{0};  // if there is no date

  // The day itself; with no clock (a dry run without one) "<date in 90 days>".
  [[nodiscard]] std::string text(Clock const* clock) const;
};

template <>
struct Codec<Date> {
  static void decode(Json const& json, Date& out, Reader& reader);
  static Json encode(Date const& value);
  static Json schema(Unknown unknown);
};
template <>
struct Codec<DateTime> {
  static void decode(Json const& json, DateTime& out, Reader& reader);
  static Json encode(DateTime const& value);
  static Json schema(Unknown unknown);
};
template <>
struct Codec<FutureDate> {
  static void decode(Json const& json, FutureDate& out, Reader& reader);
  static Json encode(FutureDate const& value);
  static Json schema(Unknown unknown);
};

}  // namespace fairlead::schema
