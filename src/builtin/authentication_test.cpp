#include "builtin/authentication.h"

#include <gtest/gtest.h>

#include "testing/fake_transport.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"

namespace fairlead::builtin {
namespace {

using net::Method;

constexpr char const* api = "https://api.example/thing";
constexpr char const* token_url = "https://auth.example/realm/oauth2/token";

struct AuthenticationTest : ::testing::Test {
  Result<net::HttpResponse> send(std::string_view written, Method method = Method::get) {
    auto parsed = Json::parse(written);
    EXPECT_TRUE(parsed.ok()) << written;
    return authentication->send({.method = method, .url = api}, *parsed, mask);
  }
  testing::Exchange& expect_token(std::string token, int expires_in, std::string refresh = "") {
    Json answer = Json::object({{"access_token", token}, {"expires_in", expires_in}});
    if (!refresh.empty()) answer.set("refresh_token", refresh);
    return transport.on(Method::post, token_url).answer_json(200, answer);
  }
  void expect_call(std::string const& token, int status = 200) {
    transport.on(Method::get, api).with_authorization("Bearer " + token).answer({.status = status});
  }

  testing::FakeTransport transport;
  testing::VirtualClock clock;
  testing::SeededRandom random{3};
  action::SecretMask mask;
  std::unique_ptr<Authentication> authentication = make_authentication(transport, clock, random);
  std::string const policy = R"({"oauth2": {"authority": "https://auth.example/realm/",
      "grant": "client_credentials", "client": {"id": "me", "secret": "s3cr3t+"},
      "scopes": ["a", "b"], "audiences": ["x"]}})";
};

TEST_F(AuthenticationTest, a_token_is_fetched_once_and_kept_until_shortly_before_its_end) {
  expect_token("t1-value", 600)
      .with_body(
          "client_id=me&client_secret=s3cr3t%2B&grant_type=client_credentials&scope=a%20b&"
          "audience=x");
  expect_call("t1-value");
  expect_call("t1-value");
  EXPECT_TRUE(send(policy).ok());
  clock.advance(std::chrono::seconds(500));
  EXPECT_TRUE(send(policy).ok());
  clock.advance(std::chrono::seconds(80));
  expect_token("t2-value", 600);
  expect_call("t2-value");
  EXPECT_TRUE(send(policy).ok());
  EXPECT_EQ(mask.apply("t1-value t2-value s3cr3t+ s3cr3t%2B"),
            "[masked] [masked] [masked] [masked]");
}

TEST_F(AuthenticationTest, a_kept_token_that_is_refused_is_fetched_anew_once) {
  expect_token("t1-value", 600);
  expect_call("t1-value");
  EXPECT_TRUE(send(policy).ok());
  expect_call("t1-value", 401);
  expect_token("t2-value", 600);
  expect_call("t2-value", 401);
  auto answer = send(policy);
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->status, 401);
}

TEST_F(AuthenticationTest, a_refresh_token_is_used_and_its_end_survived) {
  expect_token("t1-value", 60, "r1-value");
  expect_call("t1-value");
  EXPECT_TRUE(send(policy).ok());
  clock.advance(std::chrono::seconds(60));
  expect_token("t2-value", 60)
      .with_body(
          "client_id=me&client_secret=s3cr3t%2B&grant_type=refresh_token&refresh_token=r1-value&"
          "scope=a%20b&audience=x");
  expect_call("t2-value");
  EXPECT_TRUE(send(policy).ok());
  clock.advance(std::chrono::seconds(60));
  transport.on(Method::post, token_url)
      .answer_json(400, Json::object({{"error", "invalid_grant"}}));
  expect_token("t3-value", 60);
  expect_call("t3-value");
  EXPECT_TRUE(send(policy).ok());
}

TEST_F(AuthenticationTest, grants_and_client_authentication_as_the_policy_says) {
  struct Case {
    std::string_view properties;
    std::string body;
    std::string authorization;
  };
  for (auto const& each :
       {Case{R"("grant": "password", "username": "ann", "password": "pw-1234",
                "client": {"id": "me", "authentication": "none"})",
             "client_id=me&grant_type=password&username=ann&password=pw-1234", ""},
        Case{R"("grant": "client_credentials", "client": {"id": "m e", "secret": "abcd",
                "authentication": "client_secret_basic"})",
             "grant_type=client_credentials", "Basic bSUyMGU6YWJjZA=="},
        Case{R"("grant": "refresh_token", "subject": {"token": "refr", "type": "x"})",
             "grant_type=refresh_token&refresh_token=refr", ""},
        Case{R"("grant": "client_credentials", "request": {"encoding": "application/json"},
                "client": {"id": "me", "secret": "abcd"})",
             R"({"client_id":"me","client_secret":"abcd","grant_type":"client_credentials"})", ""},
        Case{R"("grant": "client_credentials", "client": {"id": "me", "assertion": "a.b.c",
                "authentication": "private_key_jwt"})",
             "client_id=me&client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-"
             "type%3Ajwt-bearer&client_assertion=a.b.c&grant_type=client_credentials",
             ""}}) {
    expect_token("tok-value", 60).with_body(each.body).with_authorization(each.authorization);
    expect_call("tok-value");
    EXPECT_TRUE(send(R"({"oauth2": {"authority": "https://auth.example/realm", )" +
                     std::string(each.properties) + "}}")
                    .ok())
        << each.properties;
  }
}

