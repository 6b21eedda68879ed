// Replays, orders for many and history, through the engine with a store in memory.
#include "run/replays.h"

#include <gtest/gtest.h>

#include "run/control_world_test.h"
#include "run/crashing_store_test.h"
#include "run/history_keeper.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT
using Fate = ReplayEffect::Fate;

constexpr std::string_view three =
    "do:\n"
    "- issue: {call: 'create-issue:1.0.0@gitlab', with: {title: '${ .title }'}, export: {as: '{ "
    "issue: . }'}}\n"
    "- change: {call: 'update-issue:1.0.0@gitlab', with: {iid: '${ $context.issue.iid }'}}\n"
    "- run: {call: 'trigger-pipeline:1.0.0@gitlab', with: {ref: main, issue: '${ "
    "$context.issue.iid }'}}\n"
    "- check: {call: 'check:1.0.0@gitlab'}\n";

// ---- replay ----

struct ReplayTest : ControlWorld {
  // A run that failed at its last task.
  RunId failed(Life& life) {
    publish(three);
    Error error = make_error(ErrorKind::invalid_input, "no such thing");
    error.status = 400;
    check_fails = error;
    RunId const run = start(life);
    check_fails.reset();
    EXPECT_EQ(row(run).status, "faulted");
    actions.log.clear();
    return run;
  }
};

TEST_F(ReplayTest, adopts_what_was_created_and_does_the_rest_again) {
  Life life(*this, *store);
  RunId const old = failed(life);
  auto const preview = life.replays.preview({.run = old});
  ASSERT_TRUE(preview.ok()) << describe(preview.error());
  EXPECT_EQ(fates(*preview), (Strings{"issue adopt", "change repeat", "run adopt"}));
  auto const again = life.replays.start({.run = old}, "alice");
  ASSERT_TRUE(again.ok()) << describe(again.error());
  live(life);
  EXPECT_EQ(row(*again).status, "completed") << row(*again).error.dump();
  EXPECT_EQ(row(*again).replay_of, old);
  EXPECT_EQ(row(*again).cause, "replay of " + old.text + " by alice");
  EXPECT_EQ(actions.log, (Strings{"update-issue first", "check first"}));
  EXPECT_EQ(count(*again, "effect-adopted"), 2);
  for (auto const& entry : journal(*again)) {
    if (entry.kind != "effect-adopted") continue;
    EXPECT_EQ(entry.payload["run"], Json(old.text));
    EXPECT_EQ(entry.payload["inputDiffers"], Json(false));
    EXPECT_TRUE(actions.effects.contains(entry.payload["marker"].as_string())) << "its old marker";
  }
  // $context of the adopted issue reached the update.
  EXPECT_EQ(row(old).status, "faulted") << "the old run stays as it was";
}

TEST_F(ReplayTest, from_a_task_takes_the_state_of_the_old_run) {
  Life life(*this, *store);
  RunId const old = failed(life);
  ReplayRequest const request{.run = old, .from = "run"};
  auto const preview = life.replays.preview(request);
  ASSERT_TRUE(preview.ok()) << describe(preview.error());
  EXPECT_EQ(fates(*preview), (Strings{"issue keep", "change keep", "run adopt"}));
  EXPECT_EQ(preview->plan.context["issue"]["iid"], Json(1));
  auto const again = life.replays.start(
      {.run = old, .from = "run", .effects = ReplayRequest::Effects::repeat}, "a");
  ASSERT_TRUE(again.ok()) << describe(again.error());
  live(life);
  EXPECT_EQ(row(*again).status, "completed") << row(*again).error.dump();
  EXPECT_EQ(actions.log, (Strings{"trigger-pipeline first", "check first"}));
  EXPECT_EQ(actions.effects.size(), 4U) << "another marker for a new effect";
  EXPECT_EQ(row(*again).input, json(R"({"title": "disk full"})"));
}

