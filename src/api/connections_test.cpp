#include "api/connections.h"

#include "api/sign_in_pages.h"
#include "api/world_test.h"
#include "connection/oauth.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT
using net::Method;

constexpr char const* token_url = "https://gitlab.test/oauth/token";
constexpr char const* user_url = "https://gitlab.test/api/v4/user";

Json oauth_body() {
  return Json::object(
      {{"baseUrl", "https://gitlab.test"}, {"clientId", "app"}, {"clientSecret", "gloas-shh"}});
}

// The state and the cookie after the start page, as a browser has them.
struct Browser {
  std::string state;
  std::string cookie;
};

struct SignInWorld : World {
  Json begin() {
    EXPECT_EQ(post("/api/v1/connections", oauth_body()).status, 201);
    return json_of(post("/api/v1/connections/gitlab/sign-in", Json::object()));
  }
  Browser start(Json const& begun) {
    std::string const url = begun["startUrl"].as_string();
    auto page = visit(url.substr(public_url.size()));
    EXPECT_EQ(page.status, 303) << page.body;
    std::string const cookie(page.headers.get("Set-Cookie"));
    return {.state = url.substr(url.rfind('/') + 1), .cookie = cookie.substr(0, cookie.find(';'))};
  }
  void gitlab_agrees() {
    gitlab.on(Method::post, token_url)
        .answer_json(200, Json::object({{"access_token", "access-shh"},
                                        {"token_type", "Bearer"},
                                        {"expires_in", 7200},
                                        {"refresh_token", "refresh-shh"},
                                        {"scope", "api"}}));
    gitlab.on(Method::get, user_url)
        .answer_json(200, Json::object({{"id", 7}, {"username", "alice"}, {"name", "<i>A</i>"}}));
  }
};

TEST_F(SignInWorld, the_whole_way_ends_connected_and_wakes_what_waits) {
  auto begun = begin();
  EXPECT_EQ(begun["redirectUri"].as_string(), "https://fairlead.test/oauth/callback");
  auto browser = start(begun);
  gitlab_agrees();
  auto page = visit("/oauth/callback?code=c0de&state=" + browser.state, browser.cookie);
  EXPECT_EQ(page.status, 200) << page.body;
  EXPECT_NE(page.body.find("@alice"), std::string::npos);
  EXPECT_EQ(signed_in, std::vector<std::string>{"gitlab"});
  auto shown = json_of(get("/api/v1/connections/gitlab"));
  EXPECT_EQ(shown["status"].as_string(), "active");
  EXPECT_EQ(shown["lastSignIn"]["id"], begun["signIn"]);
  EXPECT_EQ(shown["lastSignIn"]["outcome"].as_string(), "completed");
}

TEST_F(SignInWorld, a_reconnect_may_ask_for_other_scopes_and_says_what_was_not_granted) {
  EXPECT_EQ(post("/api/v1/connections", oauth_body()).status, 201);
  std::string const way = "/api/v1/connections/gitlab/sign-in";
  EXPECT_EQ(post(way, Json::object({{"scopes", "a\\b"}})).status, 400);
  auto begun = json_of(post(way, Json::object({{"scopes", "api read_user"}})));
  auto browser = start(begun);
  gitlab_agrees();  // api, and no more
  auto page = visit("/oauth/callback?code=c0de&state=" + browser.state, browser.cookie);
  EXPECT_NE(page.body.find("did not grant read_user"), std::string::npos) << page.body;
  auto shown = json_of(get("/api/v1/connections/gitlab"));
  EXPECT_EQ(shown["scopes"], Json("api"));
  EXPECT_EQ(shown["missingScopes"], Json::array({"read_user"}));
  EXPECT_EQ(shown["lastSignIn"]["asked"], Json("api read_user"));
  auto permissions = json_of(get("/api/v1/connections/gitlab/permissions"));
  EXPECT_EQ(permissions["granted"], Json::array({"api"}));
  EXPECT_EQ(permissions["missing"], Json::array({"read_user"}));
}

