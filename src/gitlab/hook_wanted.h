// How a webhook of ours is to look at GitLab, and whether it does.
//
// Pure; any thread. Source: https://docs.gitlab.com/api/project_webhooks/ (checked on 19.5).
#pragma once

#include <string>

#include "base/json.h"
#include "gitlab/hook_check.h"
#include "store/webhooks.h"

namespace fairlead::gitlab {

// The body that makes it, both secrets in it.
Json hook_wanted(store::WebhookRecord const& record, HookSecrets const& secrets,
                 std::string const& url);

// Whether what GitLab shows of a hook differs from what is wanted.
bool has_drifted(Json const& hook, Json const& wanted);

}  // namespace fairlead::gitlab
