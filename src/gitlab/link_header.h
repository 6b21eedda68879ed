// The Link header of GitLab's paging: `<url>; rel="next", <url>; rel="first"` (RFC 8288, section
// 3).
//
// Text of the other side: parsed without trust. Malformed links are left out, nothing throws, work
// is linear. The URLs are given as written; the caller takes only what it may (see paging.h). Pure;
// any thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace fairlead::gitlab {

struct Link {
  std::string target;             // between < and >, as written
  std::vector<std::string> rels;  // lower case; a link without rel is not listed
  friend bool operator==(Link const&, Link const&) = default;
};

// Headers longer than this hold no links for us: GitLab's are below 8 KiB.
inline constexpr std::size_t link_header_bytes_max = 64 << 10;
inline constexpr std::size_t links_max = 64;

std::vector<Link> parse_link_header(std::string_view header);
// The first target with that relation, or "".
std::string link_target(std::string_view header, std::string_view rel);

}  // namespace fairlead::gitlab
