// listen: what is heard, once, in order, whatever dies in between. Core by hand, then the whole
// engine without threads.
#include <gtest/gtest.h>

#include "run/crashing_store_test.h"
#include "run/world_test.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT

Json event_of(std::string const& id, std::string const& type, Json data = {}) {
  return Json::object({{"specversion", "1.0"},
                       {"id", id},
                       {"source", "/desk"},
                       {"type", type},
                       {"data", std::move(data)}});
}
Json order(std::int64_t number) { return Json::object({{"order", number}}); }

HeardEvent heard(std::int64_t seq, int filter = 0, Json keys = Json::object()) {
  return {.filter = filter,
          .seq = seq,
          .event = event_of(std::to_string(seq), "t", Json(seq)),
          .keys = std::move(keys)};
}

constexpr std::string_view one_paid = "do:\n- hear: {listen: {to: {one: {with: {type: paid}}}}}\n";
constexpr std::string_view two_of_one_order =
    "do:\n- hear:\n    listen:\n      to:\n        all:\n"
    "        - {with: {type: paid}, correlate: {order: {from: .data.order}}}\n"
    "        - {with: {type: packed}, correlate: {order: {from: .data.order}}}\n";

// ---- the core ----

struct Bench {
  explicit Bench(std::string_view body) : core(document_of(body), evaluator, actions) {
    core.start(json("{}"));
  }
  ScriptedEvaluator evaluator;
  FakeActions actions;
  CoreBench core;
};

TEST(ListenCore, waits_with_a_listener_and_says_for_what) {
  Bench bench(
      "do:\n- hear: {listen: {to: {one: {with: {type: paid}, correlate: {order: {from: "
      ".data.order, expect: '42'}}}}}}\n");
  bench.core.settle();
  EXPECT_EQ(bench.core.state().status, RunStatus::waiting);
  EXPECT_EQ(bench.core.state().waiting_for, "event paid (order 42)");
  ASSERT_EQ(bench.core.listeners().size(), 1U);
  EXPECT_EQ(bench.core.listeners().begin()->second.event_type, "paid");
  EXPECT_EQ(bench.core.listeners().begin()->second.expected, json(R"({"order": "42"})"));
  EXPECT_EQ(bench.core.story(), "started hear\nwaiting hear\n");
  bench.core.expect_replay();
}

TEST(ListenCore, gives_an_array_and_clears_its_listener) {
  Bench bench(one_paid);
  bench.core.settle();
  bench.core.feed(Heard{.frame = 2, .event = heard(7)});
  bench.core.run();
  EXPECT_EQ(bench.core.state().output, json("[7]"));
  EXPECT_TRUE(bench.core.listeners().empty());
  bench.core.expect_replay();
}

TEST(ListenCore, takes_what_came_before_it_began_without_waiting) {
  Bench bench(one_paid);
  bench.core.looks.push_back({.frame = 0, .events = {heard(3)}, .error = {}});
  bench.core.run();
  EXPECT_EQ(bench.core.state().output, json("[3]"));
  EXPECT_TRUE(bench.core.listeners().empty());
}

TEST(ListenCore, reads_as_it_is_told) {
  for (auto const& [read, expected] : std::map<std::string, std::string>{
           {"data", "[7]"},
           {"raw", "[\"7\"]"},
           {"envelope",
            R"([{"specversion":"1.0","id":"7","source":"/desk","type":"t","data":7}])"}}) {
    Bench bench("do:\n- hear: {listen: {to: {any: []}, read: " + read + "}}\n");
    bench.core.settle();
    bench.core.feed(Heard{.frame = 2, .event = heard(7)});
    bench.core.run();
    EXPECT_EQ(bench.core.state().output, json(expected));
  }
}

TEST(ListenCore, hears_no_event_twice) {
  Bench bench(
      "do:\n- a: {listen: {to: {one: {with: {type: paid}}}}}\n- b: {listen: {to: {one: "
      "{with: {type: paid}}}}}\n");
  bench.core.settle();
  bench.core.feed(Heard{.frame = 2, .event = heard(7)});
  bench.core.settle();
  auto const entries = bench.core.journal().size();
  bench.core.feed(Heard{.frame = 3, .event = heard(7)});
  EXPECT_EQ(bench.core.journal().size(), entries) << "it is stale";
  bench.core.feed(Heard{.frame = 3, .event = heard(8)});
  bench.core.run();
  EXPECT_EQ(bench.core.state().output, json("[8]"));
  bench.core.expect_replay();
}

