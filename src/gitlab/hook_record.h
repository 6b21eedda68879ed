// A new webhook's record, with secrets of its own: before GitLab hears of it, since its first
// delivery may come at once.
//
// For the keeper, and for who keeps one by hand. Nothing is stored here; any thread.
#pragma once

#include "base/clock.h"
#include "base/random.h"
#include "store/webhooks.h"
#include "vault/vault.h"

namespace fairlead::gitlab {

struct HookMaker {
  vault::Vault& vault;
  Clock const& clock;
  Random& random;
};

store::WebhookRecord new_hook_record(HookMaker const& maker, ConnectionId const& connection,
                                     std::string target);

}  // namespace fairlead::gitlab
