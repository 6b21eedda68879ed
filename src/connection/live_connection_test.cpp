#include "connection/live_connection.h"

#include <gtest/gtest.h>

#include "connection/care.h"
#include "connection/change.h"
#include "connection/process_mark.h"
#include "connection/sealing.h"
#include "connection/world_test.h"
#include "testing/virtual_pause.h"

namespace fairlead::connection {
namespace {

using namespace testing_support;  // NOLINT
using net::Method;

constexpr char const* info_url = "https://gitlab.test/oauth/token/info";

TEST_F(World, refreshes_five_minutes_ahead_and_stores_the_pair_before_use) {
  sign_in();
  clock.advance(std::chrono::minutes(114));
  EXPECT_EQ(bearer(), "access-1");
  clock.advance(std::chrono::minutes(2));
  std::string at_call;
  gitlab.on(Method::post, token_url)
      .then([this, &at_call] { at_call = status(); })
      .answer_json(200, pair_json("2"));
  EXPECT_EQ(bearer(), "access-2");
  EXPECT_EQ(at_call, "refreshing");
  auto row = connections.get("gitlab");
  EXPECT_EQ(pair_of(*row), 3) << "one generation for the mark, one for the pair";
  EXPECT_EQ(open_column(vault, row->id.text, "refresh_token", row->sealed_refresh_token)->reveal(),
            "refresh-2");
  EXPECT_EQ(bearer(), "access-2");
}

TEST_F(World, invalid_grant_needs_a_sign_in_and_asks_gitlab_no_more) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  gitlab.on(Method::post, token_url).answer_json(400, Json::object({{"error", "invalid_grant"}}));
  EXPECT_EQ(bearer(), "error: Token refresh failure");
  EXPECT_EQ(status(), "needs-sign-in");
  EXPECT_EQ(bearer(), "error: Token refresh failure");
}

TEST_F(World, whoever_needs_the_sign_in_is_told_of_which_connection) {
  sign_in();
  auto source = *connections.source("");  // by default, not by name
  clock.advance(std::chrono::hours(3));
  gitlab.on(Method::post, token_url).answer_json(400, Json::object({{"error", "invalid_grant"}}));
  EXPECT_EQ(source->token().error().details["connection"], Json("gitlab"));
  ASSERT_TRUE(connections.change("gitlab", {.name = "ops"}).ok());
  EXPECT_EQ(source->token().error().details["connection"], Json("ops")) << "as it is called now";
  EXPECT_EQ(source->token().error().details["oauthError"], Json("invalid_grant"));
}

TEST_F(World, a_passing_failure_never_loses_the_grant) {
  sign_in();
  clock.advance(std::chrono::minutes(116));
  gitlab.on(Method::post, token_url).answer_json(503, Json::object({{"error", "unavailable"}}));
  EXPECT_EQ(bearer(), "access-1") << "it works for four more minutes";
  EXPECT_EQ(bearer(), "access-1") << "and GitLab is left in peace for a while";
  EXPECT_EQ(status(), "active");
  clock.advance(std::chrono::minutes(1));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2"));
  EXPECT_EQ(bearer(), "access-2");
}

TEST_F(World, an_answer_that_never_came_is_uncertain_and_tried_once_more) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  gitlab.on(Method::post, token_url).fail(make_error(ErrorKind::uncertain, "the connection broke"));
  EXPECT_NE(bearer().find("error"), std::string::npos);
  EXPECT_EQ(status(), "uncertain");
  clock.advance(std::chrono::minutes(1));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2"));
  EXPECT_EQ(bearer(), "access-2");
  EXPECT_EQ(status(), "active");
}

TEST_F(World, a_cut_off_refresh_is_uncertain_after_the_restart) {
  sign_in();
  auto row = connections.get("gitlab");
  row->status = "refreshing";
  ASSERT_TRUE(store->connections().update(*row, row->generation).ok());
  Connections restarted(make_parts(), ConnectionOptions{});
  ASSERT_TRUE(restarted.recover().ok());
  EXPECT_EQ(restarted.get("gitlab")->status, "uncertain");
  gitlab.on(Method::get, info_url).answer_json(401, Json::object({{"error", "invalid_request"}}));
  gitlab.on(Method::post, token_url).answer_json(400, Json::object({{"error", "invalid_grant"}}));
  EXPECT_FALSE((*restarted.source("gitlab"))->token().ok());
  EXPECT_EQ(restarted.get("gitlab")->status, "needs-sign-in");
}

