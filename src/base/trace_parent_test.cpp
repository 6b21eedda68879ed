#include "base/trace_parent.h"

#include <gtest/gtest.h>

#include "base/text.h"

namespace fairlead {
namespace {

// The example of the standard.
constexpr std::string_view example = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";

TEST(TraceParent, reads_and_writes_the_header) {
  auto const parent = parse_trace_parent(example);
  ASSERT_TRUE(parent);
  EXPECT_EQ(hex_encode(parent->trace), "4bf92f3577b34da6a3ce929d0e0e4736");
  EXPECT_EQ(hex_encode(parent->span), "00f067aa0ba902b7");
  EXPECT_TRUE(parent->sampled);
  EXPECT_EQ(to_string(*parent), example);
  auto const unsampled = parse_trace_parent(std::string(example.substr(0, 53)) + "00");
  ASSERT_TRUE(unsampled);
  EXPECT_FALSE(unsampled->sampled);
  EXPECT_EQ(to_string(*unsampled), std::string(example.substr(0, 53)) + "00");
}

TEST(TraceParent, a_later_version_may_say_more) {
  std::string const rest(example.substr(2));
  EXPECT_TRUE(parse_trace_parent("01" + rest));
  EXPECT_TRUE(parse_trace_parent("cc" + rest + "-what-the-future-will-be-like"));
  EXPECT_FALSE(parse_trace_parent("cc" + rest + ".what"));
  EXPECT_FALSE(parse_trace_parent("00" + rest + "-more"));
  EXPECT_FALSE(parse_trace_parent("ff" + rest));
}

TEST(TraceParent, what_is_malformed_is_ignored) {
  std::string const good(example);
  for (auto const& bad :
       {std::string(), good.substr(1), good.substr(0, 54), " " + good,
        "00-00000000000000000000000000000000-00f067aa0ba902b7-01" + std::string(),
        "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01" + std::string(),
        "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01" + std::string(),
        "00-4bf92f3577b34da6a3ce929d0e0e473g-00f067aa0ba902b7-01" + std::string(),
        "00_4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" + std::string(),
        "0x-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01" + std::string(),
        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-0x" + std::string()})
    EXPECT_FALSE(parse_trace_parent(bad)) << bad;
}

}  // namespace
}  // namespace fairlead
