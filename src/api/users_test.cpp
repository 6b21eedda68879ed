// Users, tokens and the audit log through their routes.
#include "api/users.h"

#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT
using access::Role;
using net::Method;

class PeopleApi : public World {
 protected:
  net::ServerResponse send(Method method, std::string const& target, Json const& body,
                           net::Headers headers = {}) {
    headers.add("Content-Type", "application/json");
    return call({.method = method, .target = target, .body = body.dump(), .headers = headers});
  }
  // A user with a password, made through the API.
  Json add(std::string const& username, Role role) {
    auto const made = send(Method::post, "/api/v1/users",
                           Json::object({{"username", username},
                                         {"role", access::to_string(role)},
                                         {"password", "correct horse"}}));
    EXPECT_EQ(made.status, 201) << made.body;
    return json_of(made);
  }
  net::Headers session_of(std::string const& username) {
    auto const user = people.find(username);
    auto const token =
        sessions.open(user->id, {.way = "password", .from = "192.0.2.7", .agent = "B"});
    return {{"Cookie", "fairlead_session=" + std::string(token->reveal())},
            {"X-CSRF-Token", access::Sessions::csrf_token(token->reveal())}};
  }
  net::ServerResponse as(net::Headers const& headers, Method method, std::string const& target,
                         Json const& body = {}) {
    net::Headers all = headers;
    all.add("Content-Type", "application/json");
    return call({.method = method,
                 .target = target,
                 .body = body.is_null() ? "" : body.dump(),
                 .headers = all,
                 .as = Ask::As::whoever});
  }
  store::AuditEntry newest() { return store->audit().list({}, 0, 1)->front(); }
};

TEST_F(PeopleApi, a_user_is_added_changed_and_removed) {
  auto const ada = add("Ada", Role::author);
  EXPECT_EQ(ada["username"].as_string(), "ada");
  EXPECT_TRUE(ada["hasPassword"].as_bool());
  EXPECT_EQ(ada.dump().find("correct horse"), std::string::npos);
  std::string const path = "/api/v1/users/" + ada["id"].as_string();
  EXPECT_EQ(json_of(get("/api/v1/users/ada"))["id"], ada["id"]) << "by name, too";
  auto const changed =
      send(Method::patch, path, Json::object({{"role", "operator"}, {"email", "a@example.com"}}));
  EXPECT_EQ(changed.status, 200) << changed.body;
  EXPECT_EQ(json_of(changed)["role"].as_string(), "operator");
  EXPECT_EQ(newest().action, "users.change");
  EXPECT_EQ(newest().target, "ada");
  EXPECT_EQ(newest().detail["role"]["from"].as_string(), "author");
  EXPECT_EQ(newest().detail["email"].as_string(), "changed");
  EXPECT_EQ(json_of(get("/api/v1/users"))["items"].size(), 1u);
  EXPECT_EQ(call({.method = Method::delete_, .target = path}).status, 200);
  EXPECT_EQ(get(path).status, 404);
}

TEST_F(PeopleApi, who_has_no_password_gets_a_link_that_sets_one) {
  auto const made =
      send(Method::post, "/api/v1/users", Json::object({{"username", "bob"}, {"role", "viewer"}}));
  std::string const link = json_of(made)["passwordLink"].as_string();
  std::string const prefix = public_url + "/password?token=";
  ASSERT_TRUE(link.starts_with(prefix)) << made.body;
  Json const body =
      Json::object({{"token", link.substr(prefix.size())}, {"password", "a horse of mine"}});
  auto const set = as({}, Method::post, "/api/v1/password", body);
  EXPECT_EQ(set.status, 200) << set.body;
  EXPECT_EQ(as({}, Method::post, "/api/v1/password", body).status, 404);
  EXPECT_EQ(as({}, Method::post, "/api/v1/session",
               Json::object({{"username", "bob"}, {"password", "a horse of mine"}}))
                .status,
            200);
}

struct BadUser {
  char const* body;
  int status;
  char const* where;
};

TEST_F(PeopleApi, names_what_is_wrong) {
  add("ada", Role::viewer);
  ASSERT_TRUE(tokens.create("deploy", Role::viewer, std::nullopt).ok());
  for (auto const& row :
       {BadUser{R"({"username":"x","role":"king"})", 400, "role"},
        BadUser{R"({"username":"x"})", 400, "role"},
        BadUser{R"({"username":"me","role":"viewer"})", 400, "username"},
        BadUser{R"({"username":"ADA","role":"viewer"})", 409, "username"},
        BadUser{R"({"username":"deploy","role":"viewer"})", 409, "username"},
        BadUser{R"({"username":"x","role":"viewer","admin":true})", 400, "admin"}}) {
    auto const answer = call({.method = Method::post,
                              .target = "/api/v1/users",
                              .body = row.body,
                              .headers = {{"Content-Type", "application/json"}}});
    EXPECT_EQ(answer.status, row.status) << row.body << answer.body;
    EXPECT_EQ(json_of(answer)["where"].as_string(), row.where) << row.body;
  }
}

