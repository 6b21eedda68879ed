#include <gtest/gtest.h>

#include "connection/world_test.h"

namespace fairlead::connection {
namespace {

using namespace testing_support;  // NOLINT

constexpr char const* device_url = "https://gitlab.test/oauth/authorize_device";

struct DeviceWorld : World {
  void begin() {
    ASSERT_TRUE(connections.create(wanted()).ok());
    gitlab.on(Method::post, device_url)
        .answer_json(200, Json::object({{"device_code", "d3vice"},
                                        {"user_code", "AB12CD34"},
                                        {"verification_uri", "https://gitlab.test/oauth/device"},
                                        {"expires_in", 300},
                                        {"interval", 5}}));
    auto begun = connections.begin_device_sign_in("gitlab");
    ASSERT_TRUE(begun.ok()) << describe(begun.error());
    EXPECT_EQ(begun->user_code, "AB12CD34");
    id = begun->id;
  }
  void answer(char const* error) {
    gitlab.on(Method::post, token_url).answer_json(400, Json::object({{"error", error}}));
  }
  // What is polled after that time.
  std::vector<std::string> after(int seconds) {
    clock.advance(std::chrono::seconds(seconds));
    return connections.poll_device_sign_ins();
  }
  Json outcome() { return connections.get("gitlab")->settings["signIn"]; }
  std::string id;
};

TEST_F(DeviceWorld, is_signed_in_when_the_person_has_entered_the_code) {
  begin();
  EXPECT_TRUE(after(4).empty()) << "not before the interval";
  answer("authorization_pending");
  EXPECT_TRUE(after(1).empty());
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("1"));
  gitlab.on(Method::get, user_url).answer_json(200, alice());
  EXPECT_EQ(after(5), std::vector<std::string>{"gitlab"});
  EXPECT_EQ(bearer(), "access-1");
  EXPECT_EQ(outcome()["outcome"], Json("completed"));
  EXPECT_EQ(outcome()["id"], Json(id));
  EXPECT_TRUE(after(60).empty()) << "and GitLab is asked no more";
}

TEST_F(DeviceWorld, slows_down_when_told_to) {
  begin();
  answer("slow_down");
  EXPECT_TRUE(after(5).empty());
  EXPECT_TRUE(after(9).empty()) << "ten seconds from now on: nothing is asked";
  answer("authorization_pending");
  EXPECT_TRUE(after(1).empty());
}

TEST_F(DeviceWorld, says_who_refused) {
  begin();
  answer("access_denied");
  EXPECT_TRUE(after(5).empty());
  EXPECT_EQ(outcome()["outcome"], Json("failed"));
  EXPECT_EQ(outcome()["error"]["title"], Json("Authorisation refused"));
}

TEST_F(DeviceWorld, ends_with_the_code) {
  begin();
  EXPECT_TRUE(after(301).empty());
  EXPECT_EQ(outcome()["error"]["title"], Json("Sign-in expired"));
}

TEST_F(DeviceWorld, goes_on_after_trouble_on_the_way) {
  begin();
  gitlab.on(Method::post, token_url).fail(make_error(ErrorKind::unavailable, "no route"));
  EXPECT_TRUE(after(5).empty());
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("1"));
  gitlab.on(Method::get, user_url).answer_json(200, alice());
  EXPECT_EQ(after(15), std::vector<std::string>{"gitlab"});
}

TEST_F(DeviceWorld, an_old_gitlab_is_named) {
  ASSERT_TRUE(connections.create(wanted()).ok());
  gitlab.on(Method::post, device_url).answer_json(404, Json::object({{"error", "404 Not Found"}}));
  auto begun = connections.begin_device_sign_in("gitlab");
  ASSERT_FALSE(begun.ok());
  EXPECT_NE(begun.error().cause.find("17.2"), std::string::npos);
}

}  // namespace
}  // namespace fairlead::connection
