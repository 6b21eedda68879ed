// Small pure parts: quick actions, markers, spans, levels, dates of HTTP, waits that GitLab asks
// for.
#include <gtest/gtest.h>

#include "gitlab/access_level.h"
#include "gitlab/pace.h"
#include "gitlab/pipeline_watch.h"
#include "gitlab/rate_limit.h"
#include "gitlab/span.h"
#include "gitlab/written_text.h"

namespace fairlead::gitlab {
namespace {

using std::chrono::seconds;

TEST(QuickActions, become_text) {
  struct Row {
    char const* given;
    char const* wanted;
  };
  Row const rows[] = {
      {"/close", "\\/close"},           {"a\n/assign @root\r\nb", "a\n\\/assign @root\r\nb"},
      {"  /label ~x", "  \\/label ~x"}, {"/var/log/syslog", "/var/log/syslog"},
      {"see /close", "see /close"},     {"/ close", "/ close"},
      {"// close", "// close"},         {"", ""},
      {"/close\n", "\\/close\n"}};
  for (Row const& row : rows)
    EXPECT_EQ(neutralise_quick_actions(row.given), row.wanted);
  EXPECT_TRUE(only_quick_actions("/close\n\n/label ~x\n"));
  EXPECT_FALSE(only_quick_actions("done\n/close"));
}

TEST(Markers, are_invisible_and_cannot_be_broken_out_of) {
  EXPECT_EQ(effect_marker({.id = ""}), "");
  EXPECT_EQ(with_marker("text", ""), "text");
  std::string const marker = key_marker("--> <script> a--b");
  std::string const text = with_marker("text", marker);
  EXPECT_EQ(text.find("-->"), text.size() - 3);
  EXPECT_EQ(text.find("<script>"), std::string::npos);
  EXPECT_TRUE(has_marker(text, marker));
  EXPECT_FALSE(has_marker(text, "fairlead:other"));
  EXPECT_FALSE(has_marker(text, ""));
  // One marker that begins another is not the same.
  EXPECT_FALSE(
      has_marker(with_marker("", effect_marker({.id = "r1.t10"})), effect_marker({.id = "r1.t1"})));
}

TEST(Span, is_read_as_people_write_it) {
  struct Row {
    char const* given;
    std::int64_t seconds;  // 0: refused
  };
  Row const rows[] = {{"90", 90},
                      {"90s", 90},
                      {"30 min", 1800},
                      {"2h", 7200},
                      {"1 h 30 min", 5400},
                      {"PT30M", 1800},
                      {"pt1h30m", 5400},
                      {"P1DT2H", 93600},
                      {"P2D", 172800},
                      {"1 day", 86400},
                      {"", 0},
                      {"0", 0},
                      {"-5", 0},
                      {"5 parsecs", 0},
                      {"h", 0},
                      {"1h 5", 0},
                      {"99999999999999999999", 0},
                      {"400 d", 0}};
  for (Row const& row : rows) {
    auto const span = parse_span(row.given);
    EXPECT_EQ(span ? span->length : Milliseconds(0), Milliseconds(seconds(row.seconds)))
        << row.given;
  }
}

TEST(AccessLevel, is_read_by_name_or_number_and_compared_on_the_ladder_only) {
  auto const read = [](Json const& given) {
    auto const level = schema::decode<AccessLevel>(given);
    return level.ok() ? level->value : 0;
  };
  EXPECT_EQ(read("Developer"), 30);
  EXPECT_EQ(read("security manager"), 25);
  EXPECT_EQ(read("40"), 40);
  EXPECT_EQ(read(27), 27);
  EXPECT_EQ(read("king"), 0);
  EXPECT_EQ(read(0), 0);
  EXPECT_EQ(compare({20}, {30}), Comparison::lower);
  EXPECT_EQ(compare({50}, {40}), Comparison::higher);
  EXPECT_EQ(compare({15}, {15}), Comparison::same);
  for (std::int64_t const beside : {15, 25, 27})
    EXPECT_EQ(compare({beside}, {30}), Comparison::unknown) << beside;
}

net::HttpResponse limited(net::Headers headers) {
  return {.status = 429,
          .headers = std::move(headers),
          .body = {},
          .effective_url = {},
          .remote_address = {}};
}

TEST(RateLimit, waits_as_long_as_the_headers_ask_by_the_answers_own_clock) {
  Time const our_clock_is_an_hour_late = *parse_time("2026-11-22T11:00:00Z");
  net::Headers const headers{{"Content-Type", "text/plain"},
                             {"Date", "Sun, 22 Nov 2026 12:00:00 GMT"},
                             {"Retry-After", "5"},
                             {"RateLimit-Reset", "1795348812"}};
  // 1795348812 is 12:00:12 by GitLab's clock: later than Retry-After.
  EXPECT_EQ(wait_after_429(limited(headers), our_clock_is_an_hour_late), seconds(12));
}

TEST(RateLimit, waits_a_minute_for_the_applications_own_limit) {
  net::Headers const headers{{"Content-Type", "application/json"},
                             {"Date", "Sun, 22 Nov 2026 12:00:00 GMT"},
                             {"RateLimit-Reset", "1795348812"}};
  EXPECT_EQ(wait_after_429(limited(headers), Time{}), limit_window);
  EXPECT_FALSE(from_throttle(limited(headers)));
}

TEST(RateLimit, bounds_every_wait) {
  EXPECT_EQ(wait_after_429(limited({{"Retry-After", "999999999999"}}), Time{}),
            net::retry_after_max);
  EXPECT_EQ(wait_after_429(limited({{"Retry-After", "-3"}}), Time{}), limit_window);
  EXPECT_EQ(wait_after_429(limited({{"Retry-After", "soon"}}), Time{}), limit_window);
  EXPECT_EQ(
      wait_after_429(limited({{"RateLimit-Reset", "5"}}), *parse_time("2026-11-22T12:00:00Z")),
      seconds(0));
}

TEST(Pace, rests_a_token_that_is_refused_again_and_again_until_there_is_another) {
  Pace pace;
  for (int i = 0; i < refused_tokens_in_row_max; ++i) {
    EXPECT_FALSE(pace.resting(1, Milliseconds(0)));
    pace.refused(1, Milliseconds(0));
  }
  EXPECT_TRUE(pace.resting(1, Milliseconds(0)));
  EXPECT_FALSE(pace.resting(2, Milliseconds(0)));
  EXPECT_FALSE(pace.resting(1, refused_token_rest));
  pace.accepted();
  EXPECT_FALSE(pace.resting(1, Milliseconds(0)));
}

TEST(PipelineWatch, asks_soon_at_first_and_seldom_later) {
  EXPECT_EQ(check_after(Milliseconds(0)), seconds(2));
  EXPECT_EQ(check_after(seconds(16)), seconds(4));
  EXPECT_EQ(check_after(seconds(60)), seconds(15));
  EXPECT_EQ(check_after(std::chrono::hours(5)), std::chrono::minutes(5));
}

}  // namespace
}  // namespace fairlead::gitlab
