// Functions and child runs where a table does not reach: names, places, what is cancelled.
#include <gtest/gtest.h>

#include <set>

#include "run/fakes_test.h"
#include "run/machine.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT

struct Bench {
  explicit Bench(std::string_view body) : core(document_of(body), evaluator, actions) {}
  ScriptedEvaluator evaluator;
  FakeActions actions;
  CoreBench core;
};

constexpr std::string_view child_task =
    "run: {workflow: {namespace: tests, name: endless, version: '1.0.0', input: {a: '${ .n }'}}}";

TEST(Functions, called_from_two_places_at_once_have_effects_of_their_own) {
  Bench bench(
      "use: {functions: {make: {do: [{issue: {call: 'create-issue:1.0.0@gitlab', with: {title: "
      "t}}}]}}}\ndo:\n- f: {fork: {branches: [{a: {call: make}}, {b: {call: make}}]}}\n");
  bench.core.start(json("{}"));
  bench.core.run();
  EXPECT_EQ(bench.core.state().status, RunStatus::completed);
  EXPECT_EQ(bench.actions.effects.size(), 2U) << "two markers, one effect each";
  std::set<std::string> callers;
  for (auto const& entry : bench.core.journal()) {
    if (entry.kind == "task-started" && entry.task == "/use/functions/make")
      callers.insert(entry.payload["calledFrom"].as_string());
  }
  EXPECT_EQ(callers,
            (std::set<std::string>{"/do/0/f/fork/branches/0/a", "/do/0/f/fork/branches/1/b"}));
  bench.core.expect_replay();
}

TEST(ChildRuns, have_one_id_a_visit_and_keep_it_over_a_restart) {
  Bench bench("do:\n- l: {for: {in: [1, 2]}, do: [{c: {" + std::string(child_task) + "}}]}\n");
  bench.core.start(json(R"({"n": 3})"));
  bench.core.perform_one();
  auto const asked = std::get<StartRun>(bench.core.commands().back());
  bench.core.lose_commands();
  bench.core.feed(Recovered{});
  auto const again = std::get<StartRun>(bench.core.commands().back());
  EXPECT_EQ(again.child.run, asked.child.run);
  EXPECT_EQ(again.child.seed, asked.child.seed);
  EXPECT_EQ(again.child.input, json(R"({"a": 3})"));
  EXPECT_EQ(again.depth, 1);
  EXPECT_EQ(again.parent.run, RunId("run-1"));
  bench.core.settle();
  EXPECT_EQ(bench.core.state().status, RunStatus::waiting);
  EXPECT_EQ(bench.core.state().waiting_for,
            "run " + asked.child.run.text + " of tests/endless:1.2.0");
  bench.core.feed(ChildEnded{.run = asked.child.run, .output = json(R"({"n": 9})")});
  bench.core.settle();
  ASSERT_EQ(bench.core.children_started.size(), 2U);
  EXPECT_NE(bench.core.children_started[1].child.run, asked.child.run);
  bench.core.expect_replay();
}

TEST(ChildRuns, end_only_once_for_the_parent) {
  Bench bench("do:\n- c: {" + std::string(child_task) + "}\n- w: {wait: PT1H}\n");
  bench.core.start(json("{}"));
  bench.core.settle();
  ChildEnded const over{.run = bench.core.children_started[0].child.run, .output = json("{}")};
  bench.core.feed(over);
  bench.core.settle();
  auto const entries = bench.core.journal().size();
  bench.core.feed(over);
  EXPECT_EQ(bench.core.journal().size(), entries);
}

