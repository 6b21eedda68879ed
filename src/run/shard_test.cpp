// One shard by hand: what is written when it stops, who is told, what a cancelled run undoes. No
// threads.
#include "run/shard.h"

#include <gtest/gtest.h>

#include "run/crashing_store_test.h"
#include "run/fakes_test.h"
#include "run/inbox.h"
#include "store/memory/memory_store.h"
#include "testing/seeded_random.h"
#include "testing/virtual_clock.h"
#include "workflow/parse.h"

namespace fairlead::run {
namespace {

using namespace testing_support;  // NOLINT

class ShardTest : public ::testing::Test {
 protected:
  void start(std::string_view body, ShardLimits limits = {}) {
    ASSERT_TRUE(store_.workflows()
                    .put({.workflow_namespace = "tests",
                          .name = "test",
                          .version = "1.0.0",
                          .status = "published",
                          .source = document_text(body),
                          .content_hash = "x",
                          .created_at = clock_.now()})
                    .ok());
    shard_ = std::make_unique<Shard>(Shard::Parts{.store = store_,
                                                  .library = library_,
                                                  .workers = workers_,
                                                  .followers = followers_,
                                                  .listening = listening_,
                                                  .lifecycle = lifecycle_,
                                                  .clock = clock_,
                                                  .log = *log_,
                                                  .changed = [](std::optional<Time>) {}},
                                     limits);
    run_ = adopt();
  }
  RunId adopt() {
    auto document = library_.get({"tests", "test", "1.0.0"});
    EXPECT_TRUE(document.ok()) << describe(document.error());
    NewRun made =
        make_run({.document = *document, .input = json("{}"), .cause = "a test"}, clock_, random_);
    RunId const id = made.run->state.id;
    store::Commit batch;
    batch.runs.push_back(std::move(made.change));
    EXPECT_TRUE(store::commit_and_wait(store_.runs(), std::move(batch)).ok());
    shard_->adopt(std::move(made.run));
    shard_->work();
    return id;
  }
  void answer_one() {
    ASSERT_TRUE(workers_.run_one());
    shard_->work();
  }
  void settle() {
    for (bool any = true; any;) {
      any = shard_->work();
      any = workers_.run_one() || any;
    }
  }
  void stop() {
    workers_.stop();
    shard_->stop();
    while (!shard_->finished()) {
      shard_->wait();
      shard_->work();
    }
  }
  std::vector<store::JournalEntry> journal() {
    auto entries = store_.runs().journal(run_, 0, 1'000);
    return entries.ok() ? *entries : std::vector<store::JournalEntry>{};
  }
  int written(std::string_view kind) {
    int count = 0;
    for (auto const& entry : journal())
      count += entry.kind == kind ? 1 : 0;
    return count;
  }
  // What comes back is put in `answers_`.
  void ask(RunId const& run) {
    shard_->happen(run, CancelRequested{"alice"}, [this](Result<void> const& result) {
      answers_.push_back(result.ok() ? ErrorKind::internal : result.error().kind);
    });
  }

  testing::VirtualClock clock_;
  testing::SeededRandom random_{3};
  ScriptedEvaluator evaluator_;
  FakeActions actions_;
  std::unique_ptr<Log> log_ = make_null_log();
  std::unique_ptr<store::Store> kept_ =
      store::make_memory_store({store::MemoryStoreOptions::Delivery::callers_thread});
  CrashingStore store_{*kept_, 1'000'000, CrashingStore::Last::lost};
  WorkflowLibrary library_{store_.workflows(), workflow::parse};
  Followers followers_;
  Listening listening_{store_, evaluator_};
  Lifecycle lifecycle_{listening_};
  Workers workers_{{.invoker = actions_,
                    .evaluator = evaluator_,
                    .events = store_.events(),
                    .listening = listening_,
                    .clock = clock_,
                    .emitted = [] {}},
                   {.action_threads = 0}};
  std::unique_ptr<Shard> shard_;
  RunId run_;
  std::vector<ErrorKind> answers_;
};

constexpr std::string_view issue_then_update =
    "do:\n- a: {call: 'create-issue:1.0.0@gitlab', with: {title: t}}\n"
    "- b: {call: 'update-issue:1.0.0@gitlab', with: {iid: '${ .iid }'}}\n";

TEST_F(ShardTest, writes_the_answer_of_a_call_when_it_stops_before_the_next_evaluation) {
  start(issue_then_update);
  answer_one();
  ASSERT_EQ(actions_.log, std::vector<std::string>{"create-issue first"});
  stop();
  EXPECT_EQ(written("call-returned"), 1) << "else the effect has to be looked up after a restart";
}

TEST_F(ShardTest, refuses_questions_after_it_stopped) {
  start("do:\n- nap: {wait: PT1H}\n");
  stop();
  ask(run_);
  EXPECT_EQ(answers_, std::vector<ErrorKind>{ErrorKind::unavailable});
}

TEST_F(ShardTest, answers_questions_that_found_no_room_when_it_stops) {
  start(issue_then_update, {.active_max = 1, .idle_max = 1});
  ask(RunId("another"));
  shard_->work();
  EXPECT_TRUE(answers_.empty());
  stop();
  EXPECT_EQ(answers_, std::vector<ErrorKind>{ErrorKind::unavailable});
}

TEST_F(ShardTest, tells_a_follower_that_comes_while_a_commit_is_under_way) {
  start(issue_then_update);
  std::vector<std::int64_t> told;
  std::size_t before = 0;
  std::string status;
  store_.on_commit = [&] {
    // As RunStreams does: subscribe, then read.
    followers_.add(run_, [&](RunUpdate const& update) {
      for (auto const& entry : update.entries)
        told.push_back(entry.seq);
      status = update.run.status;
    });
    before = journal().size();
  };
  settle();
  ASSERT_EQ(status, "completed");
  std::vector<std::int64_t> expected;
  for (std::size_t seq = before + 1; seq <= journal().size(); ++seq)
    expected.push_back(static_cast<std::int64_t>(seq));
  EXPECT_EQ(told, expected);
}

TEST_F(ShardTest, cancels_what_a_cancelled_run_waits_for_once_and_journals_it_first) {
  int intended_before = -1;
  Json wait_state;
  start("do:\n- w: {call: 'wait-for-pipeline:1.0.0@gitlab', with: {pipeline: 7}}\n");
  settle();
  actions_.watch = [&](action::Invocation const& call) {
    wait_state = call.wait_state;
    intended_before = written("call-intended");
  };
  ask(run_);
  settle();
  ask(run_);
  settle();
  EXPECT_EQ(actions_.log,
            (std::vector<std::string>{"wait-for-pipeline first", "wait-for-pipeline cancel"}));
  EXPECT_EQ(wait_state, json(R"({"polls": 1})"));
  EXPECT_EQ(intended_before, 2);
  EXPECT_EQ(store_.runs().get(run_)->status, "cancelled");
  EXPECT_EQ(answers_, (std::vector<ErrorKind>{ErrorKind::internal, ErrorKind::conflict}));
}

TEST_F(ShardTest, cancels_nothing_outside_for_a_call_that_did_not_wait) {
  start("do:\n- a: {call: 'flaky:1.0.0@gitlab'}\n");
  Error limited = make_error(ErrorKind::rate_limited, "slow down");
  limited.retry_after = std::chrono::seconds(9);
  actions_.failures.push_back(limited);
  settle();
  ASSERT_EQ(store_.runs().get(run_)->status, "waiting");
  ask(run_);
  settle();
  EXPECT_EQ(actions_.log, std::vector<std::string>{"flaky first"});
}

}  // namespace
}  // namespace fairlead::run
