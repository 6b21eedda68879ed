#include "sandbox/front.h"

#include <gtest/gtest.h>

#include <set>
#include <string>

#include "sandbox/form.h"
#include "sandbox/hook_sender.h"
#include "sandbox/oauth.h"
#include "sandbox/pipeline_run.h"
#include "sandbox/seed.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"

namespace fairlead::sandbox {
namespace {

// A seeded world on a virtual clock with its front, asked without any network, as alice unless as()
// says otherwise.
struct Answer {
  int status{0};
  Json json;
  net::ServerResponse raw;
  [[nodiscard]] std::string header(std::string_view name) const {
    return std::string(raw.headers.get(name));
  }
};

class FrontTest : public ::testing::Test {
 protected:
  FrontTest() : world(SandboxOptions{}, clock, random), front(world) {
    world.base_url = "https://gitlab.example.com";
    seed(world);
  }

  // `target` as sent, from the root.
  Answer send(net::Method method, std::string const& target, std::string body = "",
              std::string type = "application/json") {
    net::ServerRequest request;
    request.method = method;
    request.target = target;
    if (!token.empty()) request.headers.add("PRIVATE-TOKEN", token);
    if (!bearer.empty()) request.headers.add("Authorization", "Bearer " + bearer);
    if (!cookie.empty()) request.headers.add("Cookie", cookie);
    if (!body.empty()) request.headers.add("Content-Type", std::move(type));
    request.body = std::move(body);
    Answer answer{.status = 0, .json = Json(), .raw = front.answer(request)};
    answer.status = answer.raw.status;
    if (auto json = Json::parse(answer.raw.body); json.ok()) answer.json = std::move(*json);
    return answer;
  }
  Answer get(std::string const& path) { return send(net::Method::get, "/api/v4" + path); }
  Answer post(std::string const& path, std::string body = "") {
    return send(net::Method::post, "/api/v4" + path, std::move(body));
  }
  Answer put(std::string const& path, std::string body) {
    return send(net::Method::put, "/api/v4" + path, std::move(body));
  }
  Answer form(std::string const& target, std::string body) {
    return send(net::Method::post, target, std::move(body), "application/x-www-form-urlencoded");
  }
  Answer control(std::string const& path, std::string body) {
    return send(net::Method::post, "/-/sandbox/" + path, std::move(body));
  }
  void as(std::string const& name) { token = name.empty() ? "" : "glpat-sandbox-" + name; }

  testing::VirtualClock clock;
  testing::SeededRandom random;
  World world;
  Front front;
  std::string token{"glpat-sandbox-alice-api"};
  std::string bearer;
  std::string cookie;
};

constexpr char const* incidents = "/projects/ops%2Fincidents";

TEST_F(FrontTest, tells_the_ways_of_not_being_signed_in_apart) {
  struct Row {
    char const* personal;
    char const* bearer;
    int status;
    char const* body;
  };
  char const* expired = R"({"error":"invalid_token","error_description":"Token is expired. )"
                        R"(You can either do re-authorization or token refresh."})";
  char const* revoked = R"({"error":"invalid_token","error_description":"Token was revoked. )"
                        R"(You have to re-authorize from the user."})";
  for (Row const& row :
       {Row{"", "", 401, R"({"message":"401 Unauthorized"})"},
        Row{"nonsense", "", 401, R"({"message":"401 Unauthorized"})"},
        Row{"", "nonsense", 401,
            R"({"error":"invalid_token","error_description":"Bad Access Token."})"},
        Row{"glpat-sandbox-alice-expired", "", 401, expired},
        Row{"", "glpat-sandbox-alice-revoked", 401, revoked}}) {
    token = row.personal;
    bearer = row.bearer;
    Answer const answer = get("/user");
    EXPECT_EQ(answer.status, row.status);
    EXPECT_EQ(answer.raw.body, row.body);
  }
}

TEST_F(FrontTest, narrow_scopes_read_but_do_not_write) {
  as("alice-read-api");
  EXPECT_EQ(get(std::string(incidents) + "/issues").status, 200);
  Answer const refused = post(std::string(incidents) + "/issues", R"({"title":"x"})");
  EXPECT_EQ(refused.status, 403);
  EXPECT_EQ(refused.json["error"].as_string(), "insufficient_scope");
  EXPECT_EQ(refused.header("WWW-Authenticate"), "");
  as("alice-read-user");
  EXPECT_EQ(get("/user").status, 200);
  EXPECT_EQ(get("/groups").status, 403);
}

