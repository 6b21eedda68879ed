#include "gitlab/job_logs.h"

#include <gtest/gtest.h>

namespace fairlead::gitlab {
namespace {

TEST(LogTail, shows_the_end_as_a_terminal_would) {
  struct Case {
    char const* what;
    std::string_view log, tail;
  };
  for (Case const& c : std::initializer_list<Case>{
           {"the last lines in order", "a\nb\nc\nd\n", "b\nc\nd"},
           {"empty lines do not count", "a\n\n \nb\n\n", "a\nb"},
           {"no final newline", "a\nb", "a\nb"},
           {"colours", "\x1b[0;31mERROR\x1b[0;m: \x1b[1mx\x1b[0K", "ERROR: x"},
           {"a cut escape sequence", "x\x1b[3", "x"},
           {"progress bars", "10%\r50%\r100%\n", "100%"},
           {"windows line ends", "a\r\nb\r\n", "a\nb"},
           {"section markers",
            "section_start:1700000000:build\r\x1b[0KGo\nsection_end:1700000001:build\r\x1b[0K\n",
            "Go"},
           {"section markers with options", "section_start:1:x[collapsed=true]\r\x1b[0KHeader",
            "Header"},
           {"a marker in a sentence stays", "the section_start:x word", "the section_start:x word"},
           {"time stamps",
            "2026-11-22T12:43:46.962646Z 00O one\n2026-11-22T12:43:47.000001Z 01E+two\n",
            "one\ntwo"},
           {"other times stay", "2026-11-22 12:43 started", "2026-11-22 12:43 started"},
           {"secrets", "git push https://ci:tok3n@h/x\nPRIVATE-TOKEN: abc",
            "git push https://[masked]@h/x\nPRIVATE-TOKEN: [masked]"},
           {"bytes that are no UTF-8", "a\xff", "a\xef\xbf\xbd"},
           {"nothing", "", ""},
       }) {
    EXPECT_EQ(log_tail(c.log, 3), c.tail) << c.what;
  }
}

TEST(LogTail, long_lines_are_cut) {
  EXPECT_LE(log_tail(std::string(100'000, 'x'), 1).size(), log_line_bytes_max + 3);
}

TEST(LogTail, the_number_of_lines_is_bounded) {
  std::string log;
  for (int i = 0; i < 3'000; ++i)
    log += "x\n";
  EXPECT_EQ(log_tail(log, 5'000).size(), static_cast<std::size_t>(2 * log_lines_max - 1));
}

}  // namespace
}  // namespace fairlead::gitlab
