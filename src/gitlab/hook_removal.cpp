#include "gitlab/hook_removal.h"

#include "action/request.h"
#include "gitlab/hook_place.h"

namespace fairlead::gitlab {

Result<void> remove_at_gitlab(action::Api& api, store::WebhookRecord const& hook) {
  if (hook.remote_id == 0) return {};
  HookPlace const place = place_of(hook.target);
  auto const gone =
      api.send(action::del("/{}/{}/hooks/{}", place.collection(), place.id, hook.remote_id));
  if (gone.ok() || gone.error().kind == ErrorKind::not_found) return {};
  return gone.error();
}

}  // namespace fairlead::gitlab