TEST_F(AuthenticationTest, oidc_finds_the_token_endpoint_by_discovery) {
  transport.on(Method::get, "https://auth.example/realm/.well-known/openid-configuration")
      .answer_json(200, Json::object({{"token_endpoint", token_url}}));
  expect_token("t1-value", 60);
  expect_call("t1-value");
  std::string const oidc = R"({"oidc": {"authority": "https://auth.example/realm",
      "grant": "client_credentials", "client": {"id": "me", "secret": "abcd"}}})";
  EXPECT_TRUE(send(oidc).ok());
  clock.advance(std::chrono::seconds(60));
  expect_token("t2-value", 60);
  expect_call("t2-value");
  EXPECT_TRUE(send(oidc).ok());
}

TEST_F(AuthenticationTest, what_the_authority_refuses_is_an_authentication_error) {
  transport.on(Method::post, token_url)
      .answer_json(401, Json::object({{"error", "invalid_client"}}));
  auto refused = send(policy);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().kind, ErrorKind::denied);
  EXPECT_TRUE(refused.error().details["type"].as_string().ends_with("/authentication"));
  EXPECT_NE(refused.error().message.find("invalid_client"), std::string::npos);
}

TEST_F(AuthenticationTest, a_token_that_could_not_be_fetched_leaves_nothing_uncertain) {
  transport.on(Method::post, token_url).fail(make_error(ErrorKind::uncertain, "lost"));
  auto lost = send(policy, Method::post);
  ASSERT_FALSE(lost.ok());
  EXPECT_EQ(lost.error().kind, ErrorKind::unavailable);
}

TEST_F(AuthenticationTest, only_tokens_of_listed_issuers_are_used) {
  // {"iss": "https://evil.example"}
  expect_token("e30.eyJpc3MiOiJodHRwczovL2V2aWwuZXhhbXBsZSJ9.sig", 60);
  auto refused = send(R"({"oauth2": {"authority": "https://auth.example/realm",
      "grant": "client_credentials", "issuers": ["https://auth.example"]}})");
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().message.find("evil.example"), std::string::npos);
}

TEST_F(AuthenticationTest, what_a_workflow_cannot_do_is_a_configuration_error) {
  for (std::string_view const text :
       {R"({"oauth2": {"authority": "https://auth.example", "grant": "authorization_code"}})",
        R"({"oauth2": {"authority": "nowhere", "grant": "client_credentials"}})",
        R"({"oauth2": {"authority": "https://auth.example", "grant": "password"}})",
        R"({"oauth2": {"authority": "https://auth.example", "grant": "client_credentials",
            "client": {"id": "me", "authentication": "private_key_jwt"}}})",
        R"({"digest": {"username": "ann"}})", R"({"bearer": {"use": "notDeclared"}})",
        R"({"magic": {}})"}) {
    auto refused = send(text);
    ASSERT_FALSE(refused.ok()) << text;
    EXPECT_TRUE(refused.error().details["type"].as_string().ends_with("/configuration")) << text;
  }
}

TEST_F(AuthenticationTest, digest_answers_the_challenge) {
  transport.on(Method::get, api)
      .with_authorization("")
      .answer({.status = 401,
               .headers = {{"WWW-Authenticate", "Digest realm=\"r\", nonce=\"n\", qop=\"auth\""}}});
  transport.on(Method::get, api).answer({.status = 200});
  auto answer = send(R"({"digest": {"username": "ann", "password": "hunter22"}})");
  ASSERT_TRUE(answer.ok());
  EXPECT_EQ(answer->status, 200);
  auto const sent = transport.sent();
  ASSERT_EQ(sent.size(), 2u);
  EXPECT_TRUE(sent[1].authorization.reveal().starts_with("Digest username=\"ann\", realm=\"r\""));
  EXPECT_NE(sent[1].authorization.reveal().find("uri=\"/thing\""), std::string_view::npos);
}

}  // namespace
}  // namespace fairlead::builtin
