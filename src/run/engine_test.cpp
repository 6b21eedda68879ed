// The engine end to end, with fakes outside and the store in memory: no threads but where said, no
// real time.
#include "run/engine.h"

#include <gtest/gtest.h>

#include <future>

#include "run/crashing_store_test.h"
#include "run/world_test.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT

constexpr std::string_view incident = R"(schedule:
  on: {one: {with: {type: com.example.incident.opened}}}
  read: data
input: {from: '.[0]'}
do:
- createIssue:
    call: create-issue:1.0.0@gitlab
    with: {project: ops/incidents, title: '${ .summary }'}
    export: {as: '{ issue: . }'}
- repair:
    try:
    - start:
        call: trigger-pipeline:1.0.0@gitlab
        with: {ref: main, issue: '${ $context.issue.iid }'}
    - finish:
        call: wait-for-pipeline:1.0.0@gitlab
        with: {pipeline: '${ .id }'}
        timeout: {after: PT1H}
    catch:
      as: err
      do:
      - escalate: {call: 'update-issue:1.0.0@gitlab', with: {labels: [escalated]}, then: end}
- cool: {wait: PT10S}
- close: {call: 'update-issue:1.0.0@gitlab', with: {iid: '${ $context.issue.iid }', status: closed}}
)";

void expect_rows_follow_from_journals(World& world) {
  auto document = document_of(incident);
  for (auto const& run : world.runs()) {
    auto const journal = world.journal(run.id);
    auto folded = replay(new_run(run.id, document), journal);
    ASSERT_TRUE(folded.ok()) << describe(folded.error());
    EXPECT_EQ(to_string(folded->status), run.status);
    EXPECT_EQ(folded->output, run.output);
    EXPECT_EQ(folded->waiting_for, run.waiting_for);
    EXPECT_EQ(static_cast<std::int64_t>(journal.size()), run.last_seq);
  }
}

TEST(Engine, runs_the_incident_from_the_event_to_the_closed_issue) {
  World world;
  world.publish(incident);
  Life life(world);
  auto const seq = world.send("1");
  life.engine.notify_event(seq);
  life.engine.run_until_idle();
  ASSERT_EQ(world.runs().size(), 1U);
  EXPECT_EQ(world.runs()[0].status, "waiting");
  EXPECT_EQ(world.runs()[0].waiting_for, "pipeline 101");
  EXPECT_EQ(world.runs()[0].cause, "event com.example.incident.opened INC-42");
  EXPECT_EQ(world.runs()[0].event_seq, seq);
  life.live();
  auto const run = world.runs()[0];
  EXPECT_EQ(run.status, "completed") << run.error.dump();
  EXPECT_EQ(run.output["status"], Json("closed"));
  EXPECT_EQ(run.input, json(R"([{"summary": "disk full"}])"));
  EXPECT_EQ(world.actions.effects.size(), 3U);
  EXPECT_TRUE(world.store->events().get(seq)->dispatched);
  expect_rows_follow_from_journals(world);
}

TEST(Engine, starts_nothing_for_an_event_that_no_filter_wants) {
  World world;
  world.publish("schedule: {on: {one: {with: {type: other}}}}\ndo:\n- a: {set: {x: 1}}\n");
  Life life(world);
  auto const seq = world.send("1");
  life.engine.notify_event(seq);
  life.engine.run_until_idle();
  EXPECT_TRUE(world.runs().empty());
  EXPECT_TRUE(world.store->events().get(seq)->dispatched);
}

