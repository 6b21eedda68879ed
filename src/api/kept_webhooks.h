// Routes for the webhooks kept at GitLab: the list, with who wants each, and keeping one by hand.
//
// POST /api/v1/webhooks keeps one of a project or group, DELETE /api/v1/webhooks/{id} gives it back
// (gitlab/kept_hooks.h). Both are in the audit log. A connection kept for a higher role is refused.
// Blocking, on the server's workers.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "api/endpoint.h"
#include "gitlab/hook_intake.h"
#include "gitlab/kept_hooks.h"

namespace fairlead::api {

struct KeptWebhookParts {
  store::Store& store;
  gitlab::HookIntake& intake;
  action::ApiProvider& apis;
  gitlab::HookMaker maker;
  gitlab::HookWants& wants;
};

// Who wants which webhook, read once for a list.
class HookReasons {
 public:
  // Never fails: what cannot be read is not shown.
  explicit HookReasons(KeptWebhookParts const& parts);
  // {id, connection, project, projectId, group, status, reason, events, wantedBy: [...], ...}
  [[nodiscard]] Json to_json(store::WebhookRecord const& hook) const;

 private:
  [[nodiscard]] Json wanted_by(store::WebhookRecord const& hook, std::string const& base_url) const;

  KeptWebhookParts const& parts_;
  std::map<ConnectionId, store::ConnectionRecord> connections_;
  std::map<std::string, std::vector<std::string>> runs_;  // by URL of the GitLab and project
};

std::vector<Endpoint> kept_webhook_endpoints(KeptWebhookParts const& parts);

}  // namespace fairlead::api
