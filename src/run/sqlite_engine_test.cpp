// The engine on SQLite: with its threads, and over a restart.
#include <gtest/gtest.h>

#include <future>

#include "run/engine.h"
#include "run/fakes_test.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/files.h"
#include "testing/seeded_random.h"
#include "workflow/parse.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT

constexpr std::string_view body =
    "do:\n- a: {call: 'create-issue:1.0.0@gitlab', with: {title: '${ .title }'}}\n"
    "- gate: {call: 'gate:1.0.0@gitlab'}\n"
    "- b: {call: 'update-issue:1.0.0@gitlab', with: {iid: 1}}\n";

void publish(store::Store& store, Time now) {
  ASSERT_TRUE(store.workflows()
                  .put({.workflow_namespace = "tests",
                        .name = "test",
                        .version = "1.0.0",
                        .status = "published",
                        .source = document_text(body),
                        .content_hash = "x",
                        .created_at = now})
                  .ok());
}

TEST(EngineOnSqlite, finishes_after_a_restart_what_was_waiting_and_under_way) {
  testing::TemporaryFolder const folder;
  SystemClock clock;
  testing::SeededRandom random(5);
  auto log = make_null_log();
  ScriptedEvaluator evaluator;
  FakeActions actions;
  std::atomic<bool> open{false};
  std::promise<void> all_waiting;
  std::atomic<int> waiting{0};
  constexpr int runs = 20;
  actions.add("gate", action::Effect::reads,
              [&](action::Invocation const& call) -> Result<action::Outcome> {
                if (open) return action::Outcome{.output = call.input};
                if (++waiting == runs) all_waiting.set_value();
                return action::Outcome{.output = {},
                                       .wait = action::Wait{.check_after = Milliseconds(1),
                                                            .waiting_for = "the gate",
                                                            .state = Json("waiting")}};
              });
  std::vector<RunId> ids;
  for (int life = 0; life < 2; ++life) {
    auto store = store::open_sqlite_store({.folder = folder.path()}, clock);
    ASSERT_TRUE(store.ok()) << describe(store.error());
    WorkflowLibrary library((*store)->workflows(), workflow::parse);
    Engine engine({.store = **store,
                   .invoker = actions,
                   .evaluator = evaluator,
                   .library = library,
                   .clock = clock,
                   .random = random,
                   .log = *log},
                  {.workers = {.evaluation_threads = 1, .action_threads = 4}});
    std::promise<void> all_done;
    std::atomic<int> ended{0};
    engine.subscribe(RunId(), [&](RunUpdate const& update) {
      if (update.run.status == "completed" && ++ended == runs) all_done.set_value();
    });
    if (life == 0) {
      publish(**store, clock.now());
      ASSERT_TRUE(engine.recover().ok());
      for (int i = 0; i < runs; ++i) {
        auto run = engine.start({.workflow = {"tests", "test", ""},
                                 .input = Json::object({{"title", "t"}}),
                                 .cause = "a test"});
        ASSERT_TRUE(run.ok()) << describe(run.error());
        ids.push_back(*run);
      }
      ASSERT_EQ(all_waiting.get_future().wait_for(std::chrono::seconds(60)),
                std::future_status::ready);
    } else {
      open = true;
      ASSERT_TRUE(engine.recover().ok());
      ASSERT_EQ(all_done.get_future().wait_for(std::chrono::seconds(60)),
                std::future_status::ready);
      for (auto const& id : ids)
        EXPECT_EQ((*store)->runs().get(id)->status, "completed");
    }
    engine.drain();
  }
  EXPECT_EQ(actions.effects.size(), 2U * runs);
  for (auto const& [marker, times] : actions.effects)
    EXPECT_EQ(times, 1) << marker;
}

}  // namespace
}  // namespace fairlead::run
