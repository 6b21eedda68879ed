// Fuzz target: events as they arrive over HTTP. The first byte chooses structured, batched or
// binary mode; the rest is the body, in binary mode after lines of headers. What is accepted can be
// stored: it has the attributes that name it, and is accepted again as its own envelope.
#include <array>
#include <cstdint>
#include <string_view>

#include "base/assert.h"
#include "base/text.h"
#include "trigger/cloud_event.h"

using namespace fairlead;

namespace {

net::Headers take_headers(std::string_view& text) {
  net::Headers headers;
  headers.add("Content-Type", "application/json");
  for (int i = 0; i < 16; ++i) {
    auto const end = text.find('\n');
    if (end == std::string_view::npos) break;
    auto const line = text.substr(0, end);
    text.remove_prefix(end + 1);
    auto const colon = line.find(':');
    if (colon == std::string_view::npos) break;
    headers.add(std::string(line.substr(0, colon)), std::string(line.substr(colon + 1)));
  }
  return headers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  if (size == 0) return 0;
  std::string_view text(reinterpret_cast<char const*>(data + 1), size - 1);
  net::Headers headers;
  switch (data[0] % 3) {
    case 0:
      headers.add("Content-Type", "application/cloudevents+json");
      break;
    case 1:
      headers.add("Content-Type", "application/cloudevents-batch+json");
      break;
    default:
      headers = take_headers(text);
  }
  Time const now{};
  auto const events = trigger::events_from_http(headers, text, now);
  if (!events.ok()) {
    FAIRLEAD_ASSERT(!events.error().message.empty(), "a refusal has words");
    return 0;
  }
  FAIRLEAD_ASSERT(events->size() <= trigger::batch_events_max, "a batch is bounded");
  for (auto const& event : *events) {
    FAIRLEAD_ASSERT(!event.id.empty() && !event.source.empty() && !event.type.empty(),
                    "an event has a name");
    auto const again = trigger::event_from(event.envelope, now);
    FAIRLEAD_ASSERT(again.ok(), "an accepted envelope is accepted again");
    FAIRLEAD_ASSERT(again->envelope == event.envelope, "and does not change");
  }
  return 0;
}
