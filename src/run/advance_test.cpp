// The core as tables: a workflow, an input, what comes out, and what the journal tells.
#include "run/advance.h"

#include <gtest/gtest.h>

#include "run/cases_test.h"
#include "run/fakes_test.h"
#include "run/transitions.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT

std::set<int> play(Case const& each) {
  ScriptedEvaluator evaluator;
  FakeActions actions;
  actions.failures.assign(each.failures.begin(), each.failures.end());
  auto document = document_of(each.body);
  if (document == nullptr) return {};
  CoreBench bench(document, evaluator, actions);
  bench.start(json(each.input));
  bench.run();
  RunState const& state = bench.state();
  EXPECT_EQ(to_string(state.status), each.status) << state.problem.dump() << state.waiting_for;
  Json const expected = json(each.result);
  if (each.status == "faulted") {
    for (auto const& [name, value] : expected.members()) {
      EXPECT_EQ(state.problem[name], value) << name << " of " << state.problem.dump();
    }
  } else {
    EXPECT_EQ(state.output, expected) << state.output.dump();
  }
  if (!each.story.empty()) {
    EXPECT_EQ(bench.story(), each.story);
  }
  EXPECT_TRUE(state.frames.empty());
  EXPECT_TRUE(bench.timers().empty()) << "timers left: " << bench.timers().begin()->first;
  for (auto const& [marker, times] : actions.effects)
    EXPECT_EQ(times, 1) << marker;
  bench.expect_replay();
  return bench.taken();
}

class Programs : public ::testing::TestWithParam<Case> {};

TEST_P(Programs, give_the_expected_result_and_journal) { play(GetParam()); }

INSTANTIATE_TEST_SUITE_P(Core, Programs, ::testing::ValuesIn(all_cases()),
                         [](auto const& tested) { return tested.param.name; });

TEST(Loops, end_with_the_step_budget) {
  play(Case{.name = "budget",
            .body = "do:\n- a: {set: {x: 1}}\n- b: {set: {x: 2}, then: a}\n",
            .input = "{}",
            .status = "faulted",
            .result = R"({"status": 500, "title": "Step budget used up"})",
            .story = "",
            .failures = {}});
}

// Everything a bench of one workflow needs.
struct Bench {
  explicit Bench(std::string_view body) : core(document_of(body), evaluator, actions) {}
  ScriptedEvaluator evaluator;
  FakeActions actions;
  CoreBench core;
};

constexpr std::string_view one_create =
    "do:\n- a: {call: 'flaky:1.0.0@gitlab', with: {title: t}}\n- b: {set: {done: '${ .iid }'}}\n";

TEST(Recovery, looks_an_effect_up_that_was_under_way) {
  Bench bench(one_create);
  bench.core.start(json("{}"));
  // The call is made, its answer is lost with the process.
  auto const call = std::get<Call>(bench.core.commands().front());
  EXPECT_EQ(call.invocation.mode, action::Invocation::Mode::first);
  ASSERT_TRUE(bench.actions.invoke(call.invocation).ok());
  CoreBench& core = bench.core;
  core.feed(Recovered{});
  auto const again = std::get<Call>(core.commands().back());
  EXPECT_EQ(again.invocation.mode, action::Invocation::Mode::recover);
  EXPECT_EQ(again.invocation.marker.id, call.invocation.marker.id);
  EXPECT_EQ(again.invocation.marker.first_attempt_at, call.invocation.marker.first_attempt_at);
  // An answer to the first attempt counts no more.
  core.feed(CallReturned{.frame = call.frame, .attempt = call.attempt, .output = json("{}")});
  EXPECT_EQ(core.state().status, RunStatus::running);
}