TEST_F(World, renew_gives_the_newer_token_without_asking_if_somebody_renewed_meanwhile) {
  sign_in();
  auto source = *connections.source("gitlab");
  auto old = source->token();
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2"));
  ASSERT_TRUE(source->renew(*old, Refusal::expired).ok());
  auto again = source->renew(*old, Refusal::expired);
  ASSERT_TRUE(again.ok());
  EXPECT_EQ(again->bearer.reveal(), "access-2");
}

TEST_F(World, a_revoked_token_is_not_refreshed) {
  sign_in();
  auto source = *connections.source("gitlab");
  auto renewed = source->renew(*source->token(), Refusal::revoked);
  ASSERT_FALSE(renewed.ok());
  EXPECT_EQ(renewed.error().title, refresh_failure_title);
  EXPECT_EQ(status(), "needs-sign-in");
}

TEST_F(World, a_pair_the_store_did_not_take_is_kept_until_it_does) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2")).then([this] {
    rows.update_error = make_error(ErrorKind::unavailable, "disk full");
  });
  auto token = (*connections.source("gitlab"))->token();
  ASSERT_FALSE(token.ok()) << "nobody uses a pair that is not durable";
  EXPECT_EQ(token.error().kind, ErrorKind::unavailable);
  EXPECT_NE(bearer().find("error"), std::string::npos) << "and GitLab is not asked again";
  rows.update_error.reset();
  EXPECT_EQ(bearer(), "access-2");
  EXPECT_EQ(status(), "active");
  auto row = connections.get("gitlab");
  EXPECT_EQ(open_column(vault, row->id.text, "refresh_token", row->sealed_refresh_token)->reveal(),
            "refresh-2");
}

TEST_F(World, a_kept_pair_gives_way_to_a_newer_sign_in) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2")).then([this] {
    rows.update_error = make_error(ErrorKind::unavailable, "disk full");
  });
  EXPECT_NE(bearer().find("error"), std::string::npos);
  rows.update_error.reset();
  Connections elsewhere(make_parts(), ConnectionOptions{});
  auto begun = elsewhere.begin_sign_in("gitlab", callback_uri);
  ASSERT_TRUE(elsewhere.open_sign_in(begun->state, Secret("c")).ok());
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("9"));
  gitlab.on(Method::get, user_url).answer_json(200, alice());
  gitlab.on(Method::post, "https://gitlab.test/oauth/revoke").answer_json(200, Json::object());
  ASSERT_TRUE(elsewhere
                  .complete_sign_in({.state = begun->state,
                                     .code = Secret("c"),
                                     .error = "",
                                     .error_description = "",
                                     .browser = Secret("c")})
                  .ok());
  EXPECT_EQ(bearer(), "access-9");
}

TEST_F(World, a_refresh_that_cannot_be_announced_does_not_ask_gitlab) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  rows.update_error = make_error(ErrorKind::unavailable, "read-only");
  EXPECT_NE(bearer().find("error"), std::string::npos);
  rows.update_error.reset();
  EXPECT_EQ(status(), "active");
}

TEST_F(World, an_answer_without_a_new_refresh_token_keeps_the_former_one) {
  sign_in();
  clock.advance(std::chrono::minutes(116));
  Json pair = pair_json("2");
  pair.erase("refresh_token");
  gitlab.on(Method::post, token_url).answer_json(200, pair);
  EXPECT_EQ(bearer(), "access-2");
  auto row = connections.get("gitlab");
  EXPECT_EQ(open_column(vault, row->id.text, "refresh_token", row->sealed_refresh_token)->reveal(),
            "refresh-1");
}

TEST_F(World, what_is_uncertain_stays_so_until_gitlab_decides) {
  sign_in();
  clock.advance(std::chrono::minutes(116));
  gitlab.on(Method::post, token_url).fail(make_error(ErrorKind::uncertain, "the connection broke"));
  EXPECT_NE(bearer().find("error"), std::string::npos);
  clock.advance(std::chrono::minutes(1));
  gitlab.on(Method::get, info_url).answer_json(401, Json::object({{"error", "invalid_request"}}));
  gitlab.on(Method::post, token_url).fail(make_error(ErrorKind::unavailable, "no route"));
  EXPECT_NE(bearer().find("error"), std::string::npos) << "the old token may be dead";
  EXPECT_EQ(status(), "uncertain");
}

