#include "workflow/duration.h"

#include <array>
#include <charconv>
#include <cmath>
#include <optional>
#include <string>
#include <vector>

#include "base/text.h"

namespace fairlead::workflow {
namespace {

struct Unit {
  char letter;
  std::int64_t ms;
};
constexpr std::array date_units{Unit{'W', 7 * 86'400'000LL}, Unit{'D', 86'400'000LL}};
constexpr std::array time_units{Unit{'H', 3'600'000LL}, Unit{'M', 60'000LL}, Unit{'S', 1'000LL}};

Error malformed(std::string_view text) {
  return invalid_input("", "'" + shorten(text, 60) +
                               "' is no duration. Write it like PT30S, PT15M, PT2H or P1D, or as "
                               "{minutes: 15}.");
}

Error calendar_unit(std::string_view text) {
  return invalid_input("",
                       "'" + shorten(text, 60) +
                           "' counts months or years, whose length differs from one to the next. "
                           "Write days, for example P30D.");
}

std::int64_t const* unit_ms(std::span<Unit const> units, char letter, std::size_t& next) {
  for (; next < units.size(); ++next) {
    if (units[next].letter == letter) return &units[next++].ms;
  }
  return nullptr;
}

Result<Milliseconds> checked(double total_ms, std::string_view text) {
  if (total_ms > static_cast<double>(duration_max.count())) {
    return invalid_input("", "'" + shorten(text, 60) + "' is longer than 10 years.");
  }
  return Milliseconds(static_cast<std::int64_t>(std::llround(total_ms)));
}

}  // namespace

Result<Milliseconds> parse_duration(std::string_view text) {
  auto rest = trim(text);
  if (!rest.starts_with('P') || rest.size() < 3) return malformed(text);
  rest.remove_prefix(1);
  std::span<Unit const> units = date_units;
  std::size_t next = 0;
  double total = 0;
  bool in_time = false;
  while (!rest.empty()) {
    if (rest[0] == 'T' && !in_time) {
      in_time = true;
      units = time_units;
      next = 0;
      rest.remove_prefix(1);
      if (rest.empty()) return malformed(text);
      continue;
    }
    auto const digits = rest.find_first_not_of("0123456789.");
    if (digits == 0 || digits == std::string_view::npos) return malformed(text);
    double amount = 0;
    auto const parsed = std::from_chars(rest.data(), rest.data() + digits, amount);
    if (parsed.ec != std::errc() || parsed.ptr != rest.data() + digits) return malformed(text);
    auto const letter = rest[digits];
    if (letter == 'Y' || (letter == 'M' && !in_time)) return calendar_unit(text);
    auto const* factor = unit_ms(units, letter, next);
    if (factor == nullptr) return malformed(text);
    total += amount * static_cast<double>(*factor);
    rest.remove_prefix(digits + 1);
  }
  return checked(total, text);
}

Result<Milliseconds> duration_from(Json const& value) {
  if (value.is_string()) return parse_duration(value.as_string());
  if (!value.is_object() || value.empty()) return malformed(value.dump());
  static std::vector<std::string> const names{"days", "hours", "minutes", "seconds",
                                              "milliseconds"};
  static constexpr std::array<double, 5> factors{86'400'000, 3'600'000, 60'000, 1'000, 1};
  double total = 0;
  for (auto const& [name, amount] : value.members()) {
    std::size_t at = 0;
    while (at < names.size() && names[at] != name)
      ++at;
    if (at == names.size()) {
      if (name == "months" || name == "years") return calendar_unit(name);
      auto const nearest = nearest_name(name, names);
      return invalid_input(name,
                           "A duration has no '" + name +
                               "'; it is made of days, hours, minutes, "
                               "seconds and milliseconds." +
                               (nearest ? " Did you mean '" + *nearest + "'?" : std::string()));
    }
    if (!amount.is_integer() || amount.as_integer() < 0) {
      return invalid_input(name, "'" + name + "' of a duration must be a whole number, 0 or more.");
    }
    total += static_cast<double>(amount.as_integer()) * factors[at];
  }
  return checked(total, value.dump());
}

std::string format_iso_duration(Milliseconds duration) {
  auto ms = duration.count();
  if (ms <= 0) return "PT0S";
  std::string text = "P";
  if (auto const days = ms / 86'400'000; days > 0) text += std::to_string(days) + "D";
  ms %= 86'400'000;
  if (ms == 0) return text;
  text += "T";
  if (auto const hours = ms / 3'600'000; hours > 0) text += std::to_string(hours) + "H";
  ms %= 3'600'000;
  if (auto const minutes = ms / 60'000; minutes > 0) text += std::to_string(minutes) + "M";
  ms %= 60'000;
  if (ms == 0) return text;
  text += std::to_string(ms / 1000);
  if (ms % 1000 != 0) {
    auto fraction = std::to_string(1000 + ms % 1000).substr(1);
    while (fraction.back() == '0')
      fraction.pop_back();
    text += "." + fraction;
  }
  return text + "S";
}

}  // namespace fairlead::workflow
