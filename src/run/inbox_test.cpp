// The inbox beyond one event, one run: several events that start a run together, lifecycle events,
// and what is forgotten.
#include "run/inbox.h"

#include <gtest/gtest.h>

#include <map>

#include "run/crashing_store_test.h"
#include "run/world_test.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT

Json event_of(std::string const& id, std::string const& type, std::int64_t order) {
  return Json::object({{"specversion", "1.0"},
                       {"id", id},
                       {"source", "/desk"},
                       {"type", type},
                       {"data", Json::object({{"order", order}, {"id", id}})}});
}

void send(Life& life, Json const& event) {
  life.engine.notify_event(life.world.send_event(event));
  life.engine.run_until_idle();
}

std::vector<store::RunRecord> runs_of(World& world, std::string const& workflow) {
  std::vector<store::RunRecord> found;
  for (auto& run : world.runs()) {
    if (run.workflow_name == workflow) found.push_back(std::move(run));
  }
  return found;
}

// ---- the trace of what starts a run ----

TEST(TracedEvents, say_in_the_journal_what_trace_the_run_belongs_to) {
  constexpr auto parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
  World world;
  world.publish(
      "schedule: {on: {one: {with: {type: paid}}}}\n"
      "do:\n- keep: {set: {x: 1}}\n");
  Life life(world);
  Json traced = event_of("a", "paid", 1);
  traced.set("traceparent", parent);
  Json malformed = event_of("b", "paid", 2);
  malformed.set("traceparent", "00-x");
  for (auto const& event : {traced, malformed, event_of("c", "paid", 3)})
    send(life, event);
  std::map<std::int64_t, Json> said;  // by event
  for (auto const& run : world.runs())
    said[run.event_seq] = world.journal(run.id).front().payload["traceparent"];
  ASSERT_EQ(said.size(), 3U);
  EXPECT_EQ(said[1], Json(parent));
  EXPECT_TRUE(said[2].is_null());
  EXPECT_TRUE(said[3].is_null());
}

// ---- schedule.on: all ----

constexpr std::string_view paid_and_packed =
    "schedule:\n  on:\n    all:\n"
    "    - {with: {type: paid}, correlate: {order: {from: .data.order}}}\n"
    "    - {with: {type: packed}, correlate: {order: {from: .data.order}}}\n"
    "do:\n- ship: {call: 'create-issue:1.0.0@gitlab', with: {events: '${ . }'}}\n";

TEST(OnAllEvents, start_one_run_for_each_complete_set) {
  World world;
  world.publish(paid_and_packed);
  {
    Life life(world);
    send(life, event_of("a", "paid", 1));
    send(life, event_of("b", "paid", 2));
    EXPECT_TRUE(world.runs().empty());
  }
  Life second(world);
  send(second, event_of("c", "packed", 2));
  ASSERT_EQ(world.runs().size(), 1U) << "what came before the restart counts";
  EXPECT_EQ(world.runs()[0].status, "completed");
  EXPECT_EQ(world.runs()[0].input, json(R"([{"order":2,"id":"b"},{"order":2,"id":"c"}])"));
  send(second, event_of("c", "packed", 2));
  EXPECT_EQ(world.runs().size(), 1U) << "no event is used twice";
  send(second, event_of("d", "packed", 1));
  EXPECT_EQ(world.runs().size(), 2U);
  EXPECT_TRUE(world.store->events().pending(10)->empty());
}

TEST(OnAllEvents, that_come_together_are_put_together) {
  World world;
  world.publish(paid_and_packed);
  Life life(world);
  for (int i = 0; i < 20; ++i) {
    world.send_event(event_of("p" + std::to_string(i), "paid", i));
    world.send_event(event_of("q" + std::to_string(i), "packed", i));
  }
  life.engine.notify_event(1);
  life.live();
  EXPECT_EQ(world.runs().size(), 20U);
  for (auto const& run : world.runs())
    EXPECT_EQ(run.input.at(0)["order"], run.input.at(1)["order"]);
  EXPECT_TRUE(world.store->subscriptions().partials("tests/test/1.0.0", 10)->empty());
}

TEST(OnAllEvents, wait_for_the_commit_of_the_one_before) {
  World world;
  world.publish(paid_and_packed);
  CrashingStore slow(*world.store, 1'000'000, CrashingStore::Last::lost);
  slow.disk = CrashingStore::Disk::slow;
  int turns = 0;
  EngineOptions options;
  options.between = [&] {
    if (slow.waiting() > 0 && ++turns % 20 == 0) slow.let_through();
  };
  Life life(world, slow, options);
  world.send_event(event_of("a", "paid", 1));
  world.send_event(event_of("b", "packed", 1));
  life.engine.notify_event(1);
  life.engine.run_until_idle();
  EXPECT_EQ(world.runs().size(), 1U);
}

