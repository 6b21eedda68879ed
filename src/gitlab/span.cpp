#include "gitlab/span.h"

#include <array>
#include <charconv>
#include <utility>

#include "base/text.h"

namespace fairlead::gitlab {
namespace {

constexpr std::array<std::pair<std::string_view, std::int64_t>, 16> units{{{"s", 1},
                                                                           {"sec", 1},
                                                                           {"second", 1},
                                                                           {"seconds", 1},
                                                                           {"m", 60},
                                                                           {"min", 60},
                                                                           {"minute", 60},
                                                                           {"minutes", 60},
                                                                           {"h", 3'600},
                                                                           {"hour", 3'600},
                                                                           {"hours", 3'600},
                                                                           {"d", 86'400},
                                                                           {"day", 86'400},
                                                                           {"days", 86'400},
                                                                           {"w", 604'800},
                                                                           {"weeks", 604'800}}};

std::int64_t seconds_of(std::string_view unit) {
  for (auto const& [name, seconds] : units) {
    if (name == unit) return seconds;
  }
  return 0;
}

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return c >= 'a' && c <= 'z'; }

}  // namespace

std::optional<Span> parse_span(std::string_view text) {
  // ISO 8601 (PT1H30M, P2D) and words differ in the leading P and T only.
  std::string words = to_lower_ascii(trim(text));
  if (words.starts_with("p")) words.erase(0, 1);
  if (auto const t = words.find('t');
      t != std::string::npos && (t == 0 || !is_letter(words[t - 1]) || words[t - 1] == 'd'))
    words[t] = ' ';
  std::string_view rest = trim(words);
  std::int64_t total = 0;
  constexpr std::int64_t seconds_max = span_max.count() / 1'000;
  while (!rest.empty()) {
    std::int64_t number = 0;
    auto const [stop, code] = std::from_chars(rest.data(), rest.data() + rest.size(), number);
    if (code != std::errc() || !is_digit(rest.front())) return std::nullopt;
    rest = trim(rest.substr(static_cast<std::size_t>(stop - rest.data())));
    std::size_t end = 0;
    while (end < rest.size() && is_letter(rest[end]))
      ++end;
    std::int64_t const unit =
        end == 0 && rest.empty() && total == 0 ? 1 : seconds_of(rest.substr(0, end));
    if (unit == 0 || number > seconds_max / unit) return std::nullopt;
    total += number * unit;
    rest = trim(rest.substr(end));
  }
  if (total <= 0 || total > seconds_max) return std::nullopt;
  return Span{std::chrono::seconds(total)};
}

}  // namespace fairlead::gitlab

namespace fairlead::schema {

void Codec<gitlab::Span>::decode(Json const& json, gitlab::Span& out, Reader& reader) {
  auto const span = gitlab::parse_span(json.is_integer() ? json.dump() : json.as_string());
  if (!span)
    return reader.wrong_type("a time span such as 90 (seconds), \"30 min\" or \"2 h\"", json);
  out = *span;
}

Json Codec<gitlab::Span>::schema(Unknown) {
  return with_hint(Json::object({{"type", Json::array({"string", "integer"})}}), "widget", "span");
}

}  // namespace fairlead::schema
