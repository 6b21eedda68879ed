#include "net/redirect.h"

#include <algorithm>
#include <array>

#include "base/text.h"

namespace fairlead::net {
namespace {

constexpr std::array<std::string_view, 5> harmless_headers{"Accept", "Accept-Language",
                                                           "User-Agent", "Range", "If-None-Match"};

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

void drop_credentials(HttpRequest& request) {
  request.authorization = Secret();
  request.tls.client_cert_pem.clear();
  request.tls.client_key_pem = Secret();
  Headers kept;
  for (auto const& header : request.headers) {
    auto const same = [&](std::string_view name) {
      return equals_ignoring_case(name, header.name);
    };
    if (std::any_of(harmless_headers.begin(), harmless_headers.end(), same))
      kept.add(header.name, header.value);
  }
  request.headers = kept;
}

}  // namespace

Result<std::optional<HttpRequest>> next_hop(HttpRequest const& request,
                                            HttpResponse const& response) {
  if (request.method != Method::get && request.method != Method::head)
    return std::optional<HttpRequest>();
  auto const location = response.headers.find("Location");
  if (!is_redirect(response.status) || !location) return std::optional<HttpRequest>();
  FAIRLEAD_TRY(auto const from, parse_url(request.url));
  auto target = resolve_url(from, *location);
  if (!target.ok()) {
    auto error = make_error(ErrorKind::corrupt,
                            from.origin() + " redirected to an address that cannot be followed.");
    error.cause = target.error().message;
    error.where = from.origin();
    return error;
  }
  auto next = request;
  next.url = target->to_string();
  if (!same_origin(from, *target)) drop_credentials(next);
  return std::optional<HttpRequest>(std::move(next));
}

}  // namespace fairlead::net
