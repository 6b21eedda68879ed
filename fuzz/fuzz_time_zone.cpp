// Fuzz target: time zone files. Any bytes are a zone or damaged; a zone answers for any time.
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "base/time_zone.h"

using namespace fairlead;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const zone = TimeZone::parse({reinterpret_cast<char const*>(data), size});
  if (!zone.ok()) return 0;
  for (char const* text :
       {"1970-01-01T00:00:00Z", "2026-03-29T01:00:00Z", "2099-10-25T01:00:00Z"}) {
    auto const local = zone->local(parse_time(text).value());
    static_cast<void>(zone->meaning(local));
  }
  return 0;
}
