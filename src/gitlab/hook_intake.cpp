#include "gitlab/hook_intake.h"

#include <algorithm>

#include "gitlab/hook_check.h"
#include "gitlab/hook_place.h"
#include "gitlab/hook_secrets.h"
#include "gitlab/pipeline.h"
#include "gitlab/webhooks.h"

namespace fairlead::gitlab {
namespace {

constexpr Milliseconds noted_interval = std::chrono::seconds(1);

// The delivery of a pipeline may come this long after its end, and the clocks may differ.
constexpr Milliseconds delivery_time_max = std::chrono::minutes(1);

// A try-out repeats the newest pipeline as it is: one that had ended before the hook was tried is
// no news, and must not start workflows. One that ended just before is news: nobody has heard of
// it, since a hook is only tried while nothing has come through it.
bool is_try_out(store::WebhookRecord const& hook, HookEvent const& event) {
  return hook.status == "registered" && event.event.type == "com.gitlab.pipeline" &&
         phase_of(event.status) == PipelinePhase::final && event.finished_at &&
         *event.finished_at + delivery_time_max < hook.checked_at;
}

}  // namespace

Result<HookReceipt> HookIntake::take(std::string_view id, net::Headers const& headers,
                                     std::string_view body) {
  FAIRLEAD_TRY(auto const hook, parts_.store.webhooks().find(id));
  if (!hook) {
    ++unknown_;
    Error error = make_error(ErrorKind::not_found, "There is no such webhook.");
    error.remedy = "Remove it in GitLab: Fairlead makes the hooks it needs by itself.";
    return error;
  }
  FAIRLEAD_TRY(auto const secrets, open_secrets(parts_.vault, *hook));
  auto genuine = check_hook(headers, body, secrets, hook->is_signed ? Signs::always : Signs::maybe,
                            parts_.clock.now());
  if (!genuine.ok()) {
    ++refused_;
    parts_.log.debug("a webhook was refused",
                     {{"hook", hook->id}, {"error", describe(genuine.error())}});
    return std::move(genuine).error();
  }
  return accept(*hook, *genuine, headers, body);
}

Result<HookReceipt> HookIntake::accept(store::WebhookRecord const& hook,
                                       store::HookDelivery::Signature signature,
                                       net::Headers const& headers, std::string_view body) {
  FAIRLEAD_TRY(auto const connection, parts_.store.connections().get(hook.connection));
  Time const now = parts_.clock.now();
  auto event = hook_event(headers, body, {.base_url = connection.base_url, .now = now});
  if (!event.ok()) {
    ++malformed_;
    return std::move(event).error();
  }
  HookReceipt receipt;
  if (is_try_out(hook, *event)) {
    receipt.kind = HookReceipt::Kind::try_out;
    ++try_outs_;
  } else {
    FAIRLEAD_TRY(receipt, put(hook, connection.base_url, *event));
    if (receipt.kind == HookReceipt::Kind::accepted) note_lag(*event);
  }
  // Also of a duplicate: the first time may have ended between the event and the wake.
  FAIRLEAD_TRY(receipt.woken, wake_all(connection.base_url, event->wakes));
  // Busy projects deliver many a second; to know it of one is enough.
  bool const news = signature == store::HookDelivery::Signature::good && !hook.is_signed;
  bool const fresh = !news && hook.status == "verified" && hook.delivered_at &&
                     now - *hook.delivered_at < noted_interval;
  if (!fresh)
    FAIRLEAD_CHECK(parts_.store.webhooks().delivered(hook.id, {.at = now, .signature = signature}));
  return receipt;
}

Result<HookReceipt> HookIntake::put(store::WebhookRecord const& hook, std::string const& base_url,
                                    HookEvent const& event) {
  HookReceipt receipt{.kind = HookReceipt::Kind::duplicate};
  FAIRLEAD_TRY(bool const twice, comes_twice(hook, base_url, event));
  if (twice) {
    ++duplicates_;
    return receipt;
  }
  FAIRLEAD_TRY(auto const appended, parts_.store.events().append(event.event));
  receipt.seq = appended.seq;
  if (!appended.duplicate) receipt.kind = HookReceipt::Kind::accepted;
  ++(appended.duplicate ? duplicates_ : accepted_);
  if (!appended.duplicate) parts_.arrived(appended.seq);
  return receipt;
}

Result<HookReceipt> HookIntake::take_missed(store::WebhookRecord const& hook,
                                            net::Headers const& headers, std::string_view body) {
  FAIRLEAD_TRY(auto const connection, parts_.store.connections().get(hook.connection));
  FAIRLEAD_TRY(
      auto const event,
      hook_event(headers, body, {.base_url = connection.base_url, .now = parts_.clock.now()}));
  HookReceipt receipt{.kind = HookReceipt::Kind::try_out};
  if (!is_try_out(hook, event)) {
    FAIRLEAD_TRY(receipt, put(hook, connection.base_url, event));
  }
  FAIRLEAD_TRY(receipt.woken, wake_all(connection.base_url, event.wakes));
  return receipt;
}

// From a group's hook, about a project that still has its own: GitLab gives each hook's delivery a
// key of its own, so only one of the two may count.
Result<bool> HookIntake::comes_twice(store::WebhookRecord const& hook, std::string const& base_url,
                                     HookEvent const& event) {
  if (place_of(hook.target).kind != HookPlace::Kind::group) return false;
  FAIRLEAD_TRY(auto const connections, parts_.store.connections().list());
  for (auto const& connection : connections) {
    if (connection.base_url != base_url) continue;
    for (auto const& project : event.projects) {
      FAIRLEAD_TRY(auto const own, parts_.store.webhooks().find_for(connection.id, project));
      if (own && own->status != "polling") return true;
    }
  }
  return false;
}

// A pipeline is one of the instance: runs of other connections to it may wait for it as well.
Result<std::int64_t> HookIntake::wake_all(std::string const& base_url,
                                          std::vector<PipelineKey> const& keys) {
  if (keys.empty()) return std::int64_t{0};
  FAIRLEAD_TRY(auto const connections, parts_.store.connections().list());
  std::int64_t woken = 0;
  for (auto const& connection : connections) {
    if (connection.base_url != base_url) continue;
    for (PipelineKey key : keys) {
      key.connection = connection.id.text;
      FAIRLEAD_TRY(std::int64_t const some, parts_.wake(to_text(key)));
      woken += some;
    }
  }
  return woken;
}

// Clocks differ: what seems to come before it took place came at once.
void HookIntake::note_lag(HookEvent const& event) {
  if (!event.happened_at) return;
  Time const now = parts_.clock.now();
  auto const lag = std::max(Milliseconds(0), now - *event.happened_at);
  lags_.add(lag);
  std::lock_guard const lock(mutex_);
  newest_at_ = now;
  newest_lag_ = lag;
}

HookLag HookIntake::lag() const {
  std::lock_guard const lock(mutex_);
  return {.seen = lags_.seen(), .newest_at = newest_at_, .newest = newest_lag_};
}

HookCounts HookIntake::counts() const {
  return {.accepted = accepted_,
          .duplicates = duplicates_,
          .try_outs = try_outs_,
          .unknown = unknown_,
          .refused = refused_,
          .malformed = malformed_};
}

}  // namespace fairlead::gitlab
