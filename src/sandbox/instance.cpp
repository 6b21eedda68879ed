// Version, metadata.
// Source: doc/api/version.md, doc/api/metadata.md (19.5).
#include "sandbox/resources.h"

namespace fairlead::sandbox {
namespace {

Result<Reply> get_version(Call& call) {
  return json_reply(
      200, Json::object({{"version", call.world.options.version}, {"revision", "5a4db0c5b3e"}}));
}

Result<Reply> get_metadata(Call& call) {
  return json_reply(200,
                    Json::object({{"version", call.world.options.version},
                                  {"revision", "5a4db0c5b3e"},
                                  {"kas", Json::object({{"enabled", false},
                                                        {"externalUrl", Json()},
                                                        {"externalK8sProxyUrl", Json()},
                                                        {"version", Json()}})},
                                  {"enterprise", call.world.options.version.ends_with("-ee")}}));
}

}  // namespace

ApiRoutes instance_routes() {
  using enum net::Method;
  return {{get, "version", get_version, Need::user_read},
          {get, "metadata", get_metadata, Need::user_read}};
}

}  // namespace fairlead::sandbox