TEST(OnAllEvents, survive_a_crash_at_every_commit) {
  for (auto last : {CrashingStore::Last::lost, CrashingStore::Last::unheard}) {
    for (int good = 0; good < 8; ++good) {
      SCOPED_TRACE(good);
      World world;
      world.publish(paid_and_packed);
      {
        CrashingStore dying(*world.store, good, last);
        Life life(world, dying);
        world.send_event(event_of("a", "paid", 1));
        world.send_event(event_of("b", "packed", 1));
        life.live(3);
      }
      Life second(world);
      second.live();
      ASSERT_EQ(world.runs().size(), 1U);
      EXPECT_EQ(world.runs()[0].status, "completed");
      EXPECT_EQ(world.actions.effects.size(), 1U);
    }
  }
}

// ---- what is forgotten ----

TEST(Inbox, forgets_dispatched_events_and_lonely_ones_of_several_after_a_day) {
  World world;
  world.publish(paid_and_packed);
  Life life(world);
  send(life, event_of("a", "paid", 1));
  send(life, event_of("b", "other", 1));
  world.clock.advance(std::chrono::hours(23));
  life.engine.run_until_idle();
  EXPECT_EQ(world.store->events().since(Time{}, 0, 10)->size(), 2U);
  world.clock.advance(std::chrono::hours(2));
  life.engine.run_until_idle();
  EXPECT_TRUE(world.store->events().since(Time{}, 0, 10)->empty());
  send(life, event_of("c", "packed", 1));
  EXPECT_TRUE(world.runs().empty()) << "its other half is too old";
}

TEST(Inbox, forgets_in_batches_without_a_pause_between) {
  World world;
  EngineOptions options;
  options.sweep.batch = 2;
  Life life(world, options);
  for (int i = 0; i < 5; ++i)
    world.send_event(event_of(std::to_string(i), "other", 1));
  life.engine.notify_event(1);
  life.engine.run_until_idle();
  world.clock.advance(std::chrono::hours(25));
  std::vector<std::size_t> left;
  for (int i = 0; i < 3; ++i) {
    life.engine.run_until_idle();
    left.push_back(world.store->events().since(Time{}, 0, 10)->size());
  }
  EXPECT_EQ(left, (std::vector<std::size_t>{3, 1, 0}));
}

// ---- filters without an answer ----

constexpr std::string_view on_flaky =
    "schedule: {on: {one: {with: {type: begin, data: '${ flaky }'}}}}\n"
    "do:\n- a: {set: {x: 1}}\n";

TEST(FiltersWithoutAnswer, do_not_cost_an_event) {
  World world;
  int asked = 0;
  world.evaluator.add("flaky", [&](expression::Evaluation const&) -> Result<Json> {
    if (++asked <= 3) return make_error(ErrorKind::unavailable, "no helper can be started");
    return Json(true);
  });
  world.publish(on_flaky);
  Life life(world);
  world.send_event(event_of("a", "begin", 1));
  life.engine.run_until_idle();
  EXPECT_EQ(asked, 1);
  life.engine.run_until_idle();
  EXPECT_EQ(asked, 1) << "it rests first";
  EXPECT_EQ(world.store->events().pending(10)->size(), 1U);
  for (int i = 0; i < 3; ++i) {
    world.clock.advance(filter_look_delay_max);
    life.engine.run_until_idle();
  }
  EXPECT_EQ(asked, 4);
  EXPECT_EQ(world.runs().size(), 1U);
  EXPECT_TRUE(world.store->events().pending(10)->empty());
}

// Somebody sets the clock back: the rest is not longer for that.
TEST(FiltersWithoutAnswer, rest_by_a_clock_that_nobody_sets) {
  World world;
  int asked = 0;
  world.evaluator.add("flaky", [&](expression::Evaluation const&) -> Result<Json> {
    if (++asked <= 1) return make_error(ErrorKind::unavailable, "no helper can be started");
    return Json(true);
  });
  world.publish(on_flaky);
  Life life(world);
  world.send_event(event_of("a", "begin", 1));
  life.engine.run_until_idle();
  world.clock.set_now(world.clock.now() - std::chrono::hours(1));
  world.clock.advance(filter_look_delay_max);
  life.engine.run_until_idle();
  EXPECT_EQ(asked, 2);
  EXPECT_EQ(world.runs().size(), 1U);
}

