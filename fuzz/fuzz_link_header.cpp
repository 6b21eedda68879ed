// Fuzz target: the Link header parser on any bytes. Nothing may crash, and its bounds must hold.
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "gitlab/link_header.h"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const links = fairlead::gitlab::parse_link_header(text);
  FAIRLEAD_ASSERT(links.size() <= fairlead::gitlab::links_max, "the number of links is bounded");
  for (auto const& link : links) {
    FAIRLEAD_ASSERT(!link.rels.empty(), "a link has a relation");
    FAIRLEAD_ASSERT(link.target.find('>') == std::string::npos, "a target ends at >");
  }
  return 0;
}