// Every prefix of commits, both ways to die: each effect once, every run ends, and no call without
// a durable intent.
TEST(Crashes, at_every_commit_lose_nothing_and_repeat_nothing) {
  int commits = 0;
  {
    World world;
    world.publish(incident);
    CrashingStore counting(*world.store, 1'000'000, CrashingStore::Last::lost);
    Life life(world, counting);
    world.send("1");
    world.send("2");
    life.live();
    commits = counting.commits();
    ASSERT_EQ(world.actions.effects.size(), 6U);
  }
  ASSERT_GT(commits, 20);
  for (auto last : {CrashingStore::Last::lost, CrashingStore::Last::unheard}) {
    for (int good = 0; good < commits; ++good) {
      SCOPED_TRACE(std::to_string(good) +
                   (last == CrashingStore::Last::lost ? " lost" : " unheard"));
      World world;
      world.publish(incident);
      world.actions.watch = [&](action::Invocation const& call) {
        EXPECT_TRUE(world.intended(call.marker.id))
            << call.name << " was sent before it was durable";
      };
      world.send("1");
      world.send("2");
      {
        CrashingStore dying(*world.store, good, last);
        Life life(world, dying);
        life.engine.run_until_idle();
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
      ASSERT_EQ(world.runs().size(), 2U);
      for (auto const& run : world.runs())
        EXPECT_EQ(run.status, "completed") << run.error.dump();
      EXPECT_EQ(world.actions.effects.size(), 6U);
      for (auto const& [marker, times] : world.actions.effects)
        EXPECT_EQ(times, 1) << marker;
      EXPECT_TRUE(world.store->events().pending(10)->empty());
      expect_rows_follow_from_journals(world);
    }
  }
}

TEST(Crashes, of_the_disk_alone_are_survived_without_a_restart) {
  World world;
  world.publish(incident);
  for (int good : {2, 3, 4, 5, 6}) {
    CrashingStore flaky(*world.store, good, CrashingStore::Last::lost);
    Life life(world, flaky);
    world.send("e" + std::to_string(good));
    life.engine.notify_event(1);
    life.engine.run_until_idle();
    flaky.repair();
    world.clock.advance(std::chrono::seconds(2));
    life.engine.notify_event(1);
    life.live();
  }
  EXPECT_EQ(world.runs().size(), 5U);
  for (auto const& run : world.runs())
    EXPECT_EQ(run.status, "completed") << run.waiting_for;
  for (auto const& [marker, times] : world.actions.effects)
    EXPECT_EQ(times, 1) << marker;
}

TEST(Engine, tells_followers_every_entry_once_it_is_durable) {
  World world;
  world.publish("do:\n- a: {set: {x: 1}}\n- nap: {wait: PT5S}\n- b: {set: {y: '${ .x }'}}\n");
  Life life(world);
  std::vector<std::int64_t> told;
  std::string last_status;
  auto const follower = life.engine.subscribe(RunId(), [&](RunUpdate const& update) {
    for (auto const& entry : update.entries)
      told.push_back(entry.seq);
    last_status = update.run.status;
  });
  auto run = life.engine.start(
      {.workflow = {"tests", "test", ""}, .input = json("{}"), .cause = "a test"});
  ASSERT_TRUE(run.ok()) << describe(run.error());
  life.live();
  std::vector<std::int64_t> expected;
  for (std::size_t seq = 1; seq <= world.journal(*run).size(); ++seq) {
    expected.push_back(static_cast<std::int64_t>(seq));
  }
  EXPECT_EQ(told, expected);
  EXPECT_EQ(last_status, "completed");
  life.engine.unsubscribe(follower);
  EXPECT_EQ(world.runs()[0].output, json(R"({"y": 1})"));
}

TEST(Engine, cancels_waiting_runs_only_once) {
  World world;
  world.publish("do:\n- nap: {wait: PT1H}\n");
  Life life(world);
  auto run =
      life.engine.start({.workflow = {"tests", "test", "1.0.0"}, .input = {}, .cause = "a test"});
  ASSERT_TRUE(run.ok());
  life.engine.run_until_idle();
  ASSERT_TRUE(life.engine.cancel(*run, "alice").ok());
  EXPECT_EQ(world.runs()[0].status, "cancelled");
  EXPECT_TRUE(world.runs()[0].ended_at.has_value());
  EXPECT_FALSE(world.store->runs().next_timer()->has_value());
  EXPECT_EQ(life.engine.cancel(*run, "bob").error().kind, ErrorKind::conflict);
  EXPECT_EQ(life.engine.cancel(RunId("nobody"), "bob").error().kind, ErrorKind::not_found);
}

TEST(Engine, reads_waiting_runs_back_when_none_are_kept) {
  World world;
  world.publish(incident);
  EngineOptions options;
  options.shard_limits.idle_max = 0;
  Life life(world, options);
  life.engine.notify_event(world.send("1"));
  life.engine.run_until_idle();
  EXPECT_EQ(life.engine.figures().active_runs, 0U);
  life.live();
  EXPECT_EQ(world.runs()[0].status, "completed");
}

TEST(Engine, refuses_runs_beyond_its_bound_and_leaves_events_in_the_inbox) {
  World world;
  world.publish(incident);
  EngineOptions options;
  options.shards = 1;
  options.shard_limits = {.active_max = 1, .idle_max = 1};
  Life life(world, options);
  for (int i = 0; i < 5; ++i)
    world.send(std::to_string(i));
  life.engine.notify_event(1);
  life.live(400);
  for (int i = 0; i < 10; ++i) {
    life.engine.notify_event(1);
    life.live(400);
  }
  EXPECT_EQ(world.runs().size(), 5U);
  for (auto const& run : world.runs())
    EXPECT_EQ(run.status, "completed");
  EXPECT_EQ(world.actions.effects.size(), 15U);
}

TEST(Engine, refuses_a_start_by_hand_beyond_its_bound_and_says_when_to_try_again) {
  World world;
  world.publish(incident);
  Engine* engine = nullptr;
  std::vector<Result<RunId>> refused;
  auto const start = [&] {
    return engine->start({.workflow = {"tests", "test", ""}, .input = json("{}"), .cause = "a"});
  };
  EngineOptions options;
  options.shards = 1;
  options.shard_limits = {.active_max = 1, .idle_max = 1};
  options.between = [&] {
    if (engine != nullptr && engine->figures().active_runs == 1 && refused.empty())
      refused.push_back(start());
  };
  Life life(world, options);
  engine = &life.engine;
  ASSERT_TRUE(start().ok());
  life.live(400);
  ASSERT_EQ(refused.size(), 1U);
  ASSERT_FALSE(refused[0].ok());
  Error const& error = refused[0].error();
  EXPECT_EQ(error.kind, ErrorKind::unavailable);
  EXPECT_NE(error.message.find("Too many runs"), std::string::npos) << error.message;
  EXPECT_FALSE(error.remedy.empty());
  EXPECT_TRUE(error.retry_after.has_value());
  EXPECT_EQ(world.runs().size(), 1U);
  EXPECT_TRUE(start().ok()) << "there is room again";
}

TEST(Engine, dispatches_more_events_than_one_page_holds) {
  World world;
  Life life(world);
  for (int i = 0; i < 600; ++i)
    world.send(std::to_string(i));
  life.engine.notify_event(1);
  life.engine.run_until_idle();
  EXPECT_TRUE(world.store->events().pending(10)->empty());
}

TEST(Engine, says_which_workflow_there_is_not) {
  World world;
  Life life(world);
  auto run = life.engine.start({.workflow = {"tests", "missing", ""}, .input = {}, .cause = ""});
  ASSERT_FALSE(run.ok());
  EXPECT_EQ(run.error().kind, ErrorKind::not_found);
}

TEST(Engine, goes_on_at_once_when_a_connection_is_signed_in_again) {
  World world;
  world.publish("do:\n- a: {call: 'flaky:1.0.0@gitlab', with: {title: t}}\n");
  Error sign_in = make_error(ErrorKind::denied, "refused");
  sign_in.title = "Token refresh failure";
  world.actions.failures.push_back(sign_in);
  Life life(world);
  ASSERT_TRUE(
      life.engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""}).ok());
  life.engine.run_until_idle();
  EXPECT_EQ(world.runs()[0].waiting_for, "the connection to be signed in again");
  ASSERT_TRUE(life.engine.connection_recovered("default").ok());
  life.engine.run_until_idle();
  EXPECT_EQ(world.runs()[0].status, "completed");
}

