#include <gtest/gtest.h>

#include "connection/pending_sign_ins.h"
#include "connection/world_test.h"
#include "net/url.h"

namespace fairlead::connection {
namespace {

using namespace testing_support;  // NOLINT

constexpr char const* revoke_url = "https://gitlab.test/oauth/revoke";

// A connection in use whose person signs in again.
struct Reconnect : World {
  void SetUp() override {
    sign_in();
    before = *connections.get("gitlab");
  }
  void open(std::string_view scopes) {
    auto begun = connections.begin_sign_in("gitlab", callback_uri, scopes);
    ASSERT_TRUE(begun.ok()) << describe(begun.error());
    sign_in_id = begun->id;
    state = begun->state;
    auto url = connections.open_sign_in(state, Secret("c"));
    ASSERT_TRUE(url.ok());
    asked.clear();
    for (auto const& [name, value] : net::decode_query(url->substr(url->find('?') + 1)))
      if (name == "scope") asked = value;
  }
  // GitLab grants these ("": its answer does not say).
  Result<store::ConnectionRecord> grant(std::string const& scopes, std::string const& pair) {
    Json answer = pair_json(pair);
    answer.set("scope", scopes);
    if (scopes.empty()) answer.erase("scope");
    gitlab.on(Method::post, token_url).answer_json(200, answer);
    gitlab.on(Method::get, user_url).answer_json(200, alice());
    gitlab.on(Method::post, revoke_url).answer_json(200, Json::object());
    return back("");
  }
  Result<store::ConnectionRecord> back(std::string const& error) {
    return connections.complete_sign_in({.state = state,
                                         .code = Secret(error.empty() ? "c" : ""),
                                         .error = error,
                                         .error_description = "",
                                         .browser = Secret("c")});
  }
  store::ConnectionRecord before;
  std::string sign_in_id;
  std::string state;
  std::string asked;
};

TEST_F(Reconnect, asks_for_the_same_scopes_if_nobody_says_otherwise) {
  open("");
  EXPECT_EQ(asked, "api");
}

TEST_F(Reconnect, widens_and_narrows_and_keeps_the_rest) {
  open("api read_user");
  EXPECT_EQ(asked, "api read_user");
  auto wider = grant("api read_user", "2");
  ASSERT_TRUE(wider.ok()) << describe(wider.error());
  EXPECT_EQ(wider->scopes, "api read_user");
  EXPECT_EQ(wider->id, before.id);
  EXPECT_EQ(wider->created_at, before.created_at);
  EXPECT_EQ(wider->settings["signIn"], Json::object({{"id", sign_in_id},
                                                     {"outcome", "completed"},
                                                     {"asked", "api read_user"},
                                                     {"granted", "api read_user"}}));
  open("");
  EXPECT_EQ(asked, "api read_user") << "from then on";
  open("read_api");
  auto narrower = grant("read_api", "3");
  ASSERT_TRUE(narrower.ok());
  EXPECT_EQ(narrower->scopes, "read_api");
  EXPECT_EQ((*connections.source("gitlab"))->endpoint()->writes, Endpoint::Writes::refused);
  EXPECT_EQ(bearer(), "access-3");
}

TEST_F(Reconnect, says_which_scopes_were_not_granted_and_asks_for_them_again) {
  open("api read_user");
  auto done = grant("read_user", "2");
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->scopes, "read_user");
  EXPECT_EQ(missing_scopes(*done), Json::array({"api"}));
  open("");
  EXPECT_EQ(asked, "api read_user");
}

TEST_F(Reconnect, what_cannot_read_a_project_lacks_a_scope_though_nobody_asked_for_it) {
  struct Case {
    char const* scopes;
    bool reads_only;
    Json lacking;
  };
  for (auto const& one :
       {Case{"read_user", false, Json::array({"api"})},
        Case{"openid profile email", false, Json::array({"api"})},
        Case{"read_user", true, Json::array({"read_api"})}, Case{"read_api", false, Json::array()},
        Case{"api", true, Json::array()}, Case{"", false, Json::array()}}) {
    store::ConnectionRecord record;
    record.scopes = one.scopes;
    record.settings = Json::object({{"readOnly", one.reads_only}});
    EXPECT_EQ(lacking_scopes(record), one.lacking) << one.scopes;
  }
  open("api read_user");
  EXPECT_EQ(lacking_scopes(*grant("read_user", "2")), Json::array({"api"})) << "once";
}

TEST_F(Reconnect, an_answer_without_scopes_grants_what_was_asked_for) {
  open("read_api");
  auto done = grant("", "2");
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->scopes, "read_api");
}

TEST_F(Reconnect, revokes_the_grant_before_it) {
  open("read_api");
  std::string at_revoke;
  gitlab.on(Method::post, token_url).answer_json(200, pair_json("2"));
  gitlab.on(Method::get, user_url).answer_json(200, alice());
  gitlab.on(Method::post, revoke_url)
      .with_body("token=access-1")
      .then([this, &at_revoke] { at_revoke = bearer(); })
      .answer_json(503, Json::object());
  ASSERT_TRUE(back("").ok()) << "and goes on where that fails";
  EXPECT_EQ(at_revoke, "access-2") << "the new pair is in use before";
}

TEST_F(Reconnect, that_is_refused_changes_nothing) {
  open("api sudo");
  auto refused = back("invalid_scope");
  ASSERT_FALSE(refused.ok());
  EXPECT_NE(refused.error().remedy.find("Tick the scope"), std::string::npos);
  EXPECT_EQ(bearer(), "access-1");
  EXPECT_EQ(connections.get("gitlab")->scopes, "api");
  open("");
  EXPECT_EQ(asked, "api");
}

TEST_F(Reconnect, two_under_way_do_not_mix) {
  open("read_user");
  std::string const first = state;
  open("read_api");
  state = first;
  auto done = grant("read_user", "2");
  ASSERT_TRUE(done.ok());
  EXPECT_EQ(done->settings["signIn"]["asked"], Json("read_user"));
}

TEST(Scopes, are_read_and_put_in_order) {
  EXPECT_EQ(*read_scopes("  api  read_user api "), "api read_user");
  for (auto const* bad : {"", "  ", "a\"b", "a\\b", "api\nread_user", "gr\xc3\xbc\xc3\x9f"})
    EXPECT_EQ(read_scopes(bad).error().where, "scopes") << bad;
  EXPECT_FALSE(read_scopes(std::string(61, 'a')).ok());
}

TEST(Scopes, wishes_of_sign_ins_that_ended_are_forgotten) {
  store::ConnectionRecord record;
  Time const now{};
  for (std::size_t i = 0; i < 3 * scope_wishes_max; ++i)
    put_wish(record, {.id = std::to_string(i), .scopes = "api", .until = now + Milliseconds(1)},
             now);
  EXPECT_EQ(record.settings["scopeWishes"].members().size(), scope_wishes_max);
  EXPECT_EQ(asked_scopes(record, std::to_string(3 * scope_wishes_max - 1)), "api");
  put_wish(record, {.id = "late", .scopes = "api", .until = now + Milliseconds(9)},
           now + Milliseconds(2));
  EXPECT_EQ(record.settings["scopeWishes"].members().size(), 1u);
}

}  // namespace
}  // namespace fairlead::connection
