#include "workflow/text_format.h"

#include <arpa/inet.h>

#include <algorithm>
#include <array>
#include <string>

#include "schema/pattern.h"
#include "workflow/duration.h"
#include "workflow/pattern.h"

namespace fairlead::workflow {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

// Two digits between the bounds at `at`.
bool two_digits(std::string_view text, std::size_t at, int least, int most) {
  if (at + 2 > text.size() || !is_digit(text[at]) || !is_digit(text[at + 1])) return false;
  int const value = (text[at] - '0') * 10 + (text[at + 1] - '0');
  return value >= least && value <= most;
}

bool is_date(std::string_view text) {
  if (text.size() != 10 || text[4] != '-' || text[7] != '-') return false;
  if (!std::all_of(text.begin(), text.begin() + 4, is_digit)) return false;
  if (!two_digits(text, 5, 1, 12)) return false;
  int const year = std::stoi(std::string(text.substr(0, 4)));
  int const month = std::stoi(std::string(text.substr(5, 2)));
  bool const leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  constexpr std::array<int, 12> days{31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  int const last = month == 2 && leap ? 29 : days.at(static_cast<std::size_t>(month - 1));
  return two_digits(text, 8, 1, last);
}

// RFC 3339: with seconds and a zone.
bool is_time(std::string_view text) {
  if (text.size() < 9 || text[2] != ':' || text[5] != ':') return false;
  if (!two_digits(text, 0, 0, 23) || !two_digits(text, 3, 0, 59) || !two_digits(text, 6, 0, 60))
    return false;
  std::size_t at = 8;
  if (text[at] == '.') {
    std::size_t const first = ++at;
    while (at < text.size() && is_digit(text[at]))
      ++at;
    if (at == first) return false;
  }
  auto const zone = text.substr(at);
  if (zone == "Z" || zone == "z") return true;
  return zone.size() == 6 && (zone[0] == '+' || zone[0] == '-') && zone[3] == ':' &&
         two_digits(zone, 1, 0, 23) && two_digits(zone, 4, 0, 59);
}

bool is_date_time(std::string_view text) {
  return text.size() > 11 && (text[10] == 'T' || text[10] == 't') && is_date(text.substr(0, 10)) &&
         is_time(text.substr(11));
}

bool has_uri_letters_only(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    char const c = text[i];
    if (c == '%' && !(i + 2 < text.size() && is_hex(text[i + 1]) && is_hex(text[i + 2])))
      return false;
    bool const fine = is_letter(c) || is_digit(c) ||
                      std::string_view("-._~:/?#[]@!$&'()*+,;=%").find(c) != std::string_view::npos;
    if (!fine) return false;
  }
  return true;
}

bool is_uri(std::string_view text) {
  auto const colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0 || !is_letter(text[0])) return false;
  bool const scheme = std::all_of(
      text.begin(), text.begin() + static_cast<std::ptrdiff_t>(colon),
      [](char c) { return is_letter(c) || is_digit(c) || c == '+' || c == '-' || c == '.'; });
  return scheme && has_uri_letters_only(text.substr(colon + 1));
}

bool is_uuid(std::string_view text) {
  if (text.size() != 36) return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    bool const dash = i == 8 || i == 13 || i == 18 || i == 23;
    if (dash ? text[i] != '-' : !is_hex(text[i])) return false;
  }
  return true;
}

bool is_address(int family, std::string_view text) {
  std::array<unsigned char, sizeof(in6_addr)> address{};
  return inet_pton(family, std::string(text).c_str(), address.data()) == 1 &&
         text.find('\0') == std::string_view::npos;
}
bool is_ipv4(std::string_view text) { return is_address(AF_INET, text); }
bool is_ipv6(std::string_view text) { return is_address(AF_INET6, text); }

bool is_hostname(std::string_view text) {
  if (text.empty() || text.size() > 253) return false;
  while (!text.empty()) {
    auto const label = text.substr(0, text.find('.'));
    bool const letters = std::all_of(
        label.begin(), label.end(), [](char c) { return is_letter(c) || is_digit(c) || c == '-'; });
    if (label.empty() || label.size() > 63 || label.front() == '-' || label.back() == '-' ||
        !letters) {
      return false;
    }
    if (label.size() == text.size()) return true;
    text.remove_prefix(label.size() + 1);
  }
  return false;  // ends with a dot
}

bool is_duration(std::string_view text) { return duration_from(Json(text)).ok(); }
bool is_regex(std::string_view text) { return Pattern::compile(text).ok(); }

bool is_json_pointer(std::string_view text) {
  if (!text.empty() && text[0] != '/') return false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '~' && (i + 1 == text.size() || (text[i + 1] != '0' && text[i + 1] != '1')))
      return false;
  }
  return true;
}

constexpr std::array formats{
    TextFormat{"date-time", "a date and time like 2026-11-22T12:00:00Z", is_date_time},
    TextFormat{"date", "a date like 2026-11-22", is_date},
    TextFormat{"time", "a time with a zone like 12:00:00Z", is_time},
    TextFormat{"duration", "a duration like PT15M", is_duration},
    TextFormat{"email", "an e-mail address", schema::is_email},
    TextFormat{"hostname", "a host name", is_hostname},
    TextFormat{"ipv4", "an IPv4 address", is_ipv4},
    TextFormat{"ipv6", "an IPv6 address", is_ipv6},
    TextFormat{"uri", "a URI like https://example.com/a", is_uri},
    TextFormat{"uri-reference", "a URI or a part of one", has_uri_letters_only},
    TextFormat{"uuid", "a UUID", is_uuid},
    TextFormat{"json-pointer", "a JSON pointer like /a/0", is_json_pointer},
    TextFormat{"regex", "a regular expression", is_regex},
};

}  // namespace

std::span<TextFormat const> text_formats() { return formats; }

TextFormat const* find_text_format(std::string_view name) {
  auto const* found = std::find_if(formats.begin(), formats.end(),
                                   [&](TextFormat const& each) { return each.name == name; });
  return found == formats.end() ? nullptr : found;
}

}  // namespace fairlead::workflow