TEST_F(FrontTest, hides_what_may_not_be_seen_and_forbids_what_may_not_be_changed) {
  as("bob-api");
  EXPECT_EQ(get("/groups/people").raw.body, R"({"message":"404 Group Not Found"})");
  EXPECT_EQ(get("/projects/no%2Fwhere").raw.body, R"({"message":"404 Project Not Found"})");
  EXPECT_EQ(post("/projects/dev%2Fwebsite/pipeline", R"({"ref":"main"})").raw.body,
            R"({"message":"403 Forbidden"})");
  EXPECT_FALSE(get(incidents).json.contains("runners_token"));
  as("alice-api");
  EXPECT_TRUE(get(incidents).json.contains("runners_token"));
}

TEST_F(FrontTest, leaves_counts_out_above_ten_thousand_rows) {
  ASSERT_EQ(control("issues", R"({"project":"ops/incidents","count":9998})").status, 200);
  Answer const all = get(std::string(incidents) + "/issues?per_page=1000");
  EXPECT_EQ(all.json.size(), 100u);
  EXPECT_EQ(all.header("X-Per-Page"), "100");
  EXPECT_EQ(all.header("X-Total"), "10000");
  EXPECT_NE(all.header("Link").find("rel=\"last\""), std::string::npos);
  ASSERT_EQ(post(std::string(incidents) + "/issues", R"({"title":"one more"})").status, 201);
  Answer const more = get(std::string(incidents) + "/issues?per_page=100&page=2&labels=");
  EXPECT_EQ(more.header("X-Total"), "");
  EXPECT_EQ(more.header("X-Next-Page"), "3");
  EXPECT_EQ(more.header("Link").find("rel=\"last\""), std::string::npos);
  EXPECT_NE(
      more.header("Link").find(
          "https://gitlab.example.com/api/v4/projects/ops%2Fincidents/issues?id=ops%2Fincidents"),
      std::string::npos);
  EXPECT_EQ(get(std::string(incidents) + "/issues?per_page=100&page=101").header("X-Next-Page"),
            "");
}

TEST_F(FrontTest, walks_all_issues_by_cursor_without_repeating_one) {
  ASSERT_EQ(control("issues", R"({"project":"ops/incidents","count":248})").status, 200);
  std::set<Number> seen;
  std::string target = std::string("/api/v4") + incidents +
                       "/issues?pagination=keyset&per_page=100&order_by=created_at&sort=desc";
  int pages = 0;
  while (!target.empty() && pages < 10) {
    Answer const page = send(net::Method::get, target);
    for (Json const& issue : page.json.items())
      EXPECT_TRUE(seen.insert(issue["id"].as_integer()).second);
    std::string const link = page.header("Link");
    std::size_t const end = link.find('>');
    target = link.empty() ? "" : link.substr(27, end - 27);  // "<https://gitlab.example.com" before
    ++pages;
  }
  EXPECT_EQ(seen.size(), 250u);
  EXPECT_EQ(pages, 3);
}

TEST_F(FrontTest, moved_projects_redirect_reads_and_refuse_writes) {
  ASSERT_EQ(put(incidents, R"({"path":"outages"})").status, 200);
  Answer const moved = get(std::string(incidents) + "/issues?state=opened");
  EXPECT_EQ(moved.status, 301);
  EXPECT_EQ(moved.header("Location"),
            "https://gitlab.example.com/api/v4/projects/1/issues?state=opened");
  EXPECT_EQ(get(incidents).header("Location"), "https://gitlab.example.com/api/v4/projects/1");
  EXPECT_EQ(post(std::string(incidents) + "/issues", R"({"title":"x"})").status, 405);
}

TEST_F(FrontTest, a_pipeline_passes_its_states_as_time_passes) {
  Answer const made = post("/projects/ops%2Frunbooks/pipeline", R"({"ref":"main"})");
  ASSERT_EQ(made.status, 201);
  EXPECT_EQ(made.json["status"].as_string(), "created");
  EXPECT_TRUE(made.json["duration"].is_null());
  std::vector<std::string> seen{"created"};
  for (int i = 0; i < 60; ++i) {
    clock.advance(Milliseconds(100));
    std::string const status =
        get("/projects/ops%2Frunbooks/pipelines/1").json["status"].as_string();
    if (status != seen.back()) seen.push_back(status);
  }
  EXPECT_EQ(seen,
            (std::vector<std::string>{"created", "preparing", "pending", "running", "success"}));
  Answer const done = get("/projects/ops%2Frunbooks/pipelines/1");
  EXPECT_EQ(done.json["duration"].as_integer(), 3);
  EXPECT_EQ(done.json["finished_at"].as_string(), "2026-11-22T12:00:03.750Z");
}