TEST(ListenCore, keeps_what_comes_during_the_look_and_takes_the_older_first) {
  Bench bench(one_paid);
  ASSERT_EQ(bench.core.state().frames.at(2).stage, Stage::scanning);
  bench.core.feed(Heard{.frame = 2, .event = heard(9)});
  bench.core.feed(Scanned{.frame = 2, .events = {heard(5)}, .error = {}});
  bench.core.lose_commands();
  EXPECT_EQ(bench.core.state().output, json("[5]"));
  bench.core.expect_replay();

  Bench late(one_paid);
  late.core.feed(Heard{.frame = 2, .event = heard(9)});
  late.core.settle();
  EXPECT_EQ(late.core.state().output, json("[9]"));
}

TEST(ListenCore, of_all_gives_them_in_the_order_of_the_filters_and_binds_the_correlation) {
  Bench bench(two_of_one_order);
  bench.core.settle();
  EXPECT_EQ(bench.core.state().waiting_for, "event paid and packed");
  bench.core.feed(Heard{.frame = 2, .event = heard(7, 1, order(42))});
  bench.core.settle();
  EXPECT_EQ(bench.core.state().waiting_for, "event paid (order 42)");
  ASSERT_EQ(bench.core.listeners().size(), 1U);
  EXPECT_EQ(bench.core.listeners().begin()->second.expected, order(42)) << "now it is known";
  auto const entries = bench.core.journal().size();
  bench.core.feed(Heard{.frame = 2, .event = heard(8, 0, order(41))});
  EXPECT_EQ(bench.core.journal().size(), entries) << "of another order";
  bench.core.feed(Heard{.frame = 2, .event = heard(9, 0, order(42))});
  bench.core.run();
  EXPECT_EQ(bench.core.state().output, json("[9, 7]"));
  bench.core.expect_replay();
}

TEST(ListenCore, of_all_agrees_with_what_one_of_them_expects) {
  Bench bench(
      "do:\n- hear:\n    listen:\n      to:\n        all:\n"
      "        - {with: {type: paid}, correlate: {order: {from: .data.order, expect: '42'}}}\n"
      "        - {with: {type: packed}, correlate: {order: {from: .data.order}}}\n");
  bench.core.settle();
  bench.core.feed(Heard{.frame = 2, .event = heard(7, 1, order(41))});
  EXPECT_EQ(bench.core.state().waiting_for, "event paid (order 42) and packed (order 42)");
}

TEST(ListenCore, gives_way_when_another_branch_took_the_event) {
  Bench bench(
      "do:\n- both: {fork: {branches: [{a: {listen: {to: {one: {with: {type: paid}}}}}}, {b: "
      "{listen: {to: {one: {with: {type: paid}}}}}}]}}\n");
  bench.core.looks.push_back({.frame = 0, .events = {heard(3)}, .error = {}});
  bench.core.looks.push_back({.frame = 0, .events = {heard(3)}, .error = {}});
  bench.core.looks.push_back({.frame = 0, .events = {heard(4)}, .error = {}});
  bench.core.run();
  EXPECT_EQ(bench.core.state().output, json("[[3], [4]]"));
  bench.core.expect_replay();
}

TEST(ListenCore, looks_again_after_a_restart_and_when_the_store_could_not_be_read) {
  Bench bench(one_paid);
  bench.core.lose_commands();
  bench.core.feed(Recovered{});
  ASSERT_EQ(bench.core.commands().size(), 1U);
  bench.core.looks.push_back(
      {.frame = 0, .events = {}, .error = make_error(ErrorKind::unavailable, "the disk is busy")});
  bench.core.looks.push_back({.frame = 0, .events = {heard(3)}, .error = {}});
  bench.core.settle();
  EXPECT_EQ(bench.core.timers().size(), 1U);
  bench.core.run();
  EXPECT_EQ(bench.core.state().output, json("[3]"));
  EXPECT_TRUE(bench.core.timers().empty());
  bench.core.expect_replay();
}

