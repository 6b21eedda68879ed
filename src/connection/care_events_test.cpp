#include "connection/care_events.h"

#include <gtest/gtest.h>

#include <set>

#include "connection/world_test.h"

namespace fairlead::connection {
namespace {

using namespace testing_support;  // NOLINT

std::vector<std::string> types(std::vector<store::EventRecord> const& events) {
  std::vector<std::string> all;
  for (auto const& event : events)
    all.push_back(event.type);
  return all;
}

using Types = std::vector<std::string>;

TEST_F(World, a_lost_grant_and_its_return_are_told_once_each) {
  sign_in();
  EXPECT_TRUE(care_events(*connections.get("gitlab"), clock.now()).empty());
  clock.advance(std::chrono::hours(3));
  gitlab.on(Method::post, token_url).answer_json(400, Json::object({{"error", "invalid_grant"}}));
  EXPECT_NE(bearer().find("error"), std::string::npos);
  auto const broken = care_events(*connections.get("gitlab"), clock.now());
  ASSERT_EQ(types(broken), Types{"connection.broken"});
  EXPECT_EQ(broken[0].envelope["data"]["connection"], Json("gitlab"));
  clock.advance(std::chrono::minutes(1));
  auto const again = care_events(*connections.get("gitlab"), clock.now());
  ASSERT_EQ(again.size(), 1u);
  EXPECT_EQ(again[0].id, broken[0].id) << "the inbox knows it by its id";

  auto begun = connections.begin_sign_in("gitlab", callback_uri);
  ASSERT_TRUE(connections.open_sign_in(begun->state, Secret("c")).ok());
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("9"));
  gitlab.on(Method::get, user_url).answer_json(200, alice());
  ASSERT_TRUE(connections
                  .complete_sign_in({.state = begun->state,
                                     .code = Secret("c"),
                                     .error = "",
                                     .error_description = "",
                                     .browser = Secret("c")})
                  .ok());
  auto const recovered = care_events(*connections.get("gitlab"), clock.now());
  EXPECT_EQ(types(recovered), (Types{"connection.broken", "connection.recovered"}));
  EXPECT_TRUE(
      care_events(*connections.get("gitlab"), clock.now() + std::chrono::hours(25)).empty());
}

TEST(CareEvents, an_access_token_is_warned_of_thirty_seven_and_one_day_ahead) {
  testing::VirtualClock clock;
  store::ConnectionRecord record;
  record.id = ConnectionId("c");
  record.auth_kind = "token";
  record.status = "active";
  record.token_expires_at = clock.now() + std::chrono::hours(24 * 31);
  std::set<std::string> told;
  std::vector<std::int64_t> days;
  for (int hour = 0; hour < 24 * 32; ++hour) {
    for (auto const& event : care_events(record, clock.now() + std::chrono::hours(hour)))
      if (told.insert(event.id).second)
        days.push_back(event.envelope["data"]["withinDays"].as_integer());
  }
  EXPECT_EQ(days, (std::vector<std::int64_t>{30, 7, 1}));
}

}  // namespace
}  // namespace fairlead::connection
