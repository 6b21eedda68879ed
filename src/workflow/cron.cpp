#include "workflow/cron.h"

#include <array>
#include <charconv>
#include <optional>
#include <string>

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

bool valid_part(std::string_view part, Field const& field) {
  if (auto const slash = part.find('/'); slash != std::string_view::npos) {
    Field const step{"step", 1, field.highest, ""};
    if (!number_in(part.substr(slash + 1), step)) return false;
    part = part.substr(0, slash);
  }
  if (part == "*") return true;
  if (auto const dash = part.find('-'); dash != std::string_view::npos) {
    auto const from = number_in(part.substr(0, dash), field);
    auto const to = number_in(part.substr(dash + 1), field);
    return from && to && *from <= *to;
  }
  return number_in(part, field).has_value();
}

}  // namespace

Result<void> check_cron(std::string_view text) {
  std::vector<std::string> words;
  for (auto& word : split(text, ' ')) {
    if (!word.empty()) words.push_back(std::move(word));
  }
  if (words.size() != fields.size()) {
    return invalid_input("", "'" + shorten(text, 60) + "' has " + std::to_string(words.size()) +
                                 " fields; a cron expression has five: minute, hour, day of month, "
                                 "month, day of week, as in '30 6 * * mon-fri'.");
  }
  for (std::size_t i = 0; i < fields.size(); ++i) {
    auto const& field = fields[i];
    for (auto const& part : split(words[i], ',')) {
      if (valid_part(part, field)) continue;
      return invalid_input(
          "", "'" + shorten(part, 40) + "' is no " + std::string(field.name) +
                  " of a cron expression: that is " + std::to_string(field.lowest) + " to " +
                  std::to_string(field.highest) + ", *, ranges (1-5), steps (*/2).");
    }
  }
  return {};
}

}  // namespace fairlead::workflow
