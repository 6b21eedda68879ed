#include "gitlab/hook_release.h"

#include "action/request.h"
#include "gitlab/hook_keeper.h"
#include "gitlab/hook_place.h"

namespace fairlead::gitlab {
namespace {

Result<void> remove_at_gitlab(HookRelease const& parts, store::ConnectionRecord const& leaving,
                              store::WebhookRecord const& hook) {
  FAIRLEAD_TRY(auto const api, parts.apis.open(leaving.name));
  HookPlace const place = place_of(hook.target);
  auto const gone =
      api->send(action::del("/{}/{}/hooks/{}", place.collection(), place.id, hook.remote_id));
  if (gone.ok() || gone.error().kind == ErrorKind::not_found) return {};
  return gone.error();
}

}  // namespace

void release_webhooks(HookRelease const& parts, store::ConnectionRecord const& leaving) {
  auto& webhooks = parts.store.webhooks();
  auto const hooks = webhooks.list();
  if (!hooks.ok()) return;
  auto const found = next_keeper(parts.store.connections(), leaving.id, leaving.base_url);
  auto const heir = found.ok() ? *found : std::nullopt;
  // One that does not answer would make each of them wait.
  int left = hooks_released_max;
  for (auto hook : *hooks) {
    if (hook.connection != leaving.id) continue;
    if (heir) {
      hook.connection = heir->id;
      hook.checked_at = Time{};
      if (webhooks.put(hook).ok()) continue;
      hook.connection = leaving.id;  // it has one of its own
    }
    if (hook.remote_id != 0 && left > 0) {
      auto const removed = remove_at_gitlab(parts, leaving, hook);
      left = removed.ok() ? left - 1 : 0;
      if (!removed.ok())
        parts.log.warning("a webhook could not be removed at GitLab",
                          {{"project", hook.target}, {"error", describe(removed.error())}});
    }
    if (auto forgotten = webhooks.remove(hook.id); !forgotten.ok())
      parts.log.warning("a webhook could not be forgotten",
                        {{"project", hook.target}, {"error", describe(forgotten.error())}});
  }
}

}  // namespace fairlead::gitlab
