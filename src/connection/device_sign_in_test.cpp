#include <gtest/gtest.h>

#include "connection/pending_sign_ins.h"
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

TEST_F(DeviceWorld, outlives_the_process_that_began_it) {
  begin();
  answer("slow_down");
  EXPECT_TRUE(after(5).empty());
  Connections restarted(make_parts(), ConnectionOptions{});
  clock.advance(std::chrono::seconds(9));
  EXPECT_TRUE(restarted.poll_device_sign_ins().empty()) << "it slows down after the restart, too";
  clock.advance(std::chrono::seconds(1));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("1"));
  gitlab.on(Method::get, user_url).answer_json(200, alice());
  EXPECT_EQ(restarted.poll_device_sign_ins(), std::vector<std::string>{"gitlab"});
  EXPECT_EQ(bearer(), "access-1");
  EXPECT_EQ(outcome()["id"], Json(id));
  EXPECT_TRUE(after(60).empty()) << "the first process asks no more";
}

TEST_F(DeviceWorld, ends_after_a_restart_as_before) {
  begin();
  clock.advance(std::chrono::minutes(6));
  Connections restarted(make_parts(), ConnectionOptions{});
  EXPECT_TRUE(restarted.poll_device_sign_ins().empty());
  EXPECT_EQ(outcome()["error"]["title"], Json("Sign-in expired"));
  auto const told = outcome();
  EXPECT_TRUE(after(60).empty());
  EXPECT_EQ(outcome(), told) << "once";
}

TEST_F(DeviceWorld, of_two_nodes_one_asks) {
  begin();
  Connections other(make_parts(), ConnectionOptions{});
  clock.advance(std::chrono::seconds(5));
  answer("authorization_pending");
  EXPECT_TRUE(connections.poll_device_sign_ins().empty());
  EXPECT_TRUE(other.poll_device_sign_ins().empty()) << "GitLab has no further answer";
  EXPECT_FALSE(outcome().is_object());
}

TEST_F(DeviceWorld, the_code_is_sealed_and_sealed_anew) {
  begin();
  auto row = *connections.get("gitlab");
  EXPECT_EQ(row.settings.dump().find("d3vice"), std::string::npos);
  auto const before = pending_device(row)->sealed_code;
  vault.put_first({.bytes = Secret(std::string(vault::master_key_bytes, 'n')), .where = "new"});
  EXPECT_EQ(*connections.reseal(10), 1);
  auto const now = pending_device(*connections.get("gitlab"))->sealed_code;
  EXPECT_NE(now, before);
  EXPECT_FALSE(vault.is_outdated(now));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("1"));
  gitlab.on(Method::get, user_url).answer_json(200, alice());
  EXPECT_EQ(after(5), std::vector<std::string>{"gitlab"});
}

TEST_F(DeviceWorld, goes_on_when_the_clock_was_set_back) {
  begin();
  auto row = *connections.get("gitlab");
  auto device = *pending_device(row);
  device.due = clock.now() + std::chrono::hours(1);
  put_pending_device(row, device);
  ASSERT_TRUE(rows.update(row, row.generation).ok());
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("1"));
  gitlab.on(Method::get, user_url).answer_json(200, alice());
  EXPECT_EQ(connections.poll_device_sign_ins(), std::vector<std::string>{"gitlab"});
}

TEST_F(DeviceWorld, asks_for_the_scopes_that_were_wished) {
  ASSERT_TRUE(connections.create(wanted()).ok());
  gitlab.on(Method::post, device_url)
      .answer_json(200, Json::object({{"device_code", "d"},
                                      {"user_code", "U"},
                                      {"verification_uri", "https://gitlab.test/oauth/device"},
                                      {"expires_in", 300},
                                      {"interval", 5}}));
  ASSERT_TRUE(connections.begin_device_sign_in("gitlab", "read_api  read_user").ok());
  EXPECT_NE(gitlab.sent().back().body.find("scope=read_api%20read_user"), std::string::npos);
  Json pair = pair_json("1");
  pair.erase("scope");
  gitlab.on(Method::post, token_url).answer_json(200, pair);
  gitlab.on(Method::get, user_url).answer_json(200, alice());
  EXPECT_EQ(after(5).size(), 1u);
  EXPECT_EQ(connections.get("gitlab")->scopes, "read_api read_user");
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
