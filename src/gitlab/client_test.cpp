#include "gitlab/client.h"

#include <gtest/gtest.h>

#include <array>

#include "gitlab/directory.h"
#include "gitlab/request_check.h"
#include "gitlab/retry.h"
#include "store/memory/memory_store.h"
#include "testing/fake_transport.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"
#include "testing/virtual_pause.h"

namespace fairlead::gitlab {
namespace {

using net::Method;
using testing::FakeTransport;

constexpr char const* root = "https://gitlab.test:8443/git";

// A connection whose token is "token-<generation>".
class FakeSource final : public connection::TokenSource {
 public:
  Result<connection::Endpoint> endpoint() override { return endpoint_; }
  Result<connection::Token> token() override {
    if (token_error) return *token_error;
    return current();
  }
  Result<connection::Token> renew(connection::Token const& refused,
                                  connection::Refusal why) override {
    refusals.push_back(why);
    if (renew_error) return *renew_error;
    if (refused.generation == generation) ++generation;
    return current();
  }
  [[nodiscard]] connection::Token current() const {
    return {.bearer = Secret("token-" + std::to_string(generation)), .generation = generation};
  }

  connection::Endpoint endpoint_{
      .id = ConnectionId("c1"), .name = "main", .base_url = root, .scopes = "api"};
  void call_failed() override { ++failed; }

  std::int64_t generation{1};
  int failed{0};
  std::optional<Error> token_error;
  std::optional<Error> renew_error;
  std::vector<connection::Refusal> refusals;
};

class ClientTest : public ::testing::Test {
 protected:
  std::string url(std::string const& path) { return std::string(root) + "/api/v4" + path; }
  Client& client() {
    if (!client_) client_ = std::make_unique<Client>(surroundings, source, source->endpoint_);
    return *client_;
  }
  Result<action::Response> send(Method method, std::string path) {
    return client().send({.method = method, .path = std::move(path)});
  }

  testing::VirtualClock clock;
  testing::VirtualPause pause{clock};
  testing::SeededRandom random;
  FakeTransport gitlab;
  std::unique_ptr<Log> log{make_null_log()};
  Surroundings surroundings{gitlab, clock, pause, random, *log};
  std::shared_ptr<FakeSource> source{std::make_shared<FakeSource>()};