TEST(ListenCore, fails_when_it_expects_nothing_or_cannot_look) {
  Bench nothing(
      "do:\n- hear: {listen: {to: {one: {with: {type: paid}, correlate: {order: {from: "
      ".data.order, expect: '${ .nope }'}}}}}}\n");
  nothing.core.run();
  EXPECT_EQ(nothing.core.state().problem["title"], Json("Nothing to correlate with"));
  Bench bench(one_paid);
  bench.core.looks.push_back(
      {.frame = 0, .events = {}, .error = make_error(ErrorKind::invalid_input, "too many")});
  bench.core.run();
  EXPECT_EQ(bench.core.state().status, RunStatus::faulted);
  EXPECT_TRUE(bench.core.listeners().empty());
}

TEST(ListenCore, times_out_with_408_and_clears_its_listeners) {
  Bench bench(
      "do:\n- hear: {listen: {to: {any: [{with: {type: a}}, {with: {type: b}}]}}, "
      "timeout: {after: PT1M}}\n");
  bench.core.settle();
  EXPECT_EQ(bench.core.listeners().size(), 2U);
  EXPECT_EQ(bench.core.state().waiting_for, "event a or b");
  bench.core.run();
  EXPECT_EQ(bench.core.state().problem["status"], Json(408));
  EXPECT_TRUE(bench.core.listeners().empty());
  bench.core.feed(Heard{.frame = 2, .event = heard(7)});
  EXPECT_EQ(bench.core.state().status, RunStatus::faulted);
  bench.core.expect_replay();
}

// ---- the whole engine ----

constexpr std::string_view await_order =
    "do:\n"
    "- hear:\n"
    "    listen:\n"
    "      to:\n"
    "        one:\n"
    "          with: {type: paid}\n"
    "          correlate: {order: {from: .data.order, expect: '${ .order }'}}\n"
    "- note: {call: 'create-issue:1.0.0@gitlab', with: {paid: '${ . }'}}\n";

RunId start(Life& life, Json input, std::string const& name = "test") {
  auto run = life.engine.start(
      {.workflow = {"tests", name, ""}, .input = std::move(input), .cause = "a test"});
  EXPECT_TRUE(run.ok());
  life.engine.run_until_idle();
  return run.ok() ? *run : RunId();
}

void send(Life& life, Json const& event) {
  life.engine.notify_event(life.world.send_event(event));
  life.engine.run_until_idle();
}

store::RunRecord row(World& world, RunId const& id) {
  auto found = world.store->runs().get(id);
  EXPECT_TRUE(found.ok());
  return found.ok() ? *found : store::RunRecord{};
}

std::size_t listeners(World& world) {
  return world.store->subscriptions().listeners("", 100)->items.size();
}

// jq binds variables of its own, and they are nothing of the run's.
TEST(Listen, hears_by_a_correlation_that_binds_a_variable_of_jq) {
  constexpr std::string_view from = ". as $event | $event.data.order";
  World world;
  world.evaluator.add(std::string(from), [](expression::Evaluation const& asked) -> Result<Json> {
    return asked.input["data"]["order"];
  });
  world.publish(
      "do:\n- hear: {listen: {to: {one: {with: {type: paid}, correlate: {order: "
      "{from: '. as $event | $event.data.order', expect: '${ .order }'}}}}}}\n");
  Life life(world);
  auto const first = start(life, order(1));
  auto const second = start(life, order(2));
  send(life, event_of("a", "paid", order(2)));
  EXPECT_EQ(row(world, first).status, "waiting");
  EXPECT_EQ(row(world, second).status, "completed");
}

TEST(Listen, tells_an_event_to_the_run_it_is_correlated_with) {
  World world;
  world.publish(await_order);
  Life life(world);
  auto const first = start(life, order(1));
  auto const second = start(life, order(2));
  EXPECT_EQ(row(world, second).waiting_for, "event paid (order 2)");
  EXPECT_EQ(listeners(world), 2U);
  send(life, event_of("a", "paid", order(2)));
  EXPECT_EQ(row(world, first).status, "waiting");
  EXPECT_EQ(row(world, second).status, "completed");
  EXPECT_EQ(row(world, second).output["paid"], json(R"([{"order": 2}])"));
  EXPECT_EQ(listeners(world), 1U);
  EXPECT_TRUE(world.store->events().pending(10)->empty());
  send(life, event_of("a", "paid", order(1)));
  EXPECT_EQ(row(world, first).status, "waiting") << "the same event again is no event";
  send(life, event_of("b", "paid", order(1)));
  EXPECT_EQ(row(world, first).status, "completed");
  EXPECT_EQ(listeners(world), 0U);
}

