#include "connection/failed_calls.h"

#include <gtest/gtest.h>

namespace fairlead::connection {
namespace {

using std::chrono::hours;

TEST(FailedCalls, counts_those_of_the_last_day_only) {
  FailedCalls calls;
  Time const start(hours(500'000));
  EXPECT_EQ(calls.last_day(start), 0);
  for (int i = 0; i < 1'000; ++i)
    calls.note(start);
  calls.note(start + hours(1));
  EXPECT_EQ(calls.last_day(start + hours(23)), 1'001);
  EXPECT_EQ(calls.last_day(start + hours(24)), 1);
  EXPECT_EQ(calls.last_day(start + hours(25)), 0);
}

TEST(FailedCalls, an_hour_of_yesterday_makes_room_for_that_of_today) {
  FailedCalls calls;
  Time const start(hours(500'000));
  calls.note(start);
  calls.note(start);
  calls.note(start + hours(24));
  EXPECT_EQ(calls.last_day(start + hours(24)), 1);
  EXPECT_EQ(calls.last_day(start + hours(48)), 0);
}

}  // namespace
}  // namespace fairlead::connection
