// The runner judged: what it reads, what it refuses, and that a wrong expectation fails.
#include "runner.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "expression/helper_pool.h"
#include "gherkin.h"
#include "steps.h"

namespace fairlead::ctk {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using Outcome = ScenarioResult::Outcome;

TEST(Gherkin, reads_backgrounds_outlines_tags_tables_and_doc_strings) {
  auto const feature = parse_feature(R"(# a comment
@all
Feature: Fruit
  Free text, with a word like Given in it.

  Background:
    Given a shop

  @one
  Scenario: First
    When I buy:
      | what  | count |
      | apple | 3     |
    Then I get
    ```yaml
    a: 1
      # kept
    ```

  Scenario Outline: Second <n>
    * I count to <n>
    Examples:
      | n |
      | 1 |
      | 2 |
)");
  ASSERT_TRUE(feature.ok()) << describe(feature.error());
  EXPECT_EQ(feature->name, "Fruit");
  ASSERT_EQ(feature->scenarios.size(), 3u);
  auto const& first = feature->scenarios[0];
  EXPECT_THAT(first.tags, ElementsAre("@all", "@one"));
  ASSERT_EQ(first.steps.size(), 3u);
  EXPECT_EQ(first.steps[0].text, "a shop");
  EXPECT_THAT(first.steps[1].table,
              ElementsAre(ElementsAre("what", "count"), ElementsAre("apple", "3")));
  EXPECT_EQ(first.steps[2].doc, "a: 1\n  # kept\n");
  EXPECT_EQ(first.steps[2].media_type, "yaml");
  EXPECT_EQ(feature->scenarios[2].steps[1].text, "I count to 2");
  EXPECT_EQ(feature->scenarios[2].name, "Second <n> (2)");
}

TEST(Gherkin, refuses_what_it_cannot_read_with_the_line) {
  struct Case {
    char const* text;
    char const* where;
  };
  for (auto const& [text, where] : std::initializer_list<Case>{
           {"", "line 1"},
           {"Feature: a\nScenario: b\nGiven x\nnonsense", "line 4"},
           {"Feature: a\nScenario: b\nGiven x\n\"\"\"\nopen", "line 4"},
           {"Feature: a\nScenario Outline: b\nGiven x", "line 2"},
           {"Feature: a\nGiven x", "line 2"},
           {"Feature: a\nScenario: b\nGiven x\n| a", "line 4"},
       }) {
    auto const feature = parse_feature(text);
    ASSERT_FALSE(feature.ok()) << text;
    EXPECT_EQ(feature.error().where, where) << text;
  }
}

TEST(Steps, patterns_take_words_texts_lists_numbers_and_durations) {
  EXPECT_THAT(*match("{word} should run {number} times", "setRed should run 3 times"),
              ElementsAre("setRed", "3"));
  EXPECT_THAT(*match("properties {list}", "properties 'a', \"b.c\",'d'"),
              ElementsAre("'a', \"b.c\",'d'"));
  EXPECT_THAT(*match("{duration} pass", "5 minutes pass"), ElementsAre("5 minutes"));
  EXPECT_THAT(*match("{duration} passes", "PT1H30M passes"), ElementsAre("PT1H30M"));
  EXPECT_FALSE(match("{duration} pass", "five minutes pass"));
  EXPECT_FALSE(match("{number} times", "x times"));
  EXPECT_FALSE(match("a {text} b", "a 'x b"));
  EXPECT_FALSE(match("a", "a b"));
}

TEST(Steps, no_sentence_has_two_meanings) {
  std::set<std::string_view> seen;
  for (auto const& group : {given_steps(), when_steps(), then_steps()}) {
    for (auto const& row : group)
      EXPECT_TRUE(seen.insert(row.pattern).second) << row.pattern;
  }
}

constexpr char const* greeting = R"feature(Feature: f
  Scenario: s
    Given a workflow with definition:
    """yaml
    document: { dsl: '1.0.3', namespace: default, name: greet, version: '1.0.0' }
    do:
      - greet: { set: { text: '${ "hello \(.name)" }' } }
      - nap: { wait: { minutes: 5 } }
    """
    And given the workflow input is:
    """yaml
    name: Ada
    """
    When the workflow is executed
)feature";

