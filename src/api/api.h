// The whole REST API: every endpoint, gathered by hand from one file a resource.
//
// make_routes() gives what the HTTP server serves; endpoints() the same rows for the reference and
// for tests that walk them.
#pragma once

#include <string>
#include <vector>

#include "api/actions.h"
#include "api/answered.h"
#include "api/approvals.h"
#include "api/audit.h"
#include "api/connection_care.h"
#include "api/connection_insight.h"
#include "api/connections.h"
#include "api/endpoint.h"
#include "api/etags.h"
#include "api/events.h"
#include "api/gitlab_sign_in.h"
#include "api/guard.h"
#include "api/idempotency.h"
#include "api/kept_webhooks.h"
#include "api/keys.h"
#include "api/live_streams.h"
#include "api/metrics.h"
#include "api/run_control.h"
#include "api/runs.h"
#include "api/secrets.h"
#include "api/session.h"
#include "api/settings.h"
#include "api/status.h"
#include "api/tokens.h"
#include "api/users.h"
#include "api/webhooks.h"
#include "api/workflows.h"

namespace fairlead::api {

struct ApiParts {
  ConnectionRoutesParts connections;
  ConnectionCareParts connection_care;
  ConnectionInsightParts connection_insight;
  ActionRoutesParts actions;
  EventRoutesParts events;
  WorkflowRoutesParts workflows;
  RunRoutesParts runs;
  LiveRoutesParts live;
  WebhookRoutesParts webhooks;
  KeptWebhookParts kept_webhooks;
  ApprovalRoutesParts approvals;
  RunControlParts control;
  SettingsParts settings;
  SecretRoutesParts secrets;
  KeyRoutesParts key;
  SessionRoutesParts session;
  AuditRoutesParts audit;
  connection::OpenIdSignIn& openid;
  EditTurns& turns;
  IdempotencyKeys& idempotency;
  RequestMeter& meter;
  Log& log;
  std::string version;
  Time started_at{};
  std::function<std::uintmax_t()> store_bytes;  // on disk
  std::function<void(MetricText&)> figures{};   // more for /metrics
};

std::vector<Endpoint> endpoints(ApiParts const& parts);
std::vector<net::Route> make_routes(ApiParts const& parts);
// The answer to unknown paths and wrong methods.
net::ServerResponse no_such_route(net::ServerRequest const& request);

}  // namespace fairlead::api
