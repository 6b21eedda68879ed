#include "base/clock.h"

#include <gtest/gtest.h>

namespace fairlead {
namespace {

TEST(Clock, reads_the_spellings_of_a_time) {
  struct Case {
    char const* text;
    char const* utc;
  };
  for (auto const& [text, utc] : {
           Case{"2026-11-22T17:03:04Z", "2026-11-22T17:03:04.000Z"},
           Case{"2026-11-22T17:03:04.25Z", "2026-11-22T17:03:04.250Z"},
           Case{"2026-11-22T17:03:04.123999999Z", "2026-11-22T17:03:04.123Z"},
           Case{"2026-11-22t17:03:04z", "2026-11-22T17:03:04.000Z"},
           Case{"2026-11-22T17:03:04+02:00", "2026-11-22T15:03:04.000Z"},
           Case{"2026-01-01T00:30:00.5+05:30", "2025-12-31T19:00:00.500Z"},
           Case{"2026-11-22T17:03:04-0130", "2026-11-22T18:33:04.000Z"},
           Case{"2013-12-03 17:15:43 UTC", "2013-12-03T17:15:43.000Z"},
           Case{"2024-02-29T00:00:00Z", "2024-02-29T00:00:00.000Z"},
           Case{"2016-12-31T23:59:60Z", "2017-01-01T00:00:00.000Z"},
           Case{"1969-12-31T23:59:59.999Z", "1969-12-31T23:59:59.999Z"},
           Case{"0001-01-01T00:00:00Z", "0001-01-01T00:00:00.000Z"},
       }) {
    auto const time = parse_time(text);
    ASSERT_TRUE(time.has_value()) << text;
    EXPECT_EQ(format_time(*time), utc) << text;
    EXPECT_EQ(parse_time(utc), time);
  }
}

TEST(Clock, refuses_what_is_no_time) {
  for (char const* text :
       {"", "2026-11-22", "2026-11-22T17:03:04", "2026-11-22T17:03Z", "2026-13-22T17:03:04Z",
        "2026-02-29T00:00:00Z", "2026-11-22T24:00:00Z", "2026-11-22T17:60:04Z",
        "2026-11-22T17:03:61Z", "2026-11-22T17:03:04.Z", "2026-11-22T17:03:04Zx",
        "2026-11-22T17:03:04+24:00", "2026-11-22T17:03:04+02", "2026/11/22T17:03:04Z",
        "26-11-22T17:03:04Z", "2026-1a-22T17:03:04Z", "2026-11-22 17:03:04 CET", " 2026-11-22"}) {
    EXPECT_FALSE(parse_time(text).has_value()) << text;
  }
}

TEST(Clock, formats_dates) {
  EXPECT_EQ(format_date(*parse_time("2026-03-04T23:59:59.999Z")), "2026-03-04");
  EXPECT_EQ(to_epoch_ms(*parse_time("1970-01-02T00:00:00Z")), 86'400'000);
  EXPECT_EQ(from_epoch_ms(-1), *parse_time("1969-12-31T23:59:59.999Z"));
}

TEST(Clock, formats_durations_for_people) {
  struct Case {
    std::int64_t ms;
    char const* text;
  };
  for (auto const& [ms, text] :
       {Case{0, "0 ms"}, Case{150, "150 ms"}, Case{999, "999 ms"}, Case{1'000, "1 s"},
        Case{4'250, "4.2 s"}, Case{59'999, "59.9 s"}, Case{60'000, "1 min"},
        Case{61'500, "1 min 1 s"}, Case{7'380'000, "2 h 3 min"}, Case{3'600'000, "1 h"},
        Case{90'000'000, "1 d 1 h"}, Case{864'000'000, "10 d"}, Case{-150, "-150 ms"}}) {
    EXPECT_EQ(format_duration(Milliseconds(ms)), text);
  }
}

TEST(Clock, system_clock_moves_forward) {
  SystemClock const clock;
  auto const before = clock.steady();
  EXPECT_GE(clock.steady(), before);
  EXPECT_GT(clock.now(), *parse_time("2024-01-01T00:00:00Z"));
}

}  // namespace
}  // namespace fairlead