TEST_F(SignInWorld, no_answer_ever_shows_a_secret) {
  auto begun = begin();
  auto browser = start(begun);
  gitlab_agrees();
  std::string said =
      visit("/oauth/callback?code=c0de-shh&state=" + browser.state, browser.cookie).body;
  said += get("/api/v1/connections").body + get("/api/v1/connections/gitlab").body;
  gitlab.on(Method::post, token_url).answer_json(400, Json::object({{"error", "invalid_grant"}}));
  clock.advance(std::chrono::hours(3));
  gitlab.on(Method::get, user_url).answer_json(401, Json::object({{"message", "401"}}));
  gitlab.forget_unused();
  said += get("/api/v1/connections/gitlab").body;
  EXPECT_NE(said.find("alice"), std::string::npos);
  EXPECT_EQ(said.find("shh"), std::string::npos) << said;
  EXPECT_EQ(said.find("ealed"), std::string::npos) << "not even a sealed one";
  EXPECT_EQ(said.find(browser.state), std::string::npos);
}

TEST_F(SignInWorld, a_refusal_is_shown_in_the_browser_and_to_whoever_waits) {
  auto begun = begin();
  auto browser = start(begun);
  auto page = visit(
      "/oauth/callback?error=access_denied&error_description=%3Cscript%3Ealert(1)"
      "%3C%2Fscript%3E&state=" +
          browser.state,
      browser.cookie);
  EXPECT_EQ(page.status, 403);
  EXPECT_EQ(page.body.find("<script"), std::string::npos);
  EXPECT_NE(page.body.find("&lt;script&gt;"), std::string::npos);
  auto shown = json_of(get("/api/v1/connections/gitlab"));
  EXPECT_EQ(shown["lastSignIn"]["id"], begun["signIn"]);
  EXPECT_EQ(shown["lastSignIn"]["outcome"].as_string(), "failed");
  EXPECT_EQ(shown["lastSignIn"]["error"]["title"].as_string(), "Authorisation refused");
  EXPECT_TRUE(signed_in.empty());
}

TEST_F(SignInWorld, without_a_known_state_nothing_of_the_query_is_shown) {
  auto page = visit("/oauth/callback?error=x&error_description=Call%20555&state=guessed");
  EXPECT_EQ(page.status, 404);
  EXPECT_EQ(page.body.find("555"), std::string::npos);
}

TEST_F(SignInWorld, the_pages_run_no_script_and_leak_no_referrer) {
  auto browser = start(begin());
  for (auto const& page : {visit("/oauth/callback?state=x"), visit("/oauth/start/unknown")}) {
    EXPECT_EQ(page.status, 404);
    EXPECT_EQ(page.headers.get("Referrer-Policy"), "no-referrer");
    EXPECT_TRUE(page.headers.get("Content-Security-Policy").starts_with("default-src 'none'"));
    EXPECT_EQ(page.headers.get("Cache-Control"), "no-store");
  }
}

TEST_F(SignInWorld, the_start_page_leads_to_the_connections_gitlab_only) {
  auto begun = begin();
  std::string const path = begun["startUrl"].as_string().substr(public_url.size());
  auto page = visit(path + "?redirect_uri=https://evil.test&next=https://evil.test");
  EXPECT_TRUE(page.headers.get("Location").starts_with("https://gitlab.test/oauth/authorize?"));
  EXPECT_EQ(page.headers.get("Location").find("evil"), std::string_view::npos);
  EXPECT_EQ(page.headers.get("Referrer-Policy"), "no-referrer");
}

TEST_F(SignInWorld, a_cookie_that_is_not_ours_is_not_taken_over) {
  auto begun = begin();
  std::string const path = begun["startUrl"].as_string().substr(public_url.size());
  auto page = visit(path, std::string(sign_in_cookie) + "=attacker-chosen");
  std::string const cookie(page.headers.get("Set-Cookie"));
  EXPECT_EQ(cookie.find("attacker"), std::string::npos) << cookie;
}

