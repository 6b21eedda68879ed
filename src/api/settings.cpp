#include "api/settings.h"

namespace fairlead::api {
namespace {

Result<net::ServerResponse> show(SettingsParts const& parts) {
  FAIRLEAD_TRY(auto const now, parts.retention.current());
  FAIRLEAD_TRY(auto const change, parts.retention.change());
  Json retention = run::retention_to_json(now);
  retention.set("changed", change.has_value());
  if (change) {
    retention.set("changedBy", change->by);
    retention.set("changedAt", format_time(change->at));
  }
  return net::json_response(
      200, Json::object({{"retention", std::move(retention)}, {"atStart", parts.at_start}}));
}

Result<net::ServerResponse> set(SettingsParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto const body, json_body(call.request));
  FAIRLEAD_CHECK(only_members(body, {"retention"}));
  auto const& wanted = body["retention"];
  if (!wanted.is_object() && !wanted.is_null())
    return invalid_input("retention",
                         "\"retention\" must be an object, or null for what the server was "
                         "started with.");
  FAIRLEAD_TRY(auto const before, parts.retention.current());
  if (wanted.is_null()) {
    FAIRLEAD_CHECK(parts.retention.forget());
  } else {
    FAIRLEAD_CHECK(only_members(wanted, {"keepAge", "keepRuns"}));
    FAIRLEAD_TRY(auto const retention, run::retention_from_json(wanted));
    FAIRLEAD_CHECK(parts.retention.set(
        {.retention = retention, .by = call.caller.name, .at = parts.clock.now()}));
  }
  FAIRLEAD_TRY(auto const after, parts.retention.current());
  call.note.target = "retention";
  call.note.detail = Json::object(
      {{"from", run::retention_to_json(before)}, {"to", run::retention_to_json(after)}});
  return show(parts);
}

}  // namespace

std::vector<Endpoint> settings_endpoints(SettingsParts const& parts) {
  return {{net::Method::get, "/api/v1/settings", access::Role::operator_, "Settings of the server",
           [parts](Call const&) { return show(parts); }},
          {net::Method::put, "/api/v1/settings", access::Role::org_admin,
           "Change settings while the server runs",
           [parts](Call const& call) { return set(parts, call); }}};
}

}  // namespace fairlead::api
