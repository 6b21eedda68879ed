#include "api/problem.h"

#include <algorithm>

#include "base/sentence.h"

namespace fairlead::api {
std::string_view title_of(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid_input:
      return "Invalid input";
    case ErrorKind::not_found:
      return "Not found";
    case ErrorKind::denied:
      return "Not allowed";
    case ErrorKind::conflict:
      return "Conflict";
    case ErrorKind::rate_limited:
      return "Rate limited";
    case ErrorKind::unavailable:
      return "Not available";
    case ErrorKind::timed_out:
      return "Timed out";
    case ErrorKind::cancelled:
      return "Cancelled";
    case ErrorKind::uncertain:
      return "Outcome unknown";
    case ErrorKind::corrupt:
      return "Unusable answer";
    case ErrorKind::internal:
      return "Internal error";
  }
  return "Internal error";
}

int http_status(ErrorKind kind) {
  switch (kind) {
    case ErrorKind::invalid_input:
      return 400;
    case ErrorKind::not_found:
      return 404;
    case ErrorKind::denied:
      return 424;
    case ErrorKind::conflict:
      return 409;
    case ErrorKind::rate_limited:
      return 429;
    case ErrorKind::unavailable:
      return 503;
    case ErrorKind::timed_out:
      return 504;
    case ErrorKind::cancelled:
      return 409;
    case ErrorKind::uncertain:
      return 502;
    case ErrorKind::corrupt:
      return 502;
    case ErrorKind::internal:
      return 500;
  }
  return 500;
}

net::ServerResponse problem(Error const& error) { return problem(error, http_status(error.kind)); }

net::ServerResponse problem(Error const& error, int status) {
  Json body = Json::object(
      {{"type", "about:blank"},
       {"title", error.title.empty() ? std::string(title_of(error.kind)) : error.title},
       {"status", status},
       {"detail", message_sentence(error)}});
  Json const whole = to_json(error);
  for (auto const& [name, value] : whole.members())
    if (name != "title" && name != "message" && name != "status" && name != "requestId")
      body.set(name, value);
  if (!error.cause.empty()) body.set("cause", sentence(error.cause));
  if (!error.remedy.empty()) body.set("remedy", sentence(error.remedy));
  // What we refuse ourselves (401, 403) has no other server's status.
  if (error.status != 0 && status != 401 && status != 403) body.set("upstreamStatus", error.status);
  if (!error.request_id.empty()) body.set("upstreamRequestId", error.request_id);
  net::ServerResponse response = net::json_response(status, body);
  response.headers.set("Content-Type", "application/problem+json");
  if (status == 401) response.headers.set("WWW-Authenticate", "Bearer realm=\"Fairlead\"");
  if (error.retry_after) {
    auto seconds = std::max<std::int64_t>(1, (error.retry_after->count() + 999) / 1'000);
    response.headers.set("Retry-After", std::to_string(seconds));
  }
  return response;
}

Error error_from_problem(int status, std::string const& body) {
  auto parsed = Json::parse(body);
  if (!parsed.ok() || !parsed->is_object() || !(*parsed)["detail"].is_string()) {
    Error error =
        make_error(ErrorKind::corrupt, "The server answered HTTP " + std::to_string(status) +
                                           " and something that is not Fairlead's.");
    error.remedy = "Check that the address is that of a Fairlead server.";
    error.status = status;
    return error;
  }
  Json json = *parsed;
  json.set("message", json["detail"]);
  json.set("status", json["upstreamStatus"].is_null() ? Json(0) : json["upstreamStatus"]);
  json.set("requestId", json["upstreamRequestId"]);
  return error_from_json(json);
}

}  // namespace fairlead::api