TEST_F(ReplayTest, takes_another_input_and_another_version) {
  Life life(*this, *store);
  RunId const old = failed(life);
  publish(three, "1.1.0");
  life.library.refresh();
  ReplayRequest const request{.run = old,
                              .input = json(R"({"title": "other"})"),
                              .version = "latest",
                              .effects = ReplayRequest::Effects::repeat};
  auto const again = life.replays.start(request, "alice");
  ASSERT_TRUE(again.ok()) << describe(again.error());
  live(life);
  EXPECT_EQ(row(*again).workflow_version, "1.1.0");
  EXPECT_EQ(row(*again).input, json(R"({"title": "other"})"));
  EXPECT_EQ(actions.effects.size(), 6U);
}

TEST_F(ReplayTest, follows_the_choice_for_a_single_effect) {
  Life life(*this, *store);
  RunId const old = failed(life);
  auto const seen = life.replays.effects(old);
  ASSERT_TRUE(seen.ok());
  ASSERT_EQ(seen->size(), 3U);
  auto const preview =
      life.replays.preview({.run = old,
                            .choices = {{(*seen)[0].marker, PlannedEffect::Choice::repeat},
                                        {(*seen)[1].marker, PlannedEffect::Choice::adopt}}});
  EXPECT_EQ(fates(*preview), (Strings{"issue repeat", "change adopt", "run adopt"}));
}

TEST_F(ReplayTest, of_a_replay_adopts_what_that_one_adopted) {
  Life life(*this, *store);
  RunId const old = failed(life);
  auto const second = life.replays.start({.run = old}, "alice");
  live(life);
  auto const preview = life.replays.preview({.run = *second});
  ASSERT_TRUE(preview.ok());
  EXPECT_EQ(fates(*preview), (Strings{"issue adopt", "change repeat", "run adopt"}));
  actions.log.clear();
  auto const third = life.replays.start({.run = *second}, "alice");
  live(life);
  EXPECT_EQ(row(*third).status, "completed");
  EXPECT_EQ(actions.log, (Strings{"update-issue first", "check first"}));
}

TEST_F(ReplayTest, looks_an_effect_up_by_its_old_marker_if_nobody_knows_of_it) {
  publish("do:\n- a: {call: 'flaky:1.0.0@gitlab', with: {title: t}}\n");
  Life life(*this, *store);
  Error const unclear = make_error(ErrorKind::uncertain, "connection lost");
  actions.failures = {unclear};
  auto run = life.engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""});
  life.engine.run_until_idle();
  ASSERT_TRUE(life.engine.cancel(*run, "bob").ok());
  auto const seen = life.replays.effects(*run);
  ASSERT_EQ(seen->size(), 1U);
  EXPECT_EQ(to_string((*seen)[0].state), "not known");
  std::string marker;
  actions.log.clear();
  actions.watch = [&](action::Invocation const& call) { marker = call.marker.id; };
  auto const again = life.replays.start({.run = *run}, "alice");
  ASSERT_TRUE(again.ok());
  live(life);
  EXPECT_EQ(actions.log, Strings{"flaky recover"});
  EXPECT_EQ(marker, (*seen)[0].marker);
}

TEST_F(ReplayTest, refuses_what_is_not_sound_with_words) {
  publish("do:\n- l: {for: {in: .items}, do: [{a: {set: {x: 1}}}]}\n- z: {wait: PT1H}\n");
  Life life(*this, *store);
  auto run = life.engine.start(
      {.workflow = {"tests", "test", ""}, .input = json(R"({"items": [1]})"), .cause = ""});
  life.engine.run_until_idle();
  auto const open = life.replays.preview({.run = *run});
  ASSERT_FALSE(open.ok());
  EXPECT_EQ(open.error().kind, ErrorKind::conflict);
  ASSERT_TRUE(life.engine.cancel(*run, "bob").ok());
  struct Row {
    std::string from;
    std::string says;
  };
  for (auto const& each : std::vector<Row>{{"/do/0/l/do/0/a", "Begin with the task around it: l."},
                                           {"nothing", "It came to: l, z."}}) {
    auto const refused = life.replays.preview({.run = *run, .from = each.from});
    ASSERT_FALSE(refused.ok()) << each.from;
    EXPECT_EQ(refused.error().kind, ErrorKind::invalid_input);
    EXPECT_EQ(refused.error().remedy, each.says);
  }
  EXPECT_EQ(life.replays.preview({.run = RunId("none")}).error().kind, ErrorKind::not_found);
  EXPECT_EQ(life.replays.preview({.run = *run, .choices = {{"x", PlannedEffect::Choice::adopt}}})
                .error()
                .kind,
            ErrorKind::invalid_input);
}

