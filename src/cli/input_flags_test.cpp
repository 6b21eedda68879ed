#include "cli/input_flags.h"

#include <gtest/gtest.h>

namespace fairlead::cli {
namespace {

Json json(std::string_view text) { return Json::parse(text).value(); }

Json schema() {
  return json(R"({"type":"object","required":["title"],"properties":{
    "title":{"type":"string"},"iid":{"type":"integer"},"confidential":{"type":"boolean"},
    "labels":{"type":"array","items":{"type":"string"}},
    "due_date":{"type":["string","null"],"format":"date","x-fairlead":{"clearable":true}},
    "variables":{"type":"object"},
    "project":{"anyOf":[{"type":"integer"},{"type":"string"}]}}})");
}

struct Line {
  char const* name;
  std::vector<std::string> arguments;
  char const* input;
};
class CommandLines : public ::testing::TestWithParam<Line> {};

TEST_P(CommandLines, become_an_input) {
  auto input = with_flags(json(R"({"title":"t"})"), schema(), GetParam().arguments);
  ASSERT_TRUE(input.ok()) << describe(input.error());
  EXPECT_EQ(*input, json(GetParam().input)) << input->dump();
}

INSTANTIATE_TEST_SUITE_P(
    Flags, CommandLines,
    ::testing::Values(
        Line{"none", {}, R"({"title":"t"})"},
        Line{"text_wins", {"--title", "Disk full"}, R"({"title":"Disk full"})"},
        Line{"equals", {"--title=a=b"}, R"({"title":"a=b"})"},
        Line{"empty", {"--title="}, R"({"title":""})"},
        Line{"number", {"--iid", "42"}, R"({"title":"t","iid":42})"},
        Line{"switch_last", {"--confidential"}, R"({"title":"t","confidential":true})"},
        Line{"switch_before",
             {"--confidential", "--iid", "1"},
             R"({"title":"t","confidential":true,"iid":1})"},
        Line{"switch_off", {"--confidential", "false"}, R"({"title":"t","confidential":false})"},
        Line{"switch_equals", {"--confidential=false"}, R"({"title":"t","confidential":false})"},
        Line{"list", {"--labels", "a, b"}, R"({"title":"t","labels":["a","b"]})"},
        Line{"list_again",
             {"--labels", "a", "--labels", "b,c"},
             R"({"title":"t","labels":["a","b","c"]})"},
        Line{"dashes", {"--due-date", "2026-12-01"}, R"({"title":"t","due_date":"2026-12-01"})"},
        Line{"clear", {"--due_date", "null"}, R"({"title":"t","due_date":null})"},
        Line{"object", {"--variables", R"({"A":"1"})"}, R"({"title":"t","variables":{"A":"1"}})"},
        Line{"id", {"--project", "7"}, R"({"title":"t","project":7})"},
        Line{"path", {"--project", "ops/x"}, R"({"title":"t","project":"ops/x"})"},
        Line{"looks_like_a_flag", {"--title", "--force"}, R"({"title":"--force"})"}),
    [](auto const& row) { return std::string(row.param.name); });

struct Wrong {
  char const* name;
  std::vector<std::string> arguments;
  char const* where;
  char const* says;
};
class WrongLines : public ::testing::TestWithParam<Wrong> {};

TEST_P(WrongLines, name_the_field) {
  auto input = with_flags(Json::object(), schema(), GetParam().arguments);
  ASSERT_FALSE(input.ok()) << input->dump();
  EXPECT_EQ(input.error().kind, ErrorKind::invalid_input);
  EXPECT_EQ(input.error().where, GetParam().where);
  EXPECT_NE(input.error().message.find(GetParam().says), std::string::npos)
      << input.error().message;
}

INSTANTIATE_TEST_SUITE_P(
    Flags, WrongLines,
    ::testing::Values(Wrong{"unknown", {"--titel", "x"}, "titel", "title"},
                      Wrong{"no_value", {"--title"}, "title", "needs a value"},
                      Wrong{"no_flag", {"title", "x"}, "", "is not a flag"},
                      Wrong{"dashes_only", {"--"}, "", "is not a flag"},
                      Wrong{"number", {"--iid", "many"}, "iid", "whole number"},
                      Wrong{"switch", {"--confidential=maybe"}, "confidential", "true or false"},
                      Wrong{"twice", {"--title", "a", "--title", "b"}, "title", "twice"}),
    [](auto const& row) { return std::string(row.param.name); });

TEST(FlagSpelling, is_as_people_type_it) { EXPECT_EQ(flag_spelling("due_date"), "--due-date"); }

}  // namespace
}  // namespace fairlead::cli
