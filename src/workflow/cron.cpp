#include "workflow/cron.h"

#include <array>
#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"

namespace fairlead::workflow {
namespace {

struct Field {
  std::string_view name;
  int lowest;
  int highest;
  std::string_view words;  // three letters each, from `lowest` on; "" if there are none
};
constexpr std::array fields{Field{"minute", 0, 59, ""}, Field{"hour", 0, 23, ""},
                            Field{"day of month", 1, 31, ""},
                            Field{"month", 1, 12, "janfebmaraprmayjunjulaugsepoctnovdec"},
                            Field{"day of week", 0, 7, "sunmontuewedthufrisat"}};

std::optional<int> number_in(std::string_view text, Field const& field) {
  int value = 0;
  auto const parsed = std::from_chars(text.data(), text.data() + text.size(), value);
  if (!text.empty() && parsed.ec == std::errc() && parsed.ptr == text.data() + text.size()) {
    return value < field.lowest || value > field.highest ? std::nullopt : std::optional(value);
  }
  auto const word = to_lower_ascii(text);
  if (word.size() != 3) return std::nullopt;
  auto const at = field.words.find(word);
  if (at == std::string_view::npos || at % 3 != 0) return std::nullopt;
  return field.lowest + static_cast<int>(at / 3);
}

struct Range {
  int from;
  int to;
  int step;
};

std::optional<Range> range_in(std::string_view part, Field const& field) {
  Range range{field.lowest, field.highest, 1};
  bool stepped = false;
  if (auto const slash = part.find('/'); slash != std::string_view::npos) {
    auto const step = number_in(part.substr(slash + 1), Field{"step", 1, field.highest, ""});
    if (!step) return std::nullopt;
    range.step = *step;
    stepped = true;
    part = part.substr(0, slash);
  }
  if (part == "*") return range;
  auto const dash = part.find('-');
  auto const from = number_in(part.substr(0, dash), field);
  if (!from) return std::nullopt;
  range.from = *from;
  // "5/15" goes on to the end of the field, "5" is itself.
  if (!stepped) range.to = *from;
  if (dash == std::string_view::npos) return range;
  auto const to = number_in(part.substr(dash + 1), field);
  if (!to || *from > *to) return std::nullopt;
  range.to = *to;
  return range;
}

// "fri-sun" and "1-7" end in Sunday's second number.
template <std::size_t size>
void set_all(std::bitset<size>& bits, Range const& range) {
  for (int i = range.from; i <= range.to; i += range.step)
    bits.set(static_cast<std::size_t>(i) % (size == 7 ? 7 : size));
}

void set_field(Cron& cron, std::size_t field, Range const& range) {
  switch (field) {
    case 0:
      return set_all(cron.minutes, range);
    case 1:
      return set_all(cron.hours, range);
    case 2:
      return set_all(cron.days, range);
    case 3:
      return set_all(cron.months, range);
    default:
      return set_all(cron.weekdays, range);
  }
}

Error no_such_part(std::string_view part, Field const& field) {
  return invalid_input("", "'" + shorten(part, 40) + "' is no " + std::string(field.name) +
                               " of a cron expression: that is " + std::to_string(field.lowest) +
                               " to " + std::to_string(field.highest) +
                               ", *, ranges (1-5), steps (*/2).");
}

// Some day of some year: 31 February never comes.
bool ever_fits(Cron const& cron) {
  static constexpr std::array<std::size_t, 13> longest{0,  31, 29, 31, 30, 31, 30,
                                                       31, 31, 30, 31, 30, 31};
  if (cron.rule == Cron::Days::either) return true;
  for (std::size_t month = 1; month <= 12; ++month) {
    if (!cron.months[month]) continue;
    for (std::size_t day = 1; day <= longest[month]; ++day)
      if (cron.days[day]) return true;
  }
  return false;
}

// ---- times ----

using std::chrono::days;
using std::chrono::sys_days;

constexpr int days_ahead_max = 366 * 9;  // 29 February may be 8 years away
constexpr std::int64_t minute_seconds = 60;
constexpr std::int64_t day_seconds = 86'400;
// Clocks are not set by more than this.
constexpr std::int64_t shift_max = 3 * 3600;

bool day_fits(Cron const& cron, sys_days day) {
  std::chrono::year_month_day const date(day);
  if (!cron.months[static_cast<unsigned>(date.month())]) return false;
  bool const of_month = cron.days[static_cast<unsigned>(date.day())];
  bool const of_week = cron.weekdays[std::chrono::weekday(day).c_encoding()];
  return cron.rule == Cron::Days::either ? of_month || of_week : of_month && of_week;
}

// The earlier of the two that is after `after`.
void keep_earliest(std::optional<Time>& best, Time candidate, Time after) {
  if (candidate > after && (!best || candidate < *best)) best = candidate;
}

void consider(Cron const& cron, LocalMeaning const& meaning, Time after,
              std::optional<Time>& best) {
  using Kind = LocalMeaning::Kind;
  bool const passing = cron.hour_kind == Cron::Hours::passing;
  if (meaning.kind == Kind::gap && passing) return;
  keep_earliest(best, meaning.first, after);
  if (meaning.kind == Kind::twice && passing) keep_earliest(best, meaning.second, after);
}

// All times of one day, as far as they can be after `after` and before what was found.
void consider_day(Cron const& cron, TimeZone const& zone, sys_days day, Time after,
                  std::optional<Time>& best) {
  std::int64_t const midnight = day.time_since_epoch().count() * day_seconds;
  std::int64_t const earliest = zone.local(after).count - shift_max;
  for (std::size_t hour = 0; hour < 24; ++hour) {
    if (!cron.hours[hour]) continue;
    for (std::size_t minute = 0; minute < 60; ++minute) {
      auto const at = midnight + static_cast<std::int64_t>(hour * 60 + minute) * minute_seconds;
      if (!cron.minutes[minute] || at < earliest) continue;
      if (best && at > zone.local(*best).count + shift_max) return;
      consider(cron, zone.meaning({at}), after, best);
    }
  }
}

}  // namespace

Result<Cron> parse_cron(std::string_view text) {
  std::vector<std::string> words;
  for (auto& word : split(text, ' ')) {
    if (!word.empty()) words.push_back(std::move(word));
  }
  if (words.size() != fields.size()) {
    return invalid_input("", "'" + shorten(text, 60) + "' has " + std::to_string(words.size()) +
                                 " fields; a cron expression has five: minute, hour, day of month, "
                                 "month, day of week, as in '30 6 * * mon-fri'.");
  }
  Cron cron;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    for (auto const& part : split(words[i], ',')) {
      auto const range = range_in(part, fields[i]);
      if (!range) return no_such_part(part, fields[i]);
      set_field(cron, i, *range);
    }
  }
  bool const both_restricted = !words[2].starts_with('*') && !words[4].starts_with('*');
  cron.rule = both_restricted ? Cron::Days::either : Cron::Days::both;
  if (words[1].starts_with('*')) cron.hour_kind = Cron::Hours::passing;
  if (ever_fits(cron)) return cron;
  return invalid_input(
      "", "'" + shorten(text, 60) + "' is never due: none of its months has such a day.");
}

Result<void> check_cron(std::string_view text) {
  FAIRLEAD_CHECK(parse_cron(text));
  return {};
}

std::optional<Time> next_due(Cron const& cron, TimeZone const& zone, Time after) {
  auto const today = std::chrono::floor<days>(
      std::chrono::sys_seconds(std::chrono::seconds(zone.local(after).count)));
  std::optional<Time> best;
  // From yesterday on: when clocks go back over midnight, yesterday comes again.
  for (int i = -1; i <= days_ahead_max; ++i) {
    bool const found_before = best.has_value();
    sys_days const day = today + days(i);
    if (day_fits(cron, day)) consider_day(cron, zone, day, after, best);
    // The day after may hold an earlier one, for the same reason.
    if (found_before) return best;
  }
  return best;
}

}  // namespace fairlead::workflow
