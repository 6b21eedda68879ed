// A world for tests of the whole engine: what is outside of it and survives its death, and one life
// of it.
//
// Test code only. No threads, no real time: Life works when it is told to.
#pragma once

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <vector>

#include "run/engine.h"
#include "run/fakes_test.h"
#include "store/memory/memory_store.h"
// lint: allow(layers) a fixture of tests only
#include "testing/seeded_random.h"
// lint: allow(layers) a fixture of tests only
#include "testing/virtual_clock.h"
#include "trigger/cloud_event.h"
#include "workflow/parse.h"

namespace fairlead::run::testing_support {

inline Json incident_event(std::string const& id) {
  return Json::object({{"specversion", "1.0"},
                       {"id", id},
                       {"source", "/desk"},
                       {"type", "com.example.incident.opened"},
                       {"subject", "INC-42"},
                       {"data", Json::object({{"summary", "disk full"}})}});
}

// Outside of the engine: survives its death.
struct World {
  World()
      : store(store::make_memory_store({store::MemoryStoreOptions::Delivery::callers_thread})) {}

  void publish(std::string_view body, std::string const& name = "test") {
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
  // Into the inbox; gives its number.
  std::int64_t send_event(Json const& event) {
    auto record = trigger::event_from(event, clock.now());
    if (!record.ok()) {
      ADD_FAILURE() << describe(record.error());
      return 0;
    }
    auto appended = store->events().append(*record);
    return appended.ok() ? appended->seq : 0;
  }
  std::int64_t send(std::string const& id) { return send_event(incident_event(id)); }
  std::vector<store::RunRecord> runs() {
    auto page = store->runs().list({}, "", 100);
    return page.ok() ? page->items : std::vector<store::RunRecord>{};
  }
  std::vector<store::JournalEntry> journal(RunId const& id) {
    auto entries = store->runs().journal(id, 0, 1'000);
    return entries.ok() ? *entries : std::vector<store::JournalEntry>{};
  }
  // The run's intent to have this effect is durable.
  bool intended(std::string const& marker) {
    for (auto const& run : runs()) {
      for (auto const& entry : journal(run.id)) {
        if (entry.kind == "call-intended" && entry.payload["marker"] == Json(marker)) return true;
      }
    }
    return false;
  }

  testing::VirtualClock clock;
  testing::SeededRandom random{11};
  ScriptedEvaluator evaluator;
  FakeActions actions;
  std::unique_ptr<Log> log = make_null_log();
  std::unique_ptr<store::Store> store;
};

// One life of the process.
struct Life {
  explicit Life(World& outside, EngineOptions options = {})
      : Life(outside, *outside.store, options) {}
  Life(World& outside, store::Store& store, EngineOptions options = {})
      : world(outside),
        library(store.workflows(), workflow::parse),
        engine({.store = store,
                .invoker = world.actions,
                .evaluator = world.evaluator,
                .library = library,
                .clock = world.clock,
                .random = world.random,
                .log = *world.log},
               with_defaults(options)) {
    EXPECT_TRUE(engine.recover().ok());
  }
  static EngineOptions with_defaults(EngineOptions options) {
    options.threads = EngineOptions::Threads::none;
    return options;
  }
  // Until nothing is armed any more; gives how many timers fired.
  int live(int timers_max = 100) {
    engine.run_until_idle();
    for (int fired = 0; fired < timers_max; ++fired) {
      auto next = world.store->runs().next_timer();
      if (!next.ok() || !*next) return fired;
      if (**next > world.clock.now()) world.clock.advance(**next - world.clock.now());
      engine.run_until_idle();
    }
    return timers_max;
  }

  World& world;
  WorkflowLibrary library;
  Engine engine;
};

}  // namespace fairlead::run::testing_support