TEST_F(FrontTest, variables_script_a_pipeline) {
  char const* body = R"({"ref":"main","variables":[{"key":"SANDBOX_STATUSES",)"
                     R"("value":"waiting_for_resource,pending,running,canceling,canceled"}]})";
  ASSERT_EQ(post("/projects/ops%2Frunbooks/pipeline", body).status, 201);
  clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(get("/projects/ops%2Frunbooks/pipelines/1").json["status"].as_string(), "canceled");
  ASSERT_EQ(post("/projects/ops%2Frunbooks/pipeline",
                 R"({"ref":"main","variables":[{"key":"SANDBOX_RESULT","value":"stuck"}]})")
                .status,
            201);
  clock.advance(std::chrono::hours(24));
  EXPECT_EQ(get("/projects/ops%2Frunbooks/pipelines/2").json["status"].as_string(), "running");
}

TEST_F(FrontTest, limits_pipelines_a_minute_as_a_base_error) {
  ASSERT_EQ(control("options", R"({"pipelinesPerMinute":1})").status, 200);
  EXPECT_EQ(post("/projects/ops%2Frunbooks/pipeline", R"({"ref":"main"})").status, 201);
  EXPECT_EQ(post("/projects/ops%2Frunbooks/pipeline", R"({"ref":"main"})").raw.body,
            R"({"message":{"base":["Too many pipelines created in the last minute. )"
            R"(Try again later."]}})");
  clock.advance(std::chrono::minutes(1));
  EXPECT_EQ(post("/projects/ops%2Frunbooks/pipeline", R"({"ref":"main"})").status, 201);
}

TEST_F(FrontTest, throttles_with_plain_text_and_headers) {
  ASSERT_EQ(control("options", R"({"requestsPerMinute":2})").status, 200);
  EXPECT_EQ(get("/version").status, 200);
  EXPECT_EQ(get("/version").status, 200);
  Answer const refused = get("/version");
  EXPECT_EQ(refused.status, 429);
  EXPECT_EQ(refused.raw.body, "Retry later\n");
  EXPECT_EQ(refused.header("Retry-After"), "60");
  EXPECT_EQ(refused.header("RateLimit-Remaining"), "0");
}

TEST_F(FrontTest, faults_hit_before_or_after_the_effect_and_only_as_often_as_asked) {
  std::string const issues = std::string(incidents) + "/issues";
  auto const count = [this] { return world.project_at("ops/incidents")->issues.size(); };
  std::size_t const before = count();
  control("faults", R"({"kind":"server-error","status":502,"method":"POST","path":"/issues"})");
  EXPECT_EQ(post(issues, R"({"title":"a"})").status, 502);
  EXPECT_EQ(count(), before);
  control("faults", R"({"kind":"reset","method":"POST","path":"/issues","when":"after"})");
  EXPECT_TRUE(post(issues, R"({"title":"b"})").raw.reset_connection);
  EXPECT_EQ(count(), before + 1);
  control("faults", R"({"kind":"truncated","path":"/version","skip":1})");
  EXPECT_EQ(get("/version").status, 200);
  EXPECT_TRUE(static_cast<bool>(get("/version").raw.on_stream));
  control("faults", R"({"kind":"clock-skew","delayMs":3600000,"path":"/version"})");
  EXPECT_EQ(get("/version").header("Date"), "Sun, 22 Nov 2026 13:00:00 GMT");
  EXPECT_EQ(get("/version").header("Date"), "Sun, 22 Nov 2026 12:00:00 GMT");
  EXPECT_EQ(control("faults", R"({"kind":"nonsense"})").status, 400);
}

TEST_F(FrontTest, signs_webhooks_so_that_they_verify) {
  ASSERT_EQ(post(std::string(incidents) + "/hooks",
                 R"({"url":"http://127.0.0.1:1/in","issues_events":true,"token":"t",)"
                 R"("signing_token":"whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="})")
                .status,
            201);
  ASSERT_EQ(post(std::string(incidents) + "/issues", R"({"title":"hooked"})").status, 201);
  ASSERT_EQ(world.deliveries.size(), 1u);
  Delivery delivery = world.deliveries.front();
  delivery.key = "msg_1";
  delivery.body = "{}";
  auto const request = hook_request(world, delivery, from_epoch_ms(1'700'000'000'000));
  EXPECT_EQ(request.headers.get("X-Gitlab-Event"), "Issue Hook");
  EXPECT_EQ(request.headers.get("X-Gitlab-Token"), "t");
  EXPECT_EQ(request.headers.get("webhook-id"), "msg_1");
  EXPECT_EQ(request.headers.get("webhook-timestamp"), "1700000000");
  // echo -n 'msg_1.1700000000.{}' | openssl dgst -sha256 -hmac 0123456789abcdef0123456789abcdef
  // -binary | base64
  EXPECT_EQ(request.headers.get("webhook-signature"),
            "v1,2c4VI0bO4Wd5svqP2unEA9pCk0dTAXr/elrHCJ+/efk=");
}