class RunnerTest : public ::testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(stub_.start().ok()); }
  ScenarioResult play(std::string const& more, RunOptions const& options = {}) {
    auto const results = run_feature(
        std::string(greeting) + more,
        {.clock = clock_, .evaluator = evaluator_, .stub = stub_, .log = *log_}, options);
    EXPECT_EQ(results.size(), 1u);
    return results.empty() ? ScenarioResult{} : results.front();
  }

  testing::VirtualClock clock_;
  std::unique_ptr<Log> log_ = make_null_log();
  expression::HelperPool evaluator_{clock_};
  Stub stub_{*log_};
};

TEST_F(RunnerTest, a_true_expectation_passes) {
  auto const result = play(R"(    Then the workflow should complete with output:
    """yaml
    text: hello Ada
    """
    And the workflow should have taken 5 minutes
    And greet should run first
    And nap should run last
    And nap should run after greet
)");
  EXPECT_EQ(result.outcome, Outcome::passed) << result.failure;
}

TEST_F(RunnerTest, each_kind_of_wrong_expectation_fails) {
  for (auto const* step : {
           "Then the workflow should fault",
           "Then the workflow should cancel",
           "Then the workflow should be waiting",
           "Then the workflow should be refused",
           "Then the workflow should complete with output:\n    \"\"\"\n    text: bye\n    "
           "\"\"\"",
           "Then the workflow should complete with output:\n    \"\"\"\n    {}\n    \"\"\"",
           "Then the workflow output should have properties 'text', 'other'",
           "Then the workflow output should have a 'other' property",
           "Then the workflow output should not have properties 'text'",
           "Then the workflow output should have a 'text' property with value:\n    \"\"\"\n   "
           " "
           "x\n    \"\"\"",
           "Then the workflow output should have a 'text' property containing 1 items",
           "Then the workflow output should have a 'text' property containing 'bye'",
           "Then the workflow should have taken 4 minutes",
           "Then the workflow should have taken between 1 minute and 2 minutes",
           "Then nap should run first",
           "Then greet should run last",
           "Then greet should run after nap",
           "Then nap should run before greet",
           "Then greet should run 2 times",
           "Then greet should not run",
           "Then greet should fault",
           "Then greet should cancel",
           "Then greet should be skipped",
           "Then greet should complete with output:\n    \"\"\"\n    {}\n    \"\"\"",
           "Then each retry should have waited between 1 second and 2 seconds",
           "Then the retries should have waited for milliseconds:\n    \"\"\"\n    [1]\n    "
           "\"\"\"",
           "Then the workflow should have run 2 times",
           "Then the workflow 'other' should have run 1 time",
           "Then 1 event of type 'x' should be in the inbox",
           "Then 1 request GET 'https://x.example.com/' should have been sent",
           "Then the last request should not have the header 'x'",
           "Then the action 'create-issue' should have been called 1 time",
           "Then 'hello Ada' should be written nowhere",
       }) {
    auto const result = play(std::string("    ") + step + "\n");
    EXPECT_EQ(result.outcome, Outcome::failed) << step;
    EXPECT_TRUE(result.failure.starts_with("Then ")) << result.failure;
  }
}

TEST_F(RunnerTest, an_unknown_step_fails_and_names_the_nearest) {
  auto const result = play("    Then the workflow shall complete\n");
  EXPECT_EQ(result.outcome, Outcome::failed);
  EXPECT_THAT(result.failure, HasSubstr("Then the workflow shall complete"));
  EXPECT_THAT(result.failure, HasSubstr("the workflow should complete"));
}

TEST_F(RunnerTest, pending_is_skipped_and_never_passed) {
  auto const results =
      run_feature("Feature: f\n@pending\nScenario: s\nThen the workflow should complete\n",
                  {.clock = clock_, .evaluator = evaluator_, .stub = stub_, .log = *log_});
  ASSERT_EQ(results.size(), 1u);
  EXPECT_EQ(results[0].outcome, Outcome::skipped);
}

}  // namespace
}  // namespace fairlead::ctk
