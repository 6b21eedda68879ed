#include "run/workers.h"

#include <gtest/gtest.h>

#include "run/fakes_test.h"
#include "store/memory/memory_store.h"
#include "testing/virtual_clock.h"

namespace fairlead::run {
namespace {

using Mode = action::Invocation::Mode;

struct WorkersTest : ::testing::Test {
  Call call(std::string name, std::string marker, Mode mode) const {
    return {.frame = 1,
            .attempt = 1,
            .invocation = {.name = std::move(name),
                           .input = Json::object(),
                           .marker = {.id = std::move(marker)},
                           .mode = mode}};
  }
  void submit(Call const& call) {
    ASSERT_TRUE(workers.submit(call, [this](What const&) { ++answers; }).ok());
  }

  testing::VirtualClock clock;
  testing_support::ScriptedEvaluator evaluator;
  testing_support::FakeActions actions;
  std::unique_ptr<store::Store> store = store::make_memory_store();
  Listening listening{*store, evaluator};
  Workers workers{{.invoker = actions,
                   .evaluator = evaluator,
                   .events = store->events(),
                   .listening = listening,
                   .clock = clock,
                   .emitted = [] {}},
                  {.action_threads = 0}};
  int answers{0};
};

TEST_F(WorkersTest, a_look_up_waits_for_the_call_that_was_given_up) {
  submit(call("create-issue", "m", Mode::first));
  submit(call("create-issue", "m", Mode::recover));
  std::vector<std::optional<Time>> open_since;
  actions.watch = [&](action::Invocation const& made) {
    open_since.push_back(made.marker.open_since);
    clock.advance(std::chrono::minutes(3));
  };
  Time const began = clock.now();
  EXPECT_TRUE(workers.run_one());
  EXPECT_FALSE(workers.run_one()) << "both are made one after the other";
  EXPECT_EQ(answers, 2);
  EXPECT_EQ(actions.log, (std::vector<std::string>{"create-issue first", "create-issue recover"}));
  ASSERT_EQ(open_since.size(), 2u);
  EXPECT_EQ(open_since[1], began + std::chrono::minutes(3)) << "it may have been sent until now";
}

TEST_F(WorkersTest, other_effects_and_reads_wait_for_nobody) {
  submit(call("create-issue", "m", Mode::first));
  submit(call("create-issue", "n", Mode::first));
  submit(call("get-issue", "r", Mode::first));
  submit(call("get-issue", "r", Mode::first));
  for (int n = 1; n <= 4; ++n) {
    EXPECT_TRUE(workers.run_one());
    EXPECT_EQ(answers, n);
  }
  EXPECT_FALSE(workers.run_one());
}

TEST_F(WorkersTest, the_next_call_for_an_effect_that_was_answered_begins_anew) {
  submit(call("create-issue", "m", Mode::first));
  EXPECT_TRUE(workers.run_one());
  submit(call("create-issue", "m", Mode::recover));
  EXPECT_TRUE(workers.run_one());
  EXPECT_EQ(answers, 2);
}

}  // namespace
}  // namespace fairlead::run
