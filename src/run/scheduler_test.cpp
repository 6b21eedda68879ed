// Workflows that start by time: the engine with a store in memory, a clock that jumps, and a
// process that dies after each commit.
#include "run/scheduler.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>

#include "run/crashing_store_test.h"
#include "run/engine.h"
#include "run/fakes_test.h"
#include "run/schedule_times.h"
#include "store/memory/memory_store.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"
#include "workflow/parse.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using namespace std::chrono_literals;

constexpr std::string_view task = "do:\n- a: {set: {x: 1}}\n";
constexpr std::string_view long_task = "do:\n- a: {wait: PT3H}\n";

std::string text_of(std::string_view schedule, std::string_view body, std::string const& version,
                    std::string const& policy) {
  return "document: {dsl: '1.0.3', namespace: tests, name: timed, version: " + version +
         ", metadata: {schedule: {" + policy + "}}}\nschedule: {" + std::string(schedule) + "}\n" +
         std::string(body);
}

// What outlives the process. It is 2026-11-22T12:00:00Z, a Sunday.
struct TimedTest : ::testing::Test {
  struct Life {
    Life(TimedTest& world, store::Store& store)
        : library(store.workflows(), workflow::parse),
          engine({.store = store,
                  .invoker = world.actions,
                  .evaluator = world.evaluator,
                  .library = library,
                  .clock = world.clock,
                  .random = world.random,
                  .log = *world.log},
                 {.threads = EngineOptions::Threads::none}) {
      EXPECT_TRUE(engine.recover().ok());
      engine.run_until_idle();
    }
    WorkflowLibrary library;
    Engine engine;
  };

