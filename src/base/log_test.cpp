#include "base/log.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "base/clock.h"
#include "base/result.h"
#include "base/text.h"

namespace fairlead {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

template <class Write>
std::string logged(LogOptions options, Write write) {
  ::testing::internal::CaptureStderr();
  {
    auto const log = make_log(options);
    write(*log);
  }
  return ::testing::internal::GetCapturedStderr();
}

TEST(Log, writes_one_json_object_a_line) {
  std::string const text = logged({}, [](Log& log) {
    log.info("token\nrefreshed", {{"connection", "company"}, {"expiresIn", 7'200}, {"level", "x"}});
    log.debug("not at this level");
  });
  ASSERT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  auto const line = Json::parse(text);
  ASSERT_TRUE(line.ok()) << text;
  EXPECT_TRUE(parse_time((*line)["time"].as_string()).has_value());
  EXPECT_EQ((*line)["level"], Json("info"));
  EXPECT_EQ((*line)["message"], Json("token\nrefreshed"));
  EXPECT_EQ((*line)["expiresIn"], Json(7'200));
  EXPECT_EQ((*line)["levelField"], Json("x"));
}

TEST(Log, writes_text_that_cannot_forge_a_line) {
  std::string const text = logged({.format = LogOptions::Format::text}, [](Log& log) {
    log.warning("answer:\n2026 error all is lost\x1b[2J", {{"status", 500}, {"body", "a\nb"}});
  });
  EXPECT_EQ(std::count(text.begin(), text.end(), '\n'), 1);
  EXPECT_THAT(text,
              HasSubstr(" warning answer:\\n2026 error all is lost [2J  status=500  body=a\\nb"));
}

TEST(Log, masks_tokens_in_message_and_fields) {
  for (auto const format : {LogOptions::Format::json, LogOptions::Format::text}) {
    std::string const text = logged({.format = format}, [](Log& log) {
      log.error("sent Bearer abcdefgh1234", {{"token", "glpat-abcdefghijklmnopqrst"}});
    });
    EXPECT_THAT(text, HasSubstr("sent Bearer [masked]"));
    EXPECT_THAT(text, Not(HasSubstr("abcdefgh")));
  }
}

TEST(Log, keeps_lines_whole_when_many_threads_write) {
  std::string const text = logged({}, [](Log& log) {
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&log] {
        for (int i = 0; i < 50; ++i)
          log.info("line", {{"filler", std::string(500, 'x')}});
      });
    }
    for (auto& thread : threads)
      thread.join();
  });
  auto lines = split(text, '\n');
  lines.pop_back();
  EXPECT_EQ(lines.size(), 200U);
  for (auto const& line : lines)
    ASSERT_TRUE(Json::parse(line).ok()) << line;
}

TEST(Log, null_log_swallows_everything) {
  ::testing::internal::CaptureStderr();
  make_null_log()->error("x");
  EXPECT_EQ(::testing::internal::GetCapturedStderr(), "");
}

TEST(Log, masks_well_known_tokens_and_nothing_else) {
  struct Case {
    char const* text;
    char const* masked;
  };
  for (auto const& [text, masked] : {
           Case{"glpat-aBc_123-xyz456.01", "[masked]"},
           Case{"x=gloas-0123456789abcdef&y", "x=[masked]&y"},
           Case{"\"glrt-t1_abcdefgh1234\"", "\"[masked]\""},
           Case{"gldt-abcdefgh glptt-abcdefgh", "[masked] [masked]"},
           Case{"Authorization: Bearer eyJh.bGci-O_i~J+/==", "Authorization: Bearer [masked]"},
           Case{"whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", "[masked]"},
           Case{"the bearer of news", "the bearer of news"},
           Case{"glpat- is a prefix", "glpat- is a prefix"},
           Case{"", ""},
       }) {
    EXPECT_EQ(mask_tokens(text), masked);
  }
}

}  // namespace
}  // namespace fairlead
