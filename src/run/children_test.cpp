// Runs that start runs, through the engine: told in both directions, over every crash, with no
// threads and no real time.
#include "run/children.h"

#include <gtest/gtest.h>

#include "run/crashing_store_test.h"
#include "run/engine.h"
#include "run/fakes_test.h"
#include "store/memory/memory_store.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"
#include "workflow/parse.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT

constexpr std::string_view parent_body =
    "do:\n"
    "- before: {call: 'create-issue:1.0.0@gitlab', with: {title: '${ .title }'}}\n"
    "- child: {run: {workflow: {namespace: tests, name: child, version: latest, input: "
    "{title: '${ .title }'}}}}\n"
    "- after: {call: 'update-issue:1.0.0@gitlab', with: {iid: '${ .iid }'}}\n";
constexpr std::string_view child_body =
    "do:\n"
    "- make: {call: 'create-issue:1.0.0@gitlab', with: {title: '${ .title }'}}\n"
    "- rest: {wait: PT1M}\n";

struct World {
  World()
      : store(store::make_memory_store({store::MemoryStoreOptions::Delivery::callers_thread})) {}

  void publish(std::string_view body, std::string const& name) {
    ASSERT_TRUE(store->workflows()
                    .put({.workflow_namespace = "tests",
                          .name = name,
                          .version = "1.0.0",
                          .status = "published",
                          .source = document_text(body, name),
                          .content_hash = "x",
                          .created_at = clock.now()})
                    .ok());
  }
  std::vector<store::RunRecord> runs(store::RunFilter const& filter = {}) {
    auto page = store->runs().list(filter, "", 1'000);
    return page.ok() ? page->items : std::vector<store::RunRecord>{};
  }
  // The newest run of that workflow.
  store::RunRecord of(std::string const& name) {
    auto found = runs({.workflow_namespace = "tests", .workflow_name = name});
    EXPECT_FALSE(found.empty()) << name;
    return found.empty() ? store::RunRecord{} : found.front();
  }
  void expect_no_timers() {
    auto next = store->runs().next_timer();
    EXPECT_TRUE(next.ok() && !*next) << "a timer is left";
  }

  testing::VirtualClock clock;
  testing::SeededRandom random{11};
  ScriptedEvaluator evaluator;
  FakeActions actions;
  std::unique_ptr<Log> log = make_null_log();
  std::unique_ptr<store::Store> store;
};

struct Life {
  explicit Life(World& outside) : Life(outside, *outside.store) {}
  Life(World& outside, store::Store& store, std::size_t idle_max = 256)
      : Life(outside, store, ShardLimits{.idle_max = idle_max}) {}
  Life(World& outside, store::Store& store, ShardLimits limits)
      : world(outside),
        library(store.workflows(), workflow::parse),
        engine({.store = store,
                .invoker = world.actions,
                .evaluator = world.evaluator,
                .library = library,
                .clock = world.clock,
                .random = world.random,
                .log = *world.log},
               {.threads = EngineOptions::Threads::none, .shards = 1, .shard_limits = limits}) {
    EXPECT_TRUE(engine.recover().ok());
  }
  RunId start(std::string const& name, Json input = json(R"({"title": "t"})")) {
    auto id =
        engine.start({.workflow = {.workflow_namespace = "tests", .name = name, .version = ""},
                      .input = std::move(input),
                      .cause = "a test"});
    EXPECT_TRUE(id.ok()) << describe(id.error());
    engine.run_until_idle();
    return id.ok() ? *id : RunId();
  }
  // Moves on from timer to timer until none is left.
  void live(int timers_max = 200) {
    engine.run_until_idle();
    while (timers_max-- > 0) {
      auto next = world.store->runs().next_timer();
      if (!next.ok() || !*next) return;
      if (**next > world.clock.now()) world.clock.advance(**next - world.clock.now());
      engine.run_until_idle();
    }
  }

