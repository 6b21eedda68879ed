#include "base/trace_parent.h"

#include <algorithm>

#include "base/text.h"

namespace fairlead {
namespace {

constexpr std::size_t length = 55;  // of version 00
constexpr std::size_t version_digits = 2;
constexpr std::size_t trace_at = 3;
constexpr std::size_t trace_digits = 32;
constexpr std::size_t span_at = 36;
constexpr std::size_t span_digits = 16;
constexpr std::size_t flags_at = 53;

int digit_of(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  constexpr int ten = 10;
  return c >= 'a' && c <= 'f' ? c - 'a' + ten : -1;  // upper case is malformed
}

// Nothing: a character that is no hex digit.
std::optional<std::string> bytes_of(std::string_view hex) {
  std::string bytes;
  for (std::size_t at = 0; at + 1 < hex.size(); at += 2) {
    int const high = digit_of(hex[at]);
    int const low = digit_of(hex[at + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    constexpr int base = 16;
    bytes += static_cast<char>(high * base + low);
  }
  return bytes;
}

bool is_zero(std::string const& bytes) {
  return std::all_of(bytes.begin(), bytes.end(), [](char c) { return c == '\0'; });
}

}  // namespace

std::optional<TraceParent> parse_trace_parent(std::string_view text) {
  if (text.size() < length || text[2] != '-' || text[span_at - 1] != '-' ||
      text[flags_at - 1] != '-')
    return std::nullopt;
  auto const version = bytes_of(text.substr(0, version_digits));
  if (!version || *version == "\xff") return std::nullopt;
  // A later version may have more behind a dash.
  if (text.size() > length && (*version == std::string(1, '\0') || text[length] != '-'))
    return std::nullopt;
  auto trace = bytes_of(text.substr(trace_at, trace_digits));
  auto span = bytes_of(text.substr(span_at, span_digits));
  auto const flags = bytes_of(text.substr(flags_at, 2));
  if (!trace || !span || !flags || is_zero(*trace) || is_zero(*span)) return std::nullopt;
  return TraceParent{.trace = *std::move(trace),
                     .span = *std::move(span),
                     .sampled = (static_cast<unsigned char>((*flags)[0]) & 1U) != 0};
}

std::string to_string(TraceParent const& parent) {
  return "00-" + hex_encode(parent.trace) + "-" + hex_encode(parent.span) +
         (parent.sampled ? "-01" : "-00");
}

}  // namespace fairlead
