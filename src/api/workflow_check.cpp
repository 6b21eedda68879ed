#include "api/workflow_check.h"

#include "gitlab/hook_wishes.h"
#include "gitlab/publish_checks.h"
#include "workflow/publish_checks.h"

namespace fairlead::api {
namespace {

Result<net::ServerResponse> check(WorkflowCheckParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"source"}));
  FAIRLEAD_TRY(auto const source, text_of(body, "source"));
  auto validation = workflow::validate_to_publish(source, parts.actions, &parts.evaluator);
  gitlab::add_hook_problems(validation, source);
  // What cannot run is not worth a look at GitLab.
  if (validation.ok()) {
    workflow::add_problems(
        validation, gitlab::publish_problems(*validation.document, parts.catalogue, parts.apis));
  }
  return net::json_response(200, workflow::to_json(validation));
}

}  // namespace

std::vector<Endpoint> workflow_check_endpoints(WorkflowCheckParts parts) {
  return {{net::Method::post, "/api/v1/workflows/check", access::Role::author,
           "Check a text before it is published, also against GitLab",
           [parts](Call const& call) { return check(parts, call); }}};
}

}  // namespace fairlead::api
