// Fuzz target: deliveries of GitLab, the check of their headers and the event they become.
//
// Whatever arrives, nothing but the right secret is genuine, and what is an event can be stored:
// its attributes are short valid UTF-8 and its keys can be read back.
#include <cstdint>
#include <string>
#include <string_view>

#include "base/assert.h"
#include "base/text.h"
#include "gitlab/hook_check.h"
#include "gitlab/hook_event.h"
#include "trigger/cloud_event.h"

using namespace fairlead;
using namespace fairlead::gitlab;

namespace {

// The first lines up to an empty one are header values, in this order; the rest is the body.
constexpr char const* header_names[] = {"Idempotency-Key",   "X-Gitlab-Event-UUID",
                                        "X-Gitlab-Event",    "webhook-id",
                                        "webhook-timestamp", "webhook-signature"};

net::Headers take_headers(std::string_view& text) {
  net::Headers headers;
  for (char const* name : header_names) {
    auto const end = text.find('\n');
    if (end == std::string_view::npos || end == 0) break;
    headers.add(name, std::string(text.substr(0, end)));
    text.remove_prefix(end + 1);
  }
  if (text.starts_with('\n')) text.remove_prefix(1);
  return headers;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(std::uint8_t const* data, std::size_t size) {
  std::string_view text(reinterpret_cast<char const*>(data), size);
  auto headers = take_headers(text);
  Time const now = from_epoch_ms(1'700'000'000'000);
  HookSecrets const secrets{
      .token = Secret("a token of ours"),
      .signing_token = Secret("whsec_" + base64_encode(std::string(32, 'k')))};
  FAIRLEAD_ASSERT(!check_hook(headers, text, secrets, Signs::maybe, now).ok(),
                  "nothing is genuine by chance");
  headers.add("X-Gitlab-Token", "a token of ours");
  bool const genuine = check_hook(headers, text, secrets, Signs::maybe, now).ok();
  FAIRLEAD_ASSERT(!genuine || !headers.contains("webhook-signature"), "nor is a signature");
  auto const event = hook_event(headers, text, {.base_url = "https://gitlab.test", .now = now});
  if (!event.ok()) return 0;
  auto const& envelope = event->event.envelope;
  auto const stored = trigger::event_from(envelope, now);
  FAIRLEAD_ASSERT(stored.ok(), "what we make of it is a CloudEvent");
  for (PipelineKey key : event->wakes) {
    key.connection = "c1";
    auto const again = pipeline_key_from(to_text(key));
    FAIRLEAD_ASSERT(again && again->pipeline == key.pipeline, "a key is read as it was written");
  }
  return 0;
}
