// What a cancelled run had waited for is cancelled outside, whatever dies, refuses or stays silent
// in between; and what cannot be cancelled says so until a person looks.
#include <gtest/gtest.h>

#include <algorithm>

#include "run/crashing_store_test.h"
#include "run/undo.h"
#include "run/world_test.h"

namespace fairlead::run {
namespace {

using testing_support::CrashingStore;
using testing_support::json;
using testing_support::Life;
using testing_support::World;

constexpr std::string_view waits =
    "do:\n- w: {call: 'wait-for-pipeline:1.0.0@gitlab', with: {pipeline: 7}}\n";

struct Undo : ::testing::Test {
  Undo() {
    world.publish(waits);
    world.actions.polls_until_done = 1'000;
  }
  RunId start(Life& life, std::string const& name = "test") {
    auto const id =
        life.engine.start({.workflow = {.workflow_namespace = "tests", .name = name, .version = ""},
                           .input = json("{}"),
                           .cause = "a test"});
    life.engine.run_until_idle();
    return id.ok() ? *id : RunId();
  }
  long cancels(std::string const& action = "wait-for-pipeline") {
    return std::count(world.actions.log.begin(), world.actions.log.end(), action + " cancel");
  }
  long entries(RunId const& run, std::string_view kind) {
    auto const journal = world.journal(run);
    return std::count_if(journal.begin(), journal.end(),
                         [&](auto const& entry) { return entry.kind == kind; });
  }
  store::RunRecord row(RunId const& run) { return world.store->runs().get(run).value(); }
  void expect_rest() {
    auto const next = world.store->runs().next_timer();
    EXPECT_TRUE(next.ok() && !*next) << "a timer is left";
  }
  World world;
};

// Whatever commit the process dies at, the cancel reaches the outside exactly when it is durable.
TEST_F(Undo, outlives_a_crash_between_the_commit_of_a_cancel_and_its_call) {
  for (auto last : {CrashingStore::Last::lost, CrashingStore::Last::unheard}) {
    for (int good = 0; good < 3; ++good) {
      SCOPED_TRACE(good);
      world.actions.log.clear();
      RunId id;
      {
        Life life(world);
        id = start(life);
      }
      {
        CrashingStore dying(*world.store, good, last);
        Life life(world, dying);
        (void)life.engine.cancel(id, "ada");
        life.engine.run_until_idle();
      }
      Life second(world);
      if (row(id).status != "cancelled") {
        EXPECT_EQ(cancels(), 0) << "called before it was durable";
        ASSERT_TRUE(second.engine.cancel(id, "ada").ok());
      }
      second.live();
      EXPECT_GE(cancels(), 1) << "the pipeline goes on though its run was cancelled";
      EXPECT_EQ(entries(id, "cancel-settled"), 1);
      EXPECT_EQ(row(id).waiting_for, "");
      expect_rest();
    }
  }
}

TEST_F(Undo, is_tried_again_while_the_outside_does_not_answer) {
  Life life(world);
  RunId const id = start(life);
  world.actions.cancel_failures = {make_error(ErrorKind::unavailable, "refused"),
                                   make_error(ErrorKind::uncertain, "reset"),
                                   make_error(ErrorKind::rate_limited, "slow down")};
  ASSERT_TRUE(life.engine.cancel(id, "ada").ok());
  life.engine.run_until_idle();
  EXPECT_EQ(row(id).status, "cancelled");
  EXPECT_EQ(row(id).waiting_for, "the cancel of what wait-for-pipeline:1.0.0@gitlab waited for");
  Time const before = world.clock.now();
  life.live();
  EXPECT_EQ(world.clock.now() - before, undo_delay + 2 * undo_delay + 4 * undo_delay);
  EXPECT_EQ(cancels(), 4);
  EXPECT_EQ(entries(id, "cancel-postponed"), 3);
  EXPECT_EQ(row(id).waiting_for, "");
  expect_rest();
}

TEST_F(Undo, that_is_refused_or_never_answered_is_parked_until_a_person_resumes) {
  struct Case {
    ErrorKind kind;
    long calls;
  };
  for (auto const& each : {Case{ErrorKind::denied, 1}, Case{ErrorKind::not_found, 1},
                           Case{ErrorKind::uncertain, undo_attempts_max}}) {
    SCOPED_TRACE(std::string(to_string(each.kind)));
    Life life(world);
    world.actions.log.clear();
    RunId const id = start(life);
    world.actions.cancel_failures.assign(static_cast<std::size_t>(each.calls),
                                         make_error(each.kind, "GitLab says no"));
    ASSERT_TRUE(life.engine.cancel(id, "ada").ok());
    life.live();
    EXPECT_EQ(cancels(), each.calls);
    EXPECT_EQ(entries(id, "cancel-parked"), 1);
    EXPECT_EQ(
        row(id).waiting_for,
        "a person: what wait-for-pipeline:1.0.0@gitlab waited for may go on outside, it could "
        "not be cancelled: GitLab says no");
    expect_rest();
    ASSERT_TRUE(life.engine.resume(id, "the token has the right now").ok());
    life.live();
    EXPECT_EQ(entries(id, "cancel-settled"), 1);
    EXPECT_EQ(row(id).waiting_for, "");
    EXPECT_EQ(row(id).status, "cancelled");
    EXPECT_EQ(life.engine.resume(id, "again").error().kind, ErrorKind::conflict);
    expect_rest();
  }
}

// The process is killed at every attempt: it is bounded all the same, and said.
TEST_F(Undo, whose_every_attempt_dies_is_parked_with_that_as_the_reason) {
  Life life(world);
  RunId const id = start(life);
  RunState state = new_run(id, testing_support::document_of(waits));
  auto const folded = replay(std::move(state), world.journal(id));
  ASSERT_TRUE(folded.ok());
  Step step = advance(*folded, {.at = world.clock.now(), .what = CancelRequested{"ada"}});
  for (int i = 1; i <= undo_attempts_max; ++i) {
    ASSERT_TRUE(step.state.undos.contains(1));
    step = advance(std::move(step.state), {.at = world.clock.now(), .what = TimerFired{"undo:1"}});
  }
  EXPECT_EQ(step.state.undos.at(1)->parked, "there was no answer to 12 attempts");
  EXPECT_NE(step.state.waiting_for.find("a person: "), std::string::npos);
  auto const late = advance(step.state, {.at = world.clock.now(), .what = TimerFired{"undo:1"}});
  EXPECT_EQ(late.effect, Step::Effect::stale);
}

TEST_F(Undo, of_the_loser_of_a_race_does_not_hold_its_run_up) {
  world.publish(
      "do:\n- f: {fork: {compete: true, branches: [{p: {call: "
      "'wait-for-pipeline:1.0.0@gitlab', with: {pipeline: 1}}}, {w: {wait: PT1S}}]}}\n"
      "- rest: {wait: PT10M}\n",
      "race");
  world.actions.cancel_failures = {make_error(ErrorKind::denied, "not allowed")};
  Life life(world);
  RunId const id = start(life, "race");
  world.clock.advance(std::chrono::seconds(1));
  life.engine.run_until_idle();
  EXPECT_EQ(row(id).status, "waiting");
  EXPECT_NE(row(id).waiting_for.find("not allowed"), std::string::npos) << row(id).waiting_for;
  // Also while a person holds the run.
  ASSERT_TRUE(life.engine.pause(id, {.by = "ada", .reason = ""}).ok());
  ASSERT_TRUE(life.engine.resume(id, "go on").ok());
  life.live();
  EXPECT_EQ(row(id).status, "completed");
  EXPECT_EQ(entries(id, "cancel-settled"), 1);
  expect_rest();
}

// What it may have begun is being cancelled: another visit must not take that for its own.
TEST_F(Undo, of_the_loser_of_a_race_is_not_adopted_when_the_race_begins_again) {
  world.publish(
      "do:\n"
      "- f: {fork: {compete: true, branches: [{p: {call: 'flaky:1.0.0@gitlab', with: {ref: "
      "main}}}, "
      "{w: {wait: {milliseconds: 1}}}]}}\n"
      "- s: {switch: [{once: {when: '$context.again == null', then: mark}}, "
      "{last: {then: end}}]}\n"
      "- mark: {set: {n: 1}, export: {as: {again: true}}, then: f}\n",
      "twice");
  world.actions.failures = {make_error(ErrorKind::uncertain, "reset"),
                            make_error(ErrorKind::uncertain, "reset")};
  std::vector<std::string> sent;
  std::vector<std::string> cancelled;
  world.actions.watch = [&](action::Invocation const& call) {
    using Mode = action::Invocation::Mode;
    EXPECT_NE(call.mode, Mode::recover);
    (call.mode == Mode::cancel ? cancelled : sent).push_back(call.marker.id);
  };
  Life life(world);
  RunId const id = start(life, "twice");
  for (int i = 0; i < 2; ++i) {
    world.clock.advance(Milliseconds(1));
    life.engine.run_until_idle();
  }
  EXPECT_EQ(row(id).status, "completed") << row(id).waiting_for;
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_NE(sent[0], sent[1]) << "each visit is an effect of its own";
  EXPECT_EQ(cancelled, sent);
}

// Its call timed out, nobody knows what it did, and it is between two tries.
constexpr std::string_view between_tries =
    "do:\n"
    "- f: {fork: {compete: true, branches: [{p: {try: [{c: {call: 'flaky:1.0.0@gitlab', with: "
    "{ref: main}, timeout: {after: PT1S}}}], catch: {retry: {delay: PT1H}}}}, "
    "{w: {wait: PT10S}}]}}\n"
    "- s: {switch: [{once: {when: '$context.again == null', then: mark}}, "
    "{last: {then: end}}]}\n"
    "- mark: {set: {n: 1}, export: {as: {again: true}}, then: f}\n";

struct BetweenTries : Undo {
  BetweenTries() {
    world.publish(between_tries, "tries");
    for (int i = 0; i < 10; ++i)
      world.actions.failures.push_back(make_error(ErrorKind::uncertain, "reset"));
    world.actions.watch = [this](action::Invocation const& call) {
      using Mode = action::Invocation::Mode;
      if (call.mode == Mode::first) sent.push_back(call.marker.id);
      if (call.mode == Mode::cancel) cancelled.push_back(call.marker.id);
    };
  }
  void pass(Life& life, int seconds) {
    for (int i = 0; i < seconds; ++i) {
      world.clock.advance(std::chrono::seconds(1));
      life.engine.run_until_idle();
    }
  }
  std::vector<std::string> sent;
  std::vector<std::string> cancelled;
};

TEST_F(BetweenTries, the_loser_of_a_race_is_undone_and_not_adopted_by_the_next_visit) {
  Life life(world);
  RunId const id = start(life, "tries");
  pass(life, 5);
  ASSERT_EQ(entries(id, "retry-scheduled"), 1);
  pass(life, 20);
  EXPECT_EQ(row(id).status, "completed") << row(id).waiting_for;
  ASSERT_EQ(sent.size(), 2U);
  EXPECT_NE(sent[0], sent[1]) << "each visit is an effect of its own";
  EXPECT_EQ(cancelled, sent);
  expect_rest();
}

TEST_F(BetweenTries, what_a_cancelled_run_may_have_begun_is_undone_over_a_crash) {
  RunId id;
  {
    Life life(world);
    id = start(life, "tries");
    pass(life, 5);
    ASSERT_EQ(entries(id, "retry-scheduled"), 1);
  }
  {
    Life life(world);
    ASSERT_TRUE(life.engine.cancel(id, "ada").ok());
  }
  Life life(world);
  life.live();
  ASSERT_EQ(sent.size(), 1U);
  ASSERT_FALSE(cancelled.empty());
  EXPECT_EQ(cancelled.front(), sent.front());
  EXPECT_EQ(entries(id, "cancel-settled"), 1);
  expect_rest();
}

TEST_F(BetweenTries, what_the_next_try_took_up_is_undone_once_and_what_was_handled_never) {
  world.publish(
      "do:\n"
      "- t: {try: [{c: {call: 'flaky:1.0.0@gitlab', with: {ref: main}, timeout: {after: PT1S}}}], "
      "catch: {retry: {delay: PT5S, limit: {attempt: {count: 1}}}, do: [{rest: {wait: PT1H}}]}}\n",
      "handled");
  for (auto const& [seconds, undone] : {std::pair{6, true}, {10, false}}) {
    SCOPED_TRACE(seconds);
    sent.clear();
    cancelled.clear();
    Life life(world);
    RunId const id = start(life, "handled");
    pass(life, seconds);
    ASSERT_EQ(row(id).status, "waiting");
    ASSERT_EQ(sent.size(), 1U) << "the second try looks up";
    ASSERT_TRUE(life.engine.cancel(id, "ada").ok());
    life.live();
    EXPECT_EQ(entries(id, "cancel-settled"), undone ? 1 : 0);
    EXPECT_EQ(cancelled.empty(), !undone) << "a time-out that was handled undoes nothing";
    for (auto const& marker : cancelled)
      EXPECT_EQ(marker, sent.front());
    expect_rest();
  }
}

// The cancel comes while the request is under way, or while what it did is being looked up.
TEST_F(Undo, of_what_nobody_heard_of_comes_after_the_request_that_is_under_way) {
  world.publish("do:\n- t: {call: 'trigger-pipeline:1.0.0@gitlab', with: {ref: main}}\n", "sends");
  Life life(world);
  world.actions.watch = [&](action::Invocation const& call) {
    if (call.mode == action::Invocation::Mode::cancel) return;
    EXPECT_TRUE(life.engine.cancel(world.runs()[0].id, "ada").ok());
    EXPECT_EQ(cancels("trigger-pipeline"), 0) << "it would not find what is being started";
  };
  RunId const id = start(life, "sends");
  EXPECT_EQ(row(id).status, "cancelled");
  EXPECT_EQ(world.actions.log,
            (std::vector<std::string>{"trigger-pipeline first", "trigger-pipeline cancel"}));
  EXPECT_EQ(entries(id, "cancel-settled"), 1);
  expect_rest();
}

TEST_F(Undo, of_what_nobody_heard_of_is_looked_for_until_it_can_no_longer_appear) {
  world.publish("do:\n- t: {call: 'flaky:1.0.0@gitlab', with: {ref: main}}\n", "sends");
  world.actions.failures = {make_error(ErrorKind::uncertain, "reset")};
  Life life(world);
  RunId const id = start(life, "sends");
  ASSERT_EQ(row(id).status, "waiting") << "it is looked up in a moment";
  std::vector<Milliseconds> settles;
  world.actions.watch = [&](action::Invocation const& call) {
    if (call.mode == action::Invocation::Mode::cancel)
      settles.push_back(action::settles_in(call.marker, world.clock.now()));
  };
  world.actions.cancel_failures = {action::not_seen_yet("flaky", action::effect_settle_time)};
  ASSERT_TRUE(life.engine.cancel(id, "ada").ok());
  life.live();
  EXPECT_EQ(settles, (std::vector<Milliseconds>{action::effect_settle_time,
                                                action::effect_settle_time - undo_delay}));
  EXPECT_EQ(entries(id, "cancel-postponed"), 1);
  EXPECT_EQ(entries(id, "cancel-settled"), 1);
  expect_rest();
}

TEST_F(Undo, of_what_nobody_heard_of_settles_when_its_place_is_gone) {
  world.publish("do:\n- t: {call: 'flaky:1.0.0@gitlab', with: {ref: main}}\n", "sends");
  world.actions.failures = {make_error(ErrorKind::uncertain, "reset")};
  world.actions.cancel_failures = {make_error(ErrorKind::not_found, "There is no such project.")};
  Life life(world);
  RunId const id = start(life, "sends");
  ASSERT_TRUE(life.engine.cancel(id, "ada").ok());
  life.live();
  EXPECT_EQ(row(id).waiting_for, "");
  EXPECT_EQ(entries(id, "cancel-settled"), 1);
  expect_rest();
}

}  // namespace
}  // namespace fairlead::run
