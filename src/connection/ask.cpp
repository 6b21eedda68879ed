#include "connection/ask.h"

#include "connection/sealing.h"

namespace fairlead::connection {

Result<net::HttpResponse> ask(ConnectionParts const& parts, store::ConnectionRecord const& record,
                              Secret const& token, std::string_view path) {
  net::HttpRequest request;
  request.method = net::Method::get;
  request.url = record.base_url + std::string(path);
  request.headers.add("Accept", "application/json");
  if (!token.empty()) request.authorization = Secret("Bearer " + std::string(token.reveal()));
  FAIRLEAD_CHECK(add_reach(parts.vault, record, request));
  return parts.transport.send(request);
}

Json body_of(net::HttpResponse const& response) {
  auto body = Json::parse(response.body);
  return body.ok() ? std::move(body).value() : Json();
}

}  // namespace fairlead::connection
