#include "gitlab/hook_trial.h"

#include "action/request.h"
#include "gitlab/hook_place.h"

namespace fairlead::gitlab {
namespace {

constexpr int undelivered_status = 422;

}  // namespace

Result<void> try_hook(HookTrial const& trial, std::string_view connection,
                      store::WebhookRecord const& hook) {
  FAIRLEAD_TRY(auto const api, trial.apis.open(connection));
  store::WebhookRecord tried = hook;
  tried.status = "registered";
  tried.checked_at = trial.clock.now();
  FAIRLEAD_CHECK(trial.webhooks.put(tried));
  HookPlace const place = place_of(hook.target);
  auto answer = api->send(action::post("/{}/{}/hooks/{}/test/pipeline_events", place.collection(),
                                       place.id, hook.remote_id));
  if (answer.ok()) return {};
  // GitLab had nothing to send, or was not asked: the hook is what it was. One that could not be
  // delivered to stays in doubt.
  bool const undelivered = answer.error().status == undelivered_status &&
                           answer.error().message.find("Ensure the ") == std::string::npos;
  if (!undelivered) {
    tried.status = hook.status;
    tried.checked_at = hook.checked_at;
    FAIRLEAD_CHECK(trial.webhooks.put(tried));
  }
  return std::move(answer).error();
}

}  // namespace fairlead::gitlab
