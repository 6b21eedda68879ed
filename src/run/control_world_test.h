// A world for tests of what is done to runs from outside: replays, orders for many, leases.
//
// Test code only. Several lives of a process on one store in memory; actions and evaluator are
// scripted. One thread.
#pragma once

#include <gtest/gtest.h>

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "run/bulk.h"
#include "run/fakes_test.h"
#include "run/replays.h"
#include "store/memory/memory_store.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"
#include "testing/virtual_pause.h"
#include "workflow/parse.h"

namespace fairlead::run::testing_support {

struct ControlWorld : ::testing::Test {
  // One life of a process on the shared store.
  struct Life {
    Life(ControlWorld& world, store::Store& store, std::string node = "main",
         std::function<void()> between = {})
        : library(store.workflows(), workflow::parse),
          engine({.store = store,
                  .invoker = *world.invoker,
                  .evaluator = world.evaluator,
                  .library = library,
                  .clock = world.clock,
                  .random = world.random,
                  .log = *world.log},
                 options(std::move(node), std::move(between))),
          replays({.engine = engine,
                   .runs = store.runs(),
                   .library = library,
                   .invoker = world.actions}),
          bulk({.engine = engine, .runs = store.runs(), .replays = replays}) {
      EXPECT_TRUE(engine.recover().ok());
    }
    static EngineOptions options(std::string node, std::function<void()> between) {
      EngineOptions options;
      options.threads = EngineOptions::Threads::none;
      options.node = std::move(node);
      options.between = std::move(between);
      return options;
    }
    WorkflowLibrary library;
    Engine engine;
    Replays replays;
    Bulk bulk;
  };

  ControlWorld() {
    actions.add("check", action::Effect::reads,
                [this](action::Invocation const& call) -> Result<action::Outcome> {
                  if (check_fails) return *check_fails;
                  return action::Outcome{.output = call.input};
                });
  }

  void publish(std::string_view body, std::string const& version = "1.0.0",
               std::string const& metadata = "") {
    std::string text = document_text(body);
    auto const at = text.find("version: '1.0.0'\n");
    text.replace(at, 17, "version: '" + version + "'\n" + metadata);
    ASSERT_TRUE(store->workflows()
                    .put({.workflow_namespace = "tests",
                          .name = "test",
                          .version = version,
                          .status = "published",
                          .source = text,
                          .content_hash = version,
                          .created_at = clock.now()})
                    .ok());
  }
  RunId start(Life& life, Json input = json(R"({"title": "disk full"})")) {
    auto run = life.engine.start(
        {.workflow = {"tests", "test", ""}, .input = std::move(input), .cause = "a test"});
    EXPECT_TRUE(run.ok()) << describe(run.error());
    live(life);
    return run.ok() ? *run : RunId();
  }
  void live(Life& life) {
    life.engine.run_until_idle();
    for (int i = 0; i < 100; ++i) {
      auto next = store->runs().next_timer();
      if (!next.ok() || !*next) return;
      if (**next > clock.now()) clock.advance(**next - clock.now());
      life.engine.run_until_idle();
    }
  }
  store::RunRecord row(RunId const& id) {
    auto record = store->runs().get(id);
    return record.ok() ? *record : store::RunRecord{};
  }
  std::vector<store::JournalEntry> journal(RunId const& id) {
    auto entries = store->runs().journal(id, 0, 1'000);
    return entries.ok() ? *entries : std::vector<store::JournalEntry>{};
  }
  int count(RunId const& id, std::string_view kind) {
    int found = 0;
    for (auto const& entry : journal(id))
      found += entry.kind == kind ? 1 : 0;
    return found;
  }
  static std::vector<std::string> fates(ReplayPreview const& preview) {
    std::vector<std::string> all;
    for (auto const& each : preview.effects)
      all.push_back(each.effect.task.substr(each.effect.task.rfind('/') + 1) + " " +
                    std::string(to_string(each.fate)));
    return all;
  }

  testing::VirtualClock clock;
  testing::VirtualPause pause{clock};
  testing::SeededRandom random{7};
  ScriptedEvaluator evaluator;
  FakeActions actions;
  std::optional<Error> check_fails;
  action::Invoker* invoker{&actions};
  std::unique_ptr<Log> log = make_null_log();
  std::unique_ptr<store::Store> store =
      store::make_memory_store({store::MemoryStoreOptions::Delivery::callers_thread});
};

using Strings = std::vector<std::string>;

}  // namespace fairlead::run::testing_support
