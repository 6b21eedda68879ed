// What a person does to a run: pause, resume, settle an effect. The pure core, without a store.
#include <gtest/gtest.h>

#include "run/cases_test.h"
#include "run/fakes_test.h"
#include "run/pause.h"
#include "run/transitions.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT
using Decision = EffectDecided::Decision;

struct Bench {
  explicit Bench(std::string_view body) : core(document_of(body), evaluator, actions) {
    core.start(json("{}"));
  }
  void pause() { core.feed(PauseRequested{.by = "alice", .reason = "release"}); }
  void resume() { core.feed(ResumeRequested{.reason = "asked by alice", .connection = {}}); }
  [[nodiscard]] int entries(std::string_view kind) const {
    int count = 0;
    for (auto const& entry : core.journal())
      count += entry.kind == kind ? 1 : 0;
    return count;
  }
  [[nodiscard]] std::string status() const { return std::string(to_string(core.state().status)); }
  void expect_taken(TaskKind kind, Stage stage, Trigger trigger) const {
    EXPECT_TRUE(core.taken().contains(find_transition(kind, stage, trigger))) << to_string(trigger);
  }

  ScriptedEvaluator evaluator;
  FakeActions actions;
  CoreBench core;
};

constexpr std::string_view two_creates =
    "do:\n- a: {call: 'create-issue:1.0.0@gitlab', with: {title: t}}\n"
    "- b: {call: 'update-issue:1.0.0@gitlab', with: {iid: 1}}\n";

TEST(Pausing, lets_the_call_under_way_finish_and_begins_nothing_new) {
  Bench bench(two_creates);
  bench.pause();
  EXPECT_EQ(bench.status(), "suspended");
  EXPECT_EQ(bench.core.state().waiting_for, "a person: paused by alice: release");
  bench.core.settle();
  EXPECT_EQ(bench.entries("call-returned"), 1) << "its answer is durable";
  EXPECT_EQ(bench.entries("call-intended"), 1) << "the next one has not begun";
  EXPECT_EQ(bench.entries("task-completed"), 0);
  bench.core.expect_replay();
  bench.resume();
  bench.core.run();
  EXPECT_EQ(bench.status(), "completed");
  EXPECT_EQ(bench.actions.log,
            (std::vector<std::string>{"create-issue first", "update-issue first"}));
  bench.expect_taken(TaskKind::workflow, Stage::children, Trigger::paused);
  bench.expect_taken(TaskKind::workflow, Stage::children, Trigger::unpaused);
  bench.core.expect_replay();
}

TEST(Pausing, twice_or_after_the_end_changes_nothing) {
  Bench bench("do:\n- nap: {wait: PT1H}\n");
  bench.pause();
  auto const entries = bench.core.journal().size();
  bench.pause();
  EXPECT_EQ(bench.core.journal().size(), entries);
  bench.core.feed(CancelRequested{.by = "bob"});
  EXPECT_EQ(bench.status(), "cancelled");
  EXPECT_FALSE(bench.core.state().pause.has_value());
  auto const ended = bench.core.journal().size();
  bench.pause();
  bench.resume();
  EXPECT_EQ(bench.core.journal().size(), ended);
  bench.core.expect_replay();
}

TEST(Pausing, holds_timers_and_fires_them_when_the_run_goes_on) {
  Bench bench("do:\n- nap: {wait: PT1M}\n- after: {set: {x: 1}}\n");
  ASSERT_EQ(bench.core.timers().size(), 1U);
  auto const key = bench.core.timers().begin()->first;
  bench.pause();
  EXPECT_TRUE(bench.core.timers().empty()) << "a paused run costs no wake-ups";
  bench.core.now += std::chrono::hours(1);
  auto const entries = bench.core.journal().size();
  bench.core.feed(TimerFired{key});  // was on its way
  EXPECT_EQ(bench.core.journal().size(), entries);
  bench.resume();
  ASSERT_EQ(bench.core.timers().size(), 1U);
  EXPECT_LT(bench.core.timers().begin()->second, bench.core.now);
  bench.core.fire_next();
  bench.core.run();
  EXPECT_EQ(bench.status(), "completed");
  bench.core.expect_replay();
}

