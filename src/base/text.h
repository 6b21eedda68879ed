// Small text functions that several layers need: code points, encodings, nearest names.
//
// Pure functions on UTF-8; invalid UTF-8 never crashes them. Any thread.
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace fairlead {

// Number of Unicode code points; each invalid byte counts as one.
std::size_t code_points(std::string_view utf8);
bool valid_utf8(std::string_view text);
// Each byte that is not part of well-formed UTF-8 becomes U+FFFD.
std::string replace_invalid_utf8(std::string_view text);
// At most `count` code points, then "..." if cut.
std::string shorten(std::string_view utf8, std::size_t count);

std::string to_lower_ascii(std::string_view text);
bool equals_ignoring_case(std::string_view a, std::string_view b);
std::string_view trim(std::string_view text);
std::vector<std::string> split(std::string_view text, char separator);
std::string join(std::span<std::string const> parts, std::string_view separator);

std::string base64_encode(std::string_view bytes);
std::string base64url_encode(std::string_view bytes);
// Accepts both alphabets, padding optional; empty if malformed.
std::optional<std::string> base64_decode(std::string_view text);
std::string hex_encode(std::string_view bytes);

// The candidate nearest to `name` (edit distance at most a third of its length, letter case and -_
// ignored), if any.
std::optional<std::string> nearest_name(std::string_view name,
                                        std::span<std::string const> candidates);

// "10,000"
std::string with_thousands(long long number);

}  // namespace fairlead
