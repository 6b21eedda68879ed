// A stream ends when its reader is shut out, whichever way, and not before.
#include "api/open_streams.h"

#include "api/world_test.h"

namespace fairlead::api {
namespace {

using namespace testing_support;  // NOLINT

class OpenStreamsTest : public World {
 protected:
  OpenStreamsTest() { run_ = make_run(1, "waiting"); }

  // Both streams of that reader, as they would be open.
  std::vector<std::shared_ptr<FakeWriter>> open(net::Headers const& headers) {
    std::vector<std::shared_ptr<FakeWriter>> writers;
    for (auto const& target :
         {"/api/v1/runs/" + run_.text + "/follow", std::string("/api/v1/live")}) {
      auto const answer = call({.target = target, .headers = headers, .as = Ask::As::whoever});
      EXPECT_EQ(answer.status, 200) << answer.body;
      writers.push_back(std::make_shared<FakeWriter>());
      if (answer.on_stream) answer.on_stream(writers.back());
    }
    return writers;
  }
  void expect_open(std::vector<std::shared_ptr<FakeWriter>> const& writers, bool wanted) {
    open_streams.check();
    for (auto const& writer : writers)
      EXPECT_EQ(writer->open(), wanted);
  }
  net::Headers session_of(access::Role role) {
    user_ = people
                .add({.username = "bob",
                      .name = "",
                      .email = "",
                      .role = role,
                      .password = Secret("correct horse")})
                ->id;
    std::string const cookie(sessions.open(user_, {})->reveal());
    return {{"Cookie", std::string(session_cookie) + "=" + cookie}};
  }

  RunId run_;
  UserId user_;
};

TEST_F(OpenStreamsTest, are_counted_while_they_have_a_reader) {
  EXPECT_EQ(open_streams.count(), 0u);
  auto writers = open({{"Authorization", "Bearer " + token_of(access::Role::viewer)}});
  EXPECT_EQ(open_streams.count(), 2u);
  EXPECT_NE(get("/metrics").body.find("fairlead_open_streams 2\n"), std::string::npos);
  writers.front()->close();
  EXPECT_EQ(open_streams.count(), 1u);
}

TEST_F(OpenStreamsTest, a_session_that_ended_reads_no_more) {
  auto const headers = session_of(access::Role::operator_);
  auto const writers = open(headers);
  expect_open(writers, true);
  ASSERT_TRUE(sessions.end_others(user_, "").ok());
  expect_open(writers, false);
}

TEST_F(OpenStreamsTest, who_is_disabled_or_gets_another_role_reads_no_more) {
  auto const headers = session_of(access::Role::author);
  auto writers = open(headers);
  access::UserChange lower;
  lower.role = access::Role::operator_;
  ASSERT_TRUE(people.change(user_, lower).ok());
  expect_open(writers, false);
  writers = open(headers);
  expect_open(writers, true);
  access::UserChange disabled;
  disabled.standing = store::UserRecord::Standing::disabled;
  ASSERT_TRUE(people.change(user_, disabled).ok());
  expect_open(writers, false);
}

TEST_F(OpenStreamsTest, a_token_that_was_revoked_reads_no_more) {
  std::string const token(tokens.create("reader", access::Role::viewer, std::nullopt)->reveal());
  auto const writers = open({{"Authorization", "Bearer " + token}});
  expect_open(writers, true);
  ASSERT_TRUE(tokens.revoke(store->access().list_tokens()->back().id).ok());
  expect_open(writers, false);
}

TEST_F(OpenStreamsTest, an_open_page_alone_keeps_no_session_alive) {
  auto const writers = open(session_of(access::Role::viewer));
  for (Milliseconds idle{0}; idle < access::session_idle_max; idle += std::chrono::minutes(10)) {
    expect_open(writers, true);
    clock.advance(std::chrono::minutes(10));
  }
  expect_open(writers, false);
}

}  // namespace
}  // namespace fairlead::api
