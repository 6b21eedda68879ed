#include "api/webhooks.h"

#include "api/problem.h"
#include "gitlab/hook_place.h"
#include "store/webhooks.h"

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

Json to_json(store::WebhookRecord const& hook, std::string const& connection) {
  auto const place = gitlab::place_of(hook.target);
  bool const of_group = place.kind == gitlab::HookPlace::Kind::group;
  return Json::object(
      {{"id", hook.id},
       {"connection", connection},
       {"project", of_group ? "" : place.id},
       {"group", of_group ? place.id : ""},
       {"gitlabId", hook.remote_id},
       {"status", hook.status},
       {"reason", hook.reason},
       {"createdAt", format_time(hook.created_at)},
       {"checkedAt", hook.checked_at == Time() ? Json() : Json(format_time(hook.checked_at))},
       {"usedAt", format_time(hook.used_at)},
       {"deliveredAt", hook.delivered_at ? Json(format_time(*hook.delivered_at)) : Json()}});
}

Json to_json(gitlab::HookCounts const& counts) {
  return Json::object({{"accepted", counts.accepted},
                       {"duplicates", counts.duplicates},
                       {"tryOuts", counts.try_outs},
                       {"unknown", counts.unknown},
                       {"refused", counts.refused},
                       {"malformed", counts.malformed}});
}

Result<net::ServerResponse> list(WebhookRoutesParts const& parts) {
  FAIRLEAD_TRY(auto const hooks, parts.store.webhooks().list());
  Json items = Json::array();
  for (auto const& hook : hooks) {
    auto const connection = parts.store.connections().get(hook.connection);
    items.push_back(to_json(hook, connection.ok() ? connection->name : ""));
  }
  return net::json_response(200, Json::object({{"items", std::move(items)},
                                               {"deliveries", to_json(parts.intake.counts())}}));
}

}  // namespace

std::vector<Endpoint> webhook_endpoints(WebhookRoutesParts parts) {
  auto take = [parts](Call const& call) { return deliver(parts.intake, call); };
  auto all = [parts](Call const&) { return list(parts); };
  return {{net::Method::post, "/webhooks/gitlab/{id}", std::nullopt,
           "Where GitLab delivers webhooks", take},
          {net::Method::get, "/api/v1/webhooks", access::Role::viewer,
           "List the webhooks kept at GitLab", all}};
}

}  // namespace fairlead::api
