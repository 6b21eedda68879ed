// The table of doors: what the guard says to nobody and to each role, for every route there is.
//
// Kept in tests/golden/api/routes.txt; a new route without a row fails, as does a door that opens
// wider. FAIRLEAD_UPDATE_GOLDEN=1 writes it: read the difference before you commit it.
#include <set>

#include "api/world_test.h"
#include "testing/files.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT
using access::Role;

constexpr Role all_roles[] = {Role::viewer, Role::operator_, Role::author, Role::org_admin};
constexpr int inside = 299;

class Routes : public World {
 protected:
  enum class Sends { right_csrf, no_csrf, wrong_csrf, from_other_site };

  std::string session_of(Role role) {
    auto& token = sessions_[role];
    if (!token.empty()) return token;
    access::NewUser user;
    user.username = std::string("user-") + std::string(access::to_string(role));
    user.role = role;
    auto const made = people.add(user);
    EXPECT_TRUE(made.ok());
    token =
        sessions.open(made->id, {.way = "password", .from = "127.0.0.1", .agent = ""})->reveal();
    return token;
  }

  std::string knock(Endpoint const& route, net::Headers headers) {
    Endpoint endpoint = route;
    endpoint.handler = [](Call const&) -> Result<net::ServerResponse> {
      return net::text_response(inside, "inside");
    };
    net::ServerRequest request;
    request.method = endpoint.method;
    request.headers = std::move(headers);
    int const status = guarded(std::move(endpoint), guard()).handler(request).status;
    return status == inside ? "in" : std::to_string(status);
  }

  std::string by_token(Endpoint const& route, Role role) {
    return knock(route, {{"Authorization", "Bearer " + token_of(role)}});
  }

  std::string by_session(Endpoint const& route, Role role, Sends sends) {
    std::string const session = session_of(role);
    net::Headers headers{{"Cookie", "other=1; fairlead_session=" + session}};
    if (sends == Sends::right_csrf || sends == Sends::from_other_site)
      headers.add("X-CSRF-Token", access::Sessions::csrf_token(session));
    if (sends == Sends::wrong_csrf)
      headers.add("X-CSRF-Token", access::Sessions::csrf_token("another session"));
    if (sends == Sends::from_other_site) headers.add("Origin", "https://evil.test");
    return knock(route, std::move(headers));
  }

  // "GET /api/v1/runs: nobody 401; token in in in in; session in in in in; no-csrf in; ..."
  std::string row(Endpoint const& route) {
    std::string text = std::string(net::to_string(route.method)) + " " + route.path + ": nobody " +
                       knock(route, {}) + "; token";
    for (Role role : all_roles)
      text += " " + by_token(route, role);
    text += "; session";
    for (Role role : all_roles)
      text += " " + by_session(route, role, Sends::right_csrf);
    text += "; no-csrf " + by_session(route, Role::org_admin, Sends::no_csrf);
    text += "; wrong-csrf " + by_session(route, Role::org_admin, Sends::wrong_csrf);
    text += "; other-site " + by_session(route, Role::org_admin, Sends::from_other_site);
    return text;
  }

 private:
  std::map<Role, std::string> sessions_;
};

TEST_F(Routes, open_to_exactly_those_the_table_names) {
  std::set<std::string> rows;
  for (auto const& route : endpoints(parts()))
    rows.insert(row(route));
  std::string table =
      "# What the guard answers: nobody; a token and a session of viewer, operator, author, "
      "org-admin;\n# an org admin's session without CSRF token, with another session's, and from "
      "another site.\n";
  for (auto const& each : rows)
    table += each + "\n";
  testing::expect_golden(table, "tests/golden/api/routes.txt");
}

TEST_F(Routes, that_change_something_need_proof_that_our_page_asks) {
  for (auto const& route : endpoints(parts())) {
    SCOPED_TRACE(std::string(net::to_string(route.method)) + " " + route.path);
    if (route.method == net::Method::get) continue;
    EXPECT_EQ(by_session(route, Role::org_admin, Sends::from_other_site), "403");
    if (!route.role) continue;
    EXPECT_EQ(by_session(route, Role::org_admin, Sends::no_csrf), "403");
    EXPECT_EQ(by_session(route, Role::org_admin, Sends::wrong_csrf), "403");
    EXPECT_EQ(by_session(route, Role::org_admin, Sends::right_csrf), "in");
  }
}

TEST_F(Routes, a_bearer_token_beats_a_cookie) {
  Endpoint const admins{net::Method::get, "/x", Role::org_admin, "x", {}};
  EXPECT_EQ(knock(admins, {{"Authorization", "Bearer wrong"},
                           {"Cookie", "fairlead_session=" + session_of(Role::org_admin)}}),
            "401");
}

struct Site {
  char const* name;
  net::Headers headers;
  bool is_cross;
};
class Sites : public ::testing::TestWithParam<Site> {};

TEST_P(Sites, are_told_apart) {
  net::ServerRequest request;
  request.headers = GetParam().headers;
  EXPECT_EQ(is_cross_site(request, "https://fairlead.test/sub"), GetParam().is_cross);
}

INSTANTIATE_TEST_SUITE_P(
    Headers, Sites,
    ::testing::Values(
        Site{"none", {}, false}, Site{"same_origin", {{"Sec-Fetch-Site", "same-origin"}}, false},
        Site{"typed_address", {{"Sec-Fetch-Site", "none"}}, false},
        Site{"same_site", {{"Sec-Fetch-Site", "same-site"}}, true},
        Site{"cross_site", {{"Sec-Fetch-Site", "cross-site"}}, true},
        Site{"our_origin", {{"Origin", "https://fairlead.test"}}, false},
        Site{"other_scheme", {{"Origin", "http://fairlead.test"}}, true},
        Site{"other_origin", {{"Origin", "https://evil.test"}, {"Host", "fairlead.test"}}, true},
        Site{"by_another_name",
             {{"Origin", "http://127.0.0.1:8420"}, {"Host", "127.0.0.1:8420"}},
             false},
        Site{"hidden_origin", {{"Origin", "null"}}, true}),
    [](auto const& row) { return std::string(row.param.name); });

TEST(ActionNames, say_what_was_done) {
  using net::Method;
  EXPECT_EQ(action_of(Method::post, "/api/v1/connections"), "connections.create");
  EXPECT_EQ(action_of(Method::post, "/api/v1/connections/{name}/test"), "connections.test");
  EXPECT_EQ(action_of(Method::patch, "/api/v1/users/{id}"), "users.change");
  EXPECT_EQ(action_of(Method::delete_, "/api/v1/secrets/{name}"), "secrets.remove");
  EXPECT_EQ(action_of(Method::put, "/api/v1/workflows/{namespace}/{name}/draft"),
            "workflows.draft.set");
  EXPECT_EQ(action_of(Method::post, "/api/v1/runs/{id}/effects/decide"), "runs.effects.decide");
}

}  // namespace
}  // namespace fairlead::api