TEST(ChildRuns, are_cancelled_when_their_task_is_given_up) {
  struct Row {
    std::string_view why;
    std::string body;
    std::size_t cancelled;
  };
  std::string const c = std::string(child_task);
  std::vector<Row> const rows{
      {"another branch was first",
       "do:\n- f: {fork: {compete: true, branches: [{a: {" + c + "}}, {b: {wait: PT1S}}]}}\n", 1},
      {"another branch failed",
       "do:\n- f: {fork: {branches: [{a: {" + c +
           "}}, {b: {do: [{w: {wait: PT1S}}, {r: {raise: {error: {type: x, status: 500}}}}]}}]}}\n",
       1},
      {"the workflow is too slow", "timeout: {after: PT1S}\ndo:\n- a: {" + c + "}\n", 1},
      {"the workflow ends",
       "do:\n- f: {fork: {branches: [{a: {" + c +
           "}}, {b: {do: [{w: {wait: PT1S, then: end}}]}}]}}\n",
       1},
      {"the attempt is too slow",
       "do:\n- t: {try: [{a: {" + c +
           "}}], catch: {retry: {limit: {attempt: {count: 1, duration: PT1S}}}}}\n",
       2},
  };
  for (Row const& row : rows) {
    Bench bench(row.body);
    bench.core.start(json("{}"));
    bench.core.run();
    EXPECT_TRUE(has_ended(bench.core.state().status)) << row.why;
    EXPECT_EQ(bench.core.children_cancelled.size(), row.cancelled) << row.why;
    bench.core.expect_replay();
  }
}

TEST(ChildRuns, that_end_while_their_parent_is_paused_are_heard_when_it_goes_on) {
  Bench bench("do:\n- c: {" + std::string(child_task) + "}\n");
  bench.core.start(json("{}"));
  bench.core.settle();
  bench.core.feed(PauseRequested{.by = "ada", .reason = "a look"});
  bench.core.feed(
      ChildEnded{.run = bench.core.children_started[0].child.run, .output = json(R"({"n": 9})")});
  EXPECT_FALSE(has_ended(bench.core.state().status));
  bench.core.feed(ResumeRequested{.reason = "go on", .connection = {}});
  bench.core.settle();
  EXPECT_EQ(bench.core.state().status, RunStatus::completed);
  EXPECT_EQ(bench.core.state().output, json(R"({"n": 9})"));
  bench.core.expect_replay();
}

TEST(ChildRuns, that_are_born_into_a_pause_are_paused) {
  Bench bench("do:\n- c: {" + std::string(child_task) + "}\n");
  bench.core.start(json("{}"));
  while (bench.core.children_started.empty() &&
         !std::holds_alternative<StartRun>(bench.core.commands().front()))
    bench.core.perform_one();
  bench.core.feed(PauseRequested{.by = "ada", .reason = "a look"});
  bench.core.children_held.clear();
  bench.core.settle();
  ASSERT_EQ(bench.core.children_held.size(), 1U);
  EXPECT_EQ(bench.core.children_held[0].run, bench.core.children_started[0].child.run);
  EXPECT_EQ(bench.core.children_held[0].what, HoldRun::What::pause);
  bench.core.feed(ResumeRequested{.reason = "go on", .connection = {}});
  bench.core.settle();
  EXPECT_EQ(bench.core.children_held.back().what, HoldRun::What::resume);
  bench.core.expect_replay();
}

TEST(ChildRuns, are_cancelled_with_their_parent) {
  Bench bench("do:\n- c: {" + std::string(child_task) + "}\n");
  bench.core.start(json("{}"));
  bench.core.settle();
  bench.core.feed(CancelRequested{"ada"});
  bench.core.settle();
  ASSERT_EQ(bench.core.children_cancelled.size(), 1U);
  EXPECT_EQ(bench.core.children_cancelled[0], bench.core.children_started[0].child.run);
}

TEST(ChildRuns, that_nobody_has_started_yet_need_no_cancelling) {
  Bench bench("do:\n- c: {" + std::string(child_task) + "}\n");
  bench.core.start(json("{}"));
  bench.core.perform_one();
  bench.core.lose_commands();
  bench.core.feed(CancelRequested{"ada"});
  EXPECT_TRUE(bench.core.commands().empty());
}

TEST(ChildRuns, nest_so_deep_and_no_deeper) {
  Bench bench("do:\n- c: {" + std::string(child_task) + "}\n");
  bench.core.feed(Started{.workflow_namespace = "tests",
                          .name = "test",
                          .version = "1.0.0",
                          .input = json("{}"),
                          .cause = "a run",
                          .seed = 1,
                          .parent = {.run = RunId("above"), .task = "/do/0/c"},
                          .depth = runs_nested_max});
  bench.core.settle();
  EXPECT_EQ(bench.core.state().status, RunStatus::faulted);
  EXPECT_EQ(bench.core.state().problem["title"], Json("Runs nested too deep"));
  EXPECT_TRUE(bench.core.children_started.empty());
  bench.core.expect_replay();
}

}  // namespace
}  // namespace fairlead::run