TEST(Engine, puts_emitted_events_into_the_inbox_and_starts_others_with_them) {
  World world;
  world.publish(
      "do:\n- say: {emit: {event: {with: {source: /a, type: com.example.incident.opened, data: "
      "{summary: s}}}}}\n",
      "sender");
  world.publish(incident, "receiver");
  Life life(world);
  ASSERT_TRUE(
      life.engine.start({.workflow = {"tests", "sender", ""}, .input = {}, .cause = ""}).ok());
  life.live();
  ASSERT_EQ(world.runs().size(), 2U);
  for (auto const& run : world.runs())
    EXPECT_EQ(run.status, "completed");
}

// With the threads of a server: many events at once, each run once.
constexpr std::string_view watching = "do:\n- w: {call: 'watch:1.0.0@gitlab', with: {}}\n";

// An action that looks at `done` and waits an hour for the key "thing:1". `during` happens after
// its look.
void add_watch(World& world, bool const& done, std::function<void()> during = {}) {
  world.actions.add("watch", action::Effect::reads,
                    [&done, during](action::Invocation const&) -> Result<action::Outcome> {
                      bool const seen = done;
                      if (during) during();
                      if (seen) return action::Outcome{.output = Json("done")};
                      return action::Outcome{
                          .output = {},
                          .wait = action::Wait{.check_after = std::chrono::hours(1),
                                               .waiting_for = "thing 1",
                                               .state = Json::object(),
                                               .wake_key = "thing:1"}};
                    });
}

