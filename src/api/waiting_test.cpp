// Routes of webhooks and approvals.
#include <gtest/gtest.h>

#include "api/world_test.h"
#include "gitlab/webhooks.h"
#include "store/webhooks.h"

namespace fairlead::api {
namespace {

using testing_support::World;

struct WaitingRoutes : World {
  WaitingRoutes() {
    store::ConnectionRecord connection;
    connection.id = ConnectionId("c1");
    connection.name = "company";
    connection.base_url = "https://gitlab.test";
    connection.status = "active";
    EXPECT_TRUE(store->connections().insert(connection).ok());
    store::WebhookRecord hook;
    hook.id = "hook-1";
    hook.connection = connection.id;
    hook.target = "12";
    hook.status = "registered";
    hook.checked_at = clock.now();
    hook.sealed_token = vault.seal({"webhook", "hook-1", "token"}, Secret("the-hook-token"));
    hook.sealed_signing_token =
        vault.seal({"webhook", "hook-1", "signing_token"}, Secret("whsec_a2V5"));
    EXPECT_TRUE(store->webhooks().put(hook).ok());
  }
  net::ServerResponse deliver(std::string const& body, net::Headers headers) {
    headers.set("Authorization", "");
    headers.set("Content-Type", "application/json");
    return call({.method = net::Method::post,
                 .target = "/webhooks/gitlab/hook-1",
                 .body = body,
                 .headers = headers});
  }
};

TEST_F(WaitingRoutes, a_genuine_delivery_is_an_event_once_and_wakes) {
  std::string const body =
      R"({"object_kind": "pipeline", "project": {"id": 12}, "object_attributes": {"id": 5,
          "status": "running"}})";
  net::Headers const headers{{"X-Gitlab-Token", "the-hook-token"}, {"Idempotency-Key", "k1"}};
  auto const first = deliver(body, headers);
  EXPECT_EQ(first.status, 200) << first.body;
  EXPECT_EQ(json_of(first)["result"], Json("accepted"));
  ASSERT_EQ(arrived.size(), 1U);
  EXPECT_EQ(store->events().get(arrived[0])->type, "com.gitlab.pipeline");
  EXPECT_EQ(woken, std::vector<std::string>{"gitlab:c1:project:12:pipeline:5"});
  EXPECT_EQ((*store->webhooks().find("hook-1"))->status, "verified");
  EXPECT_EQ(json_of(deliver(body, headers))["result"], Json("duplicate"));
  EXPECT_EQ(arrived.size(), 1U);
  // What was lost between the event and the wake is made good by the repetition.
  EXPECT_EQ(woken.size(), 2U);
}

TEST_F(WaitingRoutes, how_late_a_delivery_comes_is_told_of_new_ones_that_say_when_it_took_place) {
  EXPECT_TRUE(json_of(get("/api/v1/status"))["webhooks"]["newest"].is_null());
  auto const issue = [&](std::string const& at, std::string const& key) {
    auto const answer =
        deliver(R"({"object_kind": "issue", "project": {"id": 12}, "object_attributes": {"iid": 1,
                    "updated_at": ")" +
                    at + R"("}})",
                {{"X-Gitlab-Token", "the-hook-token"}, {"Idempotency-Key", key}});
    EXPECT_EQ(answer.status, 200) << answer.body;
  };
  Time const came = clock.now();
  issue(format_time(came - std::chrono::seconds(4)), "k1");
  clock.advance(std::chrono::seconds(90));
  issue(format_time(came - std::chrono::seconds(4)), "k1");  // once more: nothing new
  issue("", "k2");
  auto const newest = json_of(get("/api/v1/status"))["webhooks"]["newest"];
  EXPECT_EQ(newest["at"], Json(format_time(came)));
  EXPECT_EQ(newest["lagMs"], Json(4'000));
  issue(format_time(clock.now() + std::chrono::hours(1)), "k3");
  EXPECT_EQ(json_of(get("/api/v1/status"))["webhooks"]["newest"]["lagMs"], Json(0))
      << "GitLab's clock is ahead";
  auto const text = get("/metrics").body;
  EXPECT_NE(text.find("fairlead_webhook_delivery_lag_seconds_count 2\n"), std::string::npos)
      << text;
  EXPECT_NE(text.find("fairlead_webhook_delivery_lag_seconds_sum 4"), std::string::npos) << text;
}

TEST_F(WaitingRoutes, a_try_out_verifies_the_hook_and_starts_nothing) {
  std::string const body =
      R"({"object_kind": "pipeline", "project": {"id": 12}, "object_attributes": {"id": 5,
          "status": "success", "finished_at": "2001-01-01 00:00:00 UTC"}})";
  auto const answer = deliver(body, {{"X-Gitlab-Token", "the-hook-token"}});
  EXPECT_EQ(json_of(answer)["result"], Json("try-out")) << answer.body;
  EXPECT_TRUE(arrived.empty());
  EXPECT_EQ((*store->webhooks().find("hook-1"))->status, "verified");
  // From now on the same is news.
  EXPECT_EQ(json_of(deliver(body, {{"X-Gitlab-Token", "the-hook-token"}}))["result"],
            Json("accepted"));
}

