// HookIntake: a delivery of GitLab's, from the raw request to the inbox and to the runs it wakes.
//
// Checks it is genuine, stores it as a CloudEvent (again is noticed by its key), wakes what waits
// for it, and only then says yes: all of it is durable before GitLab hears 200. Deliveries that we
// asked for as a try-out verify the hook and are no events. Thread-safe; blocks on the store.
#pragma once

#include <atomic>
#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "base/clock.h"
#include "base/log.h"
#include "base/metric_text.h"
#include "gitlab/hook_event.h"
#include "store/store.h"
#include "store/webhooks.h"
#include "vault/vault.h"

namespace fairlead::gitlab {

struct HookReceipt {
  std::int64_t seq{0};  // in the inbox; 0: a try-out
  enum class Kind { accepted, duplicate, try_out } kind{Kind::accepted};
  std::int64_t woken{0};
};

// Since the start; for the list of webhooks.
struct HookCounts {
  std::uint64_t accepted{0};
  std::uint64_t duplicates{0};
  std::uint64_t try_outs{0};
  std::uint64_t unknown{0};    // no such hook of ours
  std::uint64_t refused{0};    // not genuine
  std::uint64_t malformed{0};  // no JSON object
};

// How late deliveries come, by GitLab's clock and ours: of those that were new and say when the
// thing took place, since the start.
struct HookLag {
  TimedCounts::Seen seen;
  std::optional<Time> newest_at;  // the newest of them arrived; nothing: there was none
  Milliseconds newest{0};
};

class HookIntake {
 public:
  struct Parts {
    store::Store& store;
    vault::Vault& vault;
    Clock const& clock;
    Log& log;
    std::function<void(std::int64_t seq)> arrived;  // tells the engine of an event
    std::function<Result<std::int64_t>(std::string const& key)> wake;
  };
  explicit HookIntake(Parts parts) : parts_(std::move(parts)) {}
  HookIntake(HookIntake const&) = delete;
  HookIntake& operator=(HookIntake const&) = delete;

  // Errors: not_found (no such hook), denied (not genuine), invalid_input (no JSON object), and the
  // store's: then GitLab shows the delivery as failed and it can be resent.
  Result<HookReceipt> take(std::string_view hook, net::Headers const& headers,
                           std::string_view body);
  // One that GitLab told us of in another way: not checked, and no proof of the hook.
  Result<HookReceipt> take_missed(store::WebhookRecord const& hook, net::Headers const& headers,
                                  std::string_view body);
  [[nodiscard]] HookCounts counts() const;
  [[nodiscard]] HookLag lag() const;

 private:
  void note_lag(HookEvent const& event);
  Result<HookReceipt> put(store::WebhookRecord const& hook, std::string const& base_url,
                          HookEvent const& event);
  Result<HookReceipt> accept(store::WebhookRecord const& hook,
                             store::HookDelivery::Signature signature, net::Headers const& headers,
                             std::string_view body);
  Result<bool> comes_twice(store::WebhookRecord const& hook, std::string const& base_url,
                           HookEvent const& event);
  Result<std::int64_t> wake_all(std::string const& base_url, std::vector<PipelineKey> const& keys);

  Parts parts_;
  std::atomic<std::uint64_t> accepted_{0};
  std::atomic<std::uint64_t> duplicates_{0};
  std::atomic<std::uint64_t> try_outs_{0};
  std::atomic<std::uint64_t> unknown_{0};
  std::atomic<std::uint64_t> refused_{0};
  std::atomic<std::uint64_t> malformed_{0};
  TimedCounts lags_;
  mutable std::mutex mutex_;
  std::optional<Time> newest_at_;
  Milliseconds newest_lag_{0};
};

}  // namespace fairlead::gitlab
