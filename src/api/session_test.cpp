// Signing in and out, the setup, and what the audit log says of it.
#include "api/session.h"

#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT

class SessionApi : public World {
 protected:
  net::ServerResponse post_plain(std::string const& target, Json const& body,
                                 std::string const& cookie = "") {
    net::Headers headers{{"Content-Type", "application/json"}};
    if (!cookie.empty()) headers.add("Cookie", cookie);
    return ask(net::Method::post, target, body.dump(), std::move(headers));
  }
  net::ServerResponse ask(net::Method method, std::string const& target, std::string body,
                          net::Headers headers) {
    return call({.method = method,
                 .target = target,
                 .body = std::move(body),
                 .headers = std::move(headers),
                 .as = Ask::As::whoever});
  }
  Json setup_body() {
    setup_token = people.make_setup_link()->value().reveal();
    return Json::object({{"token", setup_token},
                         {"username", "Ada"},
                         {"name", "Ada Lovelace"},
                         {"email", "ada@example.com"},
                         {"password", "correct horse"}});
  }
  static std::string cookie_of(net::ServerResponse const& response) {
    std::string const header(response.headers.get("Set-Cookie"));
    return header.substr(0, header.find(';'));
  }
  std::vector<store::AuditEntry> audited() { return *store->audit().after(0, 100); }

  std::string setup_token;
};

TEST_F(SessionApi, the_setup_makes_the_first_org_admin_and_signs_in) {
  auto const before = ask(net::Method::get, "/api/v1/session", "", {});
  EXPECT_TRUE(json_of(before)["setupNeeded"].as_bool());
  EXPECT_TRUE(json_of(before)["signIn"]["password"].as_bool());
  EXPECT_FALSE(json_of(before).contains("user"));
  Json const first = setup_body();
  auto const done = post_plain("/api/v1/setup", first);
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(json_of(done)["user"]["username"].as_string(), "ada");
  EXPECT_EQ(json_of(done)["user"]["role"].as_string(), "org-admin");
  EXPECT_FALSE(json_of(done)["setupNeeded"].as_bool());
  std::string const header(done.headers.get("Set-Cookie"));
  for (auto const* part : {"; Path=/;", "; HttpOnly", "; SameSite=Lax", "; Secure"})
    EXPECT_NE(header.find(part), std::string::npos) << part;
  auto const after = ask(net::Method::get, "/api/v1/session", "", {{"Cookie", cookie_of(done)}});
  EXPECT_EQ(json_of(after)["user"]["name"].as_string(), "Ada Lovelace");
  EXPECT_EQ(json_of(after)["csrfToken"].as_string(), json_of(done)["csrfToken"].as_string());
  EXPECT_FALSE(people.make_setup_link()->has_value());
  EXPECT_EQ(post_plain("/api/v1/setup", first).status, 409);
}

TEST_F(SessionApi, the_setup_wants_its_link_and_a_password) {
  auto body = setup_body();
  body.set("token", "made up");
  EXPECT_EQ(post_plain("/api/v1/setup", body).status, 404);
  body.set("token", setup_token);
  body.set("password", "short");
  auto const refused = post_plain("/api/v1/setup", body);
  EXPECT_EQ(refused.status, 400);
  EXPECT_EQ(json_of(refused)["where"].as_string(), "password");
  body.set("password", "correct horse");
  EXPECT_EQ(post_plain("/api/v1/setup", body).status, 200) << "a bad try leaves the link";
}

TEST_F(SessionApi, a_wrong_password_and_an_unknown_user_read_the_same_and_cost_the_same) {
  ASSERT_EQ(post_plain("/api/v1/setup", setup_body()).status, 200);
  int const before = hasher.verified;
  auto const wrong =
      post_plain("/api/v1/session", Json::object({{"username", "ada"}, {"password", "wrong"}}));
  int const one = hasher.verified - before;
  auto const unknown =
      post_plain("/api/v1/session", Json::object({{"username", "bob"}, {"password", "wrong"}}));
  EXPECT_EQ(wrong.status, 401);
  EXPECT_EQ(unknown.status, 401);
  auto const without_id = [](net::ServerResponse const& response) {
    Json body = json_of(response);
    body.erase("requestId");
    return body;
  };
  EXPECT_EQ(without_id(wrong), without_id(unknown));
  EXPECT_FALSE(wrong.headers.contains("Set-Cookie"));
  EXPECT_EQ(one, 1);
  EXPECT_EQ(hasher.verified - before, 2);
}

