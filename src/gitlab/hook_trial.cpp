#include "gitlab/hook_trial.h"

#include "action/request.h"
#include "gitlab/hook_place.h"

namespace fairlead::gitlab {

Result<void> try_hook(action::ApiProvider& apis, std::string_view connection,
                      store::WebhookRecord const& hook) {
  FAIRLEAD_TRY(auto const api, apis.open(connection));
  HookPlace const place = place_of(hook.target);
  auto answer = api->send(action::post("/{}/{}/hooks/{}/test/pipeline_events", place.collection(),
                                       place.id, hook.remote_id));
  if (!answer.ok()) return std::move(answer).error();
  return {};
}

}  // namespace fairlead::gitlab
