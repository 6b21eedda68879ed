#include "builtin/call_errors.h"

#include <algorithm>
#include <array>

#include "action/mask.h"
#include "base/text.h"
#include "net/url.h"

namespace fairlead::builtin {
namespace {

constexpr std::string_view error_base =
    "https://open-workflow-specification.org/spec/1.0.0/errors/";
constexpr std::size_t shown_body_max = 300;

ErrorKind kind_of(int status) {
  switch (status) {
    case 401:
    case 403:
      return ErrorKind::denied;
    case 404:
    case 410:
      return ErrorKind::not_found;
    case 409:
    case 412:
      return ErrorKind::conflict;
    default:
      return status >= 500 ? ErrorKind::unavailable : ErrorKind::invalid_input;
  }
}

std::string place_of(net::HttpRequest const& request) {
  auto const url = net::parse_url(request.url);
  std::string const where = url.ok() ? url->origin() + url->path : "the address";
  return std::string(net::to_string(request.method)) + " " + where;
}

}  // namespace

Error typed(Error error, std::string_view kind, int status) {
  Json details = error.details.is_object() ? error.details : Json::object();
  details.set("type", std::string(error_base) + std::string(kind));
  details.set("status", status);
  error.details = std::move(details);
  return error;
}

Error configuration_error(std::string where, std::string message, std::string remedy) {
  auto error = invalid_input(std::move(where), std::move(message));
  error.title = "Wrong configuration";
  error.remedy = std::move(remedy);
  return typed(std::move(error), "configuration", 400);
}

Error no_answer(Error error, Repeat repeat) {
  // Said already, by whoever knows more.
  if (error.details["type"].is_string()) return error;
  bool const too_slow = error.message.find(" within ") != std::string::npos;
  if (error.kind == ErrorKind::invalid_input) {
    // The address guard, or a malformed URL or header.
    return typed(std::move(error), "configuration", 400);
  }
  if (error.kind == ErrorKind::uncertain && repeat == Repeat::unsafe) {
    error.title = "Outcome unknown";
    error.remedy =
        "Look at the other side whether it took effect, and say so with 'fairlead run settle': if "
        "it "
        "did not, it is sent again. To "
        "let Fairlead repeat such a call by itself, give it an Idempotency-Key header.";
    error.details = Json::object({{"lookUp", "impossible"}});
    return typed(std::move(error), too_slow ? "timeout" : "communication", too_slow ? 408 : 502);
  }
  if (error.kind == ErrorKind::cancelled) return error;
  if (too_slow) return typed(std::move(error), "timeout", 408);
  return typed(std::move(error), "communication", error.kind == ErrorKind::unavailable ? 503 : 502);
}

Error refused(net::HttpRequest const& request, net::HttpResponse const& response) {
  auto error =
      make_error(kind_of(response.status), place_of(request) + " was answered with status " +
                                               std::to_string(response.status) + ".");
  error.status = response.status;
  error.request_id = std::string(response.headers.get("X-Request-Id"));
  bool const redirect = response.status >= 300 && response.status < 400;
  if (redirect) error.remedy = "Write 'redirect: true' if redirects are fine.";
  if (!response.body.empty() && valid_utf8(response.body)) {
    error.cause = "It said: " + shorten(action::mask_text(trim(response.body)), shown_body_max);
  }
  return typed(std::move(error), "communication", response.status);
}

}  // namespace fairlead::builtin