TEST_F(WaitingRoutes, strangers_and_nonsense_are_refused_and_counted) {
  EXPECT_EQ(deliver("{}", {}).status, 401);
  EXPECT_EQ(deliver("{}", {{"X-Gitlab-Token", "wrong"}}).status, 401);
  EXPECT_EQ(deliver("<html>", {{"X-Gitlab-Token", "the-hook-token"}}).status, 400);
  EXPECT_EQ(
      call({.method = net::Method::post, .target = "/webhooks/gitlab/none", .body = "{}"}).status,
      404);
  Json const list = json_of(get("/api/v1/webhooks"));
  EXPECT_EQ(list["deliveries"]["refused"], Json(2));
  EXPECT_EQ(list["deliveries"]["malformed"], Json(1));
  EXPECT_EQ(list["deliveries"]["unknown"], Json(1));
  EXPECT_EQ(list["items"].at(0)["connection"], Json("company"));
  EXPECT_EQ(list["items"].at(0).dump().find("the-hook-token"), std::string::npos);
  EXPECT_TRUE(arrived.empty());
}

TEST_F(WaitingRoutes, approvals_are_listed_shown_and_decided_by_role) {
  RunId const run = make_run(1, "waiting");
  store::ApprovalRecord record;
  record.id = "a1";
  record.run = run;
  record.status = "open";
  record.created_at = clock.now();
  record.decisions = Json::array();
  record.request = Json::object({{"task", "/do/0/ask"},
                                 {"question", "Go?"},
                                 {"approvers", Json::object()},
                                 {"required", 1},
                                 {"requestedBy", "nobody"}});
  ASSERT_TRUE(approvals.open(record).ok());
  Json const list = json_of(get("/api/v1/approvals?status=open"));
  ASSERT_EQ(list["items"].size(), 1U);
  EXPECT_EQ(list["items"].at(0)["waitsFor"], Json("any operator"));
  std::string const decisions = "/api/v1/approvals/a1/decisions";
  auto as = [&](access::Role role, char const* body) {
    return call({.method = net::Method::post,
                 .target = decisions,
                 .body = body,
                 .headers = {{"Authorization", "Bearer " + token_of(role)},
                             {"Content-Type", "application/json"}}});
  };
  EXPECT_EQ(as(access::Role::viewer, R"({"decision": "approve"})").status, 403);
  EXPECT_EQ(as(access::Role::operator_, R"({"decision": "perhaps"})").status, 400);
  auto const done = as(access::Role::operator_, R"({"decision": "approve", "comment": "fine"})");
  ASSERT_EQ(done.status, 200) << done.body;
  EXPECT_EQ(json_of(done)["decisions"].at(0)["by"], Json("operator"));
  EXPECT_EQ(as(access::Role::author, R"({"decision": "refuse"})").status, 409);
  EXPECT_EQ(json_of(get("/api/v1/approvals/a1"))["status"], Json("approved"));
  EXPECT_EQ(get("/api/v1/approvals/none").status, 404);
}

}  // namespace
}  // namespace fairlead::api
