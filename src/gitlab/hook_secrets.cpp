#include "gitlab/hook_secrets.h"

#include <string>

#include "vault/resealing.h"

namespace fairlead::gitlab {
namespace {

Result<void> seal_anew(store::WebhookStore& webhooks, vault::Vault& vault,
                       store::WebhookRecord record) {
  FAIRLEAD_TRY(auto const secrets, open_secrets(vault, record));
  std::string const former = record.sealed_token;
  record.sealed_token = vault.seal(seal_place(record, "token"), secrets.token);
  record.sealed_signing_token =
      vault.seal(seal_place(record, "signing_token"), secrets.signing_token);
  FAIRLEAD_CHECK(webhooks.reseal(record, former));
  return {};
}

}  // namespace

vault::SealContext seal_place(store::WebhookRecord const& record, std::string_view column) {
  return {.table = "webhook", .row = record.id, .column = column};
}

Result<HookSecrets> open_secrets(vault::Vault& vault, store::WebhookRecord const& record) {
  HookSecrets secrets;
  FAIRLEAD_TRY(secrets.token, vault.open(seal_place(record, "token"), record.sealed_token));
  FAIRLEAD_TRY(secrets.signing_token,
               vault.open(seal_place(record, "signing_token"), record.sealed_signing_token));
  return secrets;
}

Result<int> reseal_webhooks(store::WebhookStore& webhooks, vault::Vault& vault, int limit) {
  FAIRLEAD_TRY(auto const all, webhooks.list());
  vault::Resealing batch(limit);
  for (auto const& record : all) {
    if (batch.is_full()) break;
    if (!vault.is_outdated(record.sealed_token)) continue;
    batch.note("the webhook of " + record.target, seal_anew(webhooks, vault, record));
  }
  return batch.result();
}

}  // namespace fairlead::gitlab
