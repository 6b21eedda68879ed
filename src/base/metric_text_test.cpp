#include "base/metric_text.h"

#include <gtest/gtest.h>

namespace fairlead {
namespace {

TEST(MetricText, writes_heads_lines_and_escapes_labels) {
  MetricText text;
  text.head("a_total", MetricText::Type::counter, "What it is.");
  text.line("a_total", {{"x", "a\"b\\c\nd"}, {"y", ""}}, std::int64_t{3});
  text.line("b_seconds", {}, 1'763'000'000.5);
  EXPECT_EQ(text.text(),
            "# HELP a_total What it is.\n# TYPE a_total counter\n"
            "a_total{x=\"a\\\"b\\\\c\\nd\",y=\"\"} 3\nb_seconds 1763000000.5\n");
}

TEST(TimedCounts, are_cumulative_and_a_bound_belongs_to_its_bucket) {
  TimedCounts counts;
  for (int const took : {5, 6, 60'000, 60'001})
    counts.add(Milliseconds(took));
  auto const seen = counts.seen();
  EXPECT_EQ(seen.within.front(), 1);
  EXPECT_EQ(seen.within[1], 2);
  EXPECT_EQ(seen.within.back(), 3);
  EXPECT_EQ(seen.count, 4);
  MetricText text;
  text.histogram("h_seconds", {{"k", "v"}}, seen);
  for (auto const* line :
       {"h_seconds_bucket{k=\"v\",le=\"0.005\"} 1\n", "h_seconds_bucket{k=\"v\",le=\"+Inf\"} 4\n",
        "h_seconds_sum{k=\"v\"} 120.012\n", "h_seconds_count{k=\"v\"} 4\n"})
    EXPECT_NE(text.text().find(line), std::string::npos) << line << text.text();
}

}  // namespace
}  // namespace fairlead
