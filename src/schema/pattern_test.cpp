#include "schema/pattern.h"

#include <gtest/gtest.h>

namespace fairlead::schema {
namespace {

TEST(Pattern, email_needs_one_sign_with_text_around) {
  for (char const* good : {"a@b", "first.last+tag@example.com", "ü@example.com"})
    EXPECT_TRUE(is_email(good)) << good;
  for (char const* bad : {"", "a", "@b", "a@", "a@b@c", "a b@c", "a@b\n"})
    EXPECT_FALSE(is_email(bad)) << bad;
}

TEST(Pattern, path_part_is_one_part_of_a_path) {
  for (char const* good : {"a", "web-app", "_x", "v1.2"})
    EXPECT_TRUE(is_path_part(good)) << good;
  for (char const* bad : {"", "-a", "a/b", "a b", ".", "..", "ä"})
    EXPECT_FALSE(is_path_part(bad)) << bad;
}

TEST(Pattern, sha_and_blank) {
  EXPECT_TRUE(is_sha("0a1B2c3"));
  EXPECT_FALSE(is_sha("0a1b2c"));
  EXPECT_FALSE(is_sha("0a1b2cg"));
  EXPECT_TRUE(is_not_blank(" x "));
  EXPECT_FALSE(is_not_blank(" \t\n"));
}

}  // namespace
}  // namespace fairlead::schema
