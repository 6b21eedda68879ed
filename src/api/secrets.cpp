#include "api/secrets.h"

#include "base/clock.h"

namespace fairlead::api {
namespace {

Json listing_json(access::SecretListing const& each) {
  Json json = Json::object({{"name", each.name}, {"source", each.source}});
  if (!each.updated_by.empty()) json.set("updatedBy", each.updated_by);
  if (each.updated_at) json.set("updatedAt", format_time(*each.updated_at));
  return json;
}

Result<net::ServerResponse> list(SecretRoutesParts const& parts) {
  FAIRLEAD_TRY(auto const all, parts.all.list());
  Json items = Json::array();
  for (auto const& each : all)
    items.push_back(listing_json(each));
  return net::json_response(200, Json::object({{"items", std::move(items)}}));
}

Result<net::ServerResponse> set(SecretRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"value"}));
  FAIRLEAD_TRY(auto value, text_of(body, "value"));
  auto const& name = call.request.param("name");
  FAIRLEAD_CHECK(parts.stored.set(name, Secret(std::move(value)), call.caller.name));
  return net::json_response(200, Json::object({{"name", name}, {"source", "store"}}));
}

Result<net::ServerResponse> remove(SecretRoutesParts const& parts, Call const& call) {
  auto const& name = call.request.param("name");
  FAIRLEAD_CHECK(parts.stored.remove(name));
  return net::json_response(200, Json::object({{"name", name}, {"removed", true}}));
}

}  // namespace

std::vector<Endpoint> secret_endpoints(SecretRoutesParts const& parts) {
  using net::Method;
  constexpr auto admin = access::Role::org_admin;
  return {{Method::get, "/api/v1/secrets", admin, "Names of secrets, never values",
           [parts](Call const&) { return list(parts); }},
          {Method::put, "/api/v1/secrets/{name}", admin, "Set a secret",
           [parts](Call const& call) { return set(parts, call); }},
          {Method::delete_, "/api/v1/secrets/{name}", admin, "Remove a secret",
           [parts](Call const& call) { return remove(parts, call); }}};
}

}  // namespace fairlead::api
