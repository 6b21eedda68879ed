#include "base/clock.h"

#include <array>
#include <cstdio>

namespace fairlead {
namespace {

using std::chrono::days;
using std::chrono::floor;

// Reads digits and literals from the front of a text; one failure makes all that follows fail.
class Reader {
 public:
  explicit Reader(std::string_view text) : rest_(text) {}

  int digits(std::size_t count) {
    if (rest_.size() < count) return fail();
    int value = 0;
    for (char const c : rest_.substr(0, count)) {
      if (c < '0' || c > '9') return fail();
      value = value * 10 + (c - '0');
    }
    rest_.remove_prefix(count);
    return value;
  }
  void one_of(std::string_view allowed) {
    if (rest_.empty() || allowed.find(rest_.front()) == std::string_view::npos) {
      fail();
      return;
    }
    rest_.remove_prefix(1);
  }
  bool skip(std::string_view literal) {
    if (!rest_.starts_with(literal)) return false;
    rest_.remove_prefix(literal.size());
    return true;
  }
  // ".25" -> 250; digits below a millisecond are cut.
  int fraction_ms() {
    if (!skip(".")) return 0;
    int value = 0;
    std::size_t count = 0;
    for (; count < rest_.size() && rest_[count] >= '0' && rest_[count] <= '9'; ++count) {
      if (count < 3) value = value * 10 + (rest_[count] - '0');
    }
    if (count == 0) return fail();
    for (std::size_t i = count; i < 3; ++i)
      value *= 10;
    rest_.remove_prefix(count);
    return value;
  }
  int fail() {
    ok_ = false;
    rest_ = {};
    return 0;
  }
  [[nodiscard]] bool complete() const { return ok_ && rest_.empty(); }

 private:
  std::string_view rest_;
  bool ok_{true};
};

std::chrono::minutes read_offset(Reader& reader) {
  if (reader.skip("Z") || reader.skip("z") || reader.skip(" UTC")) return {};
  bool const east = reader.skip("+");
  if (!east && !reader.skip("-")) reader.fail();
  int const hours = reader.digits(2);
  reader.skip(":");
  int const minutes = reader.digits(2);
  if (hours > 23 || minutes > 59) reader.fail();
  return std::chrono::minutes((hours * 60 + minutes) * (east ? 1 : -1));
}

}  // namespace

Time SystemClock::now() const {
  return std::chrono::floor<Milliseconds>(std::chrono::system_clock::now());
}

Milliseconds SystemClock::steady() const {
  auto const since = std::chrono::steady_clock::now().time_since_epoch();
  return std::chrono::floor<Milliseconds>(since);
}

std::string format_time(Time time) {
  auto const day = floor<days>(time);
  std::chrono::hh_mm_ss<Milliseconds> const clock(time - day);
  std::array<char, 24> out{};
  std::snprintf(out.data(), out.size(), "T%02d:%02d:%02d.%03dZ",
                static_cast<int>(clock.hours().count()), static_cast<int>(clock.minutes().count()),
                static_cast<int>(clock.seconds().count()),
                static_cast<int>(clock.subseconds().count()));
  return format_date(time) + out.data();
}

std::string format_date(Time time) {
  std::chrono::year_month_day const date(floor<days>(time));
  std::array<char, 24> out{};
  std::snprintf(out.data(), out.size(), "%04d-%02u-%02u", static_cast<int>(date.year()),
                static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
  return out.data();
}

std::optional<Time> parse_time(std::string_view text) {
  Reader reader(text);
  std::chrono::year const year(reader.digits(4));
  reader.one_of("-");
  std::chrono::month const month(static_cast<unsigned>(reader.digits(2)));
  reader.one_of("-");
  std::chrono::day const day(static_cast<unsigned>(reader.digits(2)));
  reader.one_of("Tt ");
  int const hour = reader.digits(2);
  reader.one_of(":");
  int const minute = reader.digits(2);
  reader.one_of(":");
  int const second = reader.digits(2);
  int const ms = reader.fraction_ms();
  auto const offset = read_offset(reader);
  std::chrono::year_month_day const date(year, month, day);
  // 60 is a leap second (RFC 3339 5.6): it reads as the first second of the next minute.
  if (!reader.complete() || !date.ok() || hour > 23 || minute > 59 || second > 60) {
    return std::nullopt;
  }
  return Time(std::chrono::sys_days(date)) + std::chrono::hours(hour) +
         std::chrono::minutes(minute) + std::chrono::seconds(second) + Milliseconds(ms) - offset;
}

std::string format_duration(Milliseconds duration) {
  std::int64_t const ms = duration.count();
  if (ms < 0) return "-" + format_duration(Milliseconds(-ms));
  if (ms < 1'000) return std::to_string(ms) + " ms";
  if (ms < 60'000) {
    std::int64_t const tenth = ms / 100 % 10;
    std::string const whole = std::to_string(ms / 1'000);
    return tenth == 0 ? whole + " s" : whole + "." + std::to_string(tenth) + " s";
  }
  struct Unit {
    std::int64_t seconds;
    char const* name;
  };
  constexpr std::array<Unit, 4> units{{{86'400, " d"}, {3'600, " h"}, {60, " min"}, {1, " s"}}};
  std::int64_t const seconds = ms / 1'000;
  std::size_t i = 0;
  while (seconds < units[i].seconds)
    ++i;
  std::string out = std::to_string(seconds / units[i].seconds) + units[i].name;
  std::int64_t const rest = seconds % units[i].seconds / units[i + 1].seconds;
  if (rest > 0) out += " " + std::to_string(rest) + units[i + 1].name;
  return out;
}

}  // namespace fairlead
