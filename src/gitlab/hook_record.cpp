#include "gitlab/hook_record.h"

#include <span>
#include <utility>

#include "base/text.h"
#include "gitlab/hook_secrets.h"

namespace fairlead::gitlab {
namespace {

constexpr std::size_t secret_bytes = 32;

}  // namespace

store::WebhookRecord new_hook_record(HookMaker const& maker, ConnectionId const& connection,
                                     std::string target) {
  Time const now = maker.clock.now();
  store::WebhookRecord record;
  record.id = uuid7(maker.random, now);
  record.connection = connection;
  record.target = std::move(target);
  record.status = "polling";
  record.reason = "no webhook was made yet";
  record.created_at = now;
  std::string key(secret_bytes, '\0');
  maker.random.fill(std::as_writable_bytes(std::span(key)));
  record.sealed_token = maker.vault.seal(seal_place(record, "token"),
                                         Secret(random_token(maker.random, secret_bytes)));
  record.sealed_signing_token =
      maker.vault.seal(seal_place(record, "signing_token"), Secret("whsec_" + base64_encode(key)));
  wipe(key);
  return record;
}

}  // namespace fairlead::gitlab