TEST(Pausing, looks_at_once_afterwards_at_what_it_waits_for) {
  Bench bench("do:\n- w: {call: 'wait-for-pipeline:1.0.0@gitlab', with: {pipeline: 7}}\n");
  bench.core.settle();
  ASSERT_EQ(bench.status(), "waiting");
  bench.pause();
  bench.core.now += std::chrono::seconds(1);
  bench.resume();
  EXPECT_EQ(bench.core.timers().begin()->second, bench.core.now);
}

TEST(Pausing, survives_a_restart_and_looks_lost_effects_up_only_afterwards) {
  Bench bench(two_creates);
  bench.pause();
  auto const call = std::get<Call>(bench.core.commands().front());
  ASSERT_TRUE(bench.actions.invoke(call.invocation).ok());
  bench.core.lose_commands();
  ASSERT_TRUE(wants_recovery(bench.core.state()));
  bench.core.feed(Recovered{});
  EXPECT_TRUE(bench.core.commands().empty()) << "still paused";
  EXPECT_FALSE(wants_recovery(bench.core.state())) << "once is enough";
  auto const entries = bench.core.journal().size();
  bench.core.feed(Recovered{});
  EXPECT_EQ(bench.core.journal().size(), entries);
  bench.resume();
  bench.core.run();
  EXPECT_EQ(bench.status(), "completed");
  EXPECT_EQ(bench.actions.log[1], "create-issue recover");
  for (auto const& [marker, times] : bench.actions.effects)
    EXPECT_EQ(times, 1) << marker;
  bench.core.expect_replay();
}

TEST(Pausing, after_an_answer_that_is_held_a_restart_asks_for_nothing_twice) {
  Bench bench(two_creates);
  bench.pause();
  bench.core.settle();
  EXPECT_FALSE(wants_recovery(bench.core.state()));
  bench.core.feed(Recovered{});
  bench.resume();
  EXPECT_EQ(bench.core.commands().size(), 1U);
  bench.core.run();
  EXPECT_EQ(bench.actions.log.size(), 2U);
  EXPECT_EQ(bench.status(), "completed");
}

// Cancelling in each stage: the run is over, no timer and no command is left that counts.
TEST(Cancelling, works_at_every_step_of_every_program) {
  for (auto const& each : all_cases()) {
    for (int after = 0;; ++after) {
      ScriptedEvaluator evaluator;
      FakeActions actions;
      actions.failures.assign(each.failures.begin(), each.failures.end());
      CoreBench core(document_of(each.body), evaluator, actions);
      core.start(json(each.input));
      for (int i = 0; i < after && !has_ended(core.state().status); ++i) {
        if (!core.commands().empty()) {
          core.perform_one();
        } else {
          core.fire_next();
        }
      }
      if (has_ended(core.state().status)) break;
      core.feed(CancelRequested{.by = "alice"});
      EXPECT_EQ(to_string(core.state().status), "cancelled") << each.name << " after " << after;
      EXPECT_TRUE(core.state().frames.empty());
      // Until then one guards what is to be cancelled outside.
      core.settle();
      EXPECT_TRUE(core.timers().empty()) << each.name << " after " << after;
      EXPECT_TRUE(core.state().undos.empty());
      EXPECT_EQ(to_string(core.state().status), "cancelled");
      core.expect_replay();
    }
  }
}

// The same for a pause: whenever it comes, the run ends as it would have without it.
TEST(Pausing, at_every_step_of_every_program_changes_nothing_but_the_time) {
  for (auto const& each : all_cases()) {
    for (int after = 0;; ++after) {
      SCOPED_TRACE(each.name + " after " + std::to_string(after));
      ScriptedEvaluator evaluator;
      FakeActions actions;
      actions.failures.assign(each.failures.begin(), each.failures.end());
      CoreBench core(document_of(each.body), evaluator, actions);
      core.start(json(each.input));
      for (int i = 0; i < after && !has_ended(core.state().status); ++i) {
        if (!core.commands().empty()) {
          core.perform_one();
        } else {
          core.fire_next();
        }
      }
      if (has_ended(core.state().status)) break;
      core.feed(PauseRequested{.by = "alice", .reason = ""});
      core.settle();
      EXPECT_EQ(to_string(core.state().status), "suspended");
      core.feed(ResumeRequested{.reason = "go", .connection = {}});
      core.run();
      EXPECT_EQ(to_string(core.state().status), each.status);
      for (auto const& [marker, times] : actions.effects)
        EXPECT_EQ(times, 1) << marker;
      core.expect_replay();
    }
  }
}

// ---- effects that a person settles ----