TEST(FiltersWithoutAnswer, that_never_answer_do_not_hold_up_the_others) {
  World world;
  world.evaluator.add("flaky", [](expression::Evaluation const&) -> Result<Json> {
    return make_error(ErrorKind::unavailable, "it broke its helper");
  });
  world.publish(on_flaky, "breaks");
  world.publish("schedule: {on: {one: {with: {type: begin}}}}\ndo:\n- a: {set: {x: 1}}\n", "works");
  Life life(world);
  world.send_event(event_of("a", "begin", 1));
  for (int i = 0; i <= filter_looks_max; ++i) {
    life.engine.run_until_idle();
    world.clock.advance(filter_look_delay_max);
  }
  EXPECT_EQ(runs_of(world, "works").size(), 1U);
  EXPECT_TRUE(runs_of(world, "breaks").empty());
  EXPECT_TRUE(world.store->events().pending(10)->empty());
}

constexpr std::string_view on_plain =
    "schedule: {on: {one: {with: {type: plain}}}}\ndo:\n- a: {set: {x: 1}}\n";

// Its events all rest: the filter has no answer.
void publish_flaky(World& world) {
  world.evaluator.add("flaky", [](expression::Evaluation const&) -> Result<Json> {
    return make_error(ErrorKind::unavailable, "no helper can be started");
  });
  world.publish(on_flaky, "flaky");
  world.publish(on_plain, "plain");
}

