#include "workflow/match.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "expression/helper_pool.h"
#include "testing/virtual_clock.h"
#include "workflow/pattern.h"

namespace fairlead::workflow {
namespace {

TEST(PatternTest, finds_what_regular_expressions_find) {
  struct Case {
    char const* pattern;
    char const* text;
    bool found;
  };
  for (auto const& [pattern, text, found] : std::initializer_list<Case>{
           {"abc", "xabcx", true},
           {"^abc$", "xabcx", false},
           {"^abc$", "abc", true},
           {"a.c", "abc", true},
           {"a.c", "a\nc", false},
           {"a\\.c", "abc", false},
           {"^https://git\\.example\\.com/", "https://git.example.com/ops", true},
           {"^a*$", "", true},
           {"^a+$", "", false},
           {"^ab?c$", "ac", true},
           {"^(ab|cd)+$", "abcdab", true},
           {"^(ab|cd)+$", "abc", false},
           {"^[a-c]{2,3}$", "abc", true},
           {"^[a-c]{2,3}$", "abca", false},
           {"^[^a-c]+$", "xyz", true},
           {"^[^a-c]+$", "xaz", false},
           {"^\\d+-\\w+$", "12-ab_c", true},
           {"^\\S+$", "a b", false},
           {"a|^b|c$", "xc", true},
           {"a|^b|c$", "xb", false},
           {"^[]x]+$", "]x]", true},
           {"^[a-]$", "-", true},
           {"^(?:a|b){2}$", "ba", true},
           {"^a{3}$", "aaa", true},
           {"^a{2,}$", "aaaa", true},
           {"^a{2,}$", "a", false},
           {"", "anything", true},
           {"^$", "", true},
           {"^(a|)b$", "b", true},
           {"^.*\\.failed$", "com.gitlab.pipeline.failed", true},
           {"(a*)*b", "aaaa", false},
           {"^ä+$", "ä", true},
       }) {
    auto const compiled = Pattern::compile(pattern);
    ASSERT_TRUE(compiled.ok()) << describe(compiled.error());
    EXPECT_EQ(compiled->found_in(text), found) << pattern << " in " << text;
  }
}

TEST(PatternTest, refuses_what_is_wrong_or_not_linear) {
  struct Case {
    std::string pattern;
    char const* words;
  };
  for (auto const& [pattern, words] : std::initializer_list<Case>{
           {"*a", "nothing stands before '*'"},
           {"(a", "')' is missing"},
           {"a)", "')' closes nothing"},
           {"[a", "']' is missing"},
           {"[z-a]", "wrong way round"},
           {"a{3,1}", "wrong way round"},
           {"a{200}", "repeats more than 100"},
           {"a{x}", "a number is missing"},
           {"a\\", "ends with a backslash"},
           {"(?=a)", "look-around"},
           {"(a)\\1", "'\\1' is not supported"},
           {"a**", "two repetitions"},
           {"(((a{50}){50}){50})", "too large"},
           {std::string(600, 'a'), "longer than 512"},
           {std::string(30, '(') + std::string(30, ')'), "nest too deep"},
       }) {
    auto const compiled = Pattern::compile(pattern);
    ASSERT_FALSE(compiled.ok()) << pattern;
    EXPECT_THAT(compiled.error().message, ::testing::HasSubstr(words));
  }
}

TEST(PatternTest, takes_linear_time_where_others_explode) {
  auto const compiled = Pattern::compile("^(a+)+$");
  ASSERT_TRUE(compiled.ok());
  EXPECT_FALSE(compiled->found_in(std::string(20'000, 'a') + "b"));
}

Json json(std::string_view text) { return *Json::parse(text); }

TEST(MatchTest, compares_attributes_by_literal_pattern_and_predicate) {
  testing::VirtualClock clock;
  expression::HelperPool pool(clock);
  auto const event = json(R"({"type":"com.x.failed","source":"https://git.x/ops","subject":"run-1",
                              "data":{"severity":"high","n":3,"who":{"name":"eve","id":1}}})");
  struct Case {
    char const* filter;
    bool fits;
  };
  for (auto const& [filter, fits] : std::initializer_list<Case>{
           {R"({"type":"com.x.failed"})", true},
           {R"({"type":"com.x.fail"})", false},
           {R"({"type":"comAxBfailed"})", false},
           {R"({"type":"^com\\.x\\.(failed|success)$"})", true},
           {R"({"source":"https://git.x/.*"})", true},
           {R"({"type":"com.x.failed","source":"https://other/.*"})", false},
           {R"({"data":{"severity":"high"}})", true},
           {R"({"data":{"who":{"name":"eve"}}})", true},
           {R"({"data":{"who":{"name":"bob"}}})", false},
           {R"({"data":{"missing":null}})", false},
           {R"({"data":"${ .n > 2 }"})", true},
           {R"({"data":"${ .n > 3 }"})", false},
           {R"({"subject":"${ $workflow.id }"})", true},
           {R"({"subject":"${ \"run-2\" }"})", false},
           {R"({"absent":"x"})", false},
           {R"({"absent":"${ . == null }"})", true},
           {R"({})", true},
       }) {
    auto const result =
        matches(EventFilter{json(filter), {}}, event, pool, json(R"({"workflow":{"id":"run-1"}})"));
    ASSERT_TRUE(result.ok()) << filter << describe(result.error());
    EXPECT_EQ(*result, fits) << filter;
  }
  EXPECT_FALSE(
      matches(EventFilter{json(R"({"type":"^(a"})"), {}}, event, pool, Json::object()).ok());
  EXPECT_FALSE(
      matches(EventFilter{json(R"({"data":"${ .n.x }"})"), {}}, event, pool, Json::object()).ok());
}

}  // namespace
}  // namespace fairlead::workflow
