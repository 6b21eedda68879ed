// What becomes of a connection's webhooks when it is disconnected.
//
// Another connection to the same GitLab takes them over; else they are removed at GitLab while the
// token still works, so that none is left that posts to nobody. Blocks on GitLab; any thread.
#pragma once

#include "action/catalogue.h"
#include "base/log.h"
#include "store/store.h"
#include "store/webhooks.h"

namespace fairlead::gitlab {

// Removed at GitLab in one disconnect; further ones are left to GitLab, which switches them off.
inline constexpr int hooks_released_max = 100;

struct HookRelease {
  store::Store& store;
  action::ApiProvider& apis;
  Log& log;
};

// Never fails: what could not be removed is in the log.
void release_webhooks(HookRelease const& parts, store::ConnectionRecord const& leaving);

}  // namespace fairlead::gitlab