TEST(FiltersWithoutAnswer, more_of_them_than_a_page_do_not_block_what_comes_after) {
  World world;
  publish_flaky(world);
  Life life(world);
  for (int i = 0; i < events_page + 10; ++i)
    world.send_event(event_of("flaky-" + std::to_string(i), "begin", 1));
  send(life, event_of("behind", "plain", 1));
  EXPECT_EQ(runs_of(world, "plain").size(), 1U) << "in the pass that lets the others rest";
  send(life, event_of("later", "plain", 2));
  EXPECT_EQ(runs_of(world, "plain").size(), 2U) << "while they rest";
  EXPECT_EQ(world.store->events().pending(1'000)->size(), std::size_t(events_page + 10));
}

TEST(FiltersWithoutAnswer, more_of_them_than_may_rest_are_looked_at_in_turn_and_kept) {
  World world;
  publish_flaky(world);
  Life life(world);
  int const many = static_cast<int>(postponed_max) + 20;
  for (int i = 0; i < many; ++i)
    world.send_event(event_of("flaky-" + std::to_string(i), "begin", 1));
  send(life, event_of("behind", "plain", 1));
  EXPECT_TRUE(runs_of(world, "plain").empty()) << "no more may rest before it";
  for (int i = 0; i < 2 * filter_looks_max; ++i) {
    world.clock.advance(filter_look_delay_max);
    life.engine.notify_event(1);
    life.engine.run_until_idle();
  }
  EXPECT_EQ(runs_of(world, "plain").size(), 1U);
  EXPECT_TRUE(world.store->events().pending(10)->empty());
}

// ---- lifecycle ----

constexpr std::string_view on_fault =
    "schedule: {on: {one: {with: {type: io.serverlessworkflow.workflow.faulted.v1}}}, read: "
    "envelope}\n"
    "do:\n- tell: {call: 'create-issue:1.0.0@gitlab', with: {event: '${ .[0] }'}}\n";
constexpr std::string_view failing =
    "do:\n- fail: {raise: {error: {status: 500, type: x, title: broken}}}\n";

TEST(LifecycleEvents, of_a_failed_run_start_another_workflow_once) {
  World world;
  world.publish(failing, "fails");
  world.publish(on_fault, "tells");
  Life life(world);
  life.engine.run_until_idle();
  auto run = life.engine.start({.workflow = {"tests", "fails", ""}, .input = {}, .cause = ""});
  ASSERT_TRUE(run.ok());
  life.live();
  auto const told = runs_of(world, "tells");
  ASSERT_EQ(told.size(), 1U);
  EXPECT_EQ(told[0].status, "completed") << told[0].error.dump();
  Json const event = told[0].output["event"];
  EXPECT_EQ(event["type"], Json("io.serverlessworkflow.workflow.faulted.v1"));
  EXPECT_EQ(event["subject"], Json(run->text));
  EXPECT_EQ(event["data"]["name"], Json("fails-" + run->text + ".tests"));
  EXPECT_EQ(event["data"]["error"]["title"], Json("broken"));
  EXPECT_TRUE(event["data"].contains("faultedAt"));
}

TEST(LifecycleEvents, do_not_keep_a_workflow_running_for_ever) {
  World world;
  world.publish(
      "schedule: {on: {one: {with: {type: io.serverlessworkflow.workflow.faulted.v1}}}}\n"
      "do:\n- fail: {raise: {error: {status: 500, type: x, title: broken}}}\n");
  world.publish(failing, "fails");
  Life life(world);
  life.engine.run_until_idle();
  ASSERT_TRUE(
      life.engine.start({.workflow = {"tests", "fails", ""}, .input = {}, .cause = ""}).ok());
  life.live();
  EXPECT_EQ(world.runs().size(), 2U);
}

TEST(LifecycleEvents, of_a_run_inside_another_start_nothing) {
  World world;
  world.publish(
      "schedule: {on: {one: {with: {type: io.serverlessworkflow.workflow.faulted.v1}}}}\n"
      "do:\n- inside: {run: {workflow: {namespace: tests, name: fails, version: '1.0.0'}}}\n");
  world.publish(failing, "fails");
  Life life(world);
  life.engine.run_until_idle();
  ASSERT_TRUE(
      life.engine.start({.workflow = {"tests", "fails", ""}, .input = {}, .cause = ""}).ok());
  life.live(50);
  // The one that failed, the one it started, and the run inside that.
  EXPECT_EQ(world.runs().size(), 3U);
}

TEST(LifecycleEvents, stay_out_of_the_inbox_when_nobody_wants_them) {
  World world;
  world.publish(failing, "fails");
  world.publish("schedule: {on: {one: {with: {source: /desk}}}}\ndo:\n- a: {set: {x: 1}}\n");
  Life life(world);
  life.engine.run_until_idle();
  ASSERT_TRUE(
      life.engine.start({.workflow = {"tests", "fails", ""}, .input = {}, .cause = ""}).ok());
  life.live();
  EXPECT_TRUE(world.store->events().since(Time{}, 0, 10)->empty());
}

TEST(LifecycleEvents, are_heard_by_a_run_that_listens_for_them) {
  World world;
  world.publish("do:\n- a: {set: {x: 1}}\n- nap: {wait: PT5S}\n", "works");
  world.publish(
      "do:\n- hear: {listen: {to: {one: {with: {type: "
      "io.serverlessworkflow.workflow.completed.v1}}}}}\n",
      "waits");
  Life life(world);
  auto waits = life.engine.start({.workflow = {"tests", "waits", ""}, .input = {}, .cause = ""});
  life.engine.run_until_idle();
  ASSERT_TRUE(
      life.engine.start({.workflow = {"tests", "works", ""}, .input = {}, .cause = ""}).ok());
  life.live();
  EXPECT_EQ(world.store->runs().get(*waits)->status, "completed");
}

TEST(LifecycleEvents, of_a_lost_commit_are_lost_with_it_and_come_again) {
  for (auto last : {CrashingStore::Last::lost, CrashingStore::Last::unheard}) {
    for (int good = 0; good < 8; ++good) {
      SCOPED_TRACE(good);
      World world;
      world.publish(
          "schedule: {on: {one: {with: {type: begin}}}}\ndo:\n- nap: {wait: PT5S}\n- fail: {raise: "
          "{error: {status: 500, type: x, title: broken}}}\n",
          "fails");
      world.publish(on_fault, "tells");
      {
        CrashingStore dying(*world.store, good, last);
        Life life(world, dying);
        world.send_event(event_of("a", "begin", 1));
        life.live(3);
      }
      Life second(world);
      second.live();
      EXPECT_EQ(runs_of(world, "tells").size(), 1U);
      EXPECT_EQ(world.actions.effects.size(), 1U);
    }
  }
}

TEST(LifecycleEvents, are_those_of_the_standard) {
  World world;
  world.publish(
      "do:\n- a: {set: {x: 1}}\n- b: {try: [{c: {raise: {error: {status: 500, type: x, "
      "title: t}}}}], catch: {errors: {with: {status: 500}}}}\n");
  Life life(world);
  auto run = life.engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""});
  ASSERT_TRUE(run.ok());
  life.live();
  std::vector<std::string> types;
  auto const row = *world.store->runs().get(*run);
  for (auto const& entry : world.journal(*run)) {
    for (auto const& event : lifecycle_events(row, entry)) {
      types.push_back(
          event["type"].as_string().substr(lifecycle_prefix.size()) +
          (event["data"].contains("task") ? " " + event["data"]["task"].as_string() : ""));
      EXPECT_TRUE(trigger::event_from(event, world.clock.now()).ok()) << event.dump();
    }
  }
  EXPECT_EQ(types, (std::vector<std::string>{
                       "workflow.started.v1", "task.started.v1 /do/0/a",
                       "task.completed.v1 /do/0/a", "task.started.v1 /do/1/b",
                       "task.started.v1 /do/1/b/try/0/c", "task.faulted.v1 /do/1/b/try/0/c",
                       "task.completed.v1 /do/1/b", "workflow.completed.v1"}));
}

}  // namespace
}  // namespace fairlead::run