TEST_F(ReplayTest, from_every_task_of_a_run_ends_as_the_run_did) {
  publish(three);
  Life life(*this, *store);
  RunId const old = start(life);
  ASSERT_EQ(row(old).status, "completed");
  for (auto const* from : {"issue", "change", "run", "check"}) {
    auto const again = life.replays.start({.run = old, .from = from}, "alice");
    ASSERT_TRUE(again.ok()) << describe(again.error());
    live(life);
    EXPECT_EQ(row(*again).status, "completed") << from;
    auto document = life.library.get({"tests", "test", "1.0.0"});
    auto folded = replay(new_run(*again, *document), journal(*again));
    ASSERT_TRUE(folded.ok()) << describe(folded.error());
    EXPECT_EQ(folded->output, row(*again).output);
  }
  EXPECT_EQ(actions.log.size(), 4U + 2U + 2U + 1U + 1U)
      << "issue and pipeline were adopted each time";
}

// The replay dies after every commit: still nothing is sent twice.
TEST_F(ReplayTest, survives_a_crash_at_every_commit) {
  for (auto last : {CrashingStore::Last::lost, CrashingStore::Last::unheard}) {
    for (int good = 0; good < 12; ++good) {
      SCOPED_TRACE(good);
      store = store::make_memory_store({store::MemoryStoreOptions::Delivery::callers_thread});
      actions.effects.clear();
      actions.created.clear();
      actions.failures.clear();
      publish(three);
      RunId old;
      {
        Life life(*this, *store);
        old = start(life);
      }
      {
        CrashingStore dying(*store, good, last);
        Life life(*this, dying);
        (void)life.replays.start({.run = old}, "alice");
        live(life);
      }
      Life second(*this, *store);
      live(second);
      auto const page = store->runs().list({}, "", 10);
      for (auto const& run : page->items)
        EXPECT_EQ(run.status, "completed");
      for (auto const& [marker, times] : actions.effects)
        EXPECT_EQ(times, 1) << marker;
      EXPECT_LE(actions.effects.size(), 4U) << "issue, change, pipeline, and the change again";
    }
  }
}

// ---- pause, settle over the engine ----

TEST_F(ReplayTest, a_pause_is_durable_and_ends_with_resume) {
  publish("do:\n- nap: {wait: PT1M}\n- a: {call: 'create-issue:1.0.0@gitlab', with: {title: t}}\n");
  RunId run;
  {
    Life life(*this, *store);
    run = *life.engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""});
    life.engine.run_until_idle();
    ASSERT_TRUE(life.engine.pause(run, {.by = "alice", .reason = ""}).ok());
    ASSERT_TRUE(life.engine.pause(run, {.by = "bob", .reason = ""}).ok()) << "idempotent";
    EXPECT_EQ(row(run).status, "suspended");
    EXPECT_EQ(row(run).waiting_for, "a person: paused by alice");
    EXPECT_FALSE(store->runs().next_timer()->has_value());
    EXPECT_EQ(count(run, "run-paused"), 1);
  }
  clock.advance(std::chrono::hours(2));
  Life life(*this, *store);
  live(life);
  EXPECT_EQ(row(run).status, "suspended");
  ASSERT_TRUE(life.engine.resume(run, "asked by alice").ok());
  live(life);
  EXPECT_EQ(row(run).status, "completed");
  EXPECT_EQ(life.engine.pause(run, {.by = "a", .reason = ""}).error().kind, ErrorKind::conflict);
  EXPECT_EQ(life.engine.pause(RunId("none"), {.by = "a", .reason = ""}).error().kind,
            ErrorKind::not_found);
}

