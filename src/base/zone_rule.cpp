#include "base/zone_rule.h"

#include <chrono>

namespace fairlead {
namespace {

using std::chrono::days;
using std::chrono::floor;
using std::chrono::sys_days;
using std::chrono::sys_seconds;
using std::chrono::year;

constexpr std::int64_t day_seconds = 86'400;

// Takes what it understands from the front of `rest`; false: nothing fits.
class Cursor {
 public:
  explicit Cursor(std::string_view text) : rest_(text) {}
  [[nodiscard]] bool at_end() const { return rest_.empty(); }
  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    return true;
  }
  // "CET" or "<+03>".
  bool name() {
    std::size_t length = 0;
    if (take('<')) {
      length = rest_.find('>');
      if (length == std::string_view::npos) return false;
      rest_.remove_prefix(length + 1);
      return true;
    }
    while (length < rest_.size() && is_letter(rest_[length]))
      ++length;
    rest_.remove_prefix(length);
    return length >= 3;
  }
  bool number(int& value, int lowest, int highest) {
    value = 0;
    std::size_t digits = 0;
    while (digits < rest_.size() && digits < 4 && rest_[digits] >= '0' && rest_[digits] <= '9')
      value = value * 10 + (rest_[digits++] - '0');
    rest_.remove_prefix(digits);
    return digits > 0 && value >= lowest && value <= highest;
  }
  // "[+-]hh[:mm[:ss]]" in seconds.
  bool time(std::int64_t& seconds) {
    std::int64_t const sign = take('-') ? -1 : 1;
    if (sign == 1) take('+');
    int hours = 0;
    int minutes = 0;
    int rest = 0;
    if (!number(hours, 0, 167)) return false;
    if (take(':') && !number(minutes, 0, 59)) return false;
    if (take(':') && !number(rest, 0, 59)) return false;
    seconds = sign * (hours * 3600 + minutes * 60 + rest);
    return true;
  }
  bool turn(ZoneRule::Turn& turn) {
    using Kind = ZoneRule::Turn::Kind;
    bool good = false;
    if (take('M')) {
      turn.kind = Kind::weekday;
      good = number(turn.month, 1, 12) && take('.') && number(turn.week, 1, 5) && take('.') &&
             number(turn.day, 0, 6);
    } else if (take('J')) {
      turn.kind = Kind::day_without_leap;
      good = number(turn.day, 1, 365);
    } else {
      turn.kind = Kind::day;
      good = number(turn.day, 0, 365);
    }
    if (good && take('/')) return time(turn.seconds);
    return good;
  }

 private:
  static bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
  std::string_view rest_;
};

sys_days day_of(ZoneRule::Turn const& turn, year y) {
  using Kind = ZoneRule::Turn::Kind;
  sys_days const january = sys_days(y / 1 / 1);
  if (turn.kind == Kind::day) return january + days(turn.day);
  if (turn.kind == Kind::day_without_leap) {
    bool const after_february = turn.day >= 60;
    return january + days(turn.day - 1 + (after_february && y.is_leap() ? 1 : 0));
  }
  auto const month = std::chrono::month(static_cast<unsigned>(turn.month));
  auto const weekday = std::chrono::weekday(static_cast<unsigned>(turn.day));
  if (turn.week == 5) return sys_days(y / month / weekday[std::chrono::last]);
  return sys_days(y / month / weekday[static_cast<unsigned>(turn.week)]);
}

// In local time, as if it were UTC.
std::int64_t seconds_of(ZoneRule::Turn const& turn, year y) {
  return day_of(turn, y).time_since_epoch().count() * day_seconds + turn.seconds;
}

}  // namespace

std::optional<ZoneRule> ZoneRule::parse(std::string_view text) {
  ZoneRule rule;
  Cursor cursor(text);
  // POSIX counts west of Greenwich.
  if (!cursor.name() || !cursor.time(rule.standard_)) return std::nullopt;
  rule.standard_ = -rule.standard_;
  if (cursor.at_end()) return rule;
  if (!cursor.name()) return std::nullopt;
  std::int64_t daylight = -(rule.standard_ + 3600);
  if (!cursor.take(',')) {
    if (!cursor.time(daylight) || !cursor.take(',')) return std::nullopt;
  }
  rule.daylight_ = -daylight;
  bool const good =
      cursor.turn(rule.begin_) && cursor.take(',') && cursor.turn(rule.end_) && cursor.at_end();
  return good ? std::optional(rule) : std::nullopt;
}

std::int64_t ZoneRule::offset_at(std::int64_t time) const {
  if (!daylight_) return standard_;
  auto const local_day = floor<days>(sys_seconds(std::chrono::seconds(time + standard_)));
  auto const y = std::chrono::year_month_day(local_day).year();
  std::int64_t const begin = seconds_of(begin_, y) - standard_;
  std::int64_t const end = seconds_of(end_, y) - *daylight_;
  // South of the equator summer lasts over the new year.
  bool const summer = begin < end ? time >= begin && time < end : time >= begin || time < end;
  return summer ? *daylight_ : standard_;
}

}  // namespace fairlead
