#include "sandbox/reply.h"

#include "base/text.h"

namespace fairlead::sandbox {

Reply json_reply(int status, Json const& body) {
  return {.status = status, .body = body.dump(), .headers = {}};
}

Reply text_reply(int status, std::string body) {
  return {.status = status, .content_type = "text/plain", .body = std::move(body), .headers = {}};
}

Reply html_reply(int status, std::string body) {
  return {.status = status,
          .content_type = "text/html; charset=utf-8",
          .body = std::move(body),
          .headers = {}};
}

Reply redirect_to(std::string location) {
  Reply reply = html_reply(302, "<html><body>You are being redirected.</body></html>");
  reply.headers.add("Location", std::move(location));
  return reply;
}

Reply no_content() { return {.status = 204, .content_type = "", .body = "", .headers = {}}; }

Error refuse(int status, Json body) {
  Error error;
  error.kind = status >= 500 ? ErrorKind::unavailable : ErrorKind::invalid_input;
  error.message = body.dump();
  error.status = status;
  error.details = std::move(body);
  return error;
}

Error refuse_message(int status, std::string_view message) {
  return refuse(status, Json::object({{"message", message}}));
}

Error unauthorized() { return refuse_message(401, "401 Unauthorized"); }

Error forbidden(std::string_view reason) {
  return refuse_message(403, reason.empty() ? std::string("403 Forbidden")
                                            : "403 Forbidden - " + std::string(reason));
}

Error no_such(std::string_view what) {
  return refuse_message(404, "404 " + std::string(what) + " Not Found");
}

Error not_found() { return refuse_message(404, "404 Not found"); }

Error bad_parameters(std::string_view text) { return refuse(400, Json::object({{"error", text}})); }

Error invalid_model(std::string_view field, std::string_view text) {
  Json fields = Json::object();
  fields.set(field, Json::array({Json(text)}));
  return refuse(400, Json::object({{"message", std::move(fields)}}));
}

Error invalid_token(std::string_view reason) {
  return refuse(401, Json::object({{"error", "invalid_token"}, {"error_description", reason}}));
}

Reply to_reply(Error const& refusal) {
  Reply reply = json_reply(refusal.status == 0 ? 500 : refusal.status, refusal.details);
  if (refusal.status == 401 && refusal.details["error"].is_string()) {
    reply.headers.add("WWW-Authenticate",
                      "Bearer realm=\"Protected by OAuth 2.0\", error=\"" +
                          refusal.details["error"].as_string() + "\", error_description=\"" +
                          refusal.details["error_description"].as_string() + "\"");
  }
  return reply;
}

}  // namespace fairlead::sandbox
