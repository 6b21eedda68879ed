#include "connection/oauth.h"

#include <gtest/gtest.h>

#include "net/url.h"

namespace fairlead::connection {
namespace {

OAuthClient client() {
  return {.base_url = "https://gitlab.test/sub",
          .client_id = "app-id",
          .client_secret = Secret("gloas-shh")};
}

net::HttpResponse json_answer(int status, std::string body) {
  net::HttpResponse response;
  response.status = status;
  response.headers = {{"Content-Type", "application/json"}, {"X-Request-Id", "01REQ"}};
  response.body = std::move(body);
  return response;
}

TEST(OAuth, challenge_is_the_one_of_rfc_7636_appendix_b) {
  EXPECT_EQ(pkce_challenge(Secret("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk")),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

TEST(OAuth, authorize_url_keeps_the_sub_path_and_asks_for_s256) {
  std::string const url =
      authorize_url(client(), {.redirect_uri = "http://127.0.0.1:8420/oauth/callback",
                               .scopes = "api read_user",
                               .state = "st&te",
                               .challenge = "abc"});
  EXPECT_TRUE(url.starts_with("https://gitlab.test/sub/oauth/authorize?"));
  auto query = net::decode_query(url.substr(url.find('?') + 1));
  net::QueryPairs const expected{
      {"client_id", "app-id"},          {"redirect_uri", "http://127.0.0.1:8420/oauth/callback"},
      {"response_type", "code"},        {"state", "st&te"},
      {"scope", "api read_user"},       {"code_challenge", "abc"},
      {"code_challenge_method", "S256"}};
  EXPECT_EQ(query, expected);
}

TEST(OAuth, code_exchange_sends_verifier_and_redirect_uri_and_authenticates_by_basic) {
  auto request = exchange_request(
      client(),
      {.code = Secret("c0de"), .verifier = Secret("v3r"), .redirect_uri = "https://f/cb"});
  EXPECT_EQ(request.method, net::Method::post);
  EXPECT_EQ(request.url, "https://gitlab.test/sub/oauth/token");
  EXPECT_EQ(request.authorization.reveal(), "Basic YXBwLWlkOmdsb2FzLXNoaA==");
  net::QueryPairs const expected{{"grant_type", "authorization_code"},
                                 {"code", "c0de"},
                                 {"redirect_uri", "https://f/cb"},
                                 {"code_verifier", "v3r"}};
  EXPECT_EQ(net::decode_query(request.body), expected);
}

TEST(OAuth, public_client_names_itself_in_the_body) {
  OAuthClient open = client();
  open.client_secret = Secret();
  auto request = refresh_request(open, Secret("r"), "https://f/cb");
  EXPECT_TRUE(request.authorization.empty());
  net::QueryPairs const expected{{"grant_type", "refresh_token"},
                                 {"refresh_token", "r"},
                                 {"redirect_uri", "https://f/cb"},
                                 {"client_id", "app-id"}};
  EXPECT_EQ(net::decode_query(request.body), expected);
}

TEST(OAuth, reads_a_whole_answer) {
  auto set = read_token_response(
      json_answer(200, R"({"access_token":"a","token_type":"bearer","expires_in":7200,)"
                       R"("refresh_token":"r","scope":"api"})"),
      Grant::code, "https://gitlab.test");
  ASSERT_TRUE(set.ok());
  EXPECT_EQ(set->access_token.reveal(), "a");
  EXPECT_EQ(set->refresh_token.reveal(), "r");
  EXPECT_EQ(set->scopes, "api");
  EXPECT_EQ(set->expires_in, std::chrono::hours(2));
}

TEST(OAuth, old_servers_without_expiry_and_refresh_token_are_fine) {
  auto set = read_token_response(json_answer(200, R"({"access_token":"a","token_type":"Bearer"})"),
                                 Grant::code, "https://g");
  ASSERT_TRUE(set.ok());
  EXPECT_TRUE(set->refresh_token.empty());
  EXPECT_FALSE(set->expires_in.has_value());
}

struct Refused {
  char const* name;
  int status;
  char const* body;
  Grant grant;
  ErrorKind kind;
  std::string_view title;
  char const* in_cause;
};

class OAuthRefused : public ::testing::TestWithParam<Refused> {};

TEST_P(OAuthRefused, says_what_happened_and_why) {
  auto const& row = GetParam();
  auto set =
      read_token_response(json_answer(row.status, row.body), row.grant, "https://gitlab.test");
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.error().kind, row.kind);
  EXPECT_EQ(set.error().title, row.title);
  EXPECT_NE(set.error().cause.find(row.in_cause), std::string::npos) << set.error().cause;
  EXPECT_FALSE(set.error().remedy.empty());
}

constexpr char const* invalid_grant =
    R"({"error":"invalid_grant","error_description":"The authorization grant is invalid"})";

INSTANTIATE_TEST_SUITE_P(
    Answers, OAuthRefused,
    ::testing::Values(
        Refused{"code", 400, invalid_grant, Grant::code, ErrorKind::denied, failed_exchange_title,
                "redirect URI"},
        Refused{"refresh", 400, invalid_grant, Grant::refresh, ErrorKind::denied,
                refresh_failure_title, "revoked"},
        Refused{"secret", 401,
                R"({"error":"invalid_client","error_description":"Client authentication failed"})",
                Grant::code, ErrorKind::denied, failed_exchange_title, "Secret"},
        Refused{"busy", 503, R"({"error":"server_error"})", Grant::refresh, ErrorKind::unavailable,
                refresh_failure_title, "not lost"},
        Refused{"limited", 429, "Retry later\n", Grant::refresh, ErrorKind::rate_limited,
                refresh_failure_title, "not lost"},
        Refused{"html", 200, "<html>login</html>", Grant::code, ErrorKind::unavailable,
                failed_exchange_title, "proxy"}),
    [](auto const& row) { return std::string(row.param.name); });

class OAuthMissing : public ::testing::TestWithParam<std::pair<char const*, char const*>> {};

TEST_P(OAuthMissing, names_the_field) {
  auto set = read_token_response(json_answer(200, GetParam().second), Grant::code, "https://g");
  ASSERT_FALSE(set.ok());
  EXPECT_EQ(set.error().title, missing_fields_title);
  EXPECT_EQ(set.error().where, GetParam().first);
}

INSTANTIATE_TEST_SUITE_P(
    Fields, OAuthMissing,
    ::testing::Values(std::pair{"access_token", R"({"token_type":"Bearer"})"},
                      std::pair{"token_type", R"({"access_token":"a"})"},
                      std::pair{
                          "expires_in (a number)",
                          R"({"access_token":"a","token_type":"Bearer","expires_in":"soon"})"},
                      std::pair{"token_type", R"({"access_token":"a","token_type":"mac"})"}));

TEST(TokenResponse, that_means_later_says_when) {
  for (auto const& [status, body] : {std::pair{429, R"({"error":"x"})"},
                                     {429, "Retry later"},
                                     {503, R"({"message":"down"})"},
                                     {502, "<html>"}}) {
    auto answer = json_answer(status, body);
    answer.headers.set("Retry-After", "75");
    auto const set = read_token_response(answer, Grant::refresh, "https://gitlab.test");
    ASSERT_FALSE(set.ok());
    EXPECT_EQ(set.error().retry_after, Milliseconds(75'000)) << status << body;
  }
  auto refusal = json_answer(400, R"({"error":"invalid_grant"})");
  refusal.headers.set("Retry-After", "75");
  EXPECT_FALSE(read_token_response(refusal, Grant::refresh, "https://g").error().retry_after);
}

}  // namespace
}  // namespace fairlead::connection