constexpr std::string_view uncertain_create =
    "do:\n- t:\n    try:\n    - a: {call: 'flaky:1.0.0@gitlab', with: {title: t}}\n"
    "    catch: {errors: {with: {status: 500}}, do: [{c: {set: {caught: true}}}]}\n";

struct Parked : Bench {
  explicit Parked(std::string_view body = uncertain_create) : Bench(body) {
    Error error = failure(ErrorKind::uncertain, 502);
    error.details = json(R"({"lookUp": "impossible"})");
    actions.failures = {failure(ErrorKind::uncertain, 502), error};
    core.run();
  }
  std::string marker() {
    for (auto const& [id, frame] : core.state().frames) {
      if (auto const* call = std::get_if<CallState>(&frame.body)) return call->marker;
    }
    return "";
  }
  void decide(Decision decision, Json output = {}) {
    core.feed(EffectDecided{.effect = marker(),
                            .decision = decision,
                            .output = std::move(output),
                            .by = "alice",
                            .reason = "looked"});
    core.run();
  }
};

TEST(Settling, asks_a_person_at_once_if_the_effect_cannot_be_recognised) {
  Parked bench;
  EXPECT_EQ(bench.status(), "suspended");
  EXPECT_EQ(bench.actions.log, (std::vector<std::string>{"flaky first", "flaky recover"}));
}

TEST(Settling, takes_the_output_of_what_happened) {
  Parked bench;
  bench.decide(Decision::happened, json(R"({"iid": 7})"));
  EXPECT_EQ(bench.status(), "completed");
  EXPECT_EQ(bench.core.state().output, json(R"({"iid": 7})"));
  EXPECT_TRUE(bench.actions.effects.empty()) << "nothing was sent";
  bench.expect_taken(TaskKind::call, Stage::unknown, Trigger::decided);
  bench.core.expect_replay();
}

TEST(Settling, sends_again_what_did_not_happen_under_the_same_marker) {
  Parked bench;
  auto const marker = bench.marker();
  bench.decide(Decision::not_happened);
  EXPECT_EQ(bench.status(), "completed");
  EXPECT_EQ(bench.actions.log.back(), "flaky first");
  EXPECT_EQ(bench.actions.effects.begin()->first, marker);
  bench.core.expect_replay();
}

TEST(Settling, lets_the_task_fail_so_that_the_workflow_can_catch_it) {
  Parked bench;
  bench.decide(Decision::fail);
  EXPECT_EQ(bench.status(), "completed");
  EXPECT_EQ(bench.core.state().output, json(R"({"caught": true})"));
  bench.core.expect_replay();
}

TEST(Settling, may_come_before_the_last_look_up) {
  Bench bench(uncertain_create);
  bench.actions.failures = {failure(ErrorKind::uncertain, 502)};
  bench.core.settle();
  std::string marker;
  for (auto const& [id, frame] : bench.core.state().frames) {
    if (auto const* call = std::get_if<CallState>(&frame.body)) marker = call->marker;
  }
  bench.core.feed(EffectDecided{.effect = marker,
                                .decision = Decision::happened,
                                .output = json("{}"),
                                .by = "alice",
                                .reason = ""});
  bench.core.settle();
  EXPECT_EQ(bench.status(), "completed");
  bench.expect_taken(TaskKind::call, Stage::parked, Trigger::decided);
}

TEST(Settling, of_something_else_changes_nothing) {
  Parked bench;
  auto const entries = bench.core.journal().size();
  bench.core.feed(EffectDecided{
      .effect = "other", .decision = Decision::fail, .output = {}, .by = "alice", .reason = ""});
  EXPECT_EQ(bench.core.journal().size(), entries);
}

// ---- markers ----

TEST(Markers, stay_at_home_if_the_workflow_says_so) {
  for (bool const off : {false, true}) {
    ScriptedEvaluator evaluator;
    FakeActions actions;
    std::string sent = "nothing";
    actions.watch = [&](action::Invocation const& call) { sent = call.marker.id; };
    std::string const metadata =
        off ? "  metadata: {effects: {marker: off}}\n" : "  metadata: {effects: {marker: on}}\n";
    CoreBench core(
        document_of(metadata + "do:\n- a: {call: 'create-issue:1.0.0@gitlab', with: {title: t}}\n"),
        evaluator, actions);
    core.start(json("{}"));
    core.run();
    EXPECT_EQ(sent.empty(), off);
  }
}

}  // namespace
}  // namespace fairlead::run