TEST_F(ReplayTest, a_parked_effect_is_found_by_its_task_and_settled) {
  publish("do:\n- a: {call: 'flaky:1.0.0@gitlab', with: {title: t}}\n");
  Life life(*this, *store);
  Error unclear = make_error(ErrorKind::uncertain, "connection lost");
  Error hopeless = unclear;
  hopeless.details = json(R"({"lookUp": "impossible", "candidates": [{"id": 9}]})");
  actions.failures = {unclear, hopeless};
  RunId const run = start(life);
  EXPECT_EQ(row(run).status, "suspended");
  auto const parked = life.replays.parked_effect(run, "a");
  ASSERT_TRUE(parked.ok()) << describe(parked.error());
  EXPECT_EQ(parked->candidates, json(R"([{"id": 9}])"));
  EXPECT_EQ(life.replays.parked_effect(run, "b").error().kind, ErrorKind::not_found);
  ASSERT_TRUE(life.engine
                  .decide(run, {.effect = parked->marker,
                                .decision = EffectDecided::Decision::happened,
                                .output = json(R"({"id": 9})"),
                                .by = "alice",
                                .reason = ""})
                  .ok());
  live(life);
  EXPECT_EQ(row(run).status, "completed");
  EXPECT_EQ(life.engine
                .decide(run, {.effect = parked->marker,
                              .decision = EffectDecided::Decision::fail,
                              .output = {},
                              .by = "alice",
                              .reason = ""})
                .error()
                .kind,
            ErrorKind::conflict);
  EXPECT_EQ(to_string((*life.replays.effects(run))[0].state), "adopted");
}

// ---- many ----

TEST_F(ReplayTest, an_order_for_many_goes_page_by_page_and_says_what_became_of_each) {
  publish("do:\n- nap: {wait: PT1H}\n");
  Life life(*this, *store);
  for (int i = 0; i < 5; ++i)
    ASSERT_TRUE(
        life.engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""}).ok());
  life.engine.run_until_idle();
  BulkOrder order{.what = BulkOrder::What::cancel, .by = "alice"};
  EXPECT_EQ(life.bulk.count(order)->runs, 5);
  auto page = life.bulk.step(order, "", 2);
  ASSERT_TRUE(page.ok());
  EXPECT_EQ(page->items.size(), 2U);
  EXPECT_EQ(life.bulk.count(order)->runs, 3);
  int done = 2;
  while (!page->next_cursor.empty()) {
    page = life.bulk.step(order, page->next_cursor, 2);
    ASSERT_TRUE(page.ok());
    for (auto const& each : page->items)
      done += each.error ? 0 : 1;
  }
  EXPECT_EQ(done, 5);
  order.what = BulkOrder::What::replay;
  order.filter.started_before = clock.now();
  EXPECT_EQ(life.bulk.count(order)->runs, 0) << "they started now";
  order.filter.started_before.reset();
  auto const again = life.bulk.step(order, "", 100);
  EXPECT_EQ(again->items.size(), 5U);
  for (auto const& each : again->items)
    EXPECT_EQ(row(each.started).replay_of, each.run);
  // One that refuses does not stop the others.
  order.what = BulkOrder::What::resume;
  order.filter.statuses = {"cancelled"};
  auto const refused = life.bulk.step(order, "", 100);
  ASSERT_EQ(refused->items.size(), 5U);
  EXPECT_EQ(refused->items[4].error->kind, ErrorKind::conflict);
}

// ---- history ----

