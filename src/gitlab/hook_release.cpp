#include "gitlab/hook_release.h"

#include "gitlab/hook_keeper.h"
#include "gitlab/hook_removal.h"

namespace fairlead::gitlab {
namespace {

// False: no other connection keeps it from now on.
Result<bool> hand_over(HookRelease const& parts, std::optional<store::ConnectionRecord> const& heir,
                       store::WebhookRecord const& hook) {
  if (!heir) return false;
  auto const taken = parts.store.webhooks().hand_over(hook.id, hook.connection, heir->id);
  if (taken.ok()) return true;  // by this one or by somebody else
  // It has one of its own, so that this one is not needed.
  if (taken.error().kind == ErrorKind::conflict) return false;
  return taken.error();
}

void warn(HookRelease const& parts, char const* what, std::string const& place,
          Error const& error) {
  parts.log.warning(what, {{"project", place}, {"error", describe(error)}});
}

}  // namespace

void release_webhooks(HookRelease const& parts, store::ConnectionRecord const& leaving) {
  auto& webhooks = parts.store.webhooks();
  auto const hooks = webhooks.list();
  auto const heir = heir_of(parts.store.connections(), leaving);
  if (!hooks.ok() || !heir.ok()) {
    // The keeper's upkeep finds those without a connection.
    warn(parts, "the webhooks of a connection could not be released", leaving.name,
         hooks.ok() ? heir.error() : hooks.error());
    return;
  }
  // One that does not answer would make each of them wait.
  int left = hooks_released_max;
  for (auto const& hook : *hooks) {
    if (hook.connection != leaving.id) continue;
    auto const taken = hand_over(parts, *heir, hook);
    if (!taken.ok()) {
      warn(parts, "a webhook could not be handed over", hook.target, taken.error());
      continue;
    }
    if (*taken) continue;
    if (hook.remote_id != 0 && left > 0) {
      auto const api = parts.apis.open(leaving.name);
      auto const removed = api.ok() ? remove_at_gitlab(**api, hook) : Result<void>(api.error());
      left = removed.ok() ? left - 1 : 0;
      if (!removed.ok())
        warn(parts, "a webhook could not be removed at GitLab", hook.target, removed.error());
    }
    if (auto forgotten = webhooks.remove(hook.id); !forgotten.ok())
      warn(parts, "a webhook could not be forgotten", hook.target, forgotten.error());
  }
}

}  // namespace fairlead::gitlab
