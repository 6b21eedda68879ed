#include "builtin/digest_challenge.h"

#include <gtest/gtest.h>

namespace fairlead::builtin {
namespace {

// RFC 7616, 3.9.1.
constexpr std::string_view realm_and_nonce =
    "realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm=";
constexpr std::string_view nonce =
    ", nonce=\"7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v\", "
    "opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\"";
DigestAnswer const mufasa{.username = "Mufasa",
                          .password = "Circle of Life",
                          .method = "GET",
                          .target = "/dir/index.html",
                          .client_nonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ"};

std::string challenge(std::string_view algorithm) {
  return "Digest " + std::string(realm_and_nonce) + std::string(algorithm) + std::string(nonce);
}

TEST(DigestChallenge, is_answered_as_the_standard_s_example) {
  struct Case {
    std::string_view algorithm;
    std::string_view response;
  };
  for (auto const& each :
       {Case{"MD5", "8ca523f5e9506fed4657c9700eebdbec"},
        Case{"SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"}}) {
    auto const found = find_digest_challenge({{"WWW-Authenticate", challenge(each.algorithm)}});
    ASSERT_TRUE(found.has_value());
    auto const answer = answer_digest(*found, mufasa);
    EXPECT_NE(answer.reveal().find("response=\"" + std::string(each.response) + "\""),
              std::string_view::npos)
        << answer.reveal();
    EXPECT_NE(answer.reveal().find("opaque=\"FQhe/"), std::string_view::npos);
  }
}

TEST(DigestChallenge, the_strongest_we_can_answer_is_taken) {
  auto const both = find_digest_challenge({{"WWW-Authenticate", "Basic realm=\"x\""},
                                           {"www-authenticate", challenge("MD5")},
                                           {"www-authenticate", challenge("SHA-256")}});
  ASSERT_TRUE(both.has_value());
  EXPECT_EQ(both->algorithm, "SHA-256");
  auto const one_line = find_digest_challenge(
      {{"WWW-Authenticate", "Basic realm=\"x\", " + challenge("MD5") + ", Bearer realm=\"y\""}});
  ASSERT_TRUE(one_line.has_value());
  EXPECT_EQ(one_line->realm, "http-auth@example.org");
  for (std::string const text :
       {"Basic realm=\"x\"", "Digest", "Digest realm=\"x\"",
        "Digest nonce=\"n\", algorithm=SHA-512", "Digest nonce=\"n\", qop=\"auth-int\""})
    EXPECT_FALSE(find_digest_challenge({{"WWW-Authenticate", text}}).has_value()) << text;
}

}  // namespace
}  // namespace fairlead::builtin
