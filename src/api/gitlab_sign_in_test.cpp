// The settings of signing in with GitLab and its refusals. The way through GitLab's real pages is
// tests/scenarios/test_people.py.
#include "api/gitlab_sign_in.h"

#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT
using net::Method;

constexpr char const* base = "https://gitlab.test/git";
constexpr char const* discovery = "https://gitlab.test/git/.well-known/openid-configuration";

class GitlabSignIn : public World {
 protected:
  void SetUp() override {
    store::ConnectionRecord record;
    record.id = ConnectionId("c1");
    record.name = "company";
    record.base_url = base;
    record.auth_kind = "oauth";
    record.status = "active";
    record.is_default = true;
    record.settings = Json::object();
    ASSERT_TRUE(store->connections().insert(record).ok());
  }
  net::ServerResponse put(Json const& body, std::string const& connection = "company") {
    return call({.method = Method::put,
                 .target = "/api/v1/settings/sign-in/" + connection,
                 .body = body.dump(),
                 .headers = {{"Content-Type", "application/json"}}});
  }
  static Json good() {
    return Json::object(
        {{"clientId", "app-1"},
         {"clientSecret", "gloas-very-secret"},
         {"label", "Our GitLab"},
         {"roles", Json::array({Json::object({{"group", "ops"}, {"role", "operator"}})})}});
  }
  void discovered(std::string const& issuer) {
    std::string const root(base);
    gitlab.on(Method::get, discovery)
        .answer_json(200, Json::object({{"issuer", issuer},
                                        {"authorization_endpoint", root + "/oauth/authorize"},
                                        {"token_endpoint", root + "/oauth/token"},
                                        {"jwks_uri", root + "/oauth/discovery/keys"},
                                        {"userinfo_endpoint", root + "/oauth/userinfo"}}));
  }
  net::ServerResponse browse(std::string const& target, std::string const& cookie = "") {
    net::Headers headers;
    if (!cookie.empty()) headers.add("Cookie", cookie);
    return call({.method = Method::get,
                 .target = target,
                 .body = {},
                 .headers = headers,
                 .as = Ask::As::whoever});
  }
  // The cookie and the state of a sign-in that was begun.
  struct Begun {
    std::string cookie;
    std::string state;
  };
  Begun begin() {
    discovered(base);
    auto const response = browse("/sign-in/gitlab?return=/runs");
    EXPECT_EQ(response.status, 303) << response.body;
    std::string const cookie(response.headers.get("Set-Cookie"));
    std::string const location(response.headers.get("Location"));
    auto const at = location.find("&state=") + 7;
    return {.cookie = cookie.substr(0, cookie.find(';')),
            .state = location.substr(at, location.find('&', at) - at)};
  }
};

TEST_F(GitlabSignIn, settings_are_kept_without_showing_the_secret) {
  auto const set = put(good());
  ASSERT_EQ(set.status, 200) << set.body;
  EXPECT_TRUE(json_of(set)["hasSecret"].as_bool());
  EXPECT_EQ(set.body.find("gloas"), std::string::npos);
  auto const listed = get("/api/v1/settings/sign-in");
  EXPECT_EQ(json_of(listed)["redirectUri"].as_string(),
            "https://fairlead.test/sign-in/gitlab/callback");
  EXPECT_EQ(listed.body.find("gloas"), std::string::npos);
  auto const kept = store->meta().get("sign-in.openid");
  ASSERT_TRUE(kept.ok() && kept->has_value());
  EXPECT_EQ((*kept)->find("gloas"), std::string::npos);
  auto again = good();
  again.erase("clientSecret");
  EXPECT_TRUE(json_of(put(again))["hasSecret"].as_bool()) << "left as it is";
  again.set("clientSecret", "");
  EXPECT_FALSE(json_of(put(again))["hasSecret"].as_bool()) << "taken away";
  EXPECT_EQ(json_of(browse("/api/v1/session"))["signIn"]["gitlab"].dump(),
            R"([{"connection":"company","label":"Our GitLab"}])");
}

TEST_F(GitlabSignIn, settings_name_the_field_that_is_wrong) {
  for (auto const& [member, value, where] :
       {std::tuple{"clientId", Json(""), "clientId"},
        {"clientId", Json(7), "clientId"},
        {"roles", Json::array(), "defaultRole"},
        {"roles", Json::array({Json::object({{"group", "x"}, {"role", "king"}})}), "roles"},
        {"roles", Json::array({Json::object({{"group", ""}, {"role", "viewer"}})}), "roles"},
        {"defaultRole", Json("king"), "defaultRole"},
        {"allowedGroups", Json("ops"), "allowedGroups"},
        {"allowedDomains", Json::array({"a@example.com"}), "allowedDomains"},
        {"scopes", Json("api"), "scopes"}}) {
    auto body = good();
    body.set(member, value);
    auto const refused = put(body);
    EXPECT_EQ(refused.status, 400) << member;
    EXPECT_EQ(json_of(refused)["where"].as_string(), where) << refused.body;
  }
  EXPECT_EQ(put(good(), "nobody").status, 404);
}

