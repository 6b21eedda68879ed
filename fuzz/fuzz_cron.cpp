// Fuzz target: cron expressions of five fields. Any text is accepted, or refused with words that
// name the field; what is accepted is due later and later, at whole minutes.
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "workflow/cron.h"

using namespace fairlead;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  static auto const zone = TimeZone::load("Europe/Berlin").value();
  auto const cron = workflow::parse_cron({reinterpret_cast<char const*>(data), size});
  if (!cron.ok()) {
    FAIRLEAD_ASSERT(!cron.error().message.empty(), "a refusal has words");
    return 0;
  }
  // Over a change of the clocks.
  Time at = parse_time("2026-03-28T22:00:00Z").value();
  for (int i = 0; i < 50; ++i) {
    auto const due = workflow::next_due(*cron, zone, at);
    if (!due) break;
    FAIRLEAD_ASSERT(*due > at, "the next time is later");
    FAIRLEAD_ASSERT(to_epoch_ms(*due) % 60'000 == 0, "and at a whole minute");
    at = *due;
  }
  return 0;
}
