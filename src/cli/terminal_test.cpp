#include "cli/terminal.h"

#include <gtest/gtest.h>

#include <sstream>

#include "base/result.h"
#include "base/text.h"

namespace fairlead::cli {
namespace {

struct Screen : ::testing::Test {
  std::ostringstream out;
  std::ostringstream err;
  Terminal terminal{.out = out, .err = err};

  std::string table(Table const& table, int width) {
    out.str("");
    err.str("");
    terminal.width = width;
    print(terminal, table);
    return out.str();
  }
};

struct Remote {
  char const* name;
  std::string text;
  std::string shown;
};
class RemoteTexts : public ::testing::TestWithParam<Remote> {};

TEST_P(RemoteTexts, cannot_steer_the_terminal) {
  EXPECT_EQ(harmless(GetParam().text), GetParam().shown);
}

INSTANTIATE_TEST_SUITE_P(Texts, RemoteTexts,
                         ::testing::Values(Remote{"plain", "caf\xc3\xa9 \xe2\x82\xac",
                                                  "caf\xc3\xa9 \xe2\x82\xac"},
                                           Remote{"colour", "a\x1b[31mb", "a[31mb"},
                                           Remote{"title", "\x1b]0;x\x07y", "]0;xy"},
                                           Remote{"lines", "a\r\nb\tc", "a b c"},
                                           Remote{"csi_in_one",
                                                  "a\xc2\x9b"
                                                  "31mb",
                                                  "a31mb"},
                                           Remote{"delete",
                                                  "a\x7f"
                                                  "b",
                                                  "ab"},
                                           Remote{"right_to_left",
                                                  "a\xe2\x80\xae"
                                                  "b\xe2\x81\xa6"
                                                  "c",
                                                  "abc"},
                                           Remote{"dash",
                                                  "a\xe2\x80\x93"
                                                  "b",
                                                  "a\xe2\x80\x93"
                                                  "b"},
                                           Remote{"cut_off", "a\xc2", "a\xc2"}),
                         [](auto const& row) { return std::string(row.param.name); });

Table runs() {
  return {.heading = {"RUN", "STATUS", "WORKFLOW", "STARTED", "CAUSE"},
          .rows = {{"01a20320-a20a-7e30-8440-07b030966f61", "completed",
                    "operations/incident-to-issue:1.0.0", "2026-11-22 19:51:04",
                    "event com.example.incident.opened INC-42"}},
          .when_empty = "None."};
}

class Widths : public Screen, public ::testing::WithParamInterface<int> {};

TEST_P(Widths, are_kept_and_ids_stay_whole) {
  std::istringstream lines(table(runs(), GetParam()));
  std::string line;
  while (std::getline(lines, line))
    EXPECT_LE(code_points(line), static_cast<std::size_t>(GetParam())) << line;
  EXPECT_NE(out.str().find("01a20320-a20a-7e30-8440-07b030966f61"), std::string::npos);
}

INSTANTIATE_TEST_SUITE_P(Columns, Widths, ::testing::Values(60, 72, 80, 100, 132, 200));

TEST_F(Screen, columns_without_room_are_named) {
  table(runs(), 80);
  EXPECT_EQ(out.str().find("CAUSE"), std::string::npos);
  EXPECT_NE(err.str().find("No room for: CAUSE."), std::string::npos) << err.str();
  table(runs(), 200);
  EXPECT_NE(out.str().find("INC-42"), std::string::npos);
  EXPECT_EQ(err.str(), "");
}

TEST_F(Screen, a_very_narrow_terminal_still_shows_something) {
  EXPECT_NE(table(runs(), 1).find("01a20320"), std::string::npos);
}

TEST_F(Screen, wrapped_cells_lose_nothing) {
  Table help{.heading = {"FLAG", "TAKES", "WHAT IT IS"},
             .rows = {{"--status", "created|waiting_for_resource|preparing|pending|running",
                       "Only pipelines with this status, or all if it is left out."}},
             .when_empty = "",
             .overflow = Table::Overflow::wrap};
  EXPECT_EQ(table(help, 50),
            "FLAG      TAKES                WHAT IT IS\n"
            "--status  created|             Only pipelines with\n"
            "          waiting_for_resourc  this status, or all\n"
            "          e|preparing|         if it is left out.\n"
            "          pending|running\n");
}

TEST_F(Screen, remote_cells_are_harmless_and_one_line_each) {
  EXPECT_EQ(table({.heading = {"A", "B"}, .rows = {{"x\x1b[2J", "y\nz"}}, .when_empty = ""}, 80),
            "A     B\nx[2J  y z\n");
}

TEST_F(Screen, an_empty_table_says_so) {
  EXPECT_EQ(table({.heading = {"A"}, .rows = {}, .when_empty = "None."}, 80), "None.\n");
}

TEST_F(Screen, colours_only_where_they_are_wanted) {
  EXPECT_EQ(toned(terminal, Tone::bad, "x"), "x");
  terminal.colours = Terminal::Colours::on;
  EXPECT_EQ(toned(terminal, Tone::bad, "x"), "\x1b[31mx\x1b[0m");
}

TEST_F(Screen, an_error_has_its_parts_and_goes_to_err) {
  Error error = make_error(ErrorKind::denied, "GitLab said\x1b[2J no.");
  error.title = "Failed to exchange token";
  error.cause = "The code expired.";
  error.remedy = "Connect again.";
  error.request_id = "01REQ";
  print_error(terminal, error);
  EXPECT_EQ(out.str(), "");
  EXPECT_EQ(err.str(),
            "Failed to exchange token: GitLab said[2J no.\n"
            "  Why:        The code expired.\n"
            "  What to do: Connect again.\n"
            "  Request id: 01REQ\n");
}

TEST_F(Screen, an_error_is_one_json_object_for_programs) {
  terminal.output = Output::json;
  Error const error = invalid_input("title", "is missing");
  print_error(terminal, error);
  auto json = Json::parse(err.str());
  ASSERT_TRUE(json.ok()) << err.str();
  EXPECT_EQ((*json)["error"], to_json(error));
}

// docs/cli.md has this table: scripts rely on it.
TEST(ExitCodes, are_as_documented) {
  std::pair<ErrorKind, int> const codes[] = {
      {ErrorKind::invalid_input, 2}, {ErrorKind::not_found, 3},    {ErrorKind::denied, 4},
      {ErrorKind::conflict, 5},      {ErrorKind::rate_limited, 6}, {ErrorKind::unavailable, 6},
      {ErrorKind::timed_out, 7},     {ErrorKind::uncertain, 8},    {ErrorKind::cancelled, 130},
      {ErrorKind::corrupt, 1},       {ErrorKind::internal, 1}};
  for (auto const& [kind, code] : codes)
    EXPECT_EQ(exit_code(kind), code) << to_string(kind);
}

}  // namespace
}  // namespace fairlead::cli
