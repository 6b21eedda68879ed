#include "app/server_options.h"

namespace fairlead::app {
namespace {

Json list(std::vector<std::string> const& texts) {
  Json items = Json::array();
  for (auto const& text : texts)
    items.push_back(text);
  return items;
}

}  // namespace

Json shown(ServerOptions const& options) {
  return Json::object({{"publicUrl", options.public_url},
                       {"version", FAIRLEAD_VERSION},
                       {"payloadMaxBytes", options.payload_bytes_max},
                       {"requestTimeoutSeconds", options.request_timeout / std::chrono::seconds(1)},
                       {"trustedProxies", list(options.trusted_proxies.entries())},
                       {"allowedPrivate", list(options.allowed_private)},
                       {"allowedHttp", list(options.allowed_http.entries())}});
}

}  // namespace fairlead::app
