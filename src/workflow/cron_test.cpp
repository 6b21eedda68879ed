#include "workflow/cron.h"

#include <gtest/gtest.h>

#include "base/clock.h"

namespace fairlead::workflow {
namespace {

// The next times, blank-separated, without seconds: "2026-03-28T01:30 ...".
std::string times(std::string_view text, char const* zone_name, char const* after, int count) {
  auto const cron = parse_cron(text);
  auto const zone = TimeZone::load(zone_name);
  if (!cron.ok() || !zone.ok()) return "unreadable";
  std::string found;
  auto at = parse_time(after);
  for (int i = 0; i < count && at; ++i) {
    at = next_due(*cron, *zone, *at);
    found += (i == 0 ? "" : " ") + (at ? format_time(*at).substr(0, 16) : std::string("never"));
  }
  return found;
}

TEST(CronTest, finds_the_next_times) {
  struct Case {
    char const* cron;
    char const* after;
    char const* next;
  };
  for (auto const& [cron, after, next] : std::initializer_list<Case>{
           {"* * * * *", "2026-11-22T12:00:00Z", "2026-11-22T12:01 2026-11-22T12:02"},
           {"* * * * *", "2026-11-22T12:00:59.999Z", "2026-11-22T12:01 2026-11-22T12:02"},
           {"*/15 9-10 * * *", "2026-11-22T10:40:00Z", "2026-11-22T10:45 2026-11-23T09:00"},
           {"0 9 * * 1-5", "2026-11-20T09:00:00Z", "2026-11-23T09:00 2026-11-24T09:00"},
           {"0 0 * * 7", "2026-11-22T12:00:00Z", "2026-11-29T00:00 2026-12-06T00:00"},
           {"0 0 * * fri-7", "2026-11-22T12:00:00Z", "2026-11-27T00:00 2026-11-28T00:00"},
           {"30 6 1 jan *", "2026-11-22T12:00:00Z", "2027-01-01T06:30 2028-01-01T06:30"},
           {"5/20 0 * * *", "2026-11-22T00:04:00Z", "2026-11-22T00:05 2026-11-22T00:25"},
           // Days that do not exist are not moved.
           {"0 0 31 * *", "2026-11-01T00:00:00Z", "2026-12-31T00:00 2027-01-31T00:00"},
           {"0 0 31 4,5 *", "2026-11-01T00:00:00Z", "2027-05-31T00:00 2028-05-31T00:00"},
           {"0 0 29 2 *", "2097-01-01T00:00:00Z", "2104-02-29T00:00 2108-02-29T00:00"},
           // Both kinds of day named: either is enough. With a star in one: both.
           {"0 0 13 * fri", "2026-11-01T00:00:00Z", "2026-11-06T00:00 2026-11-13T00:00"},
           {"0 0 */2 * sun", "2026-11-22T12:00:00Z", "2026-11-29T00:00 2026-12-13T00:00"}}) {
    EXPECT_EQ(times(cron, "UTC", after, 2), next) << cron << " after " << after;
  }
}

TEST(CronTest, a_named_hour_happens_once_whatever_the_clocks_do) {
  // Berlin, 29 March 2026: 02:00 to 03:00 does not exist.
  EXPECT_EQ(times("30 2 * * *", "Europe/Berlin", "2026-03-28T00:00:00Z", 3),
            "2026-03-28T01:30 2026-03-29T01:00 2026-03-30T00:30");
  EXPECT_EQ(times("*/15 2 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 2),
            "2026-03-29T01:00 2026-03-30T00:00");
  EXPECT_EQ(times("0,30 2,3 * * *", "Europe/Berlin", "2026-03-29T00:00:00Z", 3),
            "2026-03-29T01:00 2026-03-29T01:30 2026-03-30T00:00");
  // 25 October 2026: 02:00 to 03:00 comes twice.
  EXPECT_EQ(times("30 2 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 2),
            "2026-10-25T00:30 2026-10-26T01:30");
  EXPECT_EQ(times("*/30 2 * * *", "Europe/Berlin", "2026-10-25T00:00:00Z", 2),
            "2026-10-25T00:30 2026-10-26T01:00");
  EXPECT_EQ(times("0 3 * * *", "Europe/Berlin", "2026-10-24T12:00:00Z", 1), "2026-10-25T02:00");
  // A gap at midnight, and one of half an hour.
  EXPECT_EQ(times("15 0 * * *", "Africa/Cairo", "2026-04-23T12:00:00Z", 2),
            "2026-04-23T22:00 2026-04-24T21:15");
  EXPECT_EQ(times("10 2 * * *", "Australia/Lord_Howe", "2026-10-03T00:00:00Z", 1),
            "2026-10-03T15:30");
}

TEST(CronTest, every_hour_goes_by_the_time_that_passes) {
  EXPECT_EQ(times("30 * * * *", "Europe/Berlin", "2026-03-28T23:45:00Z", 3),
            "2026-03-29T00:30 2026-03-29T01:30 2026-03-29T02:30");
  EXPECT_EQ(times("30 * * * *", "Europe/Berlin", "2026-10-24T23:45:00Z", 3),
            "2026-10-25T00:30 2026-10-25T01:30 2026-10-25T02:30");
}

TEST(CronTest, a_day_that_clocks_begin_twice_is_complete) {
  // Havana, 1 November 2026: back from 01:00 to 00:00.
  EXPECT_EQ(times("0 0 * * *", "America/Havana", "2026-10-31T12:00:00Z", 2),
            "2026-11-01T04:00 2026-11-02T05:00");
  EXPECT_EQ(times("59 23 * * *", "America/Havana", "2026-10-31T12:00:00Z", 2),
            "2026-11-01T03:59 2026-11-02T04:59");
}

TEST(CronTest, refuses_what_is_never_due) {
  for (auto const* never : {"0 0 30 2 *", "0 0 31 2,4,6,9,11 *", "0 0 31 jun *"}) {
    auto const checked = check_cron(never);
    ASSERT_FALSE(checked.ok()) << never;
    EXPECT_NE(checked.error().message.find("is never due"), std::string::npos);
  }
  EXPECT_TRUE(check_cron("0 0 30 2 mon").ok());
}

}  // namespace
}  // namespace fairlead::workflow
