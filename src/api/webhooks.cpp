#include "api/webhooks.h"

#include "api/problem.h"

namespace fairlead::api {
namespace {

using gitlab::HookReceipt;

constexpr int not_genuine = 401;

Result<net::ServerResponse> deliver(gitlab::HookIntake& intake, Call const& call) {
  auto receipt = intake.take(call.request.param("id"), call.request.headers, call.request.body);
  if (!receipt.ok()) {
    if (receipt.error().kind == ErrorKind::denied) return problem(receipt.error(), not_genuine);
    return std::move(receipt).error();
  }
  char const* word = receipt->kind == HookReceipt::Kind::duplicate ? "duplicate"
                     : receipt->kind == HookReceipt::Kind::try_out ? "try-out"
                                                                   : "accepted";
  return net::json_response(
      200, Json::object({{"result", word}, {"seq", receipt->seq}, {"woken", receipt->woken}}));
}

}  // namespace

std::vector<Endpoint> webhook_endpoints(WebhookRoutesParts parts) {
  auto take = [parts](Call const& call) { return deliver(parts.intake, call); };
  return {{net::Method::post, "/webhooks/gitlab/{id}", std::nullopt,
           "Where GitLab delivers webhooks", take}};
}

}  // namespace fairlead::api