// Another process on the same rows, which waits in virtual time.
struct Elsewhere {
  explicit Elsewhere(World& world)
      : pause(world.clock), parts(with_pause(world)), connections(parts, ConnectionOptions{}) {}
  ConnectionParts with_pause(World& world) {
    auto made = world.make_parts();
    made.pause = &pause;
    return made;
  }
  std::string bearer() {
    auto token = (*connections.source("gitlab"))->token();
    return token.ok() ? std::string(token->bearer.reveal()) : "error: " + describe(token.error());
  }
  testing::VirtualPause pause;
  ConnectionParts parts;
  Connections connections;
};

TEST_F(World, only_one_of_two_processes_asks_for_a_pair) {
  sign_in();
  Elsewhere other(*this);
  EXPECT_EQ(other.bearer(), "access-1");
  clock.advance(std::chrono::hours(3));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2"));
  EXPECT_EQ(bearer(), "access-2");
  EXPECT_EQ(other.bearer(), "access-2") << "from the store: GitLab has no further answer";
}

TEST_F(World, a_pair_rotated_by_another_process_is_taken_when_gitlab_calls_the_old_one_revoked) {
  sign_in();
  Elsewhere other(*this);
  auto source = *other.connections.source("gitlab");
  auto old = source->token();
  clock.advance(std::chrono::minutes(116));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2"));
  EXPECT_EQ(bearer(), "access-2");
  auto renewed = source->renew(*old, Refusal::revoked);
  ASSERT_TRUE(renewed.ok()) << describe(renewed.error());
  EXPECT_EQ(renewed->bearer.reveal(), "access-2");
  EXPECT_EQ(status(), "active");
}

TEST_F(World, who_meets_a_refresh_under_way_waits_for_its_pair) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  auto row = connections.get("gitlab");
  auto refreshing = *row;
  note_refreshing(refreshing, process_mark(), clock.now());  // of a process that lives
  ASSERT_TRUE(rows.update(refreshing, row->generation).ok());
  EXPECT_NE(bearer().find("error"), std::string::npos) << "nobody may wait here";
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2"));
  Elsewhere other(*this);
  auto const began = clock.steady();
  EXPECT_EQ(other.bearer(), "access-2") << "after its patience it asks itself";
  EXPECT_GE(clock.steady() - began, std::chrono::seconds(45));
}

// Each try of a caller who may not wait is answered at once, and the mark not believed for ever.
TEST_F(World, a_mark_that_nobody_takes_away_is_given_up_without_waiting_too) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  auto row = connections.get("gitlab");
  auto refreshing = *row;
  note_refreshing(refreshing, "another-machine/1/1", clock.now());
  ASSERT_TRUE(rows.update(refreshing, row->generation).ok());
  EXPECT_NE(bearer().find("error"), std::string::npos);
  clock.advance(std::chrono::seconds(44));
  EXPECT_NE(bearer().find("error"), std::string::npos) << "its refresh may still be answered";
  clock.advance(std::chrono::seconds(2));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2"));
  EXPECT_EQ(bearer(), "access-2");
}

TEST_F(World, a_mark_is_not_younger_because_the_row_was_edited) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  auto row = connections.get("gitlab");
  auto refreshing = *row;
  note_refreshing(refreshing, "another-machine/1/1", clock.now());
  ASSERT_TRUE(rows.update(refreshing, row->generation).ok());
  EXPECT_NE(bearer().find("error"), std::string::npos);
  clock.advance(std::chrono::seconds(40));
  Elsewhere other(*this);
  ASSERT_TRUE(other.connections.change("gitlab", {.minimum_role = "author"}).ok());
  EXPECT_NE(bearer().find("error"), std::string::npos);
  clock.advance(std::chrono::seconds(6));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2"));
  EXPECT_EQ(bearer(), "access-2");
  EXPECT_EQ(connections.get("gitlab")->settings["minimumRole"], Json("author"));
}

