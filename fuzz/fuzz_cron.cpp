// Fuzz target: cron expressions of five fields. Any text is accepted or refused with words that name
// the field.
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "workflow/cron.h"

using namespace fairlead;

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  auto const checked = workflow::check_cron({reinterpret_cast<char const*>(data), size});
  FAIRLEAD_ASSERT(checked.ok() || !checked.error().message.empty(), "a refusal has words");
  return 0;
}
