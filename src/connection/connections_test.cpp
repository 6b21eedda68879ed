#include "connection/connections.h"

#include <gtest/gtest.h>

#include "connection/change.h"
#include "connection/live_connection.h"
#include "connection/sealing.h"
#include "connection/world_test.h"
#include "net/url.h"

namespace fairlead::connection {
namespace {

using namespace testing_support;  // NOLINT
using net::Method;

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

TEST_F(World, the_outcome_of_a_sign_in_is_left_for_whoever_waits) {
  ASSERT_TRUE(connections.create(wanted()).ok());
  auto begun = connections.begin_sign_in("gitlab", callback_uri);
  ASSERT_TRUE(connections.open_sign_in(begun->state, Secret("c")).ok());
  auto done = connections.complete_sign_in({.state = begun->state,
                                            .code = Secret(),
                                            .error = "access_denied",
                                            .error_description = "The owner said no.",
                                            .browser = Secret("c")});
  ASSERT_FALSE(done.ok());
  auto row = connections.get("gitlab");
  Json const& noted = row->settings["signIn"];
  EXPECT_EQ(noted["id"].as_string(), begun->id);
  EXPECT_EQ(noted["outcome"].as_string(), "failed");
  EXPECT_EQ(noted["error"]["title"].as_string(), "Authorisation refused");
  EXPECT_EQ(row->status, "pending");
  EXPECT_EQ(row->last_error["title"].as_string(), "Authorisation refused");
}

TEST_F(World, a_failed_reconnect_leaves_a_connection_in_use_alone) {
  sign_in();
  auto begun = connections.begin_sign_in("gitlab", callback_uri);
  ASSERT_TRUE(connections.open_sign_in(begun->state, Secret("c")).ok());
  gitlab.on(Method::post, token_url).answer_json(400, Json::object({{"error", "invalid_grant"}}));
  ASSERT_FALSE(connections
                   .complete_sign_in({.state = begun->state,
                                      .code = Secret("late"),
                                      .error = "",
                                      .error_description = "",
                                      .browser = Secret("c")})
                   .ok());
  auto row = connections.get("gitlab");
  EXPECT_EQ(row->settings["signIn"]["outcome"].as_string(), "failed");
  EXPECT_EQ(row->status, "active");
  EXPECT_TRUE(row->last_error.is_null());
  EXPECT_EQ(bearer(), "access-1");
}

TEST_F(World, a_new_access_token_takes_the_place_of_one_that_ended) {
  NewConnection token = wanted();
  token.client_id.clear();
  token.client_secret = Secret();
  token.access_token = Secret("glpat-old");
  std::string const self_url = "https://gitlab.test/api/v4/personal_access_tokens/self";
  gitlab.on(Method::get, user_url).answer_json(200, alice());
  gitlab.on(Method::get, self_url).answer_json(404, Json::object());
  ASSERT_TRUE(connections.create(token).ok());
  auto source = *connections.source("gitlab");
  EXPECT_FALSE(source->renew(*source->token(), Refusal::expired).ok());
  EXPECT_EQ(status(), "needs-sign-in");
  token.access_token = Secret("glpat-new");
  gitlab.on(Method::get, user_url).answer_json(200, alice());
  gitlab.on(Method::get, self_url).answer_json(404, Json::object());
  auto again = connections.create(token);
  ASSERT_TRUE(again.ok()) << describe(again.error());
  EXPECT_TRUE(again->is_default);
  EXPECT_EQ(bearer(), "glpat-new");
}

TEST_F(World, a_replaced_pending_connection_stays_the_default_one) {
  ASSERT_TRUE(connections.create(wanted()).ok());
  auto other = wanted();
  other.name = "other";
  ASSERT_TRUE(connections.create(other).ok());
  ASSERT_TRUE(connections.create(wanted()).ok());
  EXPECT_EQ(connections.get("")->name, "gitlab");
}

TEST_F(World, an_access_token_is_not_said_to_be_revoked) {
  NewConnection token = wanted();
  token.client_id.clear();
  token.access_token = Secret("glpat-x");
  gitlab.on(Method::get, user_url).answer_json(200, alice());
  gitlab.on(Method::get, "https://gitlab.test/api/v4/personal_access_tokens/self")
      .answer_json(404, Json::object());
  ASSERT_TRUE(connections.create(token).ok());
  auto note = connections.disconnect("gitlab", Connections::Revoke::yes);
  ASSERT_TRUE(note.ok());
  EXPECT_NE(note->find("not revoked from here"), std::string::npos) << *note;
}

TEST_F(World, disconnects_even_if_gitlab_cannot_be_told) {
  sign_in();
  gitlab.on(Method::post, "https://gitlab.test/oauth/revoke")
      .fail(make_error(ErrorKind::unavailable, "no route"));
  auto note = connections.disconnect("gitlab", Connections::Revoke::yes);
  ASSERT_TRUE(note.ok());
  EXPECT_NE(note->find("by hand"), std::string::npos) << *note;
  EXPECT_EQ(connections.get("gitlab").error().kind, ErrorKind::not_found);
}

struct BadConnection {
  char const* field;
  void (*spoil)(NewConnection&);
};
TEST_F(World, plain_http_goes_to_this_machine_and_to_what_was_allowed) {
  Connections strict(make_parts(), ConnectionOptions{});
  ConnectionOptions options;
  options.allowed_http = *net::AddressList::parse({"gitlab.corp", "10.0.0.0/8"}, "");
  Connections open(make_parts(), options);
  int number = 0;
  auto const created = [&](Connections& by, std::string url) {
    auto connection = wanted();
    connection.name = "c" + std::to_string(++number);
    connection.base_url = std::move(url);
    return by.create(connection).ok();
  };
  for (auto const* here : {"http://localhost:3000", "http://127.0.0.1:3000", "http://[::1]:3000"})
    EXPECT_TRUE(created(strict, here)) << here;
  EXPECT_FALSE(created(strict, "http://gitlab.corp"));
  EXPECT_TRUE(created(open, "http://gitlab.corp/git"));
  EXPECT_TRUE(created(open, "http://10.1.2.3:8080"));
  EXPECT_FALSE(created(open, "http://other.corp"));
  EXPECT_FALSE(open.change("c6", {.base_url = "http://other.corp"}).ok());
}

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
        BadConnection{"baseUrl", [](NewConnection& c) { c.base_url = "http://gitlab.test"; }},
        BadConnection{"baseUrl", [](NewConnection& c) { c.base_url = "http://127.gitlab.test"; }},
        BadConnection{"clientId", [](NewConnection& c) { c.client_id = ""; }},
        BadConnection{"accessToken", [](NewConnection& c) { c.access_token = Secret("t"); }},
        BadConnection{"accessToken",
                      [](NewConnection& c) {
                        c.client_id = "";
                        c.access_token = Secret("glpat-1\nglpat-2");
                      }},
        BadConnection{"clientSecret",
                      [](NewConnection& c) { c.client_secret = Secret("gloas-1 2"); }},
        BadConnection{"scopes", [](NewConnection& c) { c.scopes = " "; }},
        BadConnection{"proxy", [](NewConnection& c) { c.reach.proxy = "http://u:pw@proxy:1"; }},
        BadConnection{"proxy", [](NewConnection& c) { c.reach.proxy = "proxy:3128"; }},
        BadConnection{
            "clientCertPem",
            [](NewConnection& c) { c.reach.client_cert_pem = "-----BEGIN PRIVATE KEY-----\nMII"; }},
        BadConnection{"caPem", [](NewConnection& c) {
                        c.reach.ca_pem = "-----BEGIN RSA PRIVATE KEY-----\nMII";
                      }}));

}  // namespace
}  // namespace fairlead::connection
