#include "net/url.h"

#include <algorithm>
#include <charconv>

#include "base/text.h"

namespace fairlead::net {
namespace {

constexpr std::size_t url_bytes_max = 64 << 10;
constexpr std::string_view hex_digits = "0123456789ABCDEF";

bool is_alnum(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_unreserved(char c) { return is_alnum(c) || c == '-' || c == '.' || c == '_' || c == '~'; }

int hex_value(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

void append_escaped(std::string& out, char c) {
  auto const byte = static_cast<unsigned char>(c);
  out += '%';
  out += hex_digits[byte >> 4];
  out += hex_digits[byte & 15];
}

// Escapes the bytes that may not stand in a request line at all; everything else stays as written.
std::string escape_non_ascii(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (char const c : text) {
    if (static_cast<unsigned char>(c) < 0x80) {
      out += c;
    } else {
      append_escaped(out, c);
    }
  }
  return out;
}

Error url_error(std::string message) {
  auto error = invalid_input("url", std::move(message));
  error.remedy = "Write it as https://host or https://host:port/path.";
  return error;
}

std::uint16_t default_port(std::string_view scheme) { return scheme == "https" ? 443 : 80; }

Result<void> check_characters(std::string_view text) {
  if (text.empty()) return url_error("The URL is empty.");
  if (text.size() > url_bytes_max) return url_error("The URL is longer than 64 KiB.");
  for (char const c : text) {
    auto const byte = static_cast<unsigned char>(c);
    if (c == ' ') return url_error("The URL contains a blank.");
    if (byte < 0x20 || byte == 0x7f) return url_error("The URL contains a control character.");
    if (c == '\\') return url_error("The URL contains a backslash.");
  }
  return {};
}

Result<void> read_port(std::string_view text, Url& url) {
  if (text.empty()) return {};
  unsigned port = 0;
  auto const [end, code] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (code != std::errc{} || end != text.data() + text.size() || port == 0 || port > 65'535) {
    return url_error("The URL's port is not a number from 1 to 65535.");
  }
  url.port = static_cast<std::uint16_t>(port);
  return {};
}

// [v6]:port; the brackets are not kept.
Result<void> read_bracketed_host(std::string_view authority, Url& url) {
  auto const close = authority.find(']');
  if (close == std::string_view::npos)
    return url_error("The URL's IPv6 address has no closing bracket.");
  auto const host = authority.substr(1, close - 1);
  auto const allowed = [](char c) { return hex_value(c) >= 0 || c == ':' || c == '.'; };
  if (host.find(':') == std::string_view::npos || !std::all_of(host.begin(), host.end(), allowed)) {
    return url_error("The URL's IPv6 address is malformed.");
  }
  url.host = to_lower_ascii(host);
  auto const rest = authority.substr(close + 1);
  if (rest.empty()) return {};
  if (rest.front() != ':') return url_error("The URL has text between its host and its port.");
  return read_port(rest.substr(1), url);
}

Result<void> read_authority(std::string_view authority, Url& url) {
  if (authority.find('@') != std::string_view::npos) {
    auto error = url_error("The URL contains a user name or password.");
    error.remedy = "Take it out of the URL and give the credentials where they are asked for.";
    return error;
  }
  if (authority.starts_with('[')) return read_bracketed_host(authority, url);
  auto const colon = authority.find(':');
  auto const host = authority.substr(0, colon);
  if (host.empty()) return url_error("The URL has no host.");
  for (char const c : host) {
    if (static_cast<unsigned char>(c) >= 0x80) {
      auto error = url_error("The URL's host contains letters outside ASCII.");
      error.remedy = "Write the host in its ASCII form (xn--...).";
      return error;
    }
    if (!is_unreserved(c))
      return url_error("The URL's host contains a character that hosts cannot have.");
  }
  url.host = to_lower_ascii(host);
  return colon == std::string_view::npos ? Result<void>{}
                                         : read_port(authority.substr(colon + 1), url);
}

// `path` starts with "/".
std::string remove_dot_segments(std::string_view path) {
  std::vector<std::string_view> kept;
  auto ends_in_folder = false;
  while (!path.empty()) {
    path.remove_prefix(1);
    auto const end = std::min(path.find('/'), path.size());
    auto const segment = path.substr(0, end);
    path.remove_prefix(end);
    ends_in_folder = segment == "." || segment == "..";
    if (segment == ".." && !kept.empty()) kept.pop_back();
    if (!ends_in_folder) kept.push_back(segment);
  }
  std::string out;
  for (auto const segment : kept)
    (out += '/') += segment;
  return ends_in_folder || out.empty() ? out + "/" : out;
}

}  // namespace

std::string Url::origin() const {
  std::string out = scheme + "://";
  out += host.find(':') == std::string::npos ? host : "[" + host + "]";
  if (port != default_port(scheme)) out += ":" + std::to_string(port);
  return out;
}

std::string Url::to_string() const {
  auto out = origin() + path;
  if (!query.empty()) out += "?" + query;
  if (!fragment.empty()) out += "#" + fragment;
  return out;
}

Result<Url> parse_url(std::string_view text) {
  FAIRLEAD_CHECK(check_characters(text));
  auto const colon = text.find("://");
  if (colon == std::string_view::npos)
    return url_error("The URL does not start with https:// or http://.");
  Url url;
  url.scheme = to_lower_ascii(text.substr(0, colon));
  if (url.scheme != "http" && url.scheme != "https") {
    return url_error("The URL does not start with https:// or http://.");
  }
  url.port = default_port(url.scheme);
  auto rest = text.substr(colon + 3);
  auto const authority_end = std::min(rest.find_first_of("/?#"), rest.size());
  FAIRLEAD_CHECK(read_authority(rest.substr(0, authority_end), url));
  rest.remove_prefix(authority_end);
  if (auto const hash = rest.find('#'); hash != std::string_view::npos) {
    url.fragment = escape_non_ascii(rest.substr(hash + 1));
    rest = rest.substr(0, hash);
  }
  if (auto const mark = rest.find('?'); mark != std::string_view::npos) {
    url.query = escape_non_ascii(rest.substr(mark + 1));
    rest = rest.substr(0, mark);
  }
  url.path = escape_non_ascii(rest);
  return url;
}

std::string percent_encode(std::string_view text) {
  std::string out;
  out.reserve(text.size() + 8);
  for (char const c : text) {
    if (is_unreserved(c)) {
      out += c;
    } else {
      append_escaped(out, c);
    }
  }
  return out;
}

std::string percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size()) {
      auto const high = hex_value(text[i + 1]);
      auto const low = hex_value(text[i + 2]);
      if (high >= 0 && low >= 0) {
        out += static_cast<char>(high * 16 + low);
        i += 2;
        continue;
      }
    }
    out += text[i];
  }
  return out;
}