TEST(Recovery, asks_evaluations_again_in_every_stage) {
  std::string const body =
      "input: {from: .a}\noutput: {as: .z}\n"
      "do:\n- l: {if: '.n > 0', input: {from: .}, for: {in: .items}, while: $index < 2, do: [{t: "
      "{try: [{r: "
      "{raise: {error: {status: 503, type: x, title: '${ .title }'}}}}], catch: {when: "
      "'$error.status == 503', "
      "retry: {when: '$error.status == 503', limit: {attempt: {count: 1}}}, do: [{h: {emit: "
      "{event: {with: "
      "{type: e}}}, export: {as: '{ issue: . }'}}}]}}}], output: {as: .}}\n";
  ScriptedEvaluator evaluator;
  FakeActions actions;
  Bench straight(body);
  Bench shaken(body);
  Json const input = json(R"({"a": {"n": 1, "items": [1], "title": "T"}})");
  straight.core.start(input);
  straight.core.run();
  shaken.core.start(input);
  // Before every answer the process dies: the commands are lost and asked for again.
  for (int i = 0; i < 500 && !has_ended(shaken.core.state().status); ++i) {
    if (shaken.core.commands().empty()) {
      shaken.core.fire_next();
      continue;
    }
    shaken.core.lose_commands();
    shaken.core.feed(Recovered{});
    shaken.core.perform_one();
  }
  EXPECT_EQ(shaken.core.state().status, RunStatus::completed) << shaken.core.state().problem.dump();
  EXPECT_EQ(shaken.core.state().status, straight.core.state().status);
  EXPECT_EQ(shaken.core.state().output["id"], straight.core.state().output["id"]);
  shaken.core.expect_replay();
}

TEST(Calls, are_parked_for_a_person_when_nobody_can_say) {
  Bench bench(one_create);
  for (int i = 0; i < 20; ++i)
    bench.actions.failures.push_back(failure(ErrorKind::uncertain, 502));
  bench.core.start(json("{}"));
  bench.core.run();
  EXPECT_EQ(bench.core.state().status, RunStatus::suspended);
  EXPECT_NE(bench.core.state().waiting_for.find("whether flaky took effect"), std::string::npos);
  bench.actions.failures.clear();
  bench.core.feed(ResumeRequested{.reason = "looked at it", .connection = {}});
  bench.core.run();
  EXPECT_EQ(bench.core.state().status, RunStatus::completed);
  EXPECT_EQ(bench.actions.log.back(), "flaky recover");
  bench.core.expect_replay();
}

TEST(Calls, go_on_at_once_when_the_connection_is_repaired) {
  Bench bench(one_create);
  Error sign_in = failure(ErrorKind::denied, 401);
  sign_in.title = "Token refresh failure";
  sign_in.details = Json::object({{"connection", "ops"}});
  bench.actions.failures.push_back(sign_in);
  bench.core.start(json("{}"));
  bench.core.settle();
  EXPECT_EQ(bench.core.state().status, RunStatus::waiting);
  EXPECT_EQ(bench.core.state().waiting_for, "connection ops to be signed in again");
  Time const before = bench.core.now;
  bench.core.feed(ResumeRequested{.reason = "signed in", .connection = "default"});
  bench.core.settle();
  EXPECT_EQ(bench.core.state().status, RunStatus::completed);
  EXPECT_EQ(bench.core.now, before);
}

TEST(Calls, wait_for_a_first_sign_in_too) {
  Bench bench(one_create);
  Error sign_in = failure(ErrorKind::denied, 0);
  sign_in.title = "Connection not finished";
  bench.actions.failures.push_back(sign_in);
  bench.core.start(json("{}"));
  bench.core.settle();
  EXPECT_EQ(bench.core.state().waiting_for, "the connection to be signed in");
}

TEST(Calls, use_another_marker_for_every_effect) {
  Bench bench(
      "do:\n- l: {for: {in: .items}, do: [{a: {call: 'create-issue:1.0.0@gitlab', with: {title: "
      "t}}}]}\n"
      "- again: {switch: [{c: {when: .n > 0, then: end}}]}\n");
  bench.core.start(json(R"({"items": [1, 2, 3], "n": 0})"));
  bench.core.run();
  EXPECT_EQ(bench.actions.effects.size(), 3U);
}

TEST(Cancelling, ends_a_run_and_names_what_was_under_way) {
  Bench bench(one_create);
  bench.core.start(json("{}"));
  bench.core.feed(CancelRequested{.by = "alice"});
  EXPECT_EQ(bench.core.state().status, RunStatus::cancelled);
  EXPECT_EQ(bench.core.journal().back().payload["inFlight"].at(0), Json("/do/0/a"));
  bench.core.settle();  // the answer comes too late; what it may have begun is given up
  EXPECT_EQ(bench.actions.log.back(), "flaky cancel");
  EXPECT_EQ(bench.core.journal().back().kind, "cancel-settled");
  auto const entries = bench.core.journal().size();
  bench.core.feed(CancelRequested{.by = "bob"});
  EXPECT_EQ(bench.core.journal().size(), entries);
  bench.core.expect_replay();
}

