#include "gitlab/request_check.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "net/url.h"

namespace fairlead::gitlab {
namespace {

Error bad_path(std::string message) {
  auto error = invalid_input("path", std::move(message));
  error.remedy = "Write the path below /api/v4, such as /projects/12/branches.";
  return error;
}

// Whatever a proxy on the way would take for "." or "..", however often it decodes.
bool climbs(std::string_view segment) {
  std::string decoded(segment);
  for (int i = 0; i < 3; ++i)
    decoded = net::percent_decode(decoded);
  for (std::string const& part : split(decoded, '/')) {
    if (part == "." || part == "..") return true;
  }
  return false;
}

bool allowed_in_path(char c) {
  constexpr std::string_view others = "-._~!$&'()*+,;=:@%/";
  bool const alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return alnum || others.find(c) != std::string_view::npos;
}

Result<void> check_path(std::string_view path) {
  if (!path.starts_with('/') || path.starts_with("//")) return bad_path("must start with one /");
  if (path.starts_with("/api/v4/")) return bad_path("is already below /api/v4: leave that out");
  if (!std::all_of(path.begin(), path.end(), allowed_in_path)) {
    return bad_path("holds a character that must be percent-encoded (queries go into `query`)");
  }
  for (std::string const& segment : split(path, '/')) {
    if (climbs(segment)) return bad_path("may not hold . or .. segments");
  }
  return {};
}

// Ours to set, or a way around the connection's own token.
bool reserved(std::string_view header) {
  constexpr std::array<std::string_view, 12> names{
      "authorization",  "private-token", "job-token",
      "deploy-token",   "cookie",        "proxy-authorization",
      "host",           "connection",    "transfer-encoding",
      "content-length", "upgrade",       "sudo"};
  auto const lower = to_lower_ascii(trim(header));
  return std::find(names.begin(), names.end(), lower) != names.end();
}

bool is_token_character(char c) {
  constexpr std::string_view others = "!#$%&'*+-.^_`|~";
  bool const alnum = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
  return alnum || others.find(c) != std::string_view::npos;
}

bool breaks_line(char c) { return c == '\r' || c == '\n' || c == '\0'; }

}  // namespace

Result<void> check_request(action::Request const& request) {
  FAIRLEAD_CHECK(check_path(request.path));
  for (net::Header const& header : request.headers) {
    bool const named = !header.name.empty() &&
                       std::all_of(header.name.begin(), header.name.end(), is_token_character);
    if (!named || std::any_of(header.value.begin(), header.value.end(), breaks_line)) {
      return invalid_input("headers", "holds a header that is malformed");
    }
    if (!reserved(header.name)) continue;
    auto error = invalid_input("headers", "may not hold " + header.name);
    error.remedy = "Leave it out: the connection signs its calls itself.";
    return error;
  }
  return {};
}

std::string api_path(std::string_view path) {
  if (path == action::graphql_path) return "/api/graphql";
  return std::string(rest_root) + std::string(path);
}

}  // namespace fairlead::gitlab