TEST(Listen, several_runs_may_hear_one_event) {
  World world;
  world.publish(one_paid);
  Life life(world);
  auto const a = start(life, {});
  auto const b = start(life, {});
  send(life, event_of("x", "paid", Json(1)));
  EXPECT_EQ(row(world, a).output, json("[1]"));
  EXPECT_EQ(row(world, b).output, json("[1]"));
}

TEST(Listen, hears_what_came_after_the_run_began_and_nothing_older) {
  World world;
  world.publish("do:\n- nap: {wait: PT10S}\n- hear: {listen: {to: {one: {with: {type: paid}}}}}\n");
  Life life(world);
  send(life, event_of("old", "paid", Json(0)));
  world.clock.advance(std::chrono::seconds(1));
  auto const run = start(life, {});
  world.clock.advance(std::chrono::seconds(1));
  send(life, event_of("during", "paid", Json(1)));
  send(life, event_of("later", "paid", Json(2)));
  life.live();
  EXPECT_EQ(row(world, run).output, json("[1]"));
}

TEST(Listen, does_not_hear_the_event_that_started_the_run_but_the_next_one) {
  World world;
  world.publish(
      "schedule: {on: {one: {with: {type: paid}}}}\n"
      "do:\n- hear: {listen: {to: {one: {with: {type: paid}}}}}\n");
  Life life(world);
  send(life, event_of("1", "paid", Json(1)));
  ASSERT_EQ(world.runs().size(), 1U);
  auto const first = world.runs()[0].id;
  EXPECT_EQ(row(world, first).status, "waiting");
  send(life, event_of("2", "paid", Json(2)));
  EXPECT_EQ(row(world, first).output, json("[2]"));
  EXPECT_EQ(world.runs().size(), 2U) << "it starts a run, too";
}

TEST(Listen, two_in_a_row_take_two_events_in_their_order) {
  World world;
  world.publish(
      "do:\n- nap: {wait: PT1S}\n- a: {listen: {to: {one: {with: {type: paid}}}}, "
      "export: {as: '{ issue: . }'}}\n- b: {listen: {to: {one: {with: {type: "
      "paid}}}}}\n- c: {set: {first: '${ $context.issue }', second: '${ . }'}}\n");
  Life life(world);
  auto const run = start(life, {});
  world.send_event(event_of("1", "paid", Json(1)));
  world.send_event(event_of("2", "paid", Json(2)));
  world.send_event(event_of("3", "paid", Json(3)));
  life.engine.notify_event(1);
  life.live();
  EXPECT_EQ(row(world, run).output, json(R"({"first": [1], "second": [2]})"));
}

TEST(Listen, leaves_events_unheard_whose_predicate_fails) {
  World world;
  world.publish("do:\n- hear: {listen: {to: {one: {with: {type: paid, data: '${ .n > 2 }'}}}}}\n");
  Life life(world);
  auto const run = start(life, {});
  send(life, event_of("small", "paid", json(R"({"n": 1})")));
  EXPECT_EQ(row(world, run).status, "waiting");
  EXPECT_TRUE(world.store->events().pending(10)->empty());
  send(life, event_of("large", "paid", json(R"({"n": 3})")));
  EXPECT_EQ(row(world, run).output, json(R"([{"n": 3}])"));
}

TEST(Listen, lets_predicates_see_the_context_of_the_run) {
  for (std::size_t idle_max : {std::size_t{256}, std::size_t{0}}) {
    World world;
    world.evaluator.add(". == $input.order", [](auto const& e) {
      return Json(e.input["order"] == e.variables["input"]["order"]);
    });
    world.publish(
        "do:\n- hear: {listen: {to: {one: {with: {type: paid, data: '${ . == "
        "$input.order }'}}}}}\n");
    EngineOptions options;
    options.shard_limits.idle_max = idle_max;
    Life life(world, options);
    auto const one = start(life, order(1));
    auto const two = start(life, order(2));
    send(life, event_of("a", "paid", order(2)));
    EXPECT_EQ(row(world, one).status, "waiting");
    EXPECT_EQ(row(world, two).status, "completed") << row(world, two).error.dump();
  }
}

