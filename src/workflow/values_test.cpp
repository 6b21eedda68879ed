#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "workflow/cron.h"
#include "workflow/duration.h"
#include "workflow/version.h"
#include "workflow/yaml_scalar.h"

namespace fairlead::workflow {
namespace {

TEST(DurationTest, reads_iso_8601) {
  struct Case {
    char const* text;
    std::int64_t ms;  // -1: refused
  };
  for (auto const& [text, ms] : std::initializer_list<Case>{{"PT30S", 30'000},
                                                            {"PT1.5S", 1'500},
                                                            {"PT0.001S", 1},
                                                            {"PT15M", 900'000},
                                                            {"PT2H", 7'200'000},
                                                            {"P1D", 86'400'000},
                                                            {"P2W", 1'209'600'000},
                                                            {"P1DT2H3M4S", 93'784'000},
                                                            {" PT1S ", 1'000},
                                                            {"PT0S", 0},
                                                            {"P1M", -1},
                                                            {"P1Y", -1},
                                                            {"PT", -1},
                                                            {"P", -1},
                                                            {"P1DT", -1},
                                                            {"PT1S2M", -1},
                                                            {"PT1H1H", -1},
                                                            {"P1H", -1},
                                                            {"PT.S", -1},
                                                            {"PT1e3S", -1},
                                                            {"-PT1S", -1},
                                                            {"15m", -1},
                                                            {"", -1},
                                                            {"P99999D", -1},
                                                            {"PT99999999999999999999S", -1}}) {
    auto const result = parse_duration(text);
    EXPECT_EQ(result.ok() ? result->count() : -1, ms) << text;
    if (!result.ok()) {
      EXPECT_FALSE(result.error().message.empty());
    }
  }
}

TEST(DurationTest, reads_and_writes_both_forms) {
  EXPECT_EQ(*duration_from(Json::object({{"hours", 1}, {"milliseconds", 5}})),
            Milliseconds(3'600'005));
  EXPECT_FALSE(duration_from(Json::object({{"hours", 1.5}})).ok());
  EXPECT_FALSE(duration_from(Json::object({{"seconds", -1}})).ok());
  EXPECT_FALSE(duration_from(Json::object()).ok());
  EXPECT_FALSE(duration_from(Json(5)).ok());
  EXPECT_THAT(duration_from(Json::object({{"minute", 1}})).error().message,
              ::testing::HasSubstr("Did you mean 'minutes'?"));
  for (std::int64_t const ms : {0LL, 1LL, 1'500LL, 90'000LL, 86'400'000LL, 93'784'010LL}) {
    EXPECT_EQ(parse_duration(format_iso_duration(Milliseconds(ms)))->count(), ms);
  }
  EXPECT_EQ(format_iso_duration(Milliseconds(93'784'500)), "P1DT2H3M4.5S");
}

TEST(VersionTest, orders_as_semantic_versions_do) {
  // Each is lower than the next: the example of the specification, and more.
  std::vector<std::string> const rising{
      "not a version", "0.9.9",        "1.0.0-alpha",   "1.0.0-alpha.1", "1.0.0-alpha.beta",
      "1.0.0-beta",    "1.0.0-beta.2", "1.0.0-beta.11", "1.0.0-rc.1",    "1.0.0",
      "1.0.1",         "1.2.0",        "1.10.0",        "2.0.0"};
  for (std::size_t i = 0; i < rising.size(); ++i) {
    for (std::size_t k = 0; k < rising.size(); ++k) {
      EXPECT_EQ(compare_versions(rising[i], rising[k]) < 0, i < k) << rising[i] << " " << rising[k];
    }
  }
  EXPECT_TRUE(compare_versions("1.0.0+a", "1.0.0+b") == 0);
  for (auto const* wrong :
       {"1", "1.0", "01.0.0", "1.0.0-", "1.0.0-01", "1.0.0+", "v1.0.0", "1.0.0.0", ""}) {
    EXPECT_FALSE(is_version(wrong)) << wrong;
  }
  EXPECT_EQ(next_patch_version("1.2.3"), "1.2.4");
  EXPECT_EQ(next_patch_version("1.2.3-rc.1"), "1.2.3");
}

TEST(VersionTest, the_content_hash_ignores_line_ends_only) {
  EXPECT_EQ(content_hash("a: 1\r\nb: 2\r\n\n"), content_hash("a: 1\nb: 2"));
  EXPECT_NE(content_hash("a: 1\nb: 2"), content_hash("a: 1\nb: 3"));
  EXPECT_EQ(content_hash(""),
            "sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(CronTest, knows_five_fields) {
  for (auto const* good :
       {"0 0 * * *", "*/15 6-18 * * mon-fri", "5,35 * 1 jan,JUL *", "0 0 1-31/2 * 7"}) {
    EXPECT_TRUE(check_cron(good).ok()) << good;
  }
  for (auto const* bad : {"", "* * * *", "0 0 0 * * *", "60 * * * *", "* 24 * * *", "* * 0 * *",
                          "* * * 13 *", "* * * * 8", "*/0 * * * *", "5-1 * * * *", "a * * * *",
                          "1, * * * *", "@daily", "* * * anf *"}) {
    EXPECT_FALSE(check_cron(bad).ok()) << bad;
  }
}

TEST(YamlScalarTest, follows_the_core_schema) {
  struct Case {
    char const* text;
    Json value;
  };
  for (auto const& [text, value] :
       std::initializer_list<Case>{{"", Json()},
                                   {"~", Json()},
                                   {"null", Json()},
                                   {"true", Json(true)},
                                   {"FALSE", Json(false)},
                                   {"on", Json("on")},
                                   {"yes", Json("yes")},
                                   {"12", Json(12)},
                                   {"-7", Json(-7)},
                                   {"+7", Json(7)},
                                   {"0o17", Json(15)},
                                   {"0x1F", Json(31)},
                                   {"1.5", Json(1.5)},
                                   {".5", Json(0.5)},
                                   {"1e3", Json(1000)},
                                   {"1.", Json(1)},
                                   {"1.0.3", Json("1.0.3")},
                                   {"12:30", Json("12:30")},
                                   {"-", Json("-")},
                                   {"1e", Json("1e")},
                                   {"99999999999999999999", Json(1e20)}}) {
    auto const resolved = resolve_plain_scalar(text);
    ASSERT_TRUE(resolved.has_value()) << text;
    EXPECT_EQ(*resolved, value) << text;
    EXPECT_EQ(resolved->is_string(), value.is_string()) << text;
  }
  EXPECT_FALSE(resolve_plain_scalar(".inf").has_value());
  EXPECT_FALSE(resolve_plain_scalar("-.Inf").has_value());
  EXPECT_FALSE(resolve_plain_scalar(".nan").has_value());
  EXPECT_FALSE(resolve_plain_scalar("1e999").has_value());
}

}  // namespace
}  // namespace fairlead::workflow
