// What a dry run tells of a workflow, and where it says that only a run can tell.
#include "api/workflow_dry_run.h"

#include "api/world_test.h"
#include "expression/helper_pool.h"
#include "gitlab/actions.h"
#include "workflow/templates.h"

namespace fairlead::api {
namespace {

class AnyInput final : public workflow::ActionLookup {
 public:
  [[nodiscard]] std::optional<Json> input_schema(std::string_view, std::string_view,
                                                 std::string_view) const override {
    return Json::object();
  }
  [[nodiscard]] std::vector<std::string> ids() const override { return {}; }
};

struct DryRuns : ::testing::Test {
  testing::VirtualClock clock;
  expression::HelperPool pool{clock};
  action::Catalogue catalogue{gitlab::all_actions()};
  AnyInput lookup;

  Json steps(std::string const& tasks, Json const& input = Json::object()) {
    return steps_of(
        "document: {dsl: '1.0.3', namespace: tests, name: t, version: '1.0.0'}\ndo:\n" + tasks,
        input);
  }
  Json steps_of(std::string const& source, Json const& input) {
    auto const endpoints =
        workflow_dry_run_endpoints({.actions = lookup, .evaluator = pool, .catalogue = catalogue});
    net::ServerRequest request;
    request.headers.add("Content-Type", "application/json");
    request.body = Json::object({{"source", source}, {"input", input}}).dump();
    AuditNote note;
    auto const answer = endpoints.at(0).handler({request, {}, note});
    if (!answer.ok()) return answer.error().message;
    return (*Json::parse(answer->body))["steps"];
  }
  // "name: note" of each.
  std::string told(std::string const& tasks, Json const& input = Json::object()) {
    std::string all;
    auto const found = steps(tasks, input);
    if (found.is_string()) return found.as_string();
    for (auto const& step : found.items())
      all += step["title"].as_string() + ": " + step["note"].as_string() + "\n";
    return all;
  }
};

constexpr auto issue =
    "- settings: {set: {project: ops/x}, export: {as: '$context + {settings: .}'}}\n"
    "- open:\n"
    "    call: create-issue:1.0.0@gitlab\n"
    "    with: {project: '${ $context.settings.project }', title: '${ $workflow.input.title }'}\n"
    "    export: {as: '$context + {issue: .}'}\n"
    "- tell:\n"
    "    call: comment-issue:1.0.0@gitlab\n"
    "    with: {project: '${ $context.settings.project }', issue: '${ $context.issue.iid }', "
    "body: hello}\n";

TEST_F(DryRuns, a_request_is_literal_where_all_is_known_and_an_expression_else) {
  auto const found = steps(issue, Json::object({{"title", "Disk full"}}));
  ASSERT_EQ(found.items().size(), 3u) << found.dump();
  auto const& open = found.items()[1];
  auto const& request = open["request"]["requests"].items().at(0);
  EXPECT_EQ(request["method"].as_string(), "POST") << open.dump();
  EXPECT_EQ(request["body"]["title"].as_string(), "Disk full");
  EXPECT_FALSE(open.contains("expression"));
  auto const& tell = found.items()[2];
  EXPECT_EQ(tell["input"]["issue"].as_string(), "${ $context.issue.iid }");
  EXPECT_EQ(tell["input"]["project"].as_string(), "ops/x");
  EXPECT_TRUE(tell.contains("expression")) << tell.dump();
  EXPECT_FALSE(tell.contains("problem")) << tell.dump();
}

TEST_F(DryRuns, conditions_are_decided_where_they_can_be) {
  constexpr auto tasks =
      "- a: {if: '$workflow.input.n > 1', set: {x: 1}}\n"
      "- ask: {call: 'get-project:1.0.0@gitlab', with: {project: 5}}\n"
      "- b: {if: '.archived', set: {x: 2}}\n"
      "- c: {set: {x: 3}}\n";
  EXPECT_EQ(told(tasks, Json::object({{"n", 1}})),
            "a: skipped: $workflow.input.n > 1 does not hold\nask: \nb: only if .archived\n"
            "c: perhaps: the run decides\n");
}

TEST_F(DryRuns, a_choice_is_made_or_all_ways_are_shown) {
  constexpr auto tasks =
      "- choose: {switch: [{high: {when: '$workflow.input.n == 2', then: two}}, "
      "{rest: {then: one}}]}\n"
      "- one: {set: {x: 1}, then: end}\n"
      "- two: {set: {x: 2}, then: end}\n";
  EXPECT_EQ(told(tasks, Json::object({{"n", 2}})), "choose: goes on as 'high' says: two\ntwo: \n");
  EXPECT_EQ(told(tasks, Json::object({{"n", 3}})), "choose: goes on as 'rest' says: one\none: \n");
  std::string const asked =
      "- ask: {call: 'get-project:1.0.0@gitlab', with: {project: 5}}\n"
      "- choose: {switch: [{a: {when: .archived, then: two}}, "
      "{rest: {then: one}}]}\n"
      "- one: {set: {x: 1}, then: exit}\n- two: {set: {x: 2}}\n";
  EXPECT_EQ(told(asked),
            "ask: \nchoose: the run chooses: .archived is not known yet; each way is "
            "shown\none: perhaps: the run decides\ntwo: perhaps: the run decides\n");
}

TEST_F(DryRuns, loops_catches_and_errors_are_told) {
  EXPECT_EQ(told("- all:\n    for: {each: x, in: '${ [1, 2] }'}\n    do:\n"
                 "    - say: {set: {v: '${ $x }'}}\n"),
            "all: 2 rounds\nsay: \nsay: \n");
  EXPECT_EQ(
      told("- t:\n    try:\n    - go: {call: 'get-project:1.0.0@gitlab', with: {project: 5}}\n"
           "    catch: {as: e, do: [{mend: {set: {v: '${ $e.title }'}}}]}\n"
           "- after: {wait: PT5S}\n"),
      "go: \nt: if a step of it fails:\nmend: perhaps: the run decides\nafter: waits 5 s\n");
  EXPECT_EQ(told("- r: {raise: {error: {type: 'https://x.test/e', status: 400}}}\n"
                 "- never: {set: {x: 1}}\n"),
            "r: raises an error\n");
  EXPECT_EQ(told("- a: {set: {x: 1}}\n- b: {wait: PT1S, then: a}\n"),
            "a: \nb: waits 1 s\na: goes round again from here, as often as the run decides\n");
}

TEST_F(DryRuns, an_export_sees_what_its_task_was_given) {
  auto const found = steps(
      "- a: {set: {x: 1}, export: {as: '{was: $input}'}}\n"
      "- b: {set: {seen: '${ $context.was.n }'}}\n",
      Json::object({{"n", 7}}));
  EXPECT_EQ(found.items().at(1)["output"].dump(), R"({"seen":7})") << found.dump();
}

TEST_F(DryRuns, a_template_is_told_on_its_own_sample) {
  for (auto const& each : workflow::templates()) {
    // Compiling the expressions of all of them takes seconds.
    if (each.name != "incident-to-issue") continue;
    auto const found = steps_of(each.source, Json::array({each.sample_event["data"]}));
    ASSERT_TRUE(found.is_array()) << each.name << ": " << found.dump();
    EXPECT_GE(found.items().size(), 3u) << each.name;
    for (auto const& step : found.items())
      EXPECT_FALSE(step.contains("problem")) << each.name << ": " << step.dump();
  }
}

}  // namespace
}  // namespace fairlead::api