TEST_F(SessionApi, too_many_failures_are_429_with_a_time_for_known_and_unknown) {
  ASSERT_EQ(post_plain("/api/v1/setup", setup_body()).status, 200);
  for (auto const* username : {"ada", "nobody"}) {
    Json const body = Json::object({{"username", username}, {"password", "wrong"}});
    for (int i = 0; i < 5; ++i)
      EXPECT_EQ(post_plain("/api/v1/session", body).status, 401);
    int const before = hasher.verified;
    auto const locked = post_plain("/api/v1/session", body);
    EXPECT_EQ(locked.status, 429);
    EXPECT_TRUE(locked.headers.contains("Retry-After"));
    EXPECT_EQ(hasher.verified, before) << "no work for whoever is locked out";
  }
  clock.advance(std::chrono::minutes(2));
  auto const back = post_plain("/api/v1/session",
                               Json::object({{"username", "ADA "}, {"password", "correct horse"}}));
  EXPECT_EQ(back.status, 200) << back.body;
}

TEST_F(SessionApi, signing_in_ends_the_browsers_former_session) {
  auto const first = post_plain("/api/v1/setup", setup_body());
  auto const second = post_plain("/api/v1/session",
                                 Json::object({{"username", "ada"}, {"password", "correct horse"}}),
                                 cookie_of(first));
  ASSERT_EQ(second.status, 200) << second.body;
  EXPECT_NE(cookie_of(first), cookie_of(second));
  EXPECT_EQ(ask(net::Method::get, "/api/v1/runs", "", {{"Cookie", cookie_of(first)}}).status, 401);
  EXPECT_EQ(ask(net::Method::get, "/api/v1/runs", "", {{"Cookie", cookie_of(second)}}).status, 200);
}

TEST_F(SessionApi, signing_out_ends_it_and_takes_the_cookie_away) {
  auto const in = post_plain("/api/v1/setup", setup_body());
  net::Headers const headers{{"Cookie", cookie_of(in)},
                             {"X-CSRF-Token", json_of(in)["csrfToken"].as_string()}};
  auto const out = ask(net::Method::delete_, "/api/v1/session", "", headers);
  EXPECT_EQ(out.status, 200) << out.body;
  EXPECT_NE(out.headers.get("Set-Cookie").find("Max-Age=0"), std::string::npos);
  EXPECT_EQ(ask(net::Method::get, "/api/v1/runs", "", headers).status, 401);
}

TEST_F(SessionApi, a_session_ends_when_idle_and_at_its_age) {
  auto const in = post_plain("/api/v1/setup", setup_body());
  net::Headers const headers{{"Cookie", cookie_of(in)}};
  auto alive = [&] { return ask(net::Method::get, "/api/v1/runs", "", headers).status == 200; };
  for (int i = 0; i < 16; ++i) {
    clock.advance(access::session_idle_max - std::chrono::minutes(1));
    bool const young =
        (i + 1) * (access::session_idle_max - std::chrono::minutes(1)) < access::session_age_max;
    EXPECT_EQ(alive(), young) << i;
  }
  auto const again = post_plain("/api/v1/session",
                                Json::object({{"username", "ada"}, {"password", "correct horse"}}));
  net::Headers const fresh{{"Cookie", cookie_of(again)}};
  EXPECT_EQ(ask(net::Method::get, "/api/v1/runs", "", fresh).status, 200);
  clock.advance(access::session_idle_max);
  EXPECT_EQ(ask(net::Method::get, "/api/v1/runs", "", fresh).status, 401);
}

TEST_F(SessionApi, is_audited_without_any_secret) {
  auto const in = post_plain("/api/v1/setup", setup_body());
  post_plain("/api/v1/session",
             Json::object({{"username", "eve"}, {"password", "hunter2hunter2"}}));
  auto const entries = audited();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].action, "setup.finish");
  EXPECT_EQ(entries[0].actor, "ada");
  EXPECT_EQ(entries[0].actor_kind, "user");
  EXPECT_EQ(entries[0].outcome, "ok");
  EXPECT_EQ(entries[1].action, "session.sign-in");
  EXPECT_EQ(entries[1].actor, "eve");
  EXPECT_EQ(entries[1].actor_kind, "nobody");
  EXPECT_EQ(entries[1].outcome, "refused");
  for (auto const& entry : entries)
    for (auto const& secret : {std::string("correct horse"), std::string("hunter2"), setup_token})
      EXPECT_EQ((entry.detail.dump() + entry.target + entry.actor).find(secret), std::string::npos);
}

TEST_F(SessionApi, strangers_cannot_fill_the_audit_log) {
  for (int i = 0; i < 100; ++i)
    ask(net::Method::post, "/api/v1/runs/none/cancel", "", {});
  EXPECT_EQ(audited().size(), 60u);
  clock.advance(std::chrono::minutes(1));
  ask(net::Method::post, "/api/v1/runs/none/cancel", "", {});
  auto const entries = audited();
  ASSERT_EQ(entries.size(), 62u);
  EXPECT_EQ(entries[60].action, "audit.left-out");
  EXPECT_EQ(entries[60].detail["entries"].as_integer(), 40);
}

}  // namespace
}  // namespace fairlead::api