TEST_F(GitlabSignIn, goes_when_it_is_removed_and_with_its_connection) {
  auto ways = [&] { return json_of(get("/api/v1/settings/sign-in"))["items"].size(); };
  put(good());
  EXPECT_EQ(ways(), 1u);
  std::string const path = "/api/v1/settings/sign-in/company";
  EXPECT_EQ(call({.method = Method::delete_, .target = path}).status, 200);
  EXPECT_EQ(call({.method = Method::delete_, .target = path}).status, 404);
  EXPECT_EQ(ways(), 0u);
  put(good());
  ASSERT_TRUE(store->connections().remove(ConnectionId("c1")).ok());
  EXPECT_EQ(ways(), 0u);
  EXPECT_EQ(browse("/sign-in/gitlab").status, 404);
}

TEST_F(GitlabSignIn, the_browser_is_sent_to_gitlab_with_proofs_of_its_own) {
  put(good());
  discovered(base);
  auto const response = browse("/sign-in/gitlab?connection=company&return=//evil.test");
  ASSERT_EQ(response.status, 303) << response.body;
  std::string const location(response.headers.get("Location"));
  for (auto const* part :
       {"https://gitlab.test/git/oauth/authorize?", "client_id=app-1", "response_type=code",
        "scope=openid%20profile%20email", "code_challenge_method=S256", "&nonce=", "&state=",
        "redirect_uri=https%3A%2F%2Ffairlead.test%2Fsign-in%2Fgitlab%2Fcallback"})
    EXPECT_NE(location.find(part), std::string::npos) << part << " in " << location;
  std::string const cookie(response.headers.get("Set-Cookie"));
  for (auto const* part : {"HttpOnly", "SameSite=Lax", "Secure", "Path=/sign-in/gitlab"})
    EXPECT_NE(cookie.find(part), std::string::npos) << part;
  EXPECT_EQ(cookie.find("evil"), std::string::npos);
}

TEST_F(GitlabSignIn, another_issuer_is_refused) {
  put(good());
  discovered("https://evil.test");
  auto const response = browse("/sign-in/gitlab");
  EXPECT_EQ(response.status, 502) << response.body;
  EXPECT_NE(response.body.find("https://evil.test"), std::string::npos);
}

TEST_F(GitlabSignIn, an_answer_needs_this_browser_this_state_and_time) {
  put(good());
  auto const mine = begin();
  auto const other = begin();
  std::string const path = "/sign-in/gitlab/callback?code=c&state=";
  EXPECT_EQ(browse(path + mine.state).status, 403) << "no cookie";
  EXPECT_EQ(browse(path + mine.state, other.cookie).status, 403) << "another sign-in's cookie";
  EXPECT_EQ(browse(path, mine.cookie).status, 403) << "no state";
  EXPECT_EQ(browse(path + mine.state, mine.cookie.substr(0, mine.cookie.size() - 2)).status, 403);
  auto const refused =
      browse("/sign-in/gitlab/callback?error=access_denied&state=" + mine.state, mine.cookie);
  EXPECT_EQ(refused.status, 403) << refused.body;
  clock.advance(connection::openid_sign_in_life);
  EXPECT_EQ(browse(path + mine.state, mine.cookie).status, 403) << "too late";
  auto const entries = *store->audit().list(
      {.actor = {}, .action = "session.sign-in.gitlab", .from = {}, .before = {}}, 0, 10);
  EXPECT_EQ(entries.size(), 6u);
  for (auto const& entry : entries)
    EXPECT_EQ(entry.outcome, "refused");
}

TEST_F(GitlabSignIn, a_code_that_gitlab_refuses_signs_nobody_in) {
  put(good());
  auto const mine = begin();
  discovered(base);
  gitlab.on(Method::post, "https://gitlab.test/git/oauth/token")
      .answer_json(400, Json::object({{"error", "invalid_grant"}}));
  auto const response = browse("/sign-in/gitlab/callback?code=c&state=" + mine.state, mine.cookie);
  EXPECT_EQ(response.status, 403) << response.body;
  EXPECT_EQ(response.body.find("fairlead_session"), std::string::npos);
  EXPECT_TRUE(people.list()->empty());
}

}  // namespace
}  // namespace fairlead::api
