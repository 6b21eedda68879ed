#include "connection/connections.h"

#include <gtest/gtest.h>

#include "connection/live_connection.h"
#include "connection/sealing.h"
#include "net/url.h"
#include "store/memory/memory_store.h"
#include "testing/fake_transport.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"

namespace fairlead::connection {
namespace {

using net::Method;
using testing::FakeTransport;

constexpr char const* token_url = "https://gitlab.test/oauth/token";
constexpr char const* user_url = "https://gitlab.test/api/v4/user";
constexpr char const* callback_uri = "https://fairlead.test/oauth/callback";

Json pair_json(std::string const& suffix) {
  return Json::object({{"access_token", "access-" + suffix},
                       {"token_type", "Bearer"},
                       {"expires_in", 7200},
                       {"refresh_token", "refresh-" + suffix},
                       {"scope", "api"}});
}

Json alice() {
  return Json::object({{"id", 7},
                       {"username", "alice"},
                       {"name", "Alice"},
                       {"web_url", "https://gitlab.test/alice"}});
}

struct World : ::testing::Test {
  testing::VirtualClock clock;
  testing::SeededRandom random{1};
  std::unique_ptr<Log> log = make_null_log();
  std::unique_ptr<store::Store> store = store::make_memory_store();
  vault::Vault vault{
      {{.bytes = Secret(std::string(vault::master_key_bytes, 'k')), .where = "test"}}, random};
  FakeTransport gitlab;
  Connections connections{make_parts(), ConnectionOptions{}};