TEST(Listen, an_expression_that_fails_on_an_event_only_leaves_it_unheard) {
  World world;
  world.publish(
      "do:\n- hear: {listen: {to: {any: [{with: {type: paid, data: '${ bad( }'}}, {with: "
      "{type: other}}]}}}\n");
  Life life(world);
  auto const run = start(life, {});
  send(life, event_of("a", "paid"));
  EXPECT_EQ(row(world, run).status, "waiting");
  send(life, event_of("b", "other", Json(5)));
  EXPECT_EQ(row(world, run).output, json("[5]"));
}

TEST(Listen, goes_on_after_a_restart) {
  World world;
  world.publish(await_order);
  RunId run;
  {
    Life life(world);
    run = start(life, order(7));
  }
  world.send_event(event_of("a", "paid", order(7)));
  Life second(world);
  second.live();
  EXPECT_EQ(row(world, run).status, "completed");
}

TEST(Listen, that_is_cancelled_or_timed_out_leaves_no_listener) {
  World world;
  world.publish(
      "do:\n- hear: {listen: {to: {one: {with: {type: paid}}}}, timeout: {after: PT1M}}\n");
  Life life(world);
  auto const cancelled = start(life, {});
  auto const late = start(life, {});
  ASSERT_TRUE(life.engine.cancel(cancelled, "alice").ok());
  life.live();
  EXPECT_EQ(row(world, late).error["status"], Json(408));
  EXPECT_EQ(listeners(world), 0U);
  send(life, event_of("a", "paid"));
  EXPECT_EQ(row(world, cancelled).status, "cancelled");
  EXPECT_TRUE(world.store->events().pending(10)->empty());
}

TEST(Listen, hears_an_emitted_event_of_another_run) {
  World world;
  world.publish(await_order);
  world.publish("do:\n- say: {emit: {event: {with: {type: paid, data: {order: '${ .order }'}}}}}\n",
                "cashier");
  Life life(world);
  auto const run = start(life, order(3));
  start(life, order(3), "cashier");
  EXPECT_EQ(row(world, run).status, "completed");
}

// Each commit as the last one, both ways to die: every event is heard once, every run ends.
TEST(ListenCrashes, at_every_commit_lose_nothing_and_hear_nothing_twice) {
  constexpr std::string_view twice =
      "do:\n- nap: {wait: PT5S}\n- a: {listen: {to: {one: {with: {type: paid}}}}, export: {as: '{ "
      "issue: . }'}}\n- b: {listen: {to: {all: [{with: {type: paid}}, {with: {type: packed}}]}}}\n"
      "- c: {call: 'create-issue:1.0.0@gitlab', with: {a: '${ $context.issue }', b: '${ . }'}}\n";
  auto const play = [&](World& world, store::Store& store, CrashingStore const& watch) {
    world.publish(twice);
    Life life(world, store);
    auto started =
        life.engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = "a test"});
    life.engine.run_until_idle();
    for (int i = 1; i <= 3 && !watch.crashed(); ++i) {
      life.engine.notify_event(world.send_event(event_of(std::to_string(i), "paid", Json(i))));
      life.live(3);
      if (i == 2) life.engine.notify_event(world.send_event(event_of("p", "packed", Json("p"))));
      life.live(3);
    }
  };
  int commits = 0;
  {
    World world;
    CrashingStore counting(*world.store, 1'000'000, CrashingStore::Last::lost);
    play(world, counting, counting);
    commits = counting.commits();
    ASSERT_EQ(world.runs()[0].status, "completed") << world.runs()[0].waiting_for;
  }
  ASSERT_GT(commits, 8);
  for (auto last : {CrashingStore::Last::lost, CrashingStore::Last::unheard}) {
    for (int good = 1; good < commits; ++good) {
      SCOPED_TRACE(std::to_string(good) +
                   (last == CrashingStore::Last::lost ? " lost" : " unheard"));
      World world;
      CrashingStore dying(*world.store, good, last);
      play(world, dying, dying);
      Life second(world);
      second.live();
      for (int i = 1; i <= 3; ++i)
        second.engine.notify_event(world.send_event(event_of(std::to_string(i), "paid", Json(i))));
      second.engine.notify_event(world.send_event(event_of("p", "packed", Json("p"))));
      second.live();
      ASSERT_EQ(world.runs().size(), 1U);
      EXPECT_EQ(world.runs()[0].status, "completed") << world.runs()[0].waiting_for;
      EXPECT_EQ(world.runs()[0].output["a"], json("[1]"));
      EXPECT_EQ(world.runs()[0].output["b"], json(R"([2, "p"])"));
      EXPECT_EQ(listeners(world), 0U);
      EXPECT_TRUE(world.store->events().pending(10)->empty());
      auto folded = replay(new_run(world.runs()[0].id, document_of(twice)),
                           world.journal(world.runs()[0].id));
      EXPECT_TRUE(folded.ok());
    }
  }
}