TEST_F(World, an_edit_of_another_process_during_a_refresh_is_not_lost) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  Elsewhere other(*this);
  auto edit = [&other](char const* role) {
    ASSERT_TRUE(other.connections.change("gitlab", {.minimum_role = role}).ok());
  };
  gitlab.on(Method::post, token_url)
      .then([edit] { edit("author"); })
      .answer_json(503, Json::object({{"error", "unavailable"}}));
  EXPECT_NE(bearer().find("error"), std::string::npos);
  EXPECT_EQ(status(), "active") << "and the failure is told beside the edit";
  EXPECT_EQ(connections.get("gitlab")->settings["minimumRole"], Json("author"));
  clock.advance(std::chrono::minutes(1));
  gitlab.on(Method::post, token_url)
      .then([edit] { edit("operator"); })
      .answer_json(200, pair_json("2"));
  EXPECT_EQ(bearer(), "access-2");
  EXPECT_EQ(connections.get("gitlab")->settings["minimumRole"], Json("operator"));
}

TEST_F(World, a_lost_grant_is_told_at_once_though_the_row_was_edited_meanwhile) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  Elsewhere other(*this);
  gitlab.on(Method::post, token_url)
      .then(
          [&] { ASSERT_TRUE(other.connections.change("gitlab", {.minimum_role = "author"}).ok()); })
      .answer_json(400, Json::object({{"error", "invalid_grant"}}));
  EXPECT_NE(bearer().find("error"), std::string::npos);
  EXPECT_EQ(status(), "needs-sign-in");
  EXPECT_EQ(connections.get("gitlab")->settings["minimumRole"], Json("author"));
}

TEST_F(World, a_pair_with_a_short_life_is_not_spent_at_every_use) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  Json pair = pair_json("2");
  pair.set("expires_in", 240);
  gitlab.on(Method::post, token_url).answer_json(200, pair);
  EXPECT_EQ(bearer(), "access-2");
  clock.advance(std::chrono::seconds(170));
  EXPECT_EQ(bearer(), "access-2") << "GitLab is not asked";
  clock.advance(std::chrono::seconds(20));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("3"));
  EXPECT_EQ(bearer(), "access-3") << "a quarter of its life ahead";
}

TEST_F(World, a_new_pair_is_kept_whatever_its_expires_in_says) {
  sign_in();
  int number = 1;
  for (Json const& odd : {Json("soon"), Json(std::numeric_limits<std::int64_t>::max())}) {
    auto old = (*connections.source("gitlab"))->token();
    ASSERT_TRUE(old.ok());
    std::string const which = std::to_string(++number);
    Json pair = pair_json(which);
    pair.set("expires_in", odd);
    gitlab.on(Method::post, token_url).answer_json(200, pair);
    ASSERT_TRUE((*connections.source("gitlab"))->renew(*old, Refusal::expired).ok());
    EXPECT_EQ(bearer(), "access-" + which);
    EXPECT_EQ(status(), "active");
  }
}

TEST_F(World, a_refresh_that_fails_again_and_again_is_tried_less_often) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  auto const fails = [&] {
    gitlab.on(Method::post, token_url).answer_json(503, Json::object({{"error", "unavailable"}}));
    EXPECT_NE(bearer().find("error"), std::string::npos);
  };
  fails();
  clock.advance(std::chrono::seconds(10));
  fails();
  for (int i = 0; i < 2; ++i) {
    clock.advance(std::chrono::milliseconds(9'900));
    EXPECT_NE(bearer().find("error"), std::string::npos) << "GitLab is not asked";
  }
  clock.advance(std::chrono::milliseconds(4'200));
  fails();
  clock.advance(std::chrono::milliseconds(48'000));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2"));
  EXPECT_EQ(bearer(), "access-2");
}

TEST_F(World, a_refresh_that_is_told_to_wait_waits_as_long) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  gitlab.on(Method::post, token_url)
      .answer({.status = 429, .headers = {{"Retry-After", "75"}}, .body = "Retry later"});
  EXPECT_NE(bearer().find("error"), std::string::npos);
  clock.advance(std::chrono::seconds(74));
  EXPECT_NE(bearer().find("error"), std::string::npos) << "GitLab is not asked";
  clock.advance(std::chrono::seconds(1));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2"));
  EXPECT_EQ(bearer(), "access-2");
}

TEST_F(World, a_refresh_of_a_dead_process_is_not_waited_for) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  auto row = connections.get("gitlab");
  auto refreshing = *row;
  auto mark = process_mark();
  note_refreshing(refreshing, mark.substr(0, mark.rfind('/')) + "/1", clock.now());
  ASSERT_TRUE(rows.update(refreshing, row->generation).ok());
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2"));
  EXPECT_EQ(bearer(), "access-2");
}

TEST_F(World, a_pair_that_came_late_is_put_over_what_others_did_to_the_row) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2")).then([this] {
    auto row = *rows.get(connections.get("gitlab")->id);
    std::int64_t const before = row.generation;
    note_failure(row, "uncertain", clock.now());  // another process gave us up
    row.settings.set("readOnly", true);
    ASSERT_TRUE(rows.update(row, before).ok());
  });
  EXPECT_EQ(bearer(), "access-2");
  EXPECT_EQ(status(), "active");
  EXPECT_TRUE(connections.get("gitlab")->settings["readOnly"].as_bool());
}

