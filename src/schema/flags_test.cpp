#include "schema/flags.h"

#include <gtest/gtest.h>

#include "schema/codec.h"

namespace fairlead::schema {
namespace {

struct Input {
  std::string title;
  std::optional<std::vector<std::string>> labels;
  std::optional<std::vector<std::int64_t>> iids;
  std::optional<std::int64_t> weight;
  std::optional<bool> confidential;
  Change<std::string> due_date;
  std::optional<std::map<std::string, std::string>> variables;
  std::optional<Json> project;
  static constexpr auto fields() {
    return std::tuple{field("title", &Input::title, {.help = "In short."}),
                      field("labels", &Input::labels, {.label = "Labels"}),
                      field("iids", &Input::iids),
                      field("weight", &Input::weight),
                      field("confidential", &Input::confidential),
                      field("due_date", &Input::due_date),
                      field("variables", &Input::variables),
                      field("project", &Input::project)};
  }
};

using Given = std::vector<std::pair<std::string, std::string>>;

std::string input_of(Given const& given) {
  auto const input = input_from_flags(json_schema<Input>(Unknown::refused), given);
  return input.ok() ? input->dump() : input.error().where + " " + input.error().message;
}

TEST(Flags, come_from_the_schema) {
  std::vector<Flag> const list = flags(json_schema<Input>(Unknown::refused));
  ASSERT_EQ(list.size(), 8u);
  EXPECT_EQ(list[0].name, "title");
  EXPECT_EQ(list[0].type, "text");
  EXPECT_EQ(list[0].help, "In short.");
  EXPECT_EQ(list[0].presence, Flag::Presence::required);
  EXPECT_EQ(list[1].type, "list");
  EXPECT_EQ(list[1].help, "Labels");
  EXPECT_EQ(list[1].occurrence, Flag::Occurrence::repeated);
  EXPECT_EQ(list[5].type, "text");
}

TEST(Flags, texts_become_values_of_the_declared_type) {
  EXPECT_EQ(input_of({{"title", "123"}, {"weight", "5"}, {"confidential", ""}}),
            R"({"title":"123","weight":5,"confidential":true})");
  EXPECT_EQ(input_of({{"labels", "a, b"}, {"labels", "c"}}), R"({"labels":["a","b","c"]})");
  EXPECT_EQ(input_of({{"iids", "1,2"}}), R"({"iids":[1,2]})");
  EXPECT_EQ(input_of({{"iids", "[3]"}}), R"({"iids":[3]})");
  EXPECT_EQ(input_of({{"due-date", "null"}}), R"({"due_date":null})");
  EXPECT_EQ(input_of({{"due_date", "2026-11-22"}}), R"({"due_date":"2026-11-22"})");
  EXPECT_EQ(input_of({{"variables", "A=1,B=x=y"}}), R"({"variables":{"A":"1","B":"x=y"}})");
  EXPECT_EQ(input_of({{"variables", R"({"A":"1"})"}}), R"({"variables":{"A":"1"}})");
  EXPECT_EQ(input_of({{"project", "7"}}), R"({"project":7})");
  EXPECT_EQ(input_of({{"project", "ops/incidents"}}), R"({"project":"ops/incidents"})");
}

TEST(Flags, a_wrong_flag_says_what_is_right) {
  EXPECT_EQ(input_of({{"lables", "a"}}),
            "lables is not a field of this action; did you mean --labels?");
  EXPECT_EQ(input_of({{"weight", "heavy"}}), "weight must be a whole number, not \"heavy\"");
  EXPECT_EQ(input_of({{"iids", "1,x"}}), "iids must be a whole number, not \"x\"");
  EXPECT_EQ(input_of({{"confidential", "maybe"}}),
            "confidential must be true or false, not \"maybe\"");
  EXPECT_EQ(input_of({{"title", "a"}, {"title", "b"}}), "title is given twice");
}

}  // namespace
}  // namespace fairlead::schema