 private:
  std::unique_ptr<Client> client_;
};

Json const ok = Json::object({{"id", 1}});
net::Headers const plain{{"Content-Type", "text/plain"}};
Error failure(ErrorKind kind) { return make_error(kind, "the line broke"); }

TEST_F(ClientTest, sends_below_the_whole_root_with_token_name_and_json) {
  gitlab.on(Method::post, url("/projects/ops%2Fincidents/issues?a=b%2Bc"))
      .with_authorization("Bearer token-1")
      .with_header("Accept", "application/json")
      .with_header("User-Agent", "Fairlead/" FAIRLEAD_VERSION)
      .with_header("Content-Type", "application/json")
      .with_json(Json::object({{"title", "x"}}))
      .answer_json(201, ok);
  action::Request request{
      .method = Method::post, .path = "/projects/ops%2Fincidents/issues", .query = {{"a", "b+c"}}};
  request.body = Json::object({{"title", "x"}});
  auto const response = client().send(request);
  ASSERT_TRUE(response.ok()) << describe(response.error());
  EXPECT_EQ(response->status, 201);
  EXPECT_EQ(response->body, ok);
}

TEST_F(ClientTest, sends_graphql_beside_the_rest_root) {
  gitlab.on(Method::post, std::string(root) + "/api/graphql").answer_json(200, ok);
  EXPECT_TRUE(send(Method::post, "/graphql").ok());
}

struct RetryCase {
  char const* name;
  Method method;
  int status;  // 0: a failure of the transport
  ErrorKind failed{ErrorKind::internal};
  int sent;  // how often, if it always goes wrong
  ErrorKind kind;
};

TEST_F(ClientTest, repeats_what_is_safe_and_nothing_else) {
  RetryCase const cases[] = {
      {"read, server error", Method::get, 500, {}, 4, ErrorKind::unavailable},
      {"read, gateway", Method::get, 502, {}, 4, ErrorKind::unavailable},
      {"read, cloud proxy", Method::get, 522, {}, 4, ErrorKind::unavailable},
      {"read, not implemented", Method::get, 501, {}, 1, ErrorKind::unavailable},
      {"read, not delivered", Method::get, 0, ErrorKind::unavailable, 4, ErrorKind::unavailable},
      {"read, lost", Method::get, 0, ErrorKind::uncertain, 2, ErrorKind::unavailable},
      {"change, gateway", Method::put, 503, {}, 4, ErrorKind::uncertain},
      {"change, lost", Method::put, 0, ErrorKind::uncertain, 2, ErrorKind::uncertain},
      {"change, lock", Method::put, 409, {}, 3, ErrorKind::unavailable},
      {"deletion, gateway", Method::delete_, 504, {}, 4, ErrorKind::uncertain},
      {"create, server error", Method::post, 500, {}, 1, ErrorKind::uncertain},
      {"create, gateway", Method::post, 504, {}, 1, ErrorKind::uncertain},
      {"create, lost", Method::post, 0, ErrorKind::uncertain, 1, ErrorKind::uncertain},
      {"create, not delivered", Method::post, 0, ErrorKind::unavailable, 4, ErrorKind::unavailable},
      {"patch, server error", Method::patch, 500, {}, 1, ErrorKind::uncertain},
      {"too large", Method::get, 0, ErrorKind::corrupt, 1, ErrorKind::corrupt},
      {"forbidden", Method::get, 403, {}, 1, ErrorKind::denied},
  };
  for (RetryCase const& c : cases) {
    FakeTransport transport;
    for (int i = 0; i < c.sent; ++i) {
      auto& exchange = transport.on(c.method, url("/x"));
      if (c.status == 0) {
        exchange.fail(failure(c.failed));
      } else {
        exchange.answer_json(
            c.status,
            Json::object({{"message", c.status == 409 ? "409 Conflict: Resource lock" : "no"}}));
      }
    }
    Client one({transport, clock, pause, random, *log}, source, source->endpoint_);
    auto const response = one.send({.method = c.method, .path = "/x"});
    ASSERT_FALSE(response.ok()) << c.name;
    EXPECT_EQ(response.error().kind, c.kind) << c.name;
    EXPECT_EQ(transport.sent().size(), static_cast<std::size_t>(c.sent)) << c.name;
  }
}

TEST_F(ClientTest, an_unusable_answer_to_a_write_leaves_its_effect_open) {
  gitlab.on(Method::get, url("/x")).fail(failure(ErrorKind::corrupt));
  EXPECT_EQ(send(Method::get, "/x").error().kind, ErrorKind::corrupt);
  gitlab.on(Method::post, url("/x")).fail(failure(ErrorKind::corrupt));
  auto const error = send(Method::post, "/x").error();
  EXPECT_EQ(error.kind, ErrorKind::uncertain);
  EXPECT_FALSE(error.remedy.empty());
}

TEST_F(ClientTest, counts_the_calls_that_failed_for_the_connections_sake) {
  gitlab.on(Method::get, url("/x")).answer_json(404, Json::object({{"message", "404"}}));
  gitlab.on(Method::get, url("/x")).answer_json(200, ok);
  gitlab.on(Method::post, url("/x")).answer_json(400, Json::object({{"error", "no"}}));
  (void)send(Method::get, "/x");
  (void)send(Method::get, "/x");
  (void)send(Method::post, "/x");
  EXPECT_EQ(source->failed, 0) << "what was wrong with the input is nobody's failure";
  gitlab.on(Method::post, url("/x")).fail(failure(ErrorKind::uncertain));
  gitlab.on(Method::get, url("/x")).answer_json(403, Json::object({{"message", "403"}}));
  (void)send(Method::post, "/x");
  (void)send(Method::get, "/x");
  EXPECT_EQ(source->failed, 2);
}

TEST_F(ClientTest, waits_no_longer_than_its_budget_in_all) {
  for (int i = 0; i < 4; ++i)
    gitlab.on(Method::get, url("/x")).answer_json(500, ok);
  EXPECT_FALSE(send(Method::get, "/x").ok());
  Milliseconds total{0};
  for (auto const wait : pause.waits())
    total += wait;
  EXPECT_GT(total, Milliseconds(4'000));
  EXPECT_LE(total, waits_total_max + waits_total_max / 5);
}

TEST_F(ClientTest, retries_after_rate_limit_using_server_delay) {
  gitlab.on(Method::post, url("/x"))
      .answer({.status = 429,
               .headers = {{"Content-Type", "text/plain"}, {"Retry-After", "3"}},
               .body = "Retry later\n",
               .effective_url = {},
               .remote_address = {}});
  gitlab.on(Method::post, url("/x")).answer_json(201, ok);
  EXPECT_TRUE(send(Method::post, "/x").ok());
  ASSERT_EQ(pause.waits().size(), 1U);
  EXPECT_GE(pause.waits()[0], std::chrono::seconds(3));
}

TEST_F(ClientTest, gives_a_long_wait_to_the_caller_and_holds_the_others_back) {
  gitlab.on(Method::get, url("/x"))
      .answer({.status = 429,
               .headers = {{"Content-Type", "text/plain"}, {"Retry-After", "30"}},
               .body = "Retry later\n",
               .effective_url = {},
               .remote_address = {}});
  auto const first = send(Method::get, "/x");
  EXPECT_EQ(first.error().kind, ErrorKind::rate_limited);
  EXPECT_EQ(first.error().retry_after, std::chrono::seconds(30));
  auto const second = send(Method::get, "/y");
  EXPECT_EQ(second.error().kind, ErrorKind::rate_limited);
  EXPECT_EQ(gitlab.sent().size(), 1U) << "the second was not sent";
  clock.advance(std::chrono::seconds(28));
  gitlab.on(Method::get, url("/y")).answer_json(200, ok);
  EXPECT_TRUE(send(Method::get, "/y").ok()) << "two seconds are waited for";
}

TEST_F(ClientTest, the_applications_limit_concerns_one_call_only) {
  gitlab.on(Method::post, url("/x"))
      .answer_json(429, Json::object({{"message", Json::object({{"error", "too many"}})}}));
  EXPECT_EQ(send(Method::post, "/x").error().retry_after, std::chrono::seconds(60));
  gitlab.on(Method::get, url("/y")).answer_json(200, ok);
  EXPECT_TRUE(send(Method::get, "/y").ok());
}

TEST_F(ClientTest, stops_waiting_when_the_server_stops) {
  pause.interrupt();
  gitlab.on(Method::get, url("/x")).answer_json(500, ok);
  EXPECT_EQ(send(Method::get, "/x").error().kind, ErrorKind::cancelled);
}

TEST_F(ClientTest, renews_an_expired_token_once) {
  auto const expired =
      Json::object({{"error", "invalid_token"}, {"error_description", "Token is expired."}});
  gitlab.on(Method::post, url("/x")).with_authorization("Bearer token-1").answer_json(401, expired);
  gitlab.on(Method::post, url("/x")).with_authorization("Bearer token-2").answer_json(201, ok);
  EXPECT_TRUE(send(Method::post, "/x").ok());
  EXPECT_EQ(source->refusals, std::vector{connection::Refusal::expired});
  gitlab.on(Method::get, url("/y")).answer_json(401, expired);
  gitlab.on(Method::get, url("/y")).answer_json(401, expired);
  EXPECT_EQ(send(Method::get, "/y").error().kind, ErrorKind::denied);
}

TEST_F(ClientTest, says_what_gitlab_said_when_a_token_cannot_be_renewed) {
  source->renew_error = make_error(ErrorKind::denied, "sign in again");
  source->renew_error->title = "Token refresh failure";
  gitlab.on(Method::get, url("/x"))
      .answer_json(
          401,
          Json::object({{"error", "invalid_token"}, {"error_description", "Token was revoked."}}),
          {{"X-Request-Id", "r1"}});
  auto const error = send(Method::get, "/x").error();
  EXPECT_EQ(error.title, "Token refresh failure");
  EXPECT_EQ(error.request_id, "r1");
  EXPECT_NE(error.cause.find("Token was revoked"), std::string::npos);
  EXPECT_EQ(source->refusals, std::vector{connection::Refusal::revoked});
}

TEST_F(ClientTest, an_uncertain_refresh_is_no_uncertain_effect) {
  source->token_error = failure(ErrorKind::uncertain);
  EXPECT_EQ(send(Method::post, "/x").error().kind, ErrorKind::unavailable);
}

TEST_F(ClientTest, does_not_hammer_with_a_refused_token) {
  source->renew_error = make_error(ErrorKind::denied, "sign in again");
  for (int i = 0; i < refused_tokens_in_row_max; ++i) {
    gitlab.on(Method::get, url("/x"))
        .answer_json(401, Json::object({{"message", "401 Unauthorized"}}));
    EXPECT_FALSE(send(Method::get, "/x").ok());
  }
  auto const held = send(Method::get, "/x");
  EXPECT_EQ(held.error().kind, ErrorKind::denied);
  EXPECT_EQ(gitlab.sent().size(), static_cast<std::size_t>(refused_tokens_in_row_max));
  source->generation = 2;  // signed in again
  gitlab.on(Method::get, url("/x")).answer_json(403, Json::object({{"message", "403 Forbidden"}}));
  EXPECT_NE(send(Method::get, "/x").error().cause.find("blocked this server's address"),
            std::string::npos);
  gitlab.on(Method::get, url("/x")).answer_json(200, ok);
  EXPECT_TRUE(send(Method::get, "/x").ok());
}

TEST_F(ClientTest, refuses_writes_of_a_read_only_connection_before_sending) {
  source->endpoint_.writes = connection::Endpoint::Writes::refused;
  auto const error = send(Method::post, "/x").error();
  EXPECT_EQ(error.kind, ErrorKind::denied);
  EXPECT_NE(error.message.find("read-only"), std::string::npos);
  gitlab.on(Method::get, url("/x")).answer_json(200, ok);
  EXPECT_TRUE(send(Method::get, "/x").ok());
}

TEST_F(ClientTest, a_read_only_connection_lets_graphql_read_and_nothing_else) {
  source->endpoint_.writes = connection::Endpoint::Writes::refused;
  auto const ask = [&](std::string const& query) {
    return client().send({.method = Method::post,
                          .path = std::string(action::graphql_path),
                          .body = Json::object({{"query", query}})});
  };
  for (std::string const query : {"mutation { a }", "query A { a } mutation B { b }", ""})
    EXPECT_EQ(ask(query).error().kind, ErrorKind::denied) << query;
  EXPECT_TRUE(gitlab.sent().empty());
  gitlab.on(Method::post, std::string(root) + "/api/graphql").answer_json(200, ok);
  EXPECT_TRUE(ask("{ currentUser { username } }").ok());
}

TEST_F(ClientTest, follows_redirects_of_reads_on_the_same_origin_only) {
  auto const moved = [](std::string to) {
    return net::HttpResponse{
        .status = 301,
        .headers = {{"Location", std::move(to)}, {"Content-Type", "text/plain"}},
        .body = "moved",
        .effective_url = {},
        .remote_address = {}};
  };
  gitlab.on(Method::get, url("/projects/a%2Fb")).answer(moved(url("/projects/7")));
  gitlab.on(Method::get, url("/projects/7")).answer_json(200, ok);
  EXPECT_TRUE(send(Method::get, "/projects/a%2Fb").ok());
  struct Row {
    Method method;
    std::string to;
    char const* words;
  };
  Row const rows[] = {
      {Method::get, "https://evil.test/git/api/v4/projects/7", "https://evil.test"},
      {Method::get, "http://gitlab.test:8443/git/api/v4/projects/7", "http://gitlab.test:8443"},
      {Method::get, std::string(root) + "/users/sign_in", "not below GitLab's API"},
      {Method::get, "//evil.test/x", "answered 301"},
      {Method::get, "", "answered 301"},
      {Method::post, url("/projects/7"), "answered 301"}};
  for (Row const& row : rows) {
    gitlab.on(row.method, url("/x")).answer(moved(row.to));
    auto const response = send(row.method, "/x");
    ASSERT_FALSE(response.ok()) << row.to;
    EXPECT_NE(response.error().message.find(row.words), std::string::npos)
        << response.error().message;
  }
}

TEST_F(ClientTest, does_not_follow_redirects_for_ever) {
  for (int i = 0; i <= redirects_max; ++i) {
    gitlab.on(Method::get, url("/x"))
        .answer({.status = 302,
                 .headers = {{"Location", url("/x")}},
                 .body = {},
                 .effective_url = {},
                 .remote_address = {}});
  }
  EXPECT_FALSE(send(Method::get, "/x").ok());
}

TEST_F(ClientTest, a_deletion_that_finds_nothing_the_second_time_has_worked) {
  gitlab.on(Method::delete_, url("/x")).answer_json(502, ok);
  gitlab.on(Method::delete_, url("/x"))
      .answer_json(404, Json::object({{"message", "404 Not found"}}));
  auto const response = send(Method::delete_, "/x");
  ASSERT_TRUE(response.ok());
  EXPECT_EQ(response->status, 204);
  gitlab.on(Method::delete_, url("/y"))
      .answer_json(404, Json::object({{"message", "404 Not found"}}));
  EXPECT_EQ(send(Method::delete_, "/y").error().kind, ErrorKind::not_found);
}

TEST_F(ClientTest, takes_no_page_for_an_answer) {
  auto const page = [](char const* type, char const* body) {
    return net::HttpResponse{.status = 200,
                             .headers = {{"Content-Type", type}},
                             .body = body,
                             .effective_url = {},
                             .remote_address = {}};
  };
  gitlab.on(Method::get, url("/x")).answer(page("text/html", "<title>Sign in</title>"));
  auto const login = send(Method::get, "/x");
  EXPECT_EQ(login.error().kind, ErrorKind::corrupt);
  EXPECT_NE(login.error().message.find("\"Sign in\""), std::string::npos);
  gitlab.on(Method::post, url("/x")).answer(page("text/html", "<title>Sign in</title>"));
  EXPECT_EQ(send(Method::post, "/x").error().kind, ErrorKind::uncertain);
  gitlab.on(Method::get, url("/x")).answer(page("application/json", "{\"id\":"));
  EXPECT_EQ(send(Method::get, "/x").error().kind, ErrorKind::corrupt);
  gitlab.on(Method::get, url("/projects/1/jobs/2/trace")).answer(page("text/plain", "{log}"));
  EXPECT_EQ(send(Method::get, "/projects/1/jobs/2/trace")->text, "{log}");
  gitlab.on(Method::get, url("/projects/1/repository/files/a/raw"))
      .answer(page("text/html", "<p>"));
  EXPECT_EQ(send(Method::get, "/projects/1/repository/files/a/raw")->text, "<p>");
}

TEST_F(ClientTest, shows_the_token_in_no_error) {
  std::array const answers{
      net::HttpResponse{.status = 500,
                        .headers = plain,
                        .body = "Authorization: Bearer token-1-abcdefghijklmnopqrstuvwxyz",
                        .effective_url = {},
                        .remote_address = {}},
      net::HttpResponse{.status = 400,
                        .headers = {{"Content-Type", "application/json"}},
                        .body = R"({"message":"Bearer token-1-abcdefghijklmnopqrstuvwxyz"})",
                        .effective_url = {},
                        .remote_address = {}}};
  for (auto const& answer : answers) {
    gitlab.on(Method::post, url("/x")).answer(answer);
    auto const error = send(Method::post, "/x").error();
    EXPECT_EQ(to_json(error).dump().find("token-1"), std::string::npos) << describe(error);
  }
}

TEST_F(ClientTest, asks_for_its_account_once_for_each_token) {
  gitlab.on(Method::get, url("/user"))
      .answer_json(
          200, Json::object({{"id", 41}, {"username", "bot"}, {"email", "private@example.com"}}));
  EXPECT_EQ((*client().account())["username"].as_string(), "bot");
  EXPECT_EQ((*client().account())["id"].as_integer(), 41);
  EXPECT_FALSE(client().account()->contains("email"));
  source->generation = 2;
  gitlab.on(Method::get, url("/user"))
      .answer_json(200, Json::object({{"id", 42}, {"username", "other"}}));
  EXPECT_EQ((*client().account())["id"].as_integer(), 42);
  source->endpoint_.account = Json::object({{"id", 7}, {"username", "known"}});
  EXPECT_EQ((*client().account())["id"].as_integer(), 7);
}

TEST_F(ClientTest, lists_page_by_page_below_its_own_root) {
  gitlab.on(Method::get, url("/groups?per_page=100"))
      .answer_json(200, Json::array({ok}),
                   {{"X-Next-Page", ""}, {"Link", "<https://evil.test/?page=2>; rel=\"first\""}});
  std::int64_t rows = 0;
  auto const summary = client().list({.method = Method::get, .path = "/groups"}, {},
                                     [&](Json) { return ++rows, Result<void>(); });
  ASSERT_TRUE(summary.ok());
  EXPECT_EQ(rows, 1);
}

TEST(RequestCheck, refuses_what_leaves_the_root_or_carries_credentials) {
  for (auto const* path :
       {"", "projects", "//evil.test/x", "/a/../b", "/a/%2e%2e/b", "/a/%252e%252e/b", "/a/..%2fb",
        "/a?b=c", "/a#b", "/a b", "/a\\b", "/a\nb", "/api/v4/projects", "/./a"}) {
    EXPECT_FALSE(check_request({.method = Method::get, .path = path}).ok()) << path;
  }
  for (auto const* path :
       {"/projects/ops%2Fincidents/repository/files/a%2Eb", "/version", "/groups/a.b/x..y"}) {
    EXPECT_TRUE(check_request({.method = Method::get, .path = path}).ok()) << path;
  }
  for (auto const* name :
       {"Authorization", "private-token", "JOB-TOKEN", "Cookie", "Host", "a b", "", "Sudo"}) {
    EXPECT_FALSE(
        check_request({.method = Method::get, .path = "/x", .headers = {{name, "v"}}}).ok())
        << name;
  }
  EXPECT_FALSE(
      check_request({.method = Method::get, .path = "/x", .headers = {{"X-A", "a\r\nHost: b"}}})
          .ok());
  EXPECT_TRUE(check_request({.method = Method::get, .path = "/x", .headers = {{"X-A", "a"}}}).ok());
}

class FakeSources final : public connection::TokenSources {
 public:
  Result<std::shared_ptr<connection::TokenSource>> source(std::string_view name) override {
    if (name == "lost") return make_error(ErrorKind::not_found, "no such connection");
    return std::shared_ptr<connection::TokenSource>(one);
  }
  std::shared_ptr<FakeSource> one{std::make_shared<FakeSource>()};
};

TEST_F(ClientTest, the_directory_shares_one_client_a_connection) {
  FakeSources sources;
  ApiDirectory directory(surroundings, sources);
  auto const first = *directory.open("");
  EXPECT_EQ(first, *directory.open("main"));
  EXPECT_EQ(directory.open("lost").error().kind, ErrorKind::not_found);
  sources.one->endpoint_.base_url = "https://moved.test";
  auto const moved = *directory.open("");
  EXPECT_NE(first, moved);
  EXPECT_EQ(moved->base_url(), "https://moved.test");
}

net::Headers limits(int remaining, Time reset) {
  return {{"RateLimit-Limit", "10"},
          {"RateLimit-Remaining", std::to_string(remaining)},
          {"RateLimit-Reset", std::to_string((reset - from_epoch_ms(0)).count() / 1'000)}};
}

TEST_F(ClientTest, a_workflow_waits_for_the_next_window_and_a_person_does_not) {
  FakeSources sources;
  ApiDirectory directory(surroundings, sources);
  EXPECT_FALSE(directory.budget(ConnectionId("c1")));
  auto const workflow = *directory.open_for("", {.workflow = "it/flood", .call = "run/do/0"});
  auto const person = *directory.open("");
  Time const reset = clock.now() + std::chrono::seconds(40);
  gitlab.on(Method::get, url("/x")).answer_json(200, ok, limits(1, reset));
  EXPECT_TRUE(workflow->send({.path = "/x"}).ok());
  auto const held = workflow->send({.path = "/x"});
  EXPECT_EQ(held.error().kind, ErrorKind::rate_limited);
  EXPECT_GT(held.error().retry_after, std::chrono::seconds(38));
  EXPECT_EQ(gitlab.sent().size(), 1U) << "nothing was sent";
  gitlab.on(Method::get, url("/y")).answer_json(200, ok, limits(0, reset));
  EXPECT_TRUE(person->send({.path = "/y"}).ok());
  auto const state = directory.budget(ConnectionId("c1"));
  ASSERT_TRUE(state);
  EXPECT_EQ(state->remaining, 0);
  EXPECT_EQ(state->queue, 1);
  ASSERT_EQ(state->shares.size(), 2U);
  EXPECT_EQ(state->shares[1].workflow, "it/flood");
  clock.advance(*held.error().retry_after);
  gitlab.on(Method::get, url("/x")).answer_json(200, ok);
  EXPECT_TRUE(workflow->send({.path = "/x"}).ok());
}

TEST_F(ClientTest, what_gitlab_asked_for_outlives_a_restart_and_reaches_other_nodes) {
  auto const store = store::make_memory_store();
  surroundings.notes = &store->meta();
  gitlab.on(Method::get, url("/x"))
      .answer({.status = 429,
               .headers = {{"Content-Type", "text/plain"}, {"Retry-After", "50"}},
               .body = "Retry later\n",
               .effective_url = {},
               .remote_address = {}});
  EXPECT_FALSE(send(Method::get, "/x").ok());
  Client other(surroundings, source, source->endpoint_);
  auto const held = other.send({.path = "/x"});
  EXPECT_EQ(held.error().kind, ErrorKind::rate_limited);
  EXPECT_GT(held.error().retry_after, std::chrono::seconds(45));
  EXPECT_EQ(gitlab.sent().size(), 1U);
  EXPECT_GT(other.budget().closed_for, std::chrono::seconds(45));
}

}  // namespace
}  // namespace fairlead::gitlab