  void publish(std::string_view schedule, std::string_view body = task,
               std::string const& version = "1.0.0", std::string const& policy = "") {
    put(text_of(schedule, body, version, policy), version);
  }
  void put(std::string const& text, std::string const& version) {
    store::WorkflowRecord record{.workflow_namespace = "tests",
                                 .name = "timed",
                                 .version = version,
                                 .status = "published",
                                 .source = text,
                                 .content_hash = "x",
                                 .created_at = clock.now()};
    ASSERT_TRUE(workflow::parse(text).ok()) << describe(workflow::parse(text).error());
    ASSERT_TRUE(store->workflows().put(record).ok());
    if (life) life->library.refresh();
  }
  void disable(std::string const& version) {
    auto record = store->workflows().get("tests", "timed", version);
    ASSERT_TRUE(store->workflows().set_status(*record, "disabled").ok());
    life->library.refresh();
    life->engine.run_until_idle();
  }
  void start() { life = std::make_unique<Life>(*this, *store); }
  void stop() { life.reset(); }
  // Time passes in steps, as for a server that runs.
  void pass(Milliseconds span, Milliseconds step = 1min) {
    for (auto const end = clock.now() + span; clock.now() < end;) {
      clock.advance(std::min<Milliseconds>(step, end - clock.now()));
      life->engine.run_until_idle();
    }
  }
  void jump(Milliseconds by) {
    clock.set_now(clock.now() + by);
    if (life) life->engine.run_until_idle();
  }
  // "12:05:00" each, oldest first.
  std::vector<std::string> starts() {
    std::vector<std::string> found;
    auto const page = store->runs().list({}, "", 1'000);
    for (auto const& run : page->items)
      found.insert(found.begin(), format_time(run.started_at).substr(11, 8));
    return found;
  }
  store::RunRecord newest() { return store->runs().list({}, "", 1)->items.at(0); }
  store::ScheduleRecord row() {
    auto const found = store->schedules().find("tests", "timed");
    EXPECT_TRUE(found.ok() && *found);
    return found.ok() && *found ? **found : store::ScheduleRecord{};
  }

  testing::VirtualClock clock;
  testing::SeededRandom random{3};
  ScriptedEvaluator evaluator;
  FakeActions actions;
  std::unique_ptr<Log> log = make_null_log();
  std::unique_ptr<store::Store> store =
      store::make_memory_store({store::MemoryStoreOptions::Delivery::callers_thread});
  std::unique_ptr<Life> life;
};

TEST_F(TimedTest, every_is_a_fixed_rate_from_the_first_moment_on) {
  publish("every: PT5M");
  start();
  EXPECT_THAT(starts(), IsEmpty());
  pass(14min);
  EXPECT_THAT(starts(), ElementsAre("12:05:00", "12:10:00"));
  EXPECT_EQ(newest().cause, "schedule every PT5M");
  EXPECT_EQ(newest().input, Json::object());
  EXPECT_EQ(newest().status, "completed");
  EXPECT_EQ(format_time(*row().next_at), "2026-11-22T12:15:00.000Z");
  EXPECT_EQ(row().last_run, newest().id);
  // A start that is late does not move those after it.
  stop();
  clock.advance(2min + 30s);
  start();
  pass(5min, 30s);
  EXPECT_THAT(starts(), ElementsAre("12:05:00", "12:10:00", "12:16:30", "12:20:00"));
}

TEST_F(TimedTest, cron_goes_by_the_clocks_of_its_place) {
  publish("cron: '30 14 * * *'", task, "1.0.0", "timezone: Europe/Berlin");
  start();
  pass(26h, 10min);
  EXPECT_THAT(starts(), ElementsAre("13:30:00", "13:30:00"));
  EXPECT_EQ(newest().cause, "schedule cron \"30 14 * * *\" (Europe/Berlin)");
}

TEST_F(TimedTest, after_counts_from_the_end_of_the_run_before) {
  publish("after: PT10M", "do:\n- a: {wait: PT25M}\n");
  start();
  pass(9min);
  EXPECT_THAT(starts(), IsEmpty());
  pass(26min);  // 12:35: the run of 12:10 has just ended
  EXPECT_THAT(starts(), ElementsAre("12:10:00"));
  EXPECT_EQ(newest().status, "completed");
  pass(50min);
  EXPECT_THAT(starts(), ElementsAre("12:10:00", "12:45:00", "13:20:00"));
}

TEST_F(TimedTest, after_goes_on_when_its_run_ended_while_the_server_was_down) {
  publish("after: PT10M", "do:\n- a: {set: {x: 1}}\n- b: {wait: PT1H}\n");
  start();
  pass(15min);
  stop();
  clock.advance(3h);
  start();  // the run ends now: its timer was due long ago
  pass(9min);
  EXPECT_EQ(starts().size(), 1U);
  pass(2min);
  EXPECT_EQ(starts().size(), 2U);
}

TEST_F(TimedTest, what_was_missed_is_made_up_once_and_said) {
  publish("cron: '0 * * * *'");
  start();
  stop();
  clock.advance(5h + 20min);
  start();
  pass(1h);
  EXPECT_THAT(starts(), ElementsAre("17:20:00", "18:00:00"));
  auto const runs = store->runs().list({}, "", 10)->items;
  EXPECT_EQ(runs.at(1).cause,
            "schedule cron \"0 * * * *\" (UTC), was due at 2026-11-22T13:00:00.000Z, made up 4 h "
            "20 min later");
  EXPECT_EQ(runs.at(0).cause, "schedule cron \"0 * * * *\" (UTC)");
  EXPECT_EQ(row().skipped, 4);
  EXPECT_EQ(row().skipped_why,
            "4 more starts were due while none could be made; one run makes up for all");
}

TEST_F(TimedTest, overlapping_runs_are_allowed_unless_the_workflow_says_skip) {
  publish("every: PT1H", long_task);
  start();
  pass(3h, 10min);
  EXPECT_EQ(starts().size(), 3U);
}

TEST_F(TimedTest, overlap_skip_leaves_a_start_out_and_says_why) {
  publish("every: PT1H", "do:\n- a: {wait: PT150M}\n", "1.0.0", "overlap: skip");
  start();
  pass(5h, 10min);
  EXPECT_THAT(starts(), ElementsAre("13:00:00", "16:00:00"));
  EXPECT_EQ(row().skipped, 3);
  EXPECT_EQ(format_time(*row().skipped_at), "2026-11-22T17:00:00.000Z");
  EXPECT_EQ(row().skipped_why, "run " + newest().id.text + " had not ended, and overlap is skip");
  EXPECT_EQ(format_time(*row().next_at), "2026-11-22T18:00:00.000Z");
}

TEST_F(TimedTest, a_new_version_takes_over_where_the_old_one_stood) {
  publish("every: PT1H");
  start();
  pass(30min);
  publish("every: PT1H", task, "1.0.1");
  pass(30min);
  EXPECT_THAT(starts(), ElementsAre("13:00:00"));
  EXPECT_EQ(newest().workflow_version, "1.0.1");
  // Other times begin anew, and no start of the old ones is left.
  publish("every: PT7M", task, "1.0.2");
  pass(10min);
  EXPECT_THAT(starts(), ElementsAre("13:00:00", "13:08:00"));
  EXPECT_EQ(row().plan, "every PT7M");
}

TEST_F(TimedTest, disabling_stops_it_and_a_version_without_a_schedule_too) {
  publish("every: PT1H");
  start();
  disable("1.0.0");
  EXPECT_FALSE(store->schedules().find("tests", "timed")->has_value());
  pass(2h, 30min);
  EXPECT_THAT(starts(), IsEmpty());
  publish("every: PT1H", task, "1.1.0");
  pass(1h + 1min);
  EXPECT_EQ(starts().size(), 1U);
  put("document: {dsl: '1.0.3', namespace: tests, name: timed, version: 1.2.0}\n" +
          std::string(task),
      "1.2.0");
  pass(2h, 30min);
  EXPECT_EQ(starts().size(), 1U);
  EXPECT_FALSE(store->schedules().find("tests", "timed")->has_value());
}

TEST_F(TimedTest, a_clock_set_forward_is_as_time_that_was_missed) {
  publish("every: PT5M");
  start();
  jump(24h);
  EXPECT_THAT(starts(), ElementsAre("12:00:00"));
  EXPECT_EQ(row().skipped, 287);
  pass(5min);
  EXPECT_THAT(starts(), ElementsAre("12:00:00", "12:05:00"));
}

TEST_F(TimedTest, a_clock_set_back_a_little_repeats_nothing) {
  publish("every: PT5M");
  start();
  pass(10min);
  jump(-8min);  // 12:02
  pass(12min);  // 12:14
  EXPECT_THAT(starts(), ElementsAre("12:05:00", "12:10:00"));
  pass(1min);
  EXPECT_EQ(starts().back(), "12:15:00");
}

TEST_F(TimedTest, a_clock_set_back_from_the_far_future_does_not_stop_it_for_years) {
  publish("every: PT5M");
  start();
  jump(24h * 3650);
  EXPECT_EQ(starts().size(), 1U);
  jump(-24h * 3650);
  pass(10min);
  EXPECT_THAT(starts(), ElementsAre("12:00:00", "12:05:00", "12:10:00"));
}

TEST_F(TimedTest, after_survives_an_end_in_the_future) {
  publish("after: PT10M");
  start();
  clock.set_now(clock.now() + 24h * 3650);
  life->engine.run_until_idle();
  EXPECT_EQ(starts().size(), 1U);
  stop();
  clock.set_now(clock.now() - 24h * 3650);
  start();
  pass(11min);
  EXPECT_EQ(starts().size(), 2U);
}

// Each commit of the whole story is once the last one the process makes, seen or not: the starts
// are the same as without a crash.
TEST_F(TimedTest, a_crash_after_any_commit_neither_loses_nor_repeats_a_start) {
  publish("every: PT5M", "do:\n- a: {set: {x: 1}}\n- b: {wait: PT1M}\n- c: {set: {x: 2}}\n");
  std::vector<std::string> const expected{"12:05:00", "12:10:00", "12:15:00"};
  using Last = CrashingStore::Last;
  auto const begin = clock.now();
  int crashes = 0;
  for (Last const last : {Last::lost, Last::unheard}) {
    for (int commits = 0;; ++commits) {
      SCOPED_TRACE(std::to_string(commits) + (last == Last::lost ? " lost" : " unheard"));
      store = store::make_memory_store({store::MemoryStoreOptions::Delivery::callers_thread});
      clock.set_now(begin);
      publish("every: PT5M", "do:\n- a: {set: {x: 1}}\n- b: {wait: PT1M}\n- c: {set: {x: 2}}\n");
      CrashingStore crashing(*store, commits, last);
      life = std::make_unique<Life>(*this, crashing);
      for (int second = 0; second < 17 * 60 && !crashing.crashed(); second += 30)
        pass(30s, 30s);
      bool const crashed = crashing.crashed();
      stop();
      // The next life begins at the same moment.
      start();
      pass(begin + 17min - clock.now(), 30s);
      // Within the half minute in which the process died.
      std::vector<std::string> seen;
      for (auto const& each : starts())
        seen.push_back(each.substr(0, 6) + "00");
      EXPECT_EQ(seen, expected);
      auto const runs = store->runs().list({}, "", 10);
      for (auto const& run : runs->items)
        EXPECT_EQ(run.status, "completed");
      stop();
      if (!crashed) break;
      ++crashes;
    }
  }
  EXPECT_GT(crashes, 10);
}

TEST_F(TimedTest, a_disk_that_is_full_for_a_while_costs_no_start) {
  publish("every: PT5M");
  CrashingStore crashing(*store, 1, CrashingStore::Last::lost);
  life = std::make_unique<Life>(*this, crashing);
  pass(6min);
  EXPECT_THAT(starts(), IsEmpty());
  crashing.repair();
  pass(1min);
  EXPECT_THAT(starts(), ElementsAre("12:07:00"));
}

TEST(ScheduleTimesTest, counts_what_was_missed_up_to_a_maximum) {
  workflow::Schedule schedule;
  schedule.cron = "* * * * *";
  Time const due = *parse_time("2026-11-22T12:00:00Z");
  EXPECT_EQ(*missed_between(schedule, due, due + 59s), 0);
  EXPECT_EQ(*missed_between(schedule, due, due + 60s), 1);
  EXPECT_EQ(*missed_between(schedule, due, due + 48h), missed_counted_max);
  schedule = {};
  schedule.every = 1s;
  EXPECT_EQ(*missed_between(schedule, due, due + 48h), 48 * 3600);
}

}  // namespace
}  // namespace fairlead::run