std::string encode_query(QueryPairs const& pairs) {
  std::string out;
  for (auto const& [name, value] : pairs) {
    if (!out.empty()) out += '&';
    out += percent_encode(name) + "=" + percent_encode(value);
  }
  return out;
}

QueryPairs decode_query(std::string_view query) {
  auto const decode = [](std::string_view part) {
    std::string text(part);
    std::replace(text.begin(), text.end(), '+', ' ');
    return percent_decode(text);
  };
  QueryPairs pairs;
  while (!query.empty()) {
    auto const end = std::min(query.find('&'), query.size());
    auto const piece = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    if (piece.empty()) continue;
    auto const equals = piece.find('=');
    auto const value = equals == std::string_view::npos ? "" : piece.substr(equals + 1);
    pairs.emplace_back(decode(piece.substr(0, equals)), decode(value));
  }
  return pairs;
}

bool same_origin(Url const& a, Url const& b) {
  return a.scheme == b.scheme && a.host == b.host && a.port == b.port;
}

Result<Url> resolve_url(Url const& base, std::string_view reference) {
  auto const scheme_end = reference.find(':');
  auto const has_scheme =
      scheme_end != std::string_view::npos && scheme_end < reference.find_first_of("/?#");
  if (has_scheme) return parse_url(reference);
  if (reference.starts_with("//")) return parse_url(base.scheme + ":" + std::string(reference));
  auto const path_end = std::min(reference.find_first_of("?#"), reference.size());
  auto const path = reference.substr(0, path_end);
  auto const rest = reference.substr(path_end);
  if (path.empty()) {
    auto const query = rest.starts_with('?') || base.query.empty() ? "" : "?" + base.query;
    return parse_url(base.origin() + base.path + query + std::string(rest));
  }
  auto const folder = base.path.substr(0, base.path.rfind('/') + 1);
  auto const whole = path.starts_with('/') ? std::string(path)
                                           : (folder.empty() ? "/" : folder) + std::string(path);
  return parse_url(base.origin() + remove_dot_segments(whole) + std::string(rest));
}

}  // namespace fairlead::net
