// The two secrets of a webhook at rest: GitLab knows them, nobody reads them back.
//
// Each is sealed for its column of its row. Blocks on the store where one is given; any thread.
#pragma once

#include <string_view>

#include "gitlab/hook_check.h"
#include "store/webhooks.h"
#include "vault/vault.h"

namespace fairlead::gitlab {

// What a seal is bound to; `column` is "token" or "signing_token".
vault::SealContext seal_place(store::WebhookRecord const& record, std::string_view column);

// The secrets of a record, opened. Errors: of the vault.
Result<HookSecrets> open_secrets(vault::Vault& vault, store::WebhookRecord const& record);

// Seals the secrets of at most `limit` webhooks of a former master key anew; says how many, or what
// could not be opened once nothing else is left.
Result<int> reseal_webhooks(store::WebhookStore& webhooks, vault::Vault& vault, int limit);

}  // namespace fairlead::gitlab
