// What a span may say of the URL of a request: never a query, and of a path only known words.
//
// In a chat's webhook the path is the secret, and GitLab's paths hold names out of a run's input.
// Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace fairlead::trace {

struct UrlShown {
  std::string full;       // "https://gitlab.test/api/v4/projects/REDACTED/issues"
  std::string template_;  // "/api/v4/projects/{id}/issues"; "" where the path is not GitLab's
  std::string host;
  std::uint16_t port{0};
};

// `to_gitlab`: a path below /api/v4 is GitLab's. A URL that cannot be read shows nothing.
UrlShown show_url(std::string_view url, bool to_gitlab);

}  // namespace fairlead::trace
