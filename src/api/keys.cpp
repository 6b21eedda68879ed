#include "api/keys.h"

namespace fairlead::api {
namespace {

std::string_view name_of(vault::KeySource source) {
  switch (source) {
    case vault::KeySource::systemd_credential:
      return "systemd-credential";
    case vault::KeySource::key_file:
      return "file";
    case vault::KeySource::environment:
      return "environment";
  }
  return "file";
}

Json state_json(access::KeyState const& state) {
  Json json = Json::object({{"source", name_of(state.source)},
                            {"rotating", state.rotating},
                            {"resealed", state.resealed}});
  if (state.clean_since) {
    json.set("allResealedSince", format_time(*state.clean_since));
    if (state.rotating)
      json.set("formerKeyKeptUntil", format_time(*state.clean_since + access::former_key_kept));
  }
  if (!state.retired.empty()) json.set("retiredKeyFile", state.retired);
  if (state.trouble) json.set("trouble", to_json(*state.trouble));
  return json;
}

}  // namespace

std::vector<Endpoint> key_endpoints(KeyRoutesParts parts) {
  using net::Method;
  constexpr auto admin = access::Role::org_admin;
  auto show = [parts](Call const&) -> Result<net::ServerResponse> {
    return net::json_response(200, state_json(parts.rotation.state()));
  };
  auto rotate = [parts](Call const&) -> Result<net::ServerResponse> {
    FAIRLEAD_CHECK(parts.rotation.rotate());
    return net::json_response(202, state_json(parts.rotation.state()));
  };
  return {
      {Method::get, "/api/v1/key", admin, "How the master key's rotation stands", show},
      {Method::post, "/api/v1/key/rotate", admin, "Make a new master key, seal all anew", rotate}};
}

}  // namespace fairlead::api
