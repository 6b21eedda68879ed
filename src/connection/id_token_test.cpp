#include "connection/id_token.h"

#include <gtest/gtest.h>

#include "connection/id_token_vectors_test.h"

namespace fairlead::connection {
namespace {

using testing_support::id_token_vectors;
using testing_support::IdTokenVector;

Result<Json> check(std::string const& token) {
  auto const keys = Json::parse(testing_support::vector_keys);
  EXPECT_TRUE(keys.ok());
  Secret const secret(token);
  return verify_id_token({.token = secret,
                          .keys = *keys,
                          .issuer = "https://gitlab.test/git",
                          .client_id = "app-1",
                          .nonce = "n-1",
                          .now = Time(std::chrono::seconds(testing_support::vector_seconds))});
}

class IdTokens : public ::testing::TestWithParam<IdTokenVector> {};

TEST_P(IdTokens, are_believed_only_if_everything_is_right) {
  auto const claims = check(GetParam().token);
  std::string const why = GetParam().refused_for;
  if (why.empty()) {
    ASSERT_TRUE(claims.ok()) << describe(claims.error());
    EXPECT_EQ((*claims)["sub"].as_string(), "17");
    EXPECT_EQ((*claims)["preferred_username"].as_string(), "ada");
    return;
  }
  ASSERT_FALSE(claims.ok());
  EXPECT_EQ(claims.error().kind, ErrorKind::denied);
  EXPECT_NE(claims.error().message.find(why), std::string::npos) << claims.error().message;
}

INSTANTIATE_TEST_SUITE_P(Vectors, IdTokens, ::testing::ValuesIn(id_token_vectors),
                         [](auto const& row) { return std::string(row.param.name); });

TEST(IdToken, every_changed_byte_is_noticed) {
  std::string const good = id_token_vectors[0].token;
  for (std::size_t i = 0; i < good.size() - 1; i += 7) {
    std::string bad = good;
    bad[i] = bad[i] == 'A' ? 'B' : 'A';
    EXPECT_FALSE(check(bad).ok()) << i;
  }
}

TEST(IdToken, what_is_no_token_is_said_so) {
  for (std::string const text :
       {"", ".", "..", "a.b", "a.b.c", "e30.e30.e30.e30", "!.!.!", "W10.e30.AAAA"})
    EXPECT_EQ(check(text).error().kind, ErrorKind::corrupt) << text;
}

}  // namespace
}  // namespace fairlead::connection