struct HistoryTest : ControlWorld {
  void run_many(Life& life, int runs) {
    for (int i = 0; i < runs; ++i) {
      ASSERT_TRUE(
          life.engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""}).ok());
      life.engine.run_until_idle();
      clock.advance(std::chrono::hours(24));
    }
  }
  std::size_t kept() { return store->runs().list({}, "", 1'000)->items.size(); }
  HistoryKeeper::Parts parts(Life& life, workflow::Retention defaults) {
    settings = std::make_unique<RetentionSettings>(store->meta(), defaults);
    return {.history = store->history(),
            .library = life.library,
            .clock = clock,
            .pause = pause,
            .log = *log,
            .defaults = *settings};
  }
  std::unique_ptr<RetentionSettings> settings;
  using Mode = HistoryKeeper::Mode;
};

TEST_F(HistoryTest, keeps_what_the_workflow_says_over_the_servers_default) {
  struct Row {
    std::string metadata;
    std::size_t kept;
  };
  for (auto const& each :
       std::vector<Row>{{"", 3},
                        {"  metadata: {retention: {count: 5}}\n", 3},
                        {"  metadata: {retention: {age: forever}}\n", 10},
                        {"  metadata: {retention: {age: P6DT12H, count: 4}}\n", 4},
                        {"  metadata: {retention: {age: P6DT12H}}\n", 6},
                        {"  metadata: {retention: {count: 0}}\n", 0},
                        {"  metadata: {retention: forever}\n", 10}}) {
    store = store::make_memory_store({store::MemoryStoreOptions::Delivery::callers_thread});
    publish("do:\n- a: {set: {x: 1}}\n", "1.0.0", each.metadata);
    Life life(*this, *store);
    run_many(life, 10);
    HistoryKeeper keeper(parts(
        life, {.age = workflow::Retention::Age{std::chrono::hours(84)}, .count = std::nullopt}));
    auto const counted = keeper.prune(Mode::only_count);
    ASSERT_TRUE(counted.ok());
    EXPECT_EQ(kept(), 10U) << "a count removes nothing";
    auto const pruned = keeper.prune(Mode::remove);
    ASSERT_TRUE(pruned.ok());
    EXPECT_EQ(kept(), each.kept) << each.metadata;
    EXPECT_EQ(keeper.figures().runs_removed, 10 - static_cast<std::int64_t>(each.kept));
    EXPECT_EQ(counted->size(), pruned->size());
    if (!counted->empty()) {
      EXPECT_EQ((*counted)[0].count.runs, (*pruned)[0].count.runs);
    }
  }
}

TEST_F(HistoryTest, goes_by_what_was_set_while_the_server_runs) {
  publish("do:\n- a: {set: {x: 1}}\n");
  Life life(*this, *store);
  run_many(life, 10);
  HistoryKeeper keeper(parts(life, {.age = std::nullopt, .count = workflow::Retention::Count{8}}));
  workflow::Retention const fewer{.age = workflow::Retention::Age{},
                                  .count = workflow::Retention::Count{2}};
  ASSERT_TRUE(settings->set({.retention = fewer, .by = "alice", .at = clock.now()}).ok());
  ASSERT_TRUE(keeper.prune(Mode::remove).ok());
  EXPECT_EQ(kept(), 2U);
  // What cannot be read removes nothing.
  ASSERT_TRUE(store->meta().set("retention", "{}").ok());
  EXPECT_FALSE(keeper.prune(Mode::remove).ok());
  EXPECT_EQ(kept(), 2U);
}

TEST_F(HistoryTest, a_replay_outlives_what_it_repeats) {
  publish("do:\n- a: {call: 'create-issue:1.0.0@gitlab', with: {title: t}}\n- nap: {wait: PT1H}\n");
  Life life(*this, *store);
  auto const old = life.engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""});
  life.engine.run_until_idle();
  ASSERT_TRUE(life.engine.cancel(*old, "bob").ok());
  auto const again = life.replays.start({.run = *old}, "alice");
  life.engine.run_until_idle();
  HistoryKeeper keeper(parts(life, {.age = std::nullopt, .count = workflow::Retention::Count{0}}));
  ASSERT_TRUE(keeper.prune(Mode::remove).ok());
  EXPECT_FALSE(store->runs().get(*old).ok());
  live(life);
  EXPECT_EQ(row(*again).status, "completed");
  EXPECT_EQ(life.replays.preview({.run = *old}).error().kind, ErrorKind::not_found);
}

}  // namespace
}  // namespace fairlead::run