TEST_F(PeopleApi, the_last_org_admin_stays_org_admin) {
  add("ada", Role::org_admin);
  for (auto const& change :
       {Json::object({{"role", "author"}}), Json::object({{"disabled", true}})})
    EXPECT_EQ(send(Method::patch, "/api/v1/users/ada", change).status, 409);
  EXPECT_EQ(call({.method = Method::delete_, .target = "/api/v1/users/ada"}).status, 409);
  add("bob", Role::org_admin);
  EXPECT_EQ(call({.method = Method::delete_, .target = "/api/v1/users/ada"}).status, 200);
}

TEST_F(PeopleApi, ones_own_password_ends_the_other_sessions) {
  add("ada", Role::viewer);
  auto const here = session_of("ada");
  auto const there = session_of("ada");
  auto const wrong = as(here, Method::post, "/api/v1/users/me/password",
                        Json::object({{"current", "no"}, {"new", "a horse of mine"}}));
  EXPECT_EQ(wrong.status, 400);
  EXPECT_EQ(json_of(wrong)["where"].as_string(), "current");
  auto const done = as(here, Method::post, "/api/v1/users/me/password",
                       Json::object({{"current", "correct horse"}, {"new", "a horse of mine"}}));
  EXPECT_EQ(json_of(done)["sessionsEnded"].as_integer(), 1) << done.body;
  EXPECT_EQ(as(here, Method::get, "/api/v1/runs").status, 200);
  EXPECT_EQ(as(there, Method::get, "/api/v1/runs").status, 401);
  EXPECT_EQ(send(Method::post, "/api/v1/users/me/password", Json::object()).status, 409)
      << "a token that is nobody's has no password";
}

TEST_F(PeopleApi, ones_own_sessions_are_listed_and_ended) {
  add("ada", Role::viewer);
  add("bob", Role::viewer);
  auto const here = session_of("ada");
  auto const there = session_of("ada");
  auto const bobs = session_of("bob");
  auto const items = json_of(as(here, Method::get, "/api/v1/users/me/sessions"))["items"];
  ASSERT_EQ(items.size(), 2u);
  for (auto const& item : items.items()) {
    std::string const path = "/api/v1/users/me/sessions/" + item["id"].as_string();
    EXPECT_EQ(as(bobs, Method::delete_, path).status, 404);
    if (item["current"].as_bool()) continue;
    EXPECT_EQ(as(here, Method::delete_, path).status, 200);
  }
  EXPECT_EQ(as(there, Method::get, "/api/v1/runs").status, 401);
  EXPECT_EQ(as(here, Method::get, "/api/v1/runs").status, 200);
}

TEST_F(PeopleApi, a_token_is_its_maker_and_never_more) {
  add("ada", Role::operator_);
  auto const ada = session_of("ada");
  auto make = [&](char const* role) {
    return as(ada, Method::post, "/api/v1/tokens", Json::object({{"name", "ci"}, {"role", role}}));
  };
  EXPECT_EQ(make("author").status, 403);
  auto const made = make("operator");
  ASSERT_EQ(made.status, 201) << made.body;
  std::string const text = json_of(made)["token"].as_string();
  net::Headers const bearer{{"Authorization", "Bearer " + text}};
  auto const me = json_of(as(bearer, Method::get, "/api/v1/session"));
  EXPECT_EQ(me["user"]["username"].as_string(), "ada");
  EXPECT_FALSE(me.contains("csrfToken"));
  auto const listed = as(ada, Method::get, "/api/v1/tokens");
  EXPECT_EQ(json_of(listed)["items"].size(), 1u);
  EXPECT_EQ(listed.body.find(text), std::string::npos);
  EXPECT_EQ(json_of(listed)["items"].at(0)["user"].as_string(), "ada");
  ASSERT_EQ(send(Method::patch, "/api/v1/users/ada", Json::object({{"role", "viewer"}})).status,
            200);
  EXPECT_EQ(json_of(as(bearer, Method::get, "/api/v1/session"))["user"]["role"].as_string(),
            "viewer");
  EXPECT_EQ(as(bearer, Method::post, "/api/v1/runs/none/cancel").status, 403);
  EXPECT_EQ(newest().actor, "ada");
  EXPECT_EQ(newest().detail["token"].as_string(), "ci");
  ASSERT_EQ(send(Method::patch, "/api/v1/users/ada", Json::object({{"disabled", true}})).status,
            200);
  EXPECT_EQ(as(bearer, Method::get, "/api/v1/runs").status, 401);
}

