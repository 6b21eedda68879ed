// The guard in front of every route, and what all routes share.
#include "api/endpoint.h"

#include <set>

#include "api/problem.h"
#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT
using access::Role;

constexpr Role all_roles[] = {Role::viewer, Role::operator_, Role::author, Role::org_admin};

net::ServerResponse knock(Endpoint endpoint, Guard const& guard, std::string const& header) {
  endpoint.handler = [](Call const&) -> Result<net::ServerResponse> {
    return net::text_response(299, "inside");
  };
  net::ServerRequest request;
  request.method = endpoint.method;
  if (!header.empty()) request.headers.add("Authorization", header);
  return guarded(std::move(endpoint), guard).handler(request);
}

TEST_F(World, every_route_asks_for_a_token_or_is_known_to_be_public) {
  std::set<std::string> open_doors;
  for (auto const& endpoint : endpoints(parts())) {
    SCOPED_TRACE(endpoint.path);
    if (!endpoint.role)
      open_doors.insert(std::string(net::to_string(endpoint.method)) + " " + endpoint.path);
    int const wanted = endpoint.role ? 401 : 299;
    for (auto const* header :
         {"", "Bearer", "Bearer ", "Bearer fairlead_made-up", "Basic YTpi", "fairlead_made-up"})
      EXPECT_EQ(knock(endpoint, guard(), header).status, wanted) << header;
  }
  EXPECT_EQ(open_doors,
            (std::set<std::string>{
                "GET /healthz", "GET /readyz", "GET /oauth/start/{state}", "GET /oauth/callback",
                "GET /catalogs", "GET /catalogs/{catalog}",
                "GET /catalogs/{catalog}/functions/{name}/{version}/function.yaml",
                "POST /webhooks/gitlab/{id}", "GET /api/v1/session", "POST /api/v1/session",
                "POST /api/v1/setup", "POST /api/v1/password", "GET /sign-in/gitlab",
                "GET /sign-in/gitlab/callback", "GET /api/v1/openapi.json", "GET /api/docs",
                "GET /api/docs.js", "GET /api/docs.css"}));
}

TEST_F(World, every_route_lets_in_its_role_and_those_above_it) {
  for (auto const& endpoint : endpoints(parts())) {
    SCOPED_TRACE(std::string(net::to_string(endpoint.method)) + " " + endpoint.path);
    EXPECT_FALSE(endpoint.summary.empty());
    for (Role role : all_roles) {
      int const wanted = !endpoint.role || role >= *endpoint.role ? 299 : 403;
      EXPECT_EQ(knock(endpoint, guard(), "Bearer " + token_of(role)).status, wanted)
          << access::to_string(role);
    }
  }
}

// Who may do what: a wider door than this is a decision, not an accident.
TEST_F(World, what_changes_things_is_not_for_viewers) {
  // An approver may be a viewer: the approval itself says who decides.
  std::set<std::string> const harmless_posts{
      "/api/v1/workflows/validate", "/api/v1/workflows/plan", "/api/v1/approvals/{id}/decisions",
      // Of oneself.
      "/api/v1/session", "/api/v1/users/me/password", "/api/v1/users/me/sessions/{id}",
      "/api/v1/tokens", "/api/v1/tokens/{id}"};
  for (auto const& endpoint : endpoints(parts()))
    if (endpoint.role && endpoint.method != net::Method::get &&
        !harmless_posts.contains(endpoint.path)) {
      EXPECT_NE(*endpoint.role, Role::viewer) << endpoint.path;
    }
}

TEST_F(World, an_expired_token_is_a_401_that_says_so) {
  auto token = tokens.create("old", Role::org_admin, clock.now() + std::chrono::hours(1));
  clock.advance(std::chrono::hours(2));
  auto response = call({.target = "/api/v1/runs",
                        .headers = {{"Authorization", "bearer " + std::string(token->reveal())}}});
  EXPECT_EQ(response.status, 401);
  EXPECT_EQ(response.headers.get("WWW-Authenticate"), "Bearer realm=\"Fairlead\"");
  EXPECT_NE(json_of(response)["detail"].as_string().find("expired"), std::string::npos);
}

TEST_F(World, answers_are_neither_kept_nor_guessed_at) {
  for (auto const* target : {"/api/v1/runs", "/api/v1/runs/none", "/healthz"}) {
    auto response = get(target);
    EXPECT_EQ(response.headers.get("Cache-Control"), "no-store") << target;
    EXPECT_EQ(response.headers.get("X-Content-Type-Options"), "nosniff") << target;
  }
}

TEST_F(World, what_gitlab_denies_is_not_what_we_deny) {
  Error error = make_error(ErrorKind::denied, "GitLab answered 403: insufficient_scope");
  error.title = "Not signed in";  // even under our own title
  error.status = 403;
  api.failure = error;
  auto response =
      post("/api/v1/actions/gitlab.list-things/run", Json::object({{"input", Json::object()}}));
  EXPECT_EQ(response.status, 424);
  EXPECT_EQ(json_of(response)["upstreamStatus"].as_integer(), 403);
  EXPECT_FALSE(response.headers.contains("WWW-Authenticate"));
}

TEST_F(World, what_we_refuse_ourselves_has_no_status_of_another_server) {
  auto response =
      call({.target = "/api/v1/runs", .headers = {{"Authorization", "Bearer fairlead_unknown"}}});
  EXPECT_EQ(response.status, 401);
  EXPECT_TRUE(json_of(response)["upstreamStatus"].is_null()) << response.body;
}

