#include "gitlab/errors.h"

#include <gtest/gtest.h>

namespace fairlead::gitlab {
namespace {

constexpr char const* json = "application/json";
constexpr char const* html = "text/html; charset=utf-8";
constexpr char const* text = "text/plain";

net::HttpResponse answer(int status, std::string body, char const* type = json) {
  net::HttpResponse response;
  response.status = status;
  response.headers.add("Content-Type", type);
  response.headers.add("x-request-id", "01JD9V");
  response.body = std::move(body);
  return response;
}

Error decode(net::Method method, net::HttpResponse const& response) {
  Call const call{.method = method,
                  .path = "/projects/7/issues",
                  .base_url = "https://gitlab.test/git",
                  .scopes = "read_api"};
  return decode_error(call, response, Time{});
}

struct ShapeCase {
  char const* name;
  int status;
  char const* body;
  char const* type;
  ErrorKind kind;
  char const* words;  // must be in the message
};

TEST(Errors, decodes_every_shape_with_gitlabs_words) {
  ShapeCase const cases[] = {
      {"1 unauthorized", 401, R"({"message":"401 Unauthorized"})", json, ErrorKind::denied,
       "401 Unauthorized"},
      {"1 forbidden", 403, R"({"message":"403 Forbidden - Your account has been blocked."})", json,
       ErrorKind::denied, "blocked"},
      {"1 not found", 404, R"({"message":"404 Project Not Found"})", json, ErrorKind::not_found,
       "404 Project Not Found"},
      {"1 not found, small", 404, R"({"message":"404 Not found"})", json, ErrorKind::not_found,
       "404 Not found"},
      {"1 not allowed", 405, R"({"message":"405 Method Not Allowed"})", json, ErrorKind::denied,
       "405 Method"},
      {"1 unprocessable", 422, R"({"message":"422 Unprocessable Entity"})", json,
       ErrorKind::invalid_input, "422"},
      {"1 server error", 500, R"({"message":"500 Internal Server Error"})", json,
       ErrorKind::unavailable, "500 Internal"},
      {"2 by field", 400, R"({"message":{"title":["is too long","is bad"]}})", json,
       ErrorKind::invalid_input, "title is too long; is bad"},
      {"2 base", 400, R"({"message":{"base":["Reference not found"]}})", json,
       ErrorKind::invalid_input, ": Reference not found"},
      {"2 taken", 400,
       R"({"message":{"a.name":["has already been taken"],"b":["has already been taken"]}})", json,
       ErrorKind::conflict, "already been taken"},
      {"2 rate limit in words", 400,
       R"({"message":{"base":["Too many pipelines created. Try again later."]}})", json,
       ErrorKind::rate_limited, "Too many pipelines"},
      {"3 array", 409, R"({"message":["one","two"]})", json, ErrorKind::conflict, "one; two"},
      {"4 parameter", 400, R"({"error":"title is missing"})", json, ErrorKind::invalid_input,
       "title is missing"},
      {"5 route", 404, R"({"error":"404 Not Found"})", json, ErrorKind::not_found, "404 Not Found"},
      {"5 method", 405, R"({"error":"405 Not Allowed"})", json, ErrorKind::invalid_input,
       "405 Not Allowed"},
      {"5 old version", 410, R"({"error":"API V3 is no longer supported. Use API V4 instead."})",
       json, ErrorKind::not_found, "API V3"},
      {"6 bad token", 401, R"({"error":"invalid_token","error_description":"Token was revoked."})",
       json, ErrorKind::denied, "invalid_token: Token was revoked."},
      {"6 scope", 403,
       R"({"error":"insufficient_scope","error_description":"Higher privileges.","scope":"api"})",
       json, ErrorKind::denied, "Higher privileges"},
      {"7 application limit", 429, R"({"message":{"error":"Requested too many times."}})", json,
       ErrorKind::rate_limited, ": Requested too many times."},
      {"8 throttle", 429, "Retry later\n", text, ErrorKind::rate_limited, "Retry later"},
      {"lock", 409, R"({"message":"409 Conflict: Resource lock"})", json, ErrorKind::unavailable,
       "Resource lock"},
      {"spam", 409, R"({"needs_captcha_response":true,"message":{"error":"spam"}})", json,
       ErrorKind::denied, "spam"},
      {"spam, older", 400, R"({"needs_captcha_response":true,"message":{"error":"spam"}})", json,
       ErrorKind::denied, "spam"},
      {"proxy page", 502, "<html><head><title>502 Bad Gateway</title></head></html>", html,
       ErrorKind::unavailable, "\"502 Bad Gateway\""},
      {"cloud proxy", 522, "error code: 522", text, ErrorKind::unavailable, "error code: 522"},
      {"too large", 413, "", text, ErrorKind::invalid_input, "413"},
      {"json that is cut", 500, R"({"message":"50)", json, ErrorKind::unavailable, "500"},
      {"empty", 503, "", text, ErrorKind::unavailable, "503"},
      {"unknown object", 418, R"({"teapot":true})", json, ErrorKind::invalid_input, "teapot"},
  };
  for (ShapeCase const& c : cases) {
    Error const error = decode(net::Method::get, answer(c.status, c.body, c.type));
    EXPECT_EQ(error.kind, c.kind) << c.name;
    EXPECT_NE(error.message.find(c.words), std::string::npos) << c.name << ": " << error.message;
    EXPECT_EQ(error.status, c.status) << c.name;
    EXPECT_EQ(error.request_id, "01JD9V") << c.name;
  }
}

TEST(Errors, names_the_fields_of_a_refused_input) {
  struct FieldCase {
    char const* body;
    char const* fields;
  };
  FieldCase const cases[] = {
      {R"({"error":"title is missing"})", R"({"title":["is missing"]})"},
      {R"({"error":"a is missing, b is invalid"})", R"({"a":["is missing"],"b":["is invalid"]})"},
      {R"({"error":"a, b are mutually exclusive"})",
       R"({"a":["are mutually exclusive"],"b":["are mutually exclusive"]})"},
      {R"({"error":"a, b are missing, at least one parameter must be provided"})",
       R"({"a":["are missing"],"b":["are missing"]})"},
      {R"({"error":"state does not have a valid value"})",
       R"({"state":["does not have a valid value"]})"},
      {R"({"message":{"base":["x"]}})", "null"},
      {R"({"message":{"error":"x"}})", "null"},
      {R"({"message":{"a.b":["x"],"c":"y"}})", R"({"a.b":["x"],"c":["y"]})"},
      {R"({"error":"404 Not Found"})", "null"},
      {R"({"error":"Something went wrong, sorry"})", "null"},
  };
  for (FieldCase const& c : cases)
    EXPECT_EQ(words_of(*Json::parse(c.body)).fields.dump(), c.fields) << c.body;
  EXPECT_EQ(decode(net::Method::post, answer(400, cases[0].body)).where, "title");
}

TEST(Errors, a_failed_write_is_uncertain_and_a_failed_read_is_not) {
  EXPECT_EQ(decode(net::Method::post, answer(500, "")).kind, ErrorKind::uncertain);
  EXPECT_EQ(decode(net::Method::put, answer(504, "", html)).kind, ErrorKind::uncertain);
  EXPECT_EQ(decode(net::Method::get, answer(504, "", html)).kind, ErrorKind::unavailable);
}

TEST(Errors, names_the_scope_that_lacks) {
  auto const error =
      decode(net::Method::post, answer(403, R"({"error":"insufficient_scope","scope":"api"})"));
  EXPECT_NE(error.cause.find("needs the scope api"), std::string::npos) << error.cause;
  EXPECT_NE(error.cause.find("has read_api"), std::string::npos) << error.cause;
  EXPECT_EQ(error.details["missingScopes"].at(0).as_string(), "api");
}

TEST(Errors, tells_the_three_refusals_of_a_token_apart) {
  auto const refusal = [](char const* words) {
    return refusal_of(answer(
        401, Json::object({{"error", "invalid_token"}, {"error_description", words}}).dump()));
  };
  EXPECT_EQ(refusal("Token is expired. You can either do re-authorization or token refresh."),
            connection::Refusal::expired);
  EXPECT_EQ(refusal("Token was revoked. You have to re-authorize from the user."),
            connection::Refusal::revoked);
  EXPECT_EQ(refusal("Bad Access Token."), connection::Refusal::unknown);
  EXPECT_EQ(refusal_of(answer(401, R"({"message":"401 Unauthorized"})")),
            connection::Refusal::unknown);
}

TEST(Errors, never_shows_what_looks_like_a_token) {
  for (auto const* body : {R"({"message":"bad glpat-abcdefghij0123456789"})",
                           R"({"error":"bad glpat-abcdefghij0123456789"})",
                           R"({"message":{"token":["glpat-abcdefghij0123456789"]}})"}) {
    EXPECT_EQ(describe(decode(net::Method::get, answer(400, body))).find("abcdefghij"),
              std::string::npos)
        << body;
    EXPECT_EQ(to_json(decode(net::Method::get, answer(400, body))).dump().find("abcdefghij"),
              std::string::npos)
        << body;
  }
  auto const page = answer(502, "<title>Bearer abcdefghij0123456789abcdefghij</title>", html);
  EXPECT_EQ(describe(decode(net::Method::get, page)).find("abcdefghij"), std::string::npos);
}

TEST(Errors, takes_the_correlation_id_from_gitlabs_meta_header_too) {
  net::HttpResponse response = answer(500, "");
  response.headers.erase("x-request-id");
  response.headers.add("X-Gitlab-Meta", R"({"correlation_id":"abc","version":"1"})");
  EXPECT_EQ(request_id_of(response), "abc");
}

}  // namespace
}  // namespace fairlead::gitlab
