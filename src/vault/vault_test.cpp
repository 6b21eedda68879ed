#include "vault/vault.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "testing/seeded_random.h"

namespace fairlead::vault {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;
using testing::SeededRandom;

constexpr SealContext token_of_c1{.table = "connections", .row = "c1", .column = "access_token"};

MasterKey key(char fill, KeySource source = KeySource::key_file) {
  return {.bytes = Secret(std::string(master_key_bytes, fill)),
          .source = source,
          .where = "/data/master.key"};
}

class VaultTest : public ::testing::Test {
 protected:
  SeededRandom random_;
  Vault vault_{{key('a')}, random_};
};

TEST_F(VaultTest, opens_what_it_sealed) {
  for (std::string const& text :
       {std::string(), std::string("x"), std::string("\x00\xff", 2), std::string(100'000, 't')}) {
    std::string const sealed = vault_.seal(token_of_c1, Secret(text));
    EXPECT_EQ(sealed.size(), text.size() + 1 + 4 + 24 + 16);
    auto const opened = vault_.open(token_of_c1, sealed);
    ASSERT_TRUE(opened.ok()) << describe(opened.error());
    EXPECT_EQ(opened->reveal(), text);
  }
}

TEST_F(VaultTest, hides_the_text_and_seals_it_differently_each_time) {
  Secret const secret(std::string("glpat-visible-if-not-encrypted"));
  std::string const first = vault_.seal(token_of_c1, secret);
  EXPECT_EQ(first.find("visible"), std::string::npos);
  EXPECT_NE(first, vault_.seal(token_of_c1, secret));
}

TEST_F(VaultTest, does_not_open_a_value_in_another_place) {
  std::string const sealed = vault_.seal(token_of_c1, Secret("t"));
  for (SealContext const& place : {
           SealContext{.table = "connections", .row = "c2", .column = "access_token"},
           SealContext{.table = "connections", .row = "c1", .column = "refresh_token"},
           SealContext{.table = "sign_ins", .row = "c1", .column = "access_token"},
           SealContext{.table = "connectionsc", .row = "1", .column = "access_token"},
           SealContext{.table = "connections", .row = "c1access", .column = "_token"},
       }) {
    auto const opened = vault_.open(place, sealed);
    ASSERT_FALSE(opened.ok());
    EXPECT_EQ(opened.error().kind, ErrorKind::corrupt);
  }
}

TEST_F(VaultTest, does_not_open_a_value_with_any_byte_changed) {
  std::string const sealed = vault_.seal(token_of_c1, Secret("token"));
  for (std::size_t i = 0; i < sealed.size(); ++i) {
    std::string altered = sealed;
    altered[i] = static_cast<char>(altered[i] ^ 1);
    EXPECT_FALSE(vault_.open(token_of_c1, altered).ok()) << i;
    EXPECT_FALSE(vault_.open(token_of_c1, sealed.substr(0, i)).ok()) << i;
  }
  EXPECT_FALSE(vault_.open(token_of_c1, sealed + "x").ok());
}

// Bytes written by this version must open in every later one.
TEST_F(VaultTest, opens_a_value_sealed_by_the_first_version) {
  std::string const stored =
      *base64_decode("AY32ai3BXAKJ7C0KkWfsjmWhjeu+XlUy++6ik/hvVTLLT7kjVhnM0nRlqYcNf5tyHFULLw==");
  auto const opened = vault_.open(token_of_c1, stored);
  ASSERT_TRUE(opened.ok()) << describe(opened.error()) << "\n"
                           << base64_encode(vault_.seal(token_of_c1, Secret("a token")));
  EXPECT_EQ(opened->reveal(), "a token");
}

TEST_F(VaultTest, opens_with_a_former_key_and_seals_with_the_first) {
  std::string const old = vault_.seal(token_of_c1, Secret("t"));
  Vault rotated({key('b'), key('a')}, random_);
  EXPECT_EQ(rotated.open(token_of_c1, old)->reveal(), "t");
  EXPECT_TRUE(rotated.is_outdated(old));
  std::string const fresh = rotated.seal(token_of_c1, Secret("t"));
  EXPECT_FALSE(rotated.is_outdated(fresh));
  EXPECT_EQ(vault_.open(token_of_c1, fresh).error().kind, ErrorKind::denied);
}

TEST_F(VaultTest, refuses_a_wrong_key_at_start_and_says_where_it_came_from) {
  std::string const check = vault_.check_value();
  EXPECT_TRUE(vault_.verify(check).ok());
  EXPECT_TRUE(Vault({key('a')}, random_).verify(check).ok());
  struct Case {
    KeySource source;
    char const* words;
  };
  for (auto const& [source, words] :
       {Case{KeySource::key_file, "the key file /data/master.key"},
        Case{KeySource::environment, "the environment variable"},
        Case{KeySource::systemd_credential, "the systemd credential"}}) {
    auto const refused = Vault({key('b', source)}, random_).verify(check);
    ASSERT_FALSE(refused.ok());
    EXPECT_EQ(refused.error().kind, ErrorKind::denied);
    EXPECT_EQ(refused.error().title, "Wrong master key");
    std::string const text = describe(refused.error());
    EXPECT_THAT(text, HasSubstr(words));
    EXPECT_THAT(text, HasSubstr("What to do: give back the former key"));
    EXPECT_THAT(text, Not(HasSubstr("bbbb")));
  }
}

TEST_F(VaultTest, tells_a_damaged_check_value_from_a_wrong_key) {
  std::string check = vault_.check_value();
  check.back() = static_cast<char>(check.back() ^ 1);
  EXPECT_EQ(vault_.verify(check).error().kind, ErrorKind::corrupt);
  EXPECT_EQ(vault_.verify("").error().kind, ErrorKind::corrupt);
}

TEST_F(VaultTest, gives_each_purpose_a_key_of_its_own) {
  EXPECT_EQ(vault_.subkey(Purpose::sessions).size(), 32U);
  EXPECT_FALSE(same_secret(vault_.subkey(Purpose::sessions).reveal(),
                           vault_.subkey(Purpose::signing).reveal()));
  EXPECT_FALSE(same_secret(vault_.subkey(Purpose::sessions).reveal(), key('a').bytes.reveal()));
  EXPECT_TRUE(same_secret(vault_.subkey(Purpose::sessions).reveal(),
                          Vault({key('a')}, random_).subkey(Purpose::sessions).reveal()));
}

}  // namespace
}  // namespace fairlead::vault