TEST(Timers, count_only_when_armed_and_due) {
  Bench bench("do:\n- nap: {wait: PT1M}\n");
  bench.core.start(json("{}"));
  auto const key = bench.core.timers().begin()->first;
  auto const entries = bench.core.journal().size();
  bench.core.feed(TimerFired{key});        // early
  bench.core.feed(TimerFired{"wait:99"});  // of nobody
  bench.core.feed(TimerFired{"nonsense"});
  EXPECT_EQ(bench.core.journal().size(), entries);
  EXPECT_EQ(bench.core.state().waiting_for, "until 12:01:00 UTC");
  bench.core.fire_next();
  EXPECT_EQ(bench.core.state().status, RunStatus::completed);
}

TEST(Retries, wait_as_the_policy_says) {
  struct Row {
    std::string policy;
    std::vector<std::int64_t> delays;
  };
  for (auto const& row : std::vector<Row>{
           {"delay: PT2S, limit: {attempt: {count: 3}}", {2000, 2000, 2000}},
           {"delay: PT2S, backoff: {linear: {}}, limit: {attempt: {count: 3}}", {2000, 4000, 6000}},
           {"delay: PT2S, backoff: {exponential: {}}, limit: {attempt: {count: 3}}",
            {2000, 4000, 8000}},
           {"delay: PT40M, backoff: {exponential: {}}, limit: {attempt: {count: 3}}",
            {2'400'000, 3'600'000, 3'600'000}}}) {
    Bench bench(
        "do:\n- t: {try: [{r: {raise: {error: {status: 1, type: x, title: T}}}}], catch: {retry: "
        "{" +
        row.policy + "}}}\n");
    bench.core.start(json("{}"));
    bench.core.run();
    std::vector<std::int64_t> delays;
    for (auto const& entry : bench.core.journal()) {
      if (entry.kind == "retry-scheduled") delays.push_back(entry.payload["delayMs"].as_integer());
    }
    EXPECT_EQ(delays, row.delays) << row.policy;
  }
}

TEST(Journal, survives_its_text_form) {
  for (auto const& each : all_cases()) {
    ScriptedEvaluator evaluator;
    FakeActions actions;
    actions.failures.assign(each.failures.begin(), each.failures.end());
    auto document = document_of(each.body);
    CoreBench bench(document, evaluator, actions);
    bench.start(json(each.input));
    bench.run();
    auto journal = bench.journal();
    for (auto& entry : journal)
      entry.payload = json(entry.payload.dump());
    auto folded = replay(new_run(RunId("run-1"), document), journal);
    ASSERT_TRUE(folded.ok()) << each.name << describe(folded.error());
    EXPECT_EQ(to_json(*folded).dump(), to_json(bench.state()).dump()) << each.name;
  }
}

TEST(Journal, of_another_kind_is_corrupt) {
  store::JournalEntry const entry{.seq = 1, .kind = "from-the-future", .task = "", .payload = {}};
  auto folded = replay(new_run(RunId("r"), document_of("do:\n- a: {set: {x: 1}}\n")), {&entry, 1});
  ASSERT_FALSE(folded.ok());
  EXPECT_EQ(folded.error().kind, ErrorKind::corrupt);
}

// Rows that only the tests below the table reach.
TEST(Transitions, are_all_taken_by_the_tests) {
  std::set<int> taken;
  for (auto const& each : all_cases())
    taken.merge(play(each));
  std::set<std::string> missing;
  for (std::size_t i = 0; i < transitions().size(); ++i) {
    if (taken.contains(static_cast<int>(i))) continue;
    auto const& row = transitions()[i];
    // Recovery and a person's part have tests of their own above.
    if (row.trigger == Trigger::recovered || row.trigger == Trigger::resumed) continue;
    // run/listen_test.cpp.
    if (row.kind == TaskKind::listen) continue;
    // control_test.cpp
    if (row.trigger >= Trigger::paused && row.trigger <= Trigger::decided) continue;
    missing.insert(std::string(to_string(row.kind)) + " " + std::string(to_string(row.trigger)) +
                   ": " + std::string(row.says));
  }
  std::set<std::string> const without_a_way = {};
  EXPECT_EQ(missing, without_a_way);
}

}  // namespace
}  // namespace fairlead::run