TEST_F(World, an_uncertain_pair_that_gitlab_knows_is_kept_without_a_refresh) {
  sign_in();
  auto row = *connections.get("gitlab");
  std::int64_t const before = row.generation;
  note_failure(row, "uncertain", clock.now());
  ASSERT_TRUE(rows.update(row, before).ok());
  gitlab.on(Method::get, info_url)
      .with_authorization("Bearer access-1")
      .answer_json(200, Json::object({{"expires_in", 7000}}));
  EXPECT_EQ(bearer(), "access-1");
  EXPECT_EQ(status(), "active");
}

TEST_F(World, a_failure_between_leaves_a_refused_token_the_refused_one) {
  sign_in();
  auto source = *connections.source("gitlab");
  auto old = source->token();
  gitlab.on(Method::post, token_url).answer_json(503, Json::object({{"error", "unavailable"}}));
  EXPECT_FALSE(source->renew(*old, Refusal::expired).ok());
  clock.advance(std::chrono::minutes(1));
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2"));
  auto renewed = source->renew(*old, Refusal::expired);
  ASSERT_TRUE(renewed.ok());
  EXPECT_EQ(renewed->bearer.reveal(), "access-2") << "the generation grew, the pair did not";
}

TEST_F(World, the_report_tells_when_it_broke_and_came_back) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  gitlab.on(Method::post, token_url).answer_json(400, Json::object({{"error", "invalid_grant"}}));
  EXPECT_NE(bearer().find("error"), std::string::npos);
  auto report = care_report(*connections.get("gitlab"), clock.now());
  EXPECT_EQ(report.broken_at, clock.now());
  EXPECT_FALSE(report.recovered_at);
  EXPECT_EQ(report.failures_24h, 1);
  EXPECT_EQ(
      care_report(*connections.get("gitlab"), clock.now() + std::chrono::hours(25)).failures_24h,
      0);
}

// What the token endpoint says to a refresh, and what becomes of the connection.
struct Decision {
  char const* name;
  int status;
  char const* body;
  char const* then;
};
class RefreshDecisions : public World, public ::testing::WithParamInterface<Decision> {};

TEST_P(RefreshDecisions, only_invalid_grant_ends_a_grant) {
  sign_in();
  clock.advance(std::chrono::hours(3));
  net::HttpResponse response;
  response.status = GetParam().status;
  response.body = GetParam().body;
  gitlab.on(Method::post, token_url).answer(response);
  EXPECT_NE(bearer().find("error"), std::string::npos);
  EXPECT_EQ(status(), GetParam().then);
}

INSTANTIATE_TEST_SUITE_P(
    Answers, RefreshDecisions,
    ::testing::Values(Decision{"grant", 400, R"({"error":"invalid_grant"})", "needs-sign-in"},
                      Decision{"client", 401, R"({"error":"invalid_client"})", "active"},
                      Decision{"firewall", 403, R"({"message":"403 Forbidden"})", "active"},
                      Decision{"not_there", 404, R"({"error":"404 Not Found"})", "active"},
                      Decision{"limited", 429, "Retry later", "active"},
                      Decision{"page", 200, "<html>maintenance</html>", "active"},
                      Decision{"lacking", 200, R"({"token_type":"Bearer"})", "uncertain"}),
    [](auto const& row) { return std::string(row.param.name); });

}  // namespace
}  // namespace fairlead::connection