TEST_F(SignInWorld, a_new_access_token_wakes_what_waits_too) {
  gitlab.on(Method::get, user_url)
      .answer_json(200, Json::object({{"id", 7}, {"username", "alice"}}));
  gitlab.on(Method::get, "https://gitlab.test/api/v4/personal_access_tokens/self")
      .answer_json(404, Json::object());
  auto made =
      post("/api/v1/connections",
           Json::object({{"baseUrl", "https://gitlab.test"}, {"accessToken", "glpat-shh"}}));
  EXPECT_EQ(made.status, 201) << made.body;
  EXPECT_EQ(made.body.find("shh"), std::string::npos);
  EXPECT_EQ(signed_in, std::vector<std::string>{"gitlab"});
}

TEST_F(SignInWorld, disconnecting_takes_a_clear_wish_only) {
  begin();
  EXPECT_EQ(
      call({.method = Method::delete_, .target = "/api/v1/connections/gitlab?revoke=yes"}).status,
      400);
  EXPECT_EQ(get("/api/v1/connections/gitlab").status, 200);
  EXPECT_EQ(call({.method = Method::delete_, .target = "/api/v1/connections/gitlab"}).status, 200);
  EXPECT_EQ(get("/api/v1/connections/gitlab").status, 404);
}

struct BadMember {
  char const* name;
  Json value;
};
class BadMembers : public World, public ::testing::WithParamInterface<BadMember> {};

TEST_P(BadMembers, of_a_new_connection_are_named) {
  Json body = oauth_body();
  body.set(GetParam().name, GetParam().value);
  auto response = post("/api/v1/connections", body);
  EXPECT_EQ(response.status, 400);
  EXPECT_EQ(json_of(response)["where"].as_string(), GetParam().name);
  EXPECT_EQ(response.body.find("shh"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Bodies, BadMembers,
                         ::testing::Values(BadMember{"clientSecrets", "x"},
                                           BadMember{"app", "jira"}, BadMember{"default", "yes"},
                                           BadMember{"scopes", 7},
                                           BadMember{"clientSecret", Json::object()},
                                           BadMember{"proxy", "http://u:shh@proxy:8080"},
                                           BadMember{"accessToken", "glpat-shh"}));

TEST(SignInCookie, fits_the_public_url) {
  EXPECT_EQ(sign_in_cookie_header("v", "http://127.0.0.1:8420"),
            "fairlead_sign_in=v; Path=/oauth; Max-Age=900; HttpOnly; SameSite=Lax");
  EXPECT_EQ(sign_in_cookie_header("v", "https://it.example.com/fairlead"),
            "fairlead_sign_in=v; Path=/fairlead/oauth; Max-Age=900; HttpOnly; SameSite=Lax; "
            "Secure");
}

TEST(SignInPages, escape_all_they_show) {
  Error error = make_error(ErrorKind::denied, "<b>&\"'");
  error.title = "<title>";
  error.cause = "<cause>";
  error.remedy = "<remedy>";
  error.request_id = "<id>";
  store::ConnectionRecord record;
  record.name = "<name>";
  record.base_url = "https://x/<url>";
  record.account = Json::object({{"username", "<user>"}});
  record.scopes = "<scopes>";
  record.last_error = Json::object({{"message", "<last>"}});
  std::string const said = failure_page(error).body + success_page(record).body;
  for (auto const* word : {"b", "cause", "remedy", "id", "name", "url", "user", "scopes", "last"}) {
    EXPECT_EQ(said.find("<" + std::string(word) + ">"), std::string::npos) << word;
    EXPECT_NE(said.find("&lt;" + std::string(word) + "&gt;"), std::string::npos) << word;
  }
  EXPECT_EQ(escape_html("<b>&\"'"), "&lt;b&gt;&amp;&quot;&#39;");
}

}  // namespace
}  // namespace fairlead::api
