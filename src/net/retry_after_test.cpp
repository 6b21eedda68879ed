#include "net/retry_after.h"

#include <gtest/gtest.h>

#include "net/http_date.h"

namespace fairlead::net {
namespace {

constexpr char const* date = "Sun, 06 Nov 1994 08:49:37 GMT";
constexpr char const* half_a_minute_later = "Sun, 06 Nov 1994 08:50:07 GMT";

std::optional<Milliseconds> asked(Headers headers, std::optional<Time> now = std::nullopt) {
  return retry_after({.status = 503, .headers = std::move(headers), .body = {}}, now);
}

TEST(RetryAfter, is_seconds_or_a_date_by_the_answers_own_clock) {
  EXPECT_EQ(asked({{"Retry-After", "7"}}), Milliseconds(7'000));
  EXPECT_EQ(asked({{"retry-after", " 0 "}}), Milliseconds(0));
  EXPECT_EQ(asked({{"Retry-After", half_a_minute_later}, {"Date", date}}), Milliseconds(30'000));
  EXPECT_EQ(asked({{"Retry-After", half_a_minute_later}}, parse_http_date(date)),
            Milliseconds(30'000))
      << "our own clock where theirs is not told";
}

TEST(RetryAfter, is_bounded) {
  EXPECT_EQ(asked({{"Retry-After", "3601"}}), retry_after_max);
  EXPECT_EQ(asked({{"Retry-After", "99999999999999999999999"}}), retry_after_max);
  EXPECT_EQ(asked({{"Retry-After", date}, {"Date", half_a_minute_later}}), Milliseconds(0));
  EXPECT_EQ(asked({{"Retry-After", "Sun, 06 Nov 2094 08:49:37 GMT"}, {"Date", date}}),
            retry_after_max);
}

TEST(RetryAfter, that_is_missing_or_odd_says_nothing) {
  EXPECT_FALSE(asked({}));
  for (auto const* odd : {"", "-1", "1.5", "7s", "soon", "+3"})
    EXPECT_FALSE(asked({{"Retry-After", odd}})) << odd;
  EXPECT_FALSE(asked({{"Retry-After", half_a_minute_later}})) << "against no clock";
}

TEST(HttpDate, is_read_in_its_one_form) {
  EXPECT_EQ(parse_http_date(date), parse_time("1994-11-06T08:49:37Z"));
  for (auto const* text : {"", "Sunday, 06-Nov-94 08:49:37 GMT", "Sun, 31 Feb 2026 08:49:37 GMT",
                           "Sun, 06 Nov 1994 25:49:37 GMT", "Sun, 06 Nov 1994 08:49:37 CET",
                           "Sun, -6 Nov 1994 08:49:37 GMT"}) {
    EXPECT_FALSE(parse_http_date(text)) << text;
  }
}

}  // namespace
}  // namespace fairlead::net