TEST(Wakes, let_a_call_look_again_before_its_time) {
  World world;
  world.publish(watching);
  bool done = false;
  add_watch(world, done);
  Life life(world);
  ASSERT_TRUE(
      life.engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""}).ok());
  life.engine.run_until_idle();
  EXPECT_EQ(world.runs()[0].waiting_for, "thing 1");
  EXPECT_EQ(*life.engine.wake("thing:2"), 0);
  // Nothing has changed: it looks once and sleeps on.
  EXPECT_EQ(*life.engine.wake("thing:1"), 1);
  life.engine.run_until_idle();
  EXPECT_EQ(world.actions.log.size(), 2U);
  EXPECT_EQ(world.runs()[0].status, "waiting");
  done = true;
  EXPECT_EQ(*life.engine.wake("thing:1"), 1);
  life.engine.run_until_idle();
  EXPECT_EQ(world.runs()[0].status, "completed");
  EXPECT_FALSE(world.store->runs().next_timer()->has_value());
  auto const journal = world.journal(world.runs()[0].id);
  EXPECT_EQ(std::count_if(journal.begin(), journal.end(),
                          [](auto const& entry) { return entry.kind == "woken"; }),
            2);
  auto folded = replay(new_run(world.runs()[0].id, document_of(watching)), journal);
  ASSERT_TRUE(folded.ok()) << describe(folded.error());
  EXPECT_EQ(folded->status, RunStatus::completed);
}

TEST(Wakes, between_the_look_and_the_commit_of_the_wait_are_not_lost) {
  World world;
  world.publish(watching);
  bool done = false;
  Engine* engine = nullptr;
  add_watch(world, done, [&] {
    if (std::exchange(done, true)) return;
    EXPECT_EQ(*engine->wake("thing:1"), 0);
  });
  Life life(world);
  engine = &life.engine;
  ASSERT_TRUE(
      life.engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""}).ok());
  life.engine.run_until_idle();
  EXPECT_EQ(world.runs()[0].status, "completed");
}

TEST(Wakes, survive_the_death_of_the_process) {
  World world;
  world.publish(watching);
  bool done = false;
  add_watch(world, done);
  {
    Life life(world);
    ASSERT_TRUE(
        life.engine.start({.workflow = {"tests", "test", ""}, .input = {}, .cause = ""}).ok());
    life.engine.run_until_idle();
    done = true;
    EXPECT_EQ(*life.engine.wake("thing:1"), 1);
  }
  Life life(world);
  life.engine.run_until_idle();
  EXPECT_EQ(world.runs()[0].status, "completed");
}

TEST(Engine, runs_many_with_threads_of_its_own) {
  World world;
  world.store = store::make_memory_store();
  world.publish(
      "schedule: {on: {one: {with: {type: com.example.incident.opened}}}, read: data}\n"
      "do:\n- a: {call: 'create-issue:1.0.0@gitlab', with: {title: '${ .[0].summary }'}}\n"
      "- b: {call: 'update-issue:1.0.0@gitlab', with: {iid: '${ .iid }'}}\n");
  constexpr int events = 200;
  std::promise<void> all_done;
  std::atomic<int> ended{0};
  WorkflowLibrary library(world.store->workflows(), workflow::parse);
  SystemClock clock;
  Engine engine({.store = *world.store,
                 .invoker = world.actions,
                 .evaluator = world.evaluator,
                 .library = library,
                 .clock = clock,
                 .random = world.random,
                 .log = *world.log},
                {.workers = {.evaluation_threads = 2, .action_threads = 8}});
  engine.subscribe(RunId(), [&](RunUpdate const& update) {
    if (update.run.status == "completed" && ++ended == events) all_done.set_value();
  });
  ASSERT_TRUE(engine.recover().ok());
  for (int i = 0; i < events; ++i)
    engine.notify_event(world.send(std::to_string(i)));
  EXPECT_EQ(all_done.get_future().wait_for(std::chrono::seconds(60)), std::future_status::ready);
  engine.drain();
  EXPECT_EQ(world.actions.effects.size(), 2U * events);
  for (auto const& [marker, times] : world.actions.effects)
    EXPECT_EQ(times, 1);
}

}  // namespace
}  // namespace fairlead::run
