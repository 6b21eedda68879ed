// URLs: parse, build, percent-encode, compare origins. RFC 3986; no network.
//
// Base URLs keep their port and sub-path (GitLab below /gitlab). Pure values and functions; any
// thread.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/result.h"

namespace fairlead::net {

struct Url {
  std::string scheme;     // "http" or "https", lower case
  std::string host;       // lower case; IPv6 without brackets
  std::uint16_t port{0};  // always set (80 / 443 if not written)
  std::string path;       // as written, still encoded; "" or starts with "/"
  std::string query;      // without "?", still encoded
  std::string fragment;

  // "https://host[:port]" with the default port left out.
  [[nodiscard]] std::string origin() const;
  [[nodiscard]] std::string to_string() const;
};

// Absolute http(s) URLs only; refuses credentials ("user:pw@"), blanks, control characters,
// backslashes. Errors: invalid_input with a text for people ("... has no host").
Result<Url> parse_url(std::string_view text);

// Everything but unreserved characters (RFC 3986 2.3) becomes %XX: for one path segment or one
// query value.
std::string percent_encode(std::string_view text);
// Invalid escapes stay as they are.
std::string percent_decode(std::string_view text);

using QueryPairs = std::vector<std::pair<std::string, std::string>>;
// "a=b&c%5B%5D=d"; blanks as %20.
std::string encode_query(QueryPairs const& pairs);
// + means blank; order and repetition kept.
QueryPairs decode_query(std::string_view query);

bool same_origin(Url const& a, Url const& b);

// A reference ("/x", "../y", "?q", "//host/z", or absolute) seen from `base`, dot segments removed
// (RFC 3986 5.2). Errors: as parse_url.
Result<Url> resolve_url(Url const& base, std::string_view reference);

}  // namespace fairlead::net
