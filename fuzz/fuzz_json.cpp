// Json: whatever is accepted is written so that it reads back the same, compact and indented; the
// rest is an Error.
#include <cstdint>
#include <string_view>

#include "base/json.h"
#include "base/result.h"
#include "base/text.h"

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  using fairlead::Json;
  std::string_view const text(reinterpret_cast<char const*>(data), size);
  auto const json = Json::parse(text);
  if (!json.ok()) {
    FAIRLEAD_ASSERT(json.error().kind == fairlead::ErrorKind::invalid_input,
                    "a refusal is of the input");
    FAIRLEAD_ASSERT(!json.error().where.empty(), "a refusal says where");
    return 0;
  }
  std::string const written = json->dump();
  FAIRLEAD_ASSERT(fairlead::valid_utf8(written), "what is written is UTF-8");
  auto const again = Json::parse(written);
  FAIRLEAD_ASSERT(again.ok() && *again == *json, "what is written reads back the same");
  FAIRLEAD_ASSERT(again->dump() == written, "writing is stable");
  auto const indented = Json::parse(json->pretty());
  FAIRLEAD_ASSERT(indented.ok() && *indented == *json, "what is indented reads back the same");
  return 0;
}
