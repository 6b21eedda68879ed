#include "api/status.h"

#include <gtest/gtest.h>

#include "api/world_test.h"

namespace fairlead::api {
namespace {

struct Status : testing_support::World {
  Json status(access::Role role = access::Role::org_admin) {
    auto const answer = call(
        {.target = "/api/v1/status", .headers = {{"Authorization", "Bearer " + token_of(role)}}});
    EXPECT_EQ(answer.status, 200) << answer.body;
    return json_of(answer);
  }
};

TEST_F(Status, an_idle_server_has_nothing_that_waits) {
  auto const told = status();
  EXPECT_EQ(told["version"], Json("1.2.3"));
  EXPECT_TRUE(told["oldestWaiting"].is_null());
  EXPECT_TRUE(told["oldestEventAt"].is_null());
  EXPECT_EQ(told["queues"].at(0)["depth"], Json(0));
  EXPECT_EQ(told["store"]["bytes"], Json(4096));
}

TEST_F(Status, names_the_run_and_the_event_that_wait_longest) {
  auto const first = make_run(1, "waiting");
  clock.advance(Milliseconds(5));
  make_run(1, "waiting");
  store::EventRecord event;
  event.id = "e1";
  event.source = "/t";
  event.type = "t";
  event.received_at = clock.now();
  event.envelope = Json::object();
  ASSERT_TRUE(store->events().append(event).ok());
  auto const told = status();
  EXPECT_EQ(told["oldestWaiting"]["run"], Json(first.text));
  EXPECT_EQ(told["oldestEventAt"], Json(format_time(event.received_at)));
  EXPECT_EQ(told["queues"].at(0)["depth"], Json(1));
}

TEST_F(Status, shows_connections_with_their_budgets_to_those_who_may_use_them) {
  store::ConnectionRecord record;
  record.id = ConnectionId("c1");
  record.name = "company";
  record.status = "active";
  record.settings = Json::object({{"minimumRole", "author"}});
  ASSERT_TRUE(store->connections().insert(record).ok());
  EXPECT_EQ(status()["connections"].at(0)["name"], Json("company"));
  EXPECT_TRUE(status(access::Role::viewer)["connections"].empty());
}

}  // namespace
}  // namespace fairlead::api