  World& world;
  WorkflowLibrary library;
  Engine engine;
};

TEST(Children, are_runs_of_their_own_whose_output_comes_back) {
  World world;
  world.publish(parent_body, "parent");
  world.publish(child_body, "child");
  Life life(world);
  RunId const id = life.start("parent");
  auto const child = world.of("child");
  EXPECT_EQ(child.parent_run, id);
  EXPECT_EQ(child.parent_task, "/do/1/child");
  EXPECT_EQ(child.cause, "run " + id.text + ", /do/1/child");
  EXPECT_EQ(world.of("parent").status, "waiting");
  EXPECT_EQ(world.of("parent").waiting_for, "run " + child.id.text + " of tests/child:1.0.0");
  EXPECT_EQ(world.runs({.parent_run = id}).size(), 1U);
  life.live();
  EXPECT_EQ(world.of("child").status, "completed");
  EXPECT_EQ(world.of("parent").status, "completed") << world.of("parent").error.dump();
  EXPECT_EQ(world.actions.effects.size(), 3U);
  world.expect_no_timers();
}

// Its children count as active, but a parent that waits must be able to begin one.
constexpr std::string_view many_children =
    "do:\n"
    "- f: {fork: {branches: [{a: {run: &child {workflow: {namespace: tests, name: child, version: "
    "latest, input: {title: t}}}}}, {b: {run: *child}}, {c: {run: *child}}, {d: {run: *child}}, "
    "{e: {run: *child}}, {g: {run: *child}}]}}\n";

TEST(Children, beyond_the_bound_of_active_runs_are_refused_by_name) {
  World world;
  world.publish(many_children, "parent");
  world.publish(child_body, "child");
  Life life(world, *world.store, ShardLimits{.active_max = 1});
  life.start("parent");
  life.live();
  auto const parent = world.of("parent");
  EXPECT_EQ(parent.status, "faulted");
  EXPECT_EQ(parent.error["title"], Json("Too many runs"));
  std::string const& detail = parent.error["detail"].as_string();
  EXPECT_NE(detail.find("Too many runs are active"), std::string::npos) << parent.error.dump();
  EXPECT_NE(parent.error.dump().find("retry"), std::string::npos) << parent.error.dump();
  for (auto const& child : world.runs({.workflow_namespace = "tests", .workflow_name = "child"}))
    EXPECT_NE(child.status, "running") << "what was begun ends with its parent";
}

TEST(Children, of_children_end_from_the_innermost_outwards) {
  World world;
  world.publish(parent_body, "parent");
  world.publish(
      "do:\n- deep: {run: {workflow: {namespace: tests, name: leaf, version: '1.0.0'}}}\n",
      "child");
  world.publish("do:\n- a: {set: {iid: 5}}\n", "leaf");
  Life life(world, *world.store, 0);
  life.start("parent");
  life.live();
  EXPECT_EQ(world.of("parent").status, "completed") << world.of("parent").error.dump();
  EXPECT_EQ(world.of("child").output, json(R"({"iid": 5})"));
  EXPECT_EQ(world.runs().size(), 3U);
  world.expect_no_timers();
}

TEST(Children, that_fault_fault_the_task_and_say_which_run) {
  World world;
  world.publish(parent_body, "parent");
  world.publish(
      "do:\n- a: {raise: {error: {type: 'https://x.test/full', status: 507, title: Full}}}\n",
      "child");
  Life life(world);
  life.start("parent");
  life.live();
  auto const error = world.of("parent").error;
  EXPECT_EQ(error["type"], Json("https://x.test/full"));
  EXPECT_EQ(error["status"], Json(507));
  EXPECT_EQ(error["instance"], Json("/do/1/child"));
  EXPECT_EQ(error["run"]["id"], Json(world.of("child").id.text));
  EXPECT_EQ(error["run"]["instance"], Json("/do/0/a"));
}

TEST(Children, of_a_workflow_that_does_not_exist_fault_the_task) {
  World world;
  world.publish(parent_body, "parent");
  Life life(world);
  life.start("parent");
  auto const error = world.of("parent").error;
  EXPECT_TRUE(error["type"].as_string().ends_with("/configuration")) << error.dump();
  EXPECT_NE(error["detail"].as_string().find("tests/child"), std::string::npos);
  EXPECT_EQ(world.runs().size(), 1U);
}

TEST(Children, are_cancelled_with_their_parent_also_the_deep_ones) {
  World world;
  world.publish(parent_body, "parent");
  world.publish(
      "do:\n- deep: {run: {workflow: {namespace: tests, name: leaf, version: '1.0.0'}}}\n",
      "child");
  world.publish("do:\n- a: {wait: P1D}\n", "leaf");
  Life life(world);
  RunId const id = life.start("parent");
  EXPECT_EQ(world.of("leaf").status, "waiting");
  ASSERT_TRUE(life.engine.cancel(id, "ada").ok());
  life.engine.run_until_idle();
  for (auto const& run : world.runs())
    EXPECT_EQ(run.status, "cancelled") << run.workflow_name;
  world.expect_no_timers();
}

TEST(Children, cancelled_on_their_own_fail_the_parent) {
  World world;
  world.publish(parent_body, "parent");
  world.publish(child_body, "child");
  Life life(world);
  life.start("parent");
  ASSERT_TRUE(life.engine.cancel(world.of("child").id, "ada").ok());
  life.engine.run_until_idle();
  EXPECT_EQ(world.of("parent").status, "faulted");
  EXPECT_EQ(world.of("parent").error["title"], Json("Child run cancelled"));
  world.expect_no_timers();
}

TEST(Children, that_are_not_awaited_outlive_their_parent) {
  World world;
  world.publish(
      "do:\n- c: {run: {await: false, workflow: {namespace: tests, name: child, version: "
      "latest}}}\n",
      "parent");
  world.publish("do:\n- a: {wait: PT1M}\n", "child");
  Life life(world);
  life.start("parent", json(R"({"n": 1})"));
  EXPECT_EQ(world.of("parent").status, "completed");
  EXPECT_EQ(world.of("parent").output, json(R"({"n": 1})"));
  EXPECT_EQ(world.of("child").status, "waiting");
  life.live();
  EXPECT_EQ(world.of("child").status, "completed");
  EXPECT_EQ(world.of("parent").last_seq, world.of("parent").last_seq);
  world.expect_no_timers();
}

TEST(Children, that_start_themselves_end_with_an_error_and_leave_nothing) {
  World world;
  world.publish("do:\n- me: {run: {workflow: {namespace: tests, name: me, version: latest}}}\n",
                "me");
  Life life(world);
  life.start("me");
  life.live(1'000);
  auto const runs = world.runs();
  EXPECT_EQ(runs.size(), 21U);
  for (auto const& run : runs) {
    EXPECT_EQ(run.status, "faulted");
    EXPECT_EQ(run.error["title"], Json("Runs nested too deep"));
  }
  world.expect_no_timers();
}

// The process dies at every commit, both ways: one child, each effect once, all ends.
TEST(Children, survive_a_crash_at_every_commit) {
  int commits = 0;
  {
    World world;
    world.publish(parent_body, "parent");
    world.publish(child_body, "child");
    CrashingStore counting(*world.store, 1'000'000, CrashingStore::Last::lost);
    Life life(world, counting, 0);
    life.start("parent");
    life.live();
    commits = counting.commits();
  }
  ASSERT_GE(commits, 10);
  for (auto last : {CrashingStore::Last::lost, CrashingStore::Last::unheard}) {
    for (int good = 1; good < commits; ++good) {
      SCOPED_TRACE(std::to_string(good) +
                   (last == CrashingStore::Last::lost ? " lost" : " unheard"));
      World world;
      world.publish(parent_body, "parent");
      world.publish(child_body, "child");
      {
        CrashingStore dying(*world.store, good, last);
        Life life(world, dying, 0);
        life.start("parent");
        for (int i = 0; i < 100 && !dying.crashed(); ++i) {
          auto next = world.store->runs().next_timer();
          if (!*next) break;
          if (**next > world.clock.now()) world.clock.advance(**next - world.clock.now());
          life.engine.run_until_idle();
        }
        ASSERT_TRUE(dying.crashed());
      }
      Life second(world);
      second.live();
      auto const runs = world.runs();
      EXPECT_EQ(runs.size(), 2U);
      for (auto const& run : runs)
        EXPECT_EQ(run.status, "completed")
            << run.workflow_name << run.waiting_for << run.error.dump();
      EXPECT_EQ(world.actions.effects.size(), 3U);
      for (auto const& [marker, times] : world.actions.effects)
        EXPECT_EQ(times, 1) << marker;
      world.expect_no_timers();
    }
  }
}

// The parent is cancelled and the process dies at every commit after that: the child ends, too.
TEST(Children, do_not_outlive_a_cancelled_parent_over_a_crash) {
  for (auto last : {CrashingStore::Last::lost, CrashingStore::Last::unheard}) {
    for (int good = 0; good < 3; ++good) {
      SCOPED_TRACE(good);
      World world;
      world.publish(parent_body, "parent");
      world.publish(child_body, "child");
      RunId id;
      {
        Life life(world);
        id = life.start("parent");
      }
      {
        CrashingStore dying(*world.store, good, last);
        Life life(world, dying);
        (void)life.engine.cancel(id, "ada");
        life.engine.run_until_idle();
      }
      Life second(world);
      if (world.of("parent").status != "cancelled") {
        ASSERT_TRUE(second.engine.cancel(id, "ada").ok());
      }
      second.engine.run_until_idle();
      for (auto const& run : world.runs())
        EXPECT_EQ(run.status, "cancelled") << run.workflow_name;
      world.expect_no_timers();
    }
  }
}

TEST(Children, are_paused_with_their_parent_and_go_on_with_it_also_the_deep_ones) {
  World world;
  world.publish(parent_body, "parent");
  world.publish(
      "do:\n- deep: {run: {workflow: {namespace: tests, name: leaf, version: '1.0.0'}}}\n",
      "child");
  world.publish("do:\n- a: {wait: PT1M}\n- b: {set: {iid: 5}}\n", "leaf");
  Life life(world);
  RunId const id = life.start("parent");
  ASSERT_TRUE(life.engine.pause(id, {.by = "ada", .reason = "release"}).ok());
  life.engine.run_until_idle();
  for (auto const& run : world.runs())
    EXPECT_EQ(run.status, "suspended") << run.workflow_name;
  EXPECT_EQ(world.of("child").waiting_for,
            "a person: paused by run " + id.text + ", which started it");
  world.clock.advance(std::chrono::hours(1));
  life.engine.run_until_idle();
  EXPECT_EQ(world.of("leaf").status, "suspended");
  world.expect_no_timers();
  ASSERT_TRUE(life.engine.resume(id, "go on").ok());
  life.live();
  for (auto const& run : world.runs())
    EXPECT_EQ(run.status, "completed") << run.workflow_name;
  world.expect_no_timers();
}

TEST(Children, that_a_person_paused_or_nobody_waits_for_are_left_alone) {
  World world;
  world.publish(parent_body, "parent");
  world.publish(child_body, "child");
  world.publish(
      "do:\n- go: {run: {await: false, workflow: {namespace: tests, name: child, version: "
      "latest, input: {title: t}}}}\n- rest: {wait: PT5M}\n",
      "loose");
  Life life(world);
  RunId const id = life.start("parent");
  RunId const child = world.of("child").id;
  ASSERT_TRUE(life.engine.pause(child, {.by = "bob", .reason = "mine"}).ok());
  ASSERT_TRUE(life.engine.pause(id, {.by = "ada", .reason = ""}).ok());
  ASSERT_TRUE(life.engine.resume(id, "go on").ok());
  life.engine.run_until_idle();
  EXPECT_EQ(world.of("child").waiting_for, "a person: paused by bob: mine");
  EXPECT_EQ(world.of("parent").status, "waiting");
  RunId const loose = life.start("loose");
  ASSERT_TRUE(life.engine.pause(loose, {.by = "ada", .reason = ""}).ok());
  life.engine.run_until_idle();
  EXPECT_EQ(world.of("child").status, "waiting");
  ASSERT_TRUE(life.engine.resume(loose, "go on").ok());
  ASSERT_TRUE(life.engine.resume(child, "go on").ok());
  life.live();
  world.expect_no_timers();
}

// Paused and resumed many times in a row: the last word holds, over a crash at every commit.
TEST(Children, follow_the_last_word_of_their_parent_over_a_crash) {
  for (auto last : {CrashingStore::Last::lost, CrashingStore::Last::unheard}) {
    for (int good = 0; good < 9; ++good) {
      SCOPED_TRACE(good);
      World world;
      world.publish(parent_body, "parent");
      world.publish(child_body, "child");
      RunId id;
      {
        Life life(world);
        id = life.start("parent");
      }
      {
        CrashingStore dying(*world.store, good, last);
        Life life(world, dying);
        for (int i = 0; i < 2; ++i) {
          (void)life.engine.pause(id, {.by = "ada", .reason = ""});
          (void)life.engine.resume(id, "go on");
        }
        (void)life.engine.pause(id, {.by = "ada", .reason = ""});
        life.engine.run_until_idle();
      }
      Life second(world);
      world.clock.advance(std::chrono::seconds(2));
      second.engine.run_until_idle();
      EXPECT_EQ(world.of("child").status,
                world.of("parent").status == "suspended" ? "suspended" : "waiting");
      (void)second.engine.resume(id, "go on");
      second.live();
      EXPECT_EQ(world.of("parent").status, "completed");
      world.expect_no_timers();
    }
  }
}

}  // namespace
}  // namespace fairlead::run
