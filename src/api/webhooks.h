// The route where GitLab delivers its webhooks. api/kept_webhooks.h has the list of them.
//
// POST /webhooks/gitlab/{id} is public: the delivery proves itself by the hook's secret
// (gitlab/hook_check.h). It is answered 200 only after the event is durable.
#pragma once

#include <vector>

#include "api/endpoint.h"
#include "gitlab/hook_intake.h"
#include "store/store.h"

namespace fairlead::api {

struct WebhookRoutesParts {
  store::Store& store;
  gitlab::HookIntake& intake;
};

std::vector<Endpoint> webhook_endpoints(WebhookRoutesParts parts);

}  // namespace fairlead::api
