// A world for the tests of connection/: a virtual clock, a scripted GitLab, rows that can fail.
//
// Test code only; one thread. sign_in() leads through the whole authorization code flow, so that a
// test begins with a connection in use.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "connection/connections.h"
#include "store/memory/memory_store.h"
#include "testing/fake_transport.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"

namespace fairlead::connection::testing_support {

using net::Method;
using testing::FakeTransport;

inline constexpr char const* token_url = "https://gitlab.test/oauth/token";
inline constexpr char const* user_url = "https://gitlab.test/api/v4/user";
inline constexpr char const* callback_uri = "https://fairlead.test/oauth/callback";

inline Json pair_json(std::string const& suffix) {
  return Json::object({{"access_token", "access-" + suffix},
                       {"token_type", "Bearer"},
                       {"expires_in", 7200},
                       {"refresh_token", "refresh-" + suffix},
                       {"scope", "api"}});
}

inline Json alice() {
  return Json::object({{"id", 7},
                       {"username", "alice"},
                       {"name", "Alice"},
                       {"web_url", "https://gitlab.test/alice"}});
}

// Passes on to the real rows; while `update_error` is set, updates fail with it.
class FlakyRows final : public store::ConnectionStore {
 public:
  explicit FlakyRows(store::ConnectionStore& rows) : rows_(rows) {}
  Result<void> insert(store::ConnectionRecord const& record) override {
    return rows_.insert(record);
  }
  Result<void> update(store::ConnectionRecord const& record, std::int64_t expected) override {
    if (update_error) return *update_error;
    return rows_.update(record, expected);
  }
  Result<store::ConnectionRecord> get(ConnectionId const& id) override { return rows_.get(id); }
  Result<store::ConnectionRecord> find(std::string_view name) override { return rows_.find(name); }
  Result<std::vector<store::ConnectionRecord>> list() override { return rows_.list(); }
  Result<void> remove(ConnectionId const& id) override { return rows_.remove(id); }
  Result<void> insert_sign_in(store::SignInRecord const& record) override {
    return rows_.insert_sign_in(record);
  }
  Result<store::SignInRecord> bind_sign_in(std::string_view state, std::string_view browser,
                                           Time now) override {
    return rows_.bind_sign_in(state, browser, now);
  }
  Result<store::SignInRecord> take_sign_in(std::string_view state, Time now) override {
    return rows_.take_sign_in(state, now);
  }
  std::optional<Error> update_error;

 private:
  store::ConnectionStore& rows_;
};

struct World : ::testing::Test {
  testing::VirtualClock clock;
  testing::SeededRandom random{1};
  std::unique_ptr<Log> log = make_null_log();
  std::unique_ptr<store::Store> store = store::make_memory_store();
  FlakyRows rows{store->connections()};
  vault::Vault vault{
      {{.bytes = Secret(std::string(vault::master_key_bytes, 'k')), .where = "test"}}, random};
  FakeTransport gitlab;
  Connections connections{make_parts(), ConnectionOptions{}};

  ConnectionParts make_parts() {
    return {.store = rows,
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

}  // namespace fairlead::connection::testing_support
