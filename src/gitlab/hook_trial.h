// Whether GitLab's webhooks reach this server, tried for real: GitLab is asked to send a test.
//
// The doctor's last step. GitLab answers only when the delivery has been tried; what it says then
// is the error's text. A project without a pipeline has nothing to test with. The test repeats the
// newest pipeline, which is no news: until it came the hook counts as one that is being tried out,
// so that no workflow starts on it (gitlab/hook_intake.h). Blocks; any thread.
#pragma once

#include <string_view>

#include "action/action.h"
#include "action/catalogue.h"
#include "base/clock.h"
#include "store/webhooks.h"

namespace fairlead::gitlab {

struct HookTrial {
  action::ApiProvider& apis;
  store::WebhookStore& webhooks;
  Clock const& clock;
};

// Errors: those of the connection; invalid_input: GitLab could not deliver, or had nothing to send.
Result<void> try_hook(HookTrial const& trial, std::string_view connection,
                      store::WebhookRecord const& hook);

}  // namespace fairlead::gitlab
