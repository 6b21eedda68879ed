#include "access/secret_hashicorp.h"

#include <gtest/gtest.h>

#include <fstream>

#include "testing/fake_transport.h"
#include "testing/files.h"
#include "testing/virtual_clock.h"

namespace fairlead::access {
namespace {

using net::Method;

constexpr char const* data_url = "https://vault.test/v1/secret/data/fairlead/apiKey";
constexpr char const* login_url = "https://vault.test/v1/auth/approle/login";

Json data(Json value) {
  return Json::object({{"data", Json::object({{"data", std::move(value)},
                                              {"metadata", Json::object({{"version", 3}})}})}});
}
Json login(char const* token, int seconds) {
  return Json::object(
      {{"auth", Json::object({{"client_token", token}, {"lease_duration", seconds}})}});
}
Json errors(char const* text) { return Json::object({{"errors", Json::array({text})}}); }

struct HashicorpTest : ::testing::Test {
  testing::TemporaryFolder folder;
  testing::VirtualClock clock;
  testing::FakeTransport vault;

  std::filesystem::path file(std::string const& name, std::string const& text) {
    auto const path = folder.path() / name;
    std::ofstream(path) << text << "\n";
    return path;
  }
  std::unique_ptr<SecretSource> by_token() {
    return make_hashicorp_secrets(
        {.address = "https://vault.test", .token_file = file("token", "hvs.one")}, vault, clock);
  }
  std::unique_ptr<SecretSource> by_role() {
    return make_hashicorp_secrets({.address = "https://vault.test",
                                   .space = "it",
                                   .role_id_file = file("role", "role-1"),
                                   .secret_id_file = file("secret", "shh-1")},
                                  vault, clock);
  }
  static std::string text(Result<std::optional<Secret>> const& found) {
    if (!found.ok()) return "error: " + found.error().message;
    return *found ? std::string((*found)->reveal()) : "none";
  }
};

TEST_F(HashicorpTest, gives_a_single_value_as_text_and_others_as_an_object) {
  auto source = by_token();
  vault.on(Method::get, data_url)
      .with_authorization("Bearer hvs.one")
      .answer_json(200, data(Json::object({{"value", "k3y-value"}})));
  EXPECT_EQ(text(source->find("apiKey")), "k3y-value");
  vault.on(Method::get, "https://vault.test/v1/secret/data/fairlead/login")
      .answer_json(200, data(Json::object({{"username", "u"}, {"password", "p"}})));
  EXPECT_EQ(text(source->find("login")), R"({"username":"u","password":"p"})");
  EXPECT_EQ(text(source->find("../../sys/seal")), "none") << "and nothing was asked";
}

TEST_F(HashicorpTest, keeps_a_value_for_a_short_time_only) {
  auto source = by_token();
  vault.on(Method::get, data_url).answer_json(200, data(Json::object({{"value", "first"}})));
  EXPECT_EQ(text(source->find("apiKey")), "first");
  EXPECT_EQ(text(source->find("apiKey")), "first");
  EXPECT_EQ(vault.sent().size(), 1u);
  clock.advance(hashicorp_cache_time);
  vault.on(Method::get, data_url).answer_json(200, data(Json::object({{"value", "second"}})));
  EXPECT_EQ(text(source->find("apiKey")), "second");
}

TEST_F(HashicorpTest, signs_in_by_role_once_a_lease_and_anew_when_refused) {
  auto source = by_role();
  vault.on(Method::post, login_url)
      .with_header("X-Vault-Namespace", "it")
      .with_json(Json::object({{"role_id", "role-1"}, {"secret_id", "shh-1"}}))
      .answer_json(200, login("hvs.a", 600));
  vault.on(Method::get, data_url)
      .with_authorization("Bearer hvs.a")
      .answer_json(200, data(Json::object({{"value", "first"}})));
  EXPECT_EQ(text(source->find("apiKey")), "first");
  clock.advance(std::chrono::seconds(60));
  vault.on(Method::get, data_url)
      .with_authorization("Bearer hvs.a")
      .answer_json(403, errors("permission denied"));
  vault.on(Method::post, login_url).answer_json(200, login("hvs.b", 600));
  vault.on(Method::get, data_url)
      .with_authorization("Bearer hvs.b")
      .answer_json(200, data(Json::object({{"value", "again"}})));
  EXPECT_EQ(text(source->find("apiKey")), "again") << "the first token was revoked";
  clock.advance(std::chrono::seconds(540));
  vault.on(Method::post, login_url).answer_json(200, login("hvs.c", 600));
  vault.on(Method::get, data_url)
      .with_authorization("Bearer hvs.c")
      .answer_json(200, data(Json::object({{"value", "later"}})));
  EXPECT_EQ(text(source->find("apiKey")), "later") << "before the lease is over";
}

TEST_F(HashicorpTest, tells_absent_from_refused_sealed_and_another_engine) {
  auto source = by_token();
  vault.on(Method::get, data_url).answer_json(404, Json::object({{"errors", Json::array()}}));
  EXPECT_EQ(text(source->find("apiKey")), "none");
  struct Case {
    int status;
    Json body;
    ErrorKind kind;
  };
  for (auto const& c :
       {Case{503, errors("Vault is sealed"), ErrorKind::unavailable},
        Case{200, Json::object({{"data", Json::object({{"value", "v1"}})}}), ErrorKind::corrupt},
        Case{200, Json("page"), ErrorKind::corrupt}}) {
    vault.on(Method::get, data_url).answer_json(c.status, c.body);
    auto const found = source->find("apiKey");
    ASSERT_FALSE(found.ok());
    EXPECT_EQ(found.error().kind, c.kind);
    EXPECT_EQ(describe(found.error()).find("hvs."), std::string::npos);
  }
  for (int i = 0; i < 2; ++i)
    vault.on(Method::get, data_url).answer_json(403, errors("permission denied"));
  auto const denied = source->find("apiKey");
  EXPECT_EQ(denied.error().kind, ErrorKind::denied);
  EXPECT_NE(denied.error().remedy.find("secret/data/fairlead/*"), std::string::npos);
}

TEST_F(HashicorpTest, lists_names_if_it_may) {
  auto source = by_token();
  std::string const url = "https://vault.test/v1/secret/metadata/fairlead?list=true";
  vault.on(Method::get, url)
      .answer_json(
          200,
          Json::object({{"data", Json::object({{"keys", Json::array({"apiKey", "folder/"})}})}}));
  auto all = source->list();
  ASSERT_TRUE(all.ok());
  ASSERT_EQ(all->size(), 1u);
  EXPECT_EQ(all->front().name, "apiKey");
}

TEST_F(HashicorpTest, options_that_do_not_fit_are_named) {
  EXPECT_EQ(check({.address = "vault"}).error().where, "vault-address");
  EXPECT_EQ(check({.address = "https://v"}).error().where, "vault-token-file");
  EXPECT_EQ(check({.address = "https://v", .token_file = "t", .role_id_file = "r"}).error().where,
            "vault-token-file");
  EXPECT_EQ(check({.address = "https://v", .path = "../x", .token_file = "t"}).error().where,
            "vault-path");
  EXPECT_TRUE(check({.address = "https://v", .token_file = "t"}).ok());
}

}  // namespace
}  // namespace fairlead::access
