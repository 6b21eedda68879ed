#include "api/approvals.h"

#include "api/problem.h"

namespace fairlead::api {
namespace {

using builtin::Approvals;
using builtin::Decision;

constexpr int forbidden = 403;

Json to_json(store::ApprovalRecord const& record) {
  Json json = Json::object(
      {{"id", record.id},
       {"run", record.run.text},
       {"task", record.request["task"]},
       {"status", record.status},
       {"question", record.request["question"]},
       {"approvers", record.request["approvers"]},
       {"required", record.request["required"]},
       {"form", record.request["form"]},
       {"requestedBy", record.request["requestedBy"]},
       {"createdAt", format_time(record.created_at)},
       {"expiresAt", record.expires_at ? Json(format_time(*record.expires_at)) : Json()},
       {"closedAt", record.closed_at ? Json(format_time(*record.closed_at)) : Json()},
       {"decisions", record.decisions}});
  json.set("waitsFor", builtin::describe(builtin::approvers_from(record.request)));
  return json;
}

Result<net::ServerResponse> list(Approvals& approvals, Call const& call) {
  FAIRLEAD_TRY(auto const limit, limit_of(call.request));
  store::ApprovalFilter filter;
  filter.status = call.request.query_value("status");
  filter.run = RunId(std::string(call.request.query_value("run")));
  FAIRLEAD_TRY(auto const page,
               approvals.list(filter, std::string(call.request.query_value("cursor")), limit));
  Json items = Json::array();
  for (auto const& record : page.items)
    items.push_back(to_json(record));
  return net::json_response(
      200, Json::object({{"items", std::move(items)}, {"nextCursor", page.next_cursor}}));
}

Result<Decision> decision_of(Call const& call) {
  FAIRLEAD_TRY(Json const body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"decision", "comment", "values"}));
  FAIRLEAD_TRY(std::string const word, text_of(body, "decision"));
  if (word != "approve" && word != "refuse")
    return invalid_input("decision", "The decision is approve or refuse.");
  Decision decision{
      .approval = call.request.param("id"),
      .by = {.name = call.caller.name, .role = call.caller.role},
      .verdict = word == "approve" ? Decision::Verdict::approve : Decision::Verdict::refuse,
      .values = body["values"]};
  FAIRLEAD_TRY(decision.comment, text_of(body, "comment"));
  return decision;
}

Result<net::ServerResponse> decide(Approvals& approvals, Call const& call) {
  FAIRLEAD_TRY(auto const decision, decision_of(call));
  auto record = approvals.decide(decision);
  if (record.ok()) return net::json_response(200, to_json(*record));
  if (record.error().kind == ErrorKind::denied) return problem(record.error(), forbidden);
  return std::move(record).error();
}

}  // namespace

std::vector<Endpoint> approval_endpoints(ApprovalRoutesParts parts) {
  using access::Role;
  using net::Method;
  auto& approvals = parts.approvals;
  std::string const one = "/api/v1/approvals/{id}";
  auto show = [&approvals](Call const& call) -> Result<net::ServerResponse> {
    FAIRLEAD_TRY(auto const record, approvals.get(call.request.param("id")));
    return net::json_response(200, to_json(record));
  };
  return {{Method::get, "/api/v1/approvals", Role::viewer, "List approvals, newest first",
           [&approvals](Call const& call) { return list(approvals, call); }},
          {Method::get, one, Role::viewer, "Show an approval", show},
          {Method::post, one + "/decisions", Role::viewer, "Approve or refuse",
           [&approvals](Call const& call) { return decide(approvals, call); }}};
}

}  // namespace fairlead::api