TEST_F(PeopleApi, tokens_are_revoked_by_their_maker_or_an_org_admin) {
  add("ada", Role::viewer);
  add("bob", Role::viewer);
  auto const made =
      as(session_of("ada"), Method::post, "/api/v1/tokens",
         Json::object({{"name", "ci"}, {"role", "viewer"}, {"expiresAt", "2199-01-01T00:00:00Z"}}));
  EXPECT_EQ(json_of(made)["expiresAt"].as_string(), "2199-01-01T00:00:00.000Z");
  std::string const path = "/api/v1/tokens/" + json_of(made)["id"].as_string();
  EXPECT_EQ(as(session_of("bob"), Method::delete_, path).status, 404);
  EXPECT_EQ(call({.method = Method::delete_, .target = path}).status, 200);
  EXPECT_EQ(call({.method = Method::delete_, .target = path}).status, 404);
  for (auto const& [name, body] :
       {std::pair{"name", R"({"name":"","role":"viewer"})"},
        {"name", R"({"name":"ada","role":"viewer"})"},
        {"role", R"({"name":"x","role":"all"})"},
        {"expiresAt", R"({"name":"x","role":"viewer","expiresAt":"soon"})"},
        {"expiresAt", R"({"name":"x","role":"viewer","expiresAt":"2001-01-01T00:00:00Z"})"}}) {
    auto const refused = call({.method = Method::post,
                               .target = "/api/v1/tokens",
                               .body = body,
                               .headers = {{"Content-Type", "application/json"}}});
    EXPECT_EQ(refused.status, 400) << body;
    EXPECT_EQ(json_of(refused)["where"].as_string(), name) << body;
  }
}

TEST_F(PeopleApi, the_audit_log_is_paged_filtered_exported_and_checked) {
  for (int i = 0; i < 5; ++i)
    add("user" + std::to_string(i), Role::viewer);
  EXPECT_EQ(call({.method = Method::delete_, .target = "/api/v1/users/user0"}).status, 200);
  auto const first = json_of(get("/api/v1/audit?limit=4"));
  ASSERT_EQ(first["items"].size(), 4u);
  EXPECT_EQ(first["items"].at(0)["action"].as_string(), "users.remove");
  EXPECT_EQ(first["items"].at(0)["actor"]["kind"].as_string(), "token");
  EXPECT_EQ(first["items"].at(0)["from"].as_string(), "192.0.2.7");
  auto const rest = json_of(get("/api/v1/audit?limit=4&cursor=" + first["nextCursor"].as_string()));
  EXPECT_EQ(rest["items"].size(), 2u);
  EXPECT_EQ(rest["nextCursor"].as_string(), "");
  EXPECT_EQ(json_of(get("/api/v1/audit?action=users.create"))["items"].size(), 5u);
  EXPECT_EQ(json_of(get("/api/v1/audit?actor=nobody"))["items"].size(), 0u);
  EXPECT_EQ(json_of(get("/api/v1/audit?to=2001-01-01T00:00:00Z"))["items"].size(), 0u);
  EXPECT_EQ(get("/api/v1/audit?from=yesterday").status, 400);
  EXPECT_EQ(get("/api/v1/audit?cursor=x").status, 400);
  auto const check = json_of(get("/api/v1/audit/check"));
  EXPECT_TRUE(check["whole"].as_bool());
  EXPECT_EQ(check["entries"].as_integer(), 6);
  auto const exported = get("/api/v1/audit/export");
  auto const writer = std::make_shared<FakeWriter>();
  ASSERT_TRUE(exported.on_stream);
  exported.on_stream(writer);
  EXPECT_FALSE(writer->open());
  auto const text = writer->text();
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 6);
  auto const line = Json::parse(text.substr(0, text.find('\n')));
  ASSERT_TRUE(line.ok());
  EXPECT_EQ((*line)["seq"].as_integer(), 1);
  EXPECT_EQ((*line)["hash"].as_string().size(), 64u);
}

TEST_F(PeopleApi, refusals_of_known_callers_are_audited_even_for_reading) {
  add("ada", Role::viewer);
  EXPECT_EQ(as(session_of("ada"), Method::get, "/api/v1/audit").status, 403);
  EXPECT_EQ(newest().action, "audit.read");
  EXPECT_EQ(newest().outcome, "refused");
  EXPECT_EQ(newest().actor, "ada");
}

}  // namespace
}  // namespace fairlead::api
