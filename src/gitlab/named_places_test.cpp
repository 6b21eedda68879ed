// What event filters name, and what is said where they name nothing.
#include "gitlab/named_places.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/text.h"
#include "gitlab/hook_wishes.h"
#include "workflow/parse.h"

namespace fairlead::gitlab {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

std::string text_of(std::string const& with, std::string const& tasks = "- note: {set: {a: 1}}\n") {
  return "document: {dsl: 1.0.3, namespace: ops, name: heard, version: 1.0.0}\n" +
         (with.empty() ? "" : "schedule:\n  on: {one: {with: " + with + "}}\n") + "do:\n" + tasks;
}

struct Named {
  char const* with;    // beside the type
  char const* places;  // with blanks between
};
class NamedPlaces : public ::testing::TestWithParam<Named> {};
INSTANTIATE_TEST_SUITE_P(
    Filters, NamedPlaces,
    ::testing::Values(
        Named{"", ""}, Named{"subject: ops/web", "ops/web"},
        Named{"subject: 'ops/web#7'", "ops/web"}, Named{"subject: a/b/c/pipelines/9", "a/b/c"},
        Named{"subject: 'ops/web!3'", "ops/web"}, Named{"subject: alone", ""},
        Named{"subject: '^ops/web#'", "ops/web"}, Named{"subject: '^ops/web$'", "ops/web"},
        Named{"subject: '^ops/my\\.web!'", "ops/my.web"}, Named{"subject: '^ops/'", "group:ops"},
        Named{"subject: '^ops/teams/.*'", "group:ops/teams"}, Named{"subject: '^ops/we'", ""},
        Named{"subject: '^(ops|dev)/web#'", ""}, Named{"subject: '^ops/web#|^dev/'", ""},
        Named{"subject: 'ops/.*'", ""}, Named{"subject: '^ops/webs?#'", ""},
        Named{"subject: '${ . == \"ops/web\" }'", ""},
        Named{"data: {project: {path_with_namespace: ops/web}, ref: main}", "ops/web"},
        Named{"data: {project: {id: 12}}", "12"}, Named{"data: {project_id: 12}", "12"},
        Named{"data: {object_attributes: {action: open}}", ""},
        Named{"data: '${ .project.path_with_namespace == \"ops/web\" }'", "ops/web"},
        Named{"data: '${ \"ops/web\" == .project.path_with_namespace and .x == 1 }'", "ops/web"},
        Named{"data: '${ .project.path_with_namespace==\"a/b\" or .project.id == 12 }'", "a/b 12"},
        Named{"data: '${ .project_id == 12 }'", "12"},
        Named{"data: '${ .project.path_with_namespace | startswith(\"ops/\") }'", "group:ops"},
        Named{"data: '${ .project.path_with_namespace | startswith(\"op\") }'", ""},
        Named{"data: '${ .project.path_with_namespace != \"ops/web\" }'", ""},
        Named{"data: '${ (.project.path_with_namespace == \"ops/web\") | not }'", ""},
        Named{"data: '${ .object_attributes.target.path_with_namespace == \"a/b\" }'", ""},
        Named{"data: '${ .title == \".project.id == 12\" }'", ""},
        Named{"data: '${ .project.path_with_namespace == \"half }'", ""}));

TEST_P(NamedPlaces, are_read_where_they_are_literal) {
  std::string const more = GetParam().with;
  auto const document =
      workflow::parse(text_of("{type: com.gitlab.note" + (more.empty() ? "" : ", " + more) + "}"));
  ASSERT_TRUE(document.ok()) << describe(document.error());
  EXPECT_EQ(join(named_places((*document)->schedule->on.at(0)), " "), GetParam().places) << more;
}

std::string said_of(std::string const& text) {
  auto const document = workflow::parse(text);
  if (!document.ok()) return describe(document.error());
  std::string said;
  for (auto const& problem : hook_problems(**document, text)) {
    EXPECT_EQ(problem.severity, workflow::Problem::Severity::warning);
    said += problem.code + " " + problem.pointer + " line " + std::to_string(problem.line) + ": " +
            problem.message + "\n";
  }
  return said;
}

TEST(HookProblems, a_filter_without_a_place_is_told_what_to_do) {
  EXPECT_THAT(said_of(text_of("{type: com.gitlab.merge-request}")),
              HasSubstr("webhook /schedule/on line 2: This workflow starts on "
                        "com.gitlab.merge-request, and its filter names no project"));
  EXPECT_THAT(said_of(text_of("{type: com.gitlab.merge-request}")),
              HasSubstr("fairlead webhook keep group/project"));
  EXPECT_THAT(said_of(text_of("{type: com.gitlab.member, subject: ops/web}")),
              HasSubstr("Only the webhook of a group tells of com.gitlab.member"));
  EXPECT_THAT(said_of(text_of("",
                              "- heard:\n"
                              "    listen: {to: {one: {with: {type: com.gitlab.note}}}}\n")),
              HasSubstr("webhook /do/0/heard line 3: This step waits for com.gitlab.note"));
}

TEST(HookProblems, nothing_is_said_where_there_is_a_place_or_no_gitlab) {
  for (char const* with : {"{type: com.gitlab.note, subject: ops/web}",
                           "{type: com.example.incident}", "{source: 'https://gitlab.test'}",
                           "{type: com.gitlab.member, subject: ^ops/}", "{type: '${ true }'}"})
    EXPECT_EQ(said_of(text_of(with)), "") << with;
}

TEST(HookWishes, a_pattern_of_types_wants_each_kind_it_means) {
  auto const document =
      workflow::parse(text_of("{type: '^com\\.gitlab\\.(note|push)$', subject: a/b}"));
  ASSERT_TRUE(document.ok());
  auto const wishes = hook_wishes(**document);
  ASSERT_EQ(wishes.size(), 1U);
  EXPECT_THAT(wishes[0].kinds, ElementsAre("note", "push"));
  EXPECT_EQ(wishes[0].place, "a/b");
}

}  // namespace
}  // namespace fairlead::gitlab