  ConnectionParts make_parts() {
    return {.store = store->connections(),
            .vault = vault,
            .transport = gitlab,
            .clock = clock,
            .random = random,
            .log = *log};
  }
  NewConnection wanted() {
    NewConnection wanted;
    wanted.base_url = "https://gitlab.test/";
    wanted.client_id = "app";
    wanted.client_secret = Secret("gloas-secret");
    return wanted;
  }
  // A connection signed in with the pair "1".
  void sign_in() {
    ASSERT_TRUE(connections.create(wanted()).ok());
    auto begun = connections.begin_sign_in("gitlab", callback_uri);
    ASSERT_TRUE(begun.ok());
    ASSERT_TRUE(connections.open_sign_in(begun->state, Secret("cookie")).ok());
    gitlab.on(Method::post, token_url).answer_json(200, pair_json("1"));
    gitlab.on(Method::get, user_url)
        .with_authorization("Bearer access-1")
        .answer_json(200, alice());
    auto done = connections.complete_sign_in({.state = begun->state,
                                              .code = Secret("c0de"),
                                              .error = "",
                                              .error_description = "",
                                              .browser = Secret("cookie")});
    ASSERT_TRUE(done.ok()) << describe(done.error());
  }
  std::string bearer() {
    auto token = (*connections.source("gitlab"))->token();
    return token.ok() ? std::string(token->bearer.reveal()) : "error: " + token.error().title;
  }
  std::string status() { return connections.get("gitlab")->status; }
};

TEST_F(World, signs_in_and_hands_out_the_token) {
  sign_in();
  EXPECT_EQ(status(), "active");
  EXPECT_EQ(connections.get("")->account["username"].as_string(), "alice");
  EXPECT_EQ(bearer(), "access-1");
}

TEST_F(World, stored_rows_hold_no_plain_secret) {
  sign_in();
  auto row = connections.get("gitlab");
  ASSERT_TRUE(row.ok());
  std::string const all = row->sealed_access_token + row->sealed_refresh_token +
                          row->sealed_client_secret + row->settings.dump() + row->account.dump();
  for (auto const* secret : {"access-1", "refresh-1", "gloas-secret"})
    EXPECT_EQ(all.find(secret), std::string::npos) << secret;
}

TEST_F(World, authorize_url_carries_the_challenge_of_the_kept_verifier) {
  ASSERT_TRUE(connections.create(wanted()).ok());
  auto begun = connections.begin_sign_in("gitlab", callback_uri);
  auto url = connections.open_sign_in(begun->state, Secret("cookie"));
  ASSERT_TRUE(url.ok());
  std::string challenge;
  for (auto const& [name, value] : net::decode_query(url->substr(url->find('?') + 1)))
    if (name == "code_challenge") challenge = value;
  EXPECT_EQ(challenge.size(), 43u);
  gitlab.on(Method::post, token_url).answer_json(400, Json::object({{"error", "invalid_grant"}}));
  auto done = connections.complete_sign_in({.state = begun->state,
                                            .code = Secret("c"),
                                            .error = "",
                                            .error_description = "",
                                            .browser = Secret("cookie")});
  ASSERT_FALSE(done.ok());
  EXPECT_EQ(done.error().title, failed_exchange_title);
  EXPECT_EQ(status(), "pending");
}

TEST_F(World, a_state_works_once_in_one_browser_for_fifteen_minutes) {
  ASSERT_TRUE(connections.create(wanted()).ok());
  auto callback = [](std::string const& state, char const* browser) {
    return Connections::Callback{.state = state,
                                 .code = Secret("c"),
                                 .error = "",
                                 .error_description = "",
                                 .browser = Secret(browser)};
  };
  EXPECT_EQ(connections.complete_sign_in(callback("made-up", "x")).error().kind,
            ErrorKind::not_found);
  auto other = connections.begin_sign_in("gitlab", callback_uri);
  ASSERT_TRUE(connections.open_sign_in(other->state, Secret("mine")).ok());
  EXPECT_EQ(connections.open_sign_in(other->state, Secret("theirs")).error().kind,
            ErrorKind::conflict);
  EXPECT_EQ(connections.complete_sign_in(callback(other->state, "theirs")).error().title,
            "Sign-in refused");
  EXPECT_EQ(connections.complete_sign_in(callback(other->state, "mine")).error().kind,
            ErrorKind::not_found);
  auto unopened = connections.begin_sign_in("gitlab", callback_uri);
  EXPECT_EQ(connections.complete_sign_in(callback(unopened->state, "")).error().title,
            "Sign-in refused");
  auto late = connections.begin_sign_in("gitlab", callback_uri);
  clock.advance(std::chrono::minutes(16));
  EXPECT_EQ(connections.open_sign_in(late->state, Secret("mine")).error().kind,
            ErrorKind::not_found);
}

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
  EXPECT_EQ(row->generation, 2);
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

TEST_F(World, reconnecting_keeps_the_id) {
  sign_in();
  auto const id = connections.get("gitlab")->id;
  auto source = *connections.source("gitlab");
  EXPECT_FALSE(source->renew(*source->token(), Refusal::revoked).ok());
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
  EXPECT_EQ(connections.get("gitlab")->id, id);
  EXPECT_EQ(bearer(), "access-9");
}

TEST_F(World, disconnect_revokes_and_forgets) {
  sign_in();
  gitlab.on(Method::post, "https://gitlab.test/oauth/revoke")
      .with_body("token=access-1")
      .answer_json(200, Json::object());
  auto note = connections.disconnect("gitlab", Connections::Revoke::yes);
  ASSERT_TRUE(note.ok());
  EXPECT_EQ(*note, "");
  EXPECT_EQ(connections.get("gitlab").error().kind, ErrorKind::not_found);
}

TEST_F(World, an_access_token_is_tried_at_once) {
  NewConnection token = wanted();
  token.client_id.clear();
  token.client_secret = Secret();
  token.access_token = Secret("glpat-x");
  gitlab.on(Method::get, user_url).with_authorization("Bearer glpat-x").answer_json(200, alice());
  gitlab.on(Method::get, "https://gitlab.test/api/v4/personal_access_tokens/self")
      .answer_json(
          200, Json::object({{"scopes", Json::array({"read_api"})}, {"expires_at", "2027-01-01"}}));
  auto record = connections.create(token);
  ASSERT_TRUE(record.ok()) << describe(record.error());
  EXPECT_EQ(record->status, "active");
  EXPECT_EQ(record->scopes, "read_api");
  EXPECT_EQ(format_date(*record->token_expires_at), "2027-01-01");
  EXPECT_EQ((*connections.source(""))->endpoint()->writes, Endpoint::Writes::refused);
}

struct BadConnection {
  char const* field;
  void (*spoil)(NewConnection&);
};
class BadConnections : public World, public ::testing::WithParamInterface<BadConnection> {};

TEST_P(BadConnections, names_the_field) {
  auto connection = wanted();
  GetParam().spoil(connection);
  auto created = connections.create(connection);
  ASSERT_FALSE(created.ok());
  EXPECT_EQ(created.error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(created.error().where, GetParam().field);
}

INSTANTIATE_TEST_SUITE_P(
    Inputs, BadConnections,
    ::testing::Values(
        BadConnection{"name", [](NewConnection& c) { c.name = "Not Good"; }},
        BadConnection{"name", [](NewConnection& c) { c.name = ""; }},
        BadConnection{"baseUrl", [](NewConnection& c) { c.base_url = "gitlab.test"; }},
        BadConnection{"baseUrl", [](NewConnection& c) { c.base_url = "https://u:p@gitlab.test"; }},
        BadConnection{"baseUrl", [](NewConnection& c) { c.base_url = "https://gitlab.test?x=1"; }},
        BadConnection{"clientId", [](NewConnection& c) { c.client_id = ""; }},
        BadConnection{"accessToken", [](NewConnection& c) { c.access_token = Secret("t"); }},
        BadConnection{"scopes", [](NewConnection& c) { c.scopes = " "; }}));

}  // namespace
}  // namespace fairlead::connection
