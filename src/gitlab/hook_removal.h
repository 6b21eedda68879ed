// Removing a webhook at GitLab: for one that nobody needs, and for what a disconnect leaves behind.
//
// Blocks on GitLab; idempotent; any thread.
#pragma once

#include "action/catalogue.h"
#include "store/webhooks.h"

namespace fairlead::gitlab {

// Nothing to do if none was made. One that is gone already is no error; others: those of the call.
Result<void> remove_at_gitlab(action::Api& api, store::WebhookRecord const& hook);

}  // namespace fairlead::gitlab
