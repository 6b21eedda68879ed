// Content codings of HTTP (RFC 9110 8.4, 12.5.3): what a client takes, and gzip.
//
// For what the API answers; the web application's files are compressed when they are built. Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fairlead::net {

// Whether `coding` is among what the header Accept-Encoding names, or "*" stands for it, and not
// with q=0.
bool accepts_coding(std::string_view accept_encoding, std::string_view coding);

inline constexpr std::size_t gzip_bytes_max = 64u << 20;

// Nothing: longer than gzip_bytes_max, or there is no memory for it; it goes as it is.
std::optional<std::string> gzip(std::string_view text);

}  // namespace fairlead::net
