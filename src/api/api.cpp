#include "api/api.h"

#include <iterator>

#include "api/answered.h"
#include "api/builder.h"
#include "api/catalogs.h"
#include "api/compressed.h"
#include "api/connection_gate.h"
#include "api/document.h"
#include "api/pick.h"
#include "api/problem.h"
#include "api/samples.h"
#include "api/templates.h"
#include "api/workflow_check.h"
#include "api/workflow_dry_run.h"
#include "api/workflow_folder.h"
#include "api/workflow_versions.h"
#include "base/text.h"

namespace fairlead::api {
namespace {

// /healthz: the process answers. /readyz: the store does, too. Both public and without details.
std::vector<Endpoint> health_endpoints(ApiParts const& parts) {
  auto healthy = [version = parts.version](Call const&) -> Result<net::ServerResponse> {
    return net::json_response(200, Json::object({{"status", "ok"}, {"version", version}}));
  };
  auto ready = [&store = parts.events.store](Call const&) -> Result<net::ServerResponse> {
    FAIRLEAD_CHECK(store.meta().get("ready"));
    return net::json_response(200, Json::object({{"status", "ready"}}));
  };
  return {{net::Method::get, "/healthz", std::nullopt, "Is the process alive", healthy},
          {net::Method::get, "/readyz", std::nullopt, "Can it do its work", ready}};
}

}  // namespace

std::vector<Endpoint> endpoints(ApiParts const& parts) {
  std::vector<Endpoint> all;
  auto add = [&all](std::vector<Endpoint> group) {
    all.insert(all.end(), std::make_move_iterator(group.begin()),
               std::make_move_iterator(group.end()));
  };
  add(health_endpoints(parts));
  add(session_endpoints(parts.session));
  add(user_endpoints({.guard = parts.session.guard, .people = parts.session.people}));
  add(token_endpoints({.tokens = parts.session.guard.tokens, .people = parts.session.people}));
  add(audit_endpoints(parts.audit));
  add(gitlab_sign_in_endpoints({.session = parts.session, .openid = parts.openid}));
  add(connection_endpoints(parts.connections));
  add(connection_care_endpoints(parts.connection_care));
  add(connection_insight_endpoints(parts.connection_insight));
  add(action_endpoints(parts.actions));
  add(pick_endpoints(parts.actions.apis));
  add(builder_endpoints({.actions = parts.actions, .evaluator = parts.workflows.evaluator}));
  add(event_endpoints(parts.events));
  add(workflow_endpoints(parts.workflows));
  add(workflow_version_endpoints(parts.workflows));
  add(workflow_folder_endpoints(parts.workflows));
  add(workflow_check_endpoints({.actions = parts.workflows.actions,
                                .evaluator = parts.workflows.evaluator,
                                .catalogue = parts.actions.catalogue,
                                .apis = parts.actions.apis}));
  add(workflow_dry_run_endpoints({.actions = parts.workflows.actions,
                                  .evaluator = parts.workflows.evaluator,
                                  .catalogue = parts.actions.catalogue}));
  add(template_endpoints());
  add(sample_endpoints({.store = parts.events.store, .evaluator = parts.workflows.evaluator}));
  add(catalog_endpoints(parts.actions.catalogue));
  add(run_endpoints(parts.runs));
  add(live_endpoints(parts.live));
  add(webhook_endpoints(parts.webhooks));
  add(kept_webhook_endpoints(parts.kept_webhooks));
  add(approval_endpoints(parts.approvals));
  add(run_control_endpoints(parts.control));
  add(secret_endpoints(parts.secrets));
  add(key_endpoints(parts.key));
  add(metrics_endpoints({.connections = parts.connection_insight,
                         .webhooks = parts.webhooks,
                         .control = parts.control,
                         .meter = parts.meter,
                         .streams = parts.session.guard.streams,
                         .version = parts.version,
                         .started_at = parts.started_at,
                         .figures = parts.figures}));
  add(settings_endpoints(parts.settings));
  add(status_endpoints({.connections = parts.connection_insight,
                        .webhooks = parts.webhooks,
                        .engine = parts.runs.engine,
                        .store_bytes = parts.store_bytes,
                        .version = parts.version,
                        .started_at = parts.started_at}));
  add(document_endpoints(all, parts.version));
  // Behind the gate: an answer that was kept is for those who may still use the connection.
  auto once = with_idempotency(std::move(all), parts.idempotency);
  auto behind_gate = gated(std::move(once), {.connections = parts.events.store.connections(),
                                             .workflows = parts.workflows.store,
                                             .runs = parts.runs.store,
                                             .library = parts.workflows.library});
  return with_etags(std::move(behind_gate), parts.turns);
}

std::vector<net::Route> make_routes(ApiParts const& parts) {
  std::vector<net::Route> routes;
  AnsweredParts const around{.meter = parts.meter,
                             .clock = parts.events.clock,
                             .random = parts.connections.random,
                             .log = parts.log};
  for (auto& endpoint : endpoints(parts))
    routes.push_back(
        compressed(answered(guarded(std::move(endpoint), parts.session.guard), around)));
  return routes;
}

net::ServerResponse no_such_route(net::ServerRequest const& request) {
  std::string const path = shorten(request.target.substr(0, request.target.find('?')), 200);
  auto const allow = request.params.find("allow");
  if (allow != request.params.end() && !allow->second.empty()) {
    std::string const method(net::to_string(request.method));
    Error error =
        make_error(ErrorKind::invalid_input, method + " is not possible at " + path + ".");
    error.title = "Method not allowed";
    error.remedy = "Possible there: " + allow->second + ".";
    return problem(error, 405);
  }
  Error error = make_error(ErrorKind::not_found, "There is nothing at " + path + ".");
  error.remedy = "All paths are listed at /api/docs.";
  return problem(error);
}

}  // namespace fairlead::api