// A commit that fails is no commit: the run listens again, and what it had heard is told again.
TEST(ListenCrashes, of_the_disk_alone_are_survived_without_a_restart) {
  for (int good = 1; good < 12; ++good) {
    SCOPED_TRACE(good);
    World world;
    world.publish(
        "do:\n- a: {listen: {to: {one: {with: {type: paid}}}}, export: {as: '{ issue: . }'}}\n"
        "- b: {listen: {to: {all: [{with: {type: paid}}, {with: {type: packed}}]}}}\n"
        "- c: {set: {a: '${ $context.issue }', b: '${ . }'}}\n");
    CrashingStore flaky(*world.store, good, CrashingStore::Last::lost);
    Life life(world, flaky);
    auto const run = start(life, {});
    int number = 0;
    auto const tell = [&](std::string const& type) {
      ++number;
      life.engine.notify_event(
          world.send_event(event_of(std::to_string(number), type, Json(number))));
      life.engine.run_until_idle();
      if (!flaky.crashed()) return;
      flaky.repair();
      world.clock.advance(std::chrono::seconds(2));
      life.engine.notify_event(1);
      life.engine.run_until_idle();
    };
    tell("paid");
    tell("paid");
    tell("packed");
    EXPECT_EQ(row(world, run).output, json(R"({"a": [1], "b": [2, 3]})"))
        << row(world, run).waiting_for;
    EXPECT_EQ(listeners(world), 0U);
    EXPECT_TRUE(world.store->events().pending(10)->empty());
  }
}

TEST(ListenCrashes, of_a_cancel_that_is_lost_do_not_lose_the_event_that_came_meanwhile) {
  World world;
  world.publish(one_paid);
  CrashingStore store(*world.store, 1'000'000, CrashingStore::Last::lost);
  int turns = 0;
  Life* engine = nullptr;
  EngineOptions options;
  options.between = [&] {
    if (store.waiting() == 0) return;
    if (++turns == 1) engine->engine.notify_event(world.send_event(event_of("a", "paid", Json(1))));
    if (turns % 20 != 0) return;
    // Only the first of those that wait, the cancel, is lost.
    if (turns == 20) {
      store.fail_next();
      store.on_commit = [&] { store.on_commit = [&] { store.repair(); }; };
    }
    store.disk = CrashingStore::Disk::quick;
    store.let_through();
  };
  Life life(world, store, options);
  engine = &life;
  auto const run = start(life, {});
  store.disk = CrashingStore::Disk::slow;
  EXPECT_FALSE(life.engine.cancel(run, "alice").ok());
  store.repair();
  world.clock.advance(std::chrono::seconds(2));
  life.engine.notify_event(1);
  life.live();
  EXPECT_EQ(row(world, run).output, json("[1]")) << row(world, run).waiting_for;
}

TEST(Listen, hears_what_comes_between_the_look_and_its_commit) {
  World world;
  world.publish(one_paid);
  CrashingStore slow(*world.store, 1'000'000, CrashingStore::Last::lost);
  int turns = 0;
  Life* engine = nullptr;
  EngineOptions options;
  options.between = [&] {
    if (slow.waiting() == 0) return;
    // The commit that makes the listener durable waits: now comes the event.
    if (++turns == 1) engine->engine.notify_event(world.send_event(event_of("a", "paid", Json(1))));
    if (turns % 20 == 0) slow.let_through();
  };
  Life life(world, slow, options);
  engine = &life;
  auto run = life.engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""});
  ASSERT_TRUE(run.ok());
  slow.disk = CrashingStore::Disk::slow;
  life.engine.run_until_idle();
  EXPECT_EQ(row(world, *run).output, json("[1]")) << row(world, *run).waiting_for;
  EXPECT_TRUE(world.store->events().pending(10)->empty());
}

}  // namespace
}  // namespace fairlead::run
