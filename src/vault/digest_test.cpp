#include "vault/digest.h"

#include <gtest/gtest.h>

#include "base/text.h"
#include "testing/seeded_random.h"

namespace fairlead::vault {
namespace {

// FIPS 180-2, appendix B.
TEST(Digest, matches_the_published_sha256_examples) {
  EXPECT_EQ(sha256_hex(""), "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
  EXPECT_EQ(sha256_hex("abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(sha256("abc").size(), 32U);
}

// RFC 4231, test cases 1, 2 and 6 (a key longer than a block).
TEST(Digest, matches_the_published_hmac_examples) {
  EXPECT_EQ(hex_encode(hmac_sha256(Secret(std::string(20, '\x0b')), "Hi There")),
            "b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
  EXPECT_EQ(hex_encode(hmac_sha256(Secret("Jefe"), "what do ya want for nothing?")),
            "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
  EXPECT_EQ(hex_encode(hmac_sha256(Secret(std::string(131, '\xaa')),
                                   "Test Using Larger Than Block-Size Key - Hash Key First")),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
  EXPECT_EQ(hmac_sha256(Secret(), "").size(), 32U);
}

TEST(Digest, verifies_a_password_against_its_hash) {
  testing::SeededRandom random;
  auto const hash = hash_password(Secret("correct horse"), random);
  ASSERT_TRUE(hash.ok());
  EXPECT_EQ(hash->substr(0, 31), "$argon2id$v=19$m=65536,t=2,p=1$");
  EXPECT_TRUE(verify_password(*hash, Secret("correct horse")));
  EXPECT_FALSE(verify_password(*hash, Secret("correct horsf")));
  EXPECT_NE(*hash, *hash_password(Secret("correct horse"), random)) << "salted";
  for (char const* malformed : {"", "$argon2id$", "plain", "$argon2id$v=19$m=65536,t=2,p=1$a$b"}) {
    EXPECT_FALSE(verify_password(malformed, Secret("correct horse")));
  }
  EXPECT_FALSE(verify_password(std::string(1'000, 'x'), Secret("x")));
}

}  // namespace
}  // namespace fairlead::vault