// RFC 7636, appendix B.
TEST(Pkce, hashes_the_verifier_of_the_rfc) {
  EXPECT_EQ(pkce_s256("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk"),
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM");
}

class OAuthTest : public FrontTest {
 protected:
  OAuthTest() { token.clear(); }

  std::string new_code(std::string const& more = "") {
    world.auto_consent_user = "alice";
    Answer const back =
        send(net::Method::get, "/oauth/authorize?response_type=code&state=s&scope=api&client_id=" +
                                   world.options.client_id + "&redirect_uri=" +
                                   encode_percent(world.options.redirect_uris[0]) + more);
    std::string const location = back.header("Location");
    std::size_t const at = location.find("code=");
    return at == std::string::npos ? location : location.substr(at + 5, 64);
  }
  Answer exchange(std::string const& fields) {
    return form("/oauth/token",
                fields + "&client_id=" + world.options.client_id +
                    "&client_secret=" + world.options.client_secret +
                    "&redirect_uri=" + encode_percent(world.options.redirect_uris[0]));
  }
};

TEST_F(OAuthTest, a_code_works_once_within_ten_minutes) {
  std::string const code = new_code();
  Answer const pair = exchange("grant_type=authorization_code&code=" + code);
  ASSERT_EQ(pair.status, 200) << pair.raw.body;
  EXPECT_EQ(pair.json["expires_in"].as_integer(), 7'200);
  EXPECT_EQ(exchange("grant_type=authorization_code&code=" + code).json["error"].as_string(),
            "invalid_grant");
  std::string const late = new_code();
  clock.advance(std::chrono::minutes(10));
  EXPECT_EQ(exchange("grant_type=authorization_code&code=" + late).json["error"].as_string(),
            "invalid_grant");
  bearer = pair.json["access_token"].as_string();
  EXPECT_EQ(get("/user").json["username"].as_string(), "alice");
  clock.advance(std::chrono::hours(2));
  EXPECT_NE(get("/user").raw.body.find("Token is expired"), std::string::npos);
}

TEST_F(OAuthTest, refreshing_kills_both_old_tokens_at_once) {
  Answer const first = exchange("grant_type=authorization_code&code=" + new_code());
  std::string const refresh =
      "grant_type=refresh_token&refresh_token=" + first.json["refresh_token"].as_string();
  Answer const second = exchange(refresh);
  ASSERT_EQ(second.status, 200);
  EXPECT_EQ(exchange(refresh).json["error"].as_string(), "invalid_grant");
  bearer = first.json["access_token"].as_string();
  EXPECT_NE(get("/user").raw.body.find("Token was revoked"), std::string::npos);
  bearer = second.json["access_token"].as_string();
  EXPECT_EQ(get("/user").status, 200);
}

TEST_F(OAuthTest, pkce_must_match) {
  std::string const challenge =
      "&code_challenge_method=S256&code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
  std::string const code = "grant_type=authorization_code&code=" + new_code(challenge);
  EXPECT_EQ(exchange(code).json["error"].as_string(), "invalid_grant");
  EXPECT_EQ(exchange(code + "&code_verifier=wrong").json["error"].as_string(), "invalid_grant");
  EXPECT_EQ(exchange(code + "&code_verifier=dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk").status,
            200);
}

TEST_F(OAuthTest, a_strange_redirect_uri_gets_a_page_and_no_redirect) {
  Answer const page = send(
      net::Method::get, "/oauth/authorize?response_type=code&client_id=" + world.options.client_id +
                            "&redirect_uri=https%3A%2F%2Fevil.example%2F");
  EXPECT_EQ(page.status, 400);
  EXPECT_EQ(page.header("Location"), "");
}

TEST_F(FrontTest, graphql_knows_who_asks_and_refuses_unknown_fields) {
  Answer const answer = send(net::Method::post, "/api/graphql",
                             R"({"query":"query($p: ID!) { me: currentUser { username } )"
                             R"(project(fullPath: $p) { id fullPath } }",)"
                             R"("variables":{"p":"ops/incidents"}})");
  EXPECT_EQ(answer.raw.body,
            R"({"data":{"me":{"username":"alice"},)"
            R"("project":{"id":"gid://gitlab/Project/1","fullPath":"ops/incidents"}}})");
  EXPECT_NE(send(net::Method::post, "/api/graphql", R"({"query":"{ nothing }"})")
                .raw.body.find("doesn't exist on type 'Query'"),
            std::string::npos);
}

TEST_F(FrontTest, keeps_below_its_sub_path) {
  world.options.sub_path = "/gitlab";
  EXPECT_EQ(send(net::Method::get, "/gitlab/api/v4/version").status, 200);
  EXPECT_EQ(send(net::Method::get, "/api/v4/version").status, 404);
  EXPECT_EQ(send(net::Method::get, "/gitlabx/api/v4/version").status, 404);
}

}  // namespace
}  // namespace fairlead::sandbox