TEST_F(World, words_of_deep_layers_become_sentences) {
  EXPECT_EQ(json_of(get("/api/v1/runs/none"))["detail"].as_string(), "There is no run none.");
  auto const cursor = json_of(get("/api/v1/runs?cursor=x"));
  EXPECT_EQ(cursor["detail"].as_string(), "This is no cursor of this list.");
}

TEST_F(World, unknown_paths_do_not_repeat_the_query) {
  auto response = get("/api/v2/x?code=s3cret");
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body.find("s3cret"), std::string::npos);
}

TEST(Problem, carries_an_error_there_and_back) {
  Error error = make_error(ErrorKind::rate_limited, "GitLab asked us to wait.");
  error.title = "Rate limited";
  error.cause = "Too many requests.";
  error.remedy = "Wait.";
  error.where = "input.title";
  error.status = 429;
  error.request_id = "01REQ";
  error.retry_after = Milliseconds(1'500);
  error.details = Json::object({{"a", 1}});
  auto response = problem(error);
  EXPECT_EQ(response.status, 429);
  EXPECT_EQ(response.headers.get("Content-Type"), "application/problem+json");
  EXPECT_EQ(response.headers.get("Retry-After"), "2");
  EXPECT_EQ(to_json(error_from_problem(response.status, response.body)), to_json(error));
  auto const body = *Json::parse(response.body);
  EXPECT_EQ(body["upstreamRequestId"], Json("01REQ"));
  EXPECT_TRUE(body["requestId"].is_null()) << "is the request's own";
}

TEST(Problem, every_kind_is_a_status_and_comes_back) {
  for (ErrorKind kind :
       {ErrorKind::invalid_input, ErrorKind::not_found, ErrorKind::denied, ErrorKind::conflict,
        ErrorKind::rate_limited, ErrorKind::unavailable, ErrorKind::timed_out, ErrorKind::cancelled,
        ErrorKind::uncertain, ErrorKind::corrupt, ErrorKind::internal}) {
    auto response = problem(make_error(kind, "x"));
    EXPECT_GE(response.status, 400);
    EXPECT_NE(response.status, 401);
    EXPECT_NE(response.status, 403);
    EXPECT_EQ(error_from_problem(response.status, response.body).kind, kind);
  }
}

TEST(Problem, what_is_none_of_ours_is_said_so) {
  for (auto const* body : {"", "<html>502</html>", "[]", R"({"error":"x"})"}) {
    auto error = error_from_problem(502, body);
    EXPECT_EQ(error.kind, ErrorKind::corrupt) << body;
    EXPECT_EQ(error.status, 502) << body;
    EXPECT_FALSE(error.remedy.empty());
  }
}

struct BadBody {
  char const* name;
  char const* type;
  char const* body;
  char const* where;
  char const* says;
};
class BadBodies : public World, public ::testing::WithParamInterface<BadBody> {};

TEST_P(BadBodies, are_400_and_name_the_member) {
  auto const& row = GetParam();
  auto response = call({.method = net::Method::post,
                        .target = "/api/v1/actions/gitlab.list-things/run",
                        .body = row.body,
                        .headers = {{"Content-Type", row.type}}});
  EXPECT_EQ(response.status, 400);
  auto json = json_of(response);
  EXPECT_EQ(json["where"].as_string(), row.where);
  EXPECT_NE(json["detail"].as_string().find(row.says), std::string::npos) << response.body;
  EXPECT_EQ(api.runs, 0) << "nothing may have been done";
}

constexpr char const* json_type = "application/json";

INSTANTIATE_TEST_SUITE_P(
    Bodies, BadBodies,
    ::testing::Values(
        BadBody{"none", json_type, " ", "", "no body"},
        BadBody{"array", json_type, "[]", "", "JSON object"},
        BadBody{"form", "application/x-www-form-urlencoded", "input=1", "Content-Type", "JSON"},
        BadBody{"unknown", json_type, R"({"inputs":{}})", "inputs", "\"input\"?"},
        BadBody{"dry_run_text", json_type, R"({"input":{},"dryRun":"true"})", "dryRun",
                "true or false"},
        BadBody{"dry_run_number", json_type, R"({"input":{},"dryRun":1})", "dryRun",
                "true or false"},
        BadBody{"input_text", json_type, R"({"input":"{}"})", "input", "JSON object"},
        BadBody{"connection", json_type, R"({"connection":7})", "connection", "string"}),
    [](auto const& row) { return std::string(row.param.name); });

class Limits : public World, public ::testing::WithParamInterface<std::pair<char const*, int>> {};

TEST_P(Limits, are_kept) {
  EXPECT_EQ(get("/api/v1/runs?limit=" + std::string(GetParam().first)).status, GetParam().second);
}

INSTANTIATE_TEST_SUITE_P(Values, Limits,
                         ::testing::Values(std::pair{"1", 200}, std::pair{"500", 200},
                                           std::pair{"", 200}, std::pair{"0", 400},
                                           std::pair{"501", 400}, std::pair{"-1", 400},
                                           std::pair{"1x", 400}, std::pair{"99999999999", 400}));

}  // namespace
}  // namespace fairlead::api
