// What every action of the catalogue owes its users: docs, labels, help, examples, and cases for
// success and failure that together set every input field.
#include <gtest/gtest.h>

#include <map>
#include <set>

#include "gitlab/actions.h"
#include "testing/files.h"
#include "tests/golden/case.h"

namespace fairlead::golden {
namespace {

struct Covered {
  std::set<std::string> fields;
  bool success{false};
  bool failure{false};
};

std::map<std::string, Covered> covered_by_cases() {
  std::map<std::string, Covered> actions;
  for (auto const& file : case_files()) {
    Covered& covered = actions[file.parent_path().filename().string()];
    Case const story = parse_case(testing::read_file(file).value_or(""));
    bool sent = false;
    for (Exchange const& exchange : story.exchanges)
      sent = sent || !exchange.request.empty();
    for (auto const& [name, value] : story.input.members()) {
      if (sent) covered.fields.insert(name);
    }
    for (Section const& section : story.outcome) {
      covered.success = covered.success || section.name == "output";
      covered.failure = covered.failure || section.name == "error";
    }
  }
  return actions;
}

TEST(Completeness, every_action_has_a_success_an_error_and_a_case_that_sets_each_field) {
  auto const cases = covered_by_cases();
  for (action::Action const& action : gitlab::all_actions()) {
    auto const found = cases.find(action.info.name);
    ASSERT_NE(found, cases.end()) << action.info.name << " has no golden case";
    EXPECT_TRUE(found->second.success) << action.info.name << " has no case that succeeds";
    EXPECT_TRUE(found->second.failure) << action.info.name << " has no case that fails";
    for (auto const& [field, property] : action.info.input_schema["properties"].members()) {
      EXPECT_TRUE(found->second.fields.contains(field))
          << action.info.name << ": no case that sends a request sets " << field;
    }
  }
}

TEST(Completeness, there_are_no_cases_of_actions_that_do_not_exist) {
  std::set<std::string> names;
  for (action::Action const& action : gitlab::all_actions())
    names.insert(action.info.name);
  for (auto const& [name, covered] : covered_by_cases()) {
    EXPECT_TRUE(names.contains(name)) << "tests/golden/gitlab/" << name;
  }
}

TEST(Completeness, every_action_says_what_it_is) {
  for (action::Action const& action : gitlab::all_actions()) {
    action::ActionInfo const& info = action.info;
    EXPECT_FALSE(info.title.empty()) << info.name;
    EXPECT_TRUE(info.description.ends_with('.')) << info.name << ": a description is a sentence";
    EXPECT_TRUE(info.docs_url.starts_with("https://docs.gitlab.com/")) << info.name;
    EXPECT_NE(info.scope, action::Scope::none) << info.name;
    EXPECT_EQ(info.effect == action::Effect::creates, static_cast<bool>(action.find_existing))
        << info.name;
  }
}

TEST(Completeness, every_field_has_a_label_and_every_input_help_and_an_example) {
  for (action::Action const& action : gitlab::all_actions()) {
    std::string const& name = action.info.name;
    for (auto const& [field, property] : action.info.input_schema["properties"].members()) {
      EXPECT_FALSE(property["title"].as_string().empty())
          << name << "." << field << " has no label";
      EXPECT_FALSE(property["description"].as_string().empty())
          << name << "." << field << " has no help";
      EXPECT_EQ(property["examples"].size(), 1u) << name << "." << field << " has no example";
    }
    Json const& output = action.info.output_schema["properties"];
    EXPECT_FALSE(output.empty()) << name;
    Json const& item = output["items"]["items"]["properties"];
    for (auto const& [field, property] : (action.info.listing ? item : output).members()) {
      EXPECT_FALSE(property["title"].as_string().empty())
          << name << " output " << field << " has no label";
    }
  }
}

// Alone an example may lack its companions; then the problem lies in another field.
TEST(Completeness, every_example_is_a_right_value_of_its_field) {
  for (action::Action const& action : gitlab::all_actions()) {
    for (auto const& [field, property] : action.info.input_schema["properties"].members()) {
      Json const input = Json::object({{field, property["examples"].at(0)}});
      auto const checked = action.check(input);
      if (checked.ok()) continue;
      std::string const& problem = checked.error().message;
      EXPECT_FALSE(checked.error().where == field && problem.starts_with("must be"))
          << action.info.name << "." << field << " " << problem;
    }
  }
}

}  // namespace
}  // namespace fairlead::golden
