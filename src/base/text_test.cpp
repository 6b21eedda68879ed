#include "base/text.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/random.h"
#include "testing/seeded_random.h"

namespace fairlead {
namespace {

using ::testing::ElementsAre;

TEST(Text, counts_code_points) {
  EXPECT_EQ(code_points(""), 0U);
  EXPECT_EQ(code_points("Zo\xc3\xab"), 3U);
  EXPECT_EQ(code_points("\xf0\x9f\x9a\x80!"), 2U);
  EXPECT_EQ(code_points("a\xff\xc3"), 3U) << "each invalid byte counts as one";
}

TEST(Text, knows_well_formed_utf8) {
  for (char const* good : {"", "a", "\x7f", "\xc2\x80", "\xdf\xbf", "\xe0\xa0\x80", "\xed\x9f\xbf",
                           "\xee\x80\x80", "\xf0\x90\x80\x80", "\xf4\x8f\xbf\xbf"}) {
    EXPECT_TRUE(valid_utf8(good)) << good;
  }
  for (char const* bad :
       {"\x80", "\xc0\xaf", "\xc1\xbf", "\xc2", "\xe0\x9f\xbf", "\xed\xa0\x80", "\xf0\x8f\xbf\xbf",
        "\xf4\x90\x80\x80", "\xf5\x80\x80\x80", "\xff", "a\xe2\x82", "\xe2\x28\xa1"}) {
    EXPECT_FALSE(valid_utf8(bad));
    EXPECT_TRUE(valid_utf8(replace_invalid_utf8(bad)));
  }
  EXPECT_EQ(replace_invalid_utf8("a\xff z"), "a\xef\xbf\xbd z");
}

TEST(Text, shortens_between_code_points) {
  EXPECT_EQ(shorten("abc", 3), "abc");
  EXPECT_EQ(shorten("abcd", 3), "abc...");
  EXPECT_EQ(shorten("\xc3\xab\xc3\xab\xc3\xab", 2), "\xc3\xab\xc3\xab...");
  EXPECT_EQ(shorten("", 0), "");
}

TEST(Text, splits_joins_trims_and_folds) {
  EXPECT_THAT(split("a,,b,", ','), ElementsAre("a", "", "b", ""));
  EXPECT_THAT(split("", ','), ElementsAre(""));
  std::vector<std::string> const parts{"a", "", "b"};
  EXPECT_EQ(join(parts, ", "), "a, , b");
  EXPECT_EQ(trim(" \t a b \r\n"), "a b");
  EXPECT_EQ(trim(" \n"), "");
  EXPECT_EQ(to_lower_ascii("AbC\xc3\x84"), "abc\xc3\x84");
  EXPECT_TRUE(equals_ignoring_case("Content-Type", "content-tYPE"));
  EXPECT_FALSE(equals_ignoring_case("a", "ab"));
}

// RFC 4648, section 10.
TEST(Text, encodes_base64) {
  struct Case {
    char const* bytes;
    char const* text;
  };
  for (auto const& [bytes, text] :
       {Case{"", ""}, Case{"f", "Zg=="}, Case{"fo", "Zm8="}, Case{"foo", "Zm9v"},
        Case{"foob", "Zm9vYg=="}, Case{"fooba", "Zm9vYmE="}, Case{"foobar", "Zm9vYmFy"}}) {
    EXPECT_EQ(base64_encode(bytes), text);
    EXPECT_EQ(base64_decode(text), bytes);
  }
  EXPECT_EQ(base64_encode("\xfb\xff"), "+/8=");
  EXPECT_EQ(base64url_encode("\xfb\xff"), "-_8");
  EXPECT_EQ(base64_decode("-_8"), "\xfb\xff");
  EXPECT_EQ(hex_encode(std::string("\x00\x0f\xff", 3)), "000fff");
}

TEST(Text, refuses_malformed_base64) {
  for (char const* text :
       {"Z", "Zg=", "Zg===", "=", "Zm9v=", "Zm 9v", "Zm9v\n", "Zg==Zg==", "Z*=="}) {
    EXPECT_FALSE(base64_decode(text).has_value()) << text;
  }
}

TEST(Text, finds_the_nearest_name) {
  std::vector<std::string> const names{"title",        "description", "assignee_ids", "labels",
                                       "milestone_id", "due_date",    "confidential", "iid"};
  struct Case {
    char const* wrong;
    char const* right;
  };
  for (auto const& [wrong, right] :
       {Case{"titel", "title"}, Case{"Title", "title"}, Case{"assigneeIds", "assignee_ids"},
        Case{"assignees-ids", "assignee_ids"}, Case{"label", "labels"}, Case{"duedate", "due_date"},
        Case{"milestone", "milestone_id"}, Case{"descripton", "description"}, Case{"id", "iid"}}) {
    EXPECT_EQ(nearest_name(wrong, names), right) << wrong;
  }
  for (char const* far : {"", "x", "weight", "zzzzzz", "_"}) {
    EXPECT_FALSE(nearest_name(far, names).has_value()) << far;
  }
  EXPECT_FALSE(nearest_name("title", {}).has_value());
}

TEST(Text, groups_thousands) {
  EXPECT_EQ(with_thousands(0), "0");
  EXPECT_EQ(with_thousands(999), "999");
  EXPECT_EQ(with_thousands(1'000), "1,000");
  EXPECT_EQ(with_thousands(-1'234'567), "-1,234,567");
}

TEST(Random, draws_evenly_below_a_bound) {
  testing::SeededRandom random(7);
  std::array<int, 3> counts{};
  for (int i = 0; i < 30'000; ++i)
    ++counts.at(random_below(random, 3));
  for (int const count : counts)
    EXPECT_NEAR(count, 10'000, 400);
  EXPECT_EQ(random_below(random, 1), 0U);
}

TEST(Random, gives_tokens_of_the_asked_length) {
  SystemRandom random;
  EXPECT_EQ(random_hex(random, 8).size(), 16U);
  EXPECT_EQ(random_token(random, 32).size(), 43U);
  EXPECT_NE(random_token(random, 32), random_token(random, 32));
}

TEST(Random, makes_uuids_that_sort_by_time) {
  testing::SeededRandom random;
  auto const at = [](char const* text) { return *parse_time(text); };
  std::string const first = uuid7(random, at("2026-11-22T12:00:00.000Z"));
  std::string const later = uuid7(random, at("2026-11-22T12:00:00.001Z"));
  EXPECT_LT(first, later);
  EXPECT_EQ(first.size(), 36U);
  EXPECT_EQ(first.substr(0, 13), "01a20320-a200");
  EXPECT_EQ(first[14], '7');
  EXPECT_THAT("89ab", ::testing::HasSubstr(std::string(1, first[19])));
  for (std::size_t const dash : {8U, 13U, 18U, 23U})
    EXPECT_EQ(first[dash], '-');
}

}  // namespace
}  // namespace fairlead
