#include "schema/date.h"

#include <gtest/gtest.h>

#include "testing/virtual_clock.h"

namespace fairlead::schema {
namespace {

template <class T>
std::string read(std::string_view text) {
  T out{};
  Reader reader(Unknown::refused);
  Codec<T>::decode(Json(text), out, reader);
  auto const result = reader.finish();
  return result.ok() ? Codec<T>::encode(out).as_string() : result.error().message;
}

TEST(Date, must_be_a_day_of_the_calendar) {
  EXPECT_EQ(read<Date>("2026-11-22"), "2026-11-22");
  EXPECT_EQ(read<Date>("2028-02-29"), "2028-02-29");
  for (char const* text :
       {"2026-02-29", "2026-13-01", "2026-00-10", "2026-1-1", "26-11-22", "2026-11-31",
        "2026/11/22", "tomorrow", "", "+026-11-22", "2026-11-22T00:00:00Z"}) {
    EXPECT_EQ(read<Date>(text),
              "the input must be a date (YYYY-MM-DD), not \"" + std::string(text) + "\"");
  }
}

TEST(DateTime, takes_offsets_and_bare_dates) {
  EXPECT_EQ(read<DateTime>("2026-11-22T17:03:04Z"), "2026-11-22T17:03:04.000Z");
  EXPECT_EQ(read<DateTime>("2026-11-22T17:03:04+02:00"), "2026-11-22T15:03:04.000Z");
  EXPECT_EQ(read<DateTime>("2026-11-22"), "2026-11-22T00:00:00.000Z");
  EXPECT_NE(read<DateTime>("2026-11-31").find("must be a time"), std::string::npos);
}

TEST(FutureDate, counts_from_the_day_it_is_asked_for) {
  testing::VirtualClock const clock;  // 2026-11-22
  struct Case {
    std::string_view text, day, without_clock;
  };
  for (Case const& c :
       std::initializer_list<Case>{{"in 90 days", "2027-02-20", "<date in 90 days>"},
                                   {"In  1  day", "2026-11-23", "<date in 1 days>"},
                                   {"in 2 weeks", "2026-12-06", "<date in 14 days>"},
                                   {"2027-01-31", "2027-01-31", "2027-01-31"}}) {
    FutureDate date;
    Reader reader(Unknown::refused);
    Codec<FutureDate>::decode(Json(c.text), date, reader);
    ASSERT_FALSE(reader.failed()) << c.text;
    EXPECT_EQ(date.text(&clock), c.day);
    EXPECT_EQ(date.text(nullptr), c.without_clock);
  }
  for (char const* text :
       {"in ninety days", "90 days", "in 99999999 days", "in -1 days", "in 3 months"}) {
    EXPECT_NE(read<FutureDate>(text).find("must be a date"), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace fairlead::schema
