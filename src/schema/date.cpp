#include "schema/date.h"

#include <array>
#include <charconv>
#include <cstdio>

#include "base/text.h"

namespace fairlead::schema {
namespace {

constexpr std::int64_t days_ahead_max = 36'500;

// Digits only, all of them.
std::optional<int> number(std::string_view digits) {
  int value = 0;
  for (char const c : digits) {
    if (c < '0' || c > '9') return std::nullopt;
  }
  auto const end = digits.data() + digits.size();
  auto const [at, failure] = std::from_chars(digits.data(), end, value);
  if (failure != std::errc() || at != end) return std::nullopt;
  return value;
}

// "in 90 days", "in 2 weeks"; letter case and surplus blanks do not matter.
std::optional<std::int64_t> parse_days_ahead(std::string_view text) {
  std::vector<std::string> words;
  for (std::string const& word : split(to_lower_ascii(trim(text)), ' ')) {
    if (!word.empty()) words.push_back(word);
  }
  if (words.size() != 3 || words[0] != "in") return std::nullopt;
  auto const count = number(words[1]);
  std::int64_t const unit = words[2].starts_with("day") ? 1 : words[2].starts_with("week") ? 7 : 0;
  if (!count || unit == 0 || *count > days_ahead_max) return std::nullopt;
  return *count * unit;
}

}  // namespace

std::optional<Date> parse_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return std::nullopt;
  auto const year = number(text.substr(0, 4));
  auto const month = number(text.substr(5, 2));
  auto const day = number(text.substr(8, 2));
  if (!year || !month || !day) return std::nullopt;
  std::chrono::year_month_day const date{std::chrono::year(*year),
                                         std::chrono::month(static_cast<unsigned>(*month)),
                                         std::chrono::day(static_cast<unsigned>(*day))};
  if (!date.ok()) return std::nullopt;
  return Date{date};
}

std::string format(Date const& date) {
  std::array<char, 32> text{};
  std::snprintf(text.data(), text.size(), "%04d-%02u-%02u", static_cast<int>(date.day.year()),
                static_cast<unsigned>(date.day.month()), static_cast<unsigned>(date.day.day()));
  return text.data();
}

std::string FutureDate::text(Clock const* clock) const {
  if (date) return format(*date);
  if (clock == nullptr) return "<date in " + std::to_string(days_ahead) + " days>";
  auto const today = std::chrono::floor<std::chrono::days>(clock->now());
  return format(Date{std::chrono::year_month_day(today + std::chrono::days(days_ahead))});
}

void Codec<Date>::decode(Json const& json, Date& out, Reader& reader) {
  auto const date = parse_date(json.as_string());
  if (!date) return reader.wrong_type("a date (YYYY-MM-DD)", json);
  out = *date;
}

Json Codec<Date>::encode(Date const& value) { return format(value); }

Json Codec<Date>::schema(Unknown) { return Json::object({{"type", "string"}, {"format", "date"}}); }

void Codec<DateTime>::decode(Json const& json, DateTime& out, Reader& reader) {
  std::string const& text = json.as_string();
  auto time = parse_time(text);
  if (!time && parse_date(text)) time = parse_time(text + "T00:00:00Z");
  if (!time) return reader.wrong_type("a time (2026-11-22T17:03:04Z) or a date", json);
  out.time = *time;
}

Json Codec<DateTime>::encode(DateTime const& value) { return format_time(value.time); }

Json Codec<DateTime>::schema(Unknown) {
  return Json::object({{"type", "string"}, {"format", "date-time"}});
}

void Codec<FutureDate>::decode(Json const& json, FutureDate& out, Reader& reader) {
  if (auto const date = parse_date(json.as_string())) {
    out = {.date = *date};
  } else if (auto const days = parse_days_ahead(json.as_string())) {
    out = {.date = std::nullopt, .days_ahead = *days};
  } else {
    reader.wrong_type("a date (YYYY-MM-DD) or a span such as \"in 90 days\"", json);
  }
}

Json Codec<FutureDate>::encode(FutureDate const& value) {
  if (value.date) return format(*value.date);
  return "in " + std::to_string(value.days_ahead) + " days";
}

Json Codec<FutureDate>::schema(Unknown) {
  return with_hint(simple_schema("string"), "widget", "date-or-span");
}

}  // namespace fairlead::schema
