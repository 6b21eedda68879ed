// Conformance of every store: which node holds a run, and what becomes of old history.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "store/approvals.h"
#include "store/conformance_fixture.h"
#include "store/history.h"
#include "store/leases.h"

namespace fairlead::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class UpkeepConformance : public StoreConformance {
 protected:
  struct Want {
    std::string status{"running"};
    std::string name{"incident"};
    int entries{1};
    std::optional<Time> ended_at;
    std::int64_t epoch{0};
  };
  Result<void> write(std::string const& id, std::int64_t expected_seq, Want const& want) {
    RunChange change;
    change.expected_seq = expected_seq;
    change.run = {.id = RunId(id),
                  .workflow_namespace = "ops",
                  .workflow_name = want.name,
                  .workflow_version = "1.0.0",
                  .status = want.status,
                  .last_seq = expected_seq + want.entries,
                  .started_at = start_,
                  .ended_at = want.ended_at};
    for (int i = 1; i <= want.entries; ++i)
      change.journal.push_back({.seq = expected_seq + i, .kind = "k", .payload = Json(i)});
    if (!want.ended_at) {
      change.timers_set.push_back({.run = RunId(id), .key = "wait:1", .due_at = at(3'600)});
    } else {
      change.timers_cleared.emplace_back("wait:1");
    }
    Commit batch;
    batch.runs.push_back(std::move(change));
    batch.epoch = want.epoch;
    batch.at = clock_.now();
    return commit_and_wait(store_->runs(), std::move(batch));
  }
  std::int64_t join(std::string const& node, int seconds) {
    auto epoch = store_->leases().join(node, {.now = clock_.now(), .until = at(seconds)});
    EXPECT_OK(epoch);
    return epoch.ok() ? *epoch : 0;
  }
  std::vector<std::string> claim(std::int64_t epoch, int limit = 100) {
    auto taken = store_->leases().claim({.epoch = epoch, .now = clock_.now(), .limit = limit});
    EXPECT_OK(taken);
    std::vector<std::string> ids;
    if (taken.ok()) {
      for (auto const& run : *taken)
        ids.push_back(run.id.text);
    }
    return ids;
  }
  void ended(std::string const& id, int seconds, std::string const& name = "incident") {
    EXPECT_OK(
        write(id, 0, {.status = "completed", .name = name, .entries = 3, .ended_at = at(seconds)}));
  }
  bool there(std::string const& id) { return store_->runs().get(RunId(id)).ok(); }
  static HistoryRule rule(std::optional<Time> before, std::optional<std::int64_t> keep) {
    return {.workflow_namespace = "ops",
            .workflow_name = "incident",
            .ended_before = before,
            .keep_newest = keep};
  }
};
INSTANTIATE_FOR_EVERY_STORE(UpkeepConformance);

template <class T>
bool lost(Result<T> const& result) {
  return !result.ok() && is_lease_lost(result.error());
}

// ---- leases ----

TEST_P(UpkeepConformance, claims_busy_runs_that_nobody_holds_once) {
  EXPECT_OK(write("a", 0, {}));
  EXPECT_OK(write("b", 0, {.status = "waiting"}));
  EXPECT_OK(write("c", 0, {.status = "completed", .ended_at = at(1)}));
  EXPECT_OK(write("d", 0, {.status = "pending"}));
  auto const epoch = join("one", 30);
  EXPECT_THAT(claim(epoch, 1), ElementsAre("a"));
  EXPECT_THAT(claim(epoch), ElementsAre("d"));
  EXPECT_THAT(claim(epoch), IsEmpty());
}

TEST_P(UpkeepConformance, leaves_what_a_living_node_holds) {
  auto const first = join("one", 30);
  EXPECT_OK(write("a", 0, {.epoch = first}));
  auto const second = join("two", 60);
  EXPECT_GT(second, first);
  EXPECT_THAT(claim(second), IsEmpty());
  EXPECT_TRUE(lost(write("a", 1, {.epoch = second})));
  EXPECT_OK(write("a", 1, {.epoch = first}));
}

TEST_P(UpkeepConformance, hands_runs_over_when_the_lease_is_over_and_refuses_late_commits) {
  auto const first = join("one", 30);
  EXPECT_OK(write("a", 0, {.epoch = first}));
  EXPECT_OK(write("w", 0, {.status = "waiting", .epoch = first}));
  auto const second = join("two", 60);
  clock_.advance(std::chrono::seconds(31));
  EXPECT_THAT(claim(second), ElementsAre("a"));
  EXPECT_TRUE(lost(write("a", 1, {.epoch = first}))) << "the late commit of the first";
  EXPECT_TRUE(lost(store_->leases().renew(first, {.now = at(31), .until = at(90)})));
  EXPECT_OK(write("a", 1, {.epoch = second}));
  // A waiting run goes to whoever moves it first.
  EXPECT_OK(write("w", 1, {.status = "waiting", .epoch = second}));
  EXPECT_TRUE(lost(write("w", 2, {.epoch = first})));
  EXPECT_EQ(store_->runs().get(RunId("w"))->last_seq, 2);
}

TEST_P(UpkeepConformance, keeps_the_lease_of_a_node_that_renews) {
  auto const first = join("one", 30);
  EXPECT_OK(write("a", 0, {.epoch = first}));
  EXPECT_EQ(*store_->leases().renew(first, {.now = at(20), .until = at(50)}), 0);
  auto const second = join("two", 90);
  clock_.advance(std::chrono::seconds(31));
  EXPECT_THAT(claim(second), IsEmpty());
  EXPECT_OK(write("a", 1, {.epoch = first}));
}

TEST_P(UpkeepConformance, frees_what_an_earlier_life_or_a_node_that_left_held) {
  auto const first = join("one", 30);
  EXPECT_OK(write("a", 0, {.epoch = first}));
  auto const second = join("one", 30);
  EXPECT_THAT(claim(second), ElementsAre("a"));
  EXPECT_TRUE(lost(write("a", 1, {.epoch = first})));
  EXPECT_OK(store_->leases().leave(second));
  auto const other = join("three", 90);
  EXPECT_EQ(*store_->leases().renew(other, {.now = at(1), .until = at(90)}), 1);
  auto const third = join("two", 30);
  EXPECT_THAT(claim(third), ElementsAre("a"));
}

TEST_P(UpkeepConformance, refuses_a_dead_node_even_a_run_that_nobody_took) {
  auto const first = join("one", 30);
  auto const second = join("one", 30);
  EXPECT_OK(write("a", 0, {}));
  EXPECT_TRUE(lost(write("a", 1, {.epoch = first})));
  EXPECT_OK(write("a", 1, {.epoch = second}));
}

TEST_P(UpkeepConformance, asks_nothing_of_commits_outside_of_leases) {
  auto const first = join("one", 30);
  EXPECT_OK(write("a", 0, {.epoch = first}));
  EXPECT_OK(write("a", 1, {}));
}

// ---- history ----

TEST_P(UpkeepConformance, removes_by_age_whole_runs_and_nothing_else) {
  ended("old-1", 10);
  ended("old-2", 20);
  ended("new", 30);
  ended("other", 10, "deploy");
  EXPECT_OK(write("open", 0, {.status = "waiting"}));
  auto const by_age = rule(at(25), std::nullopt);
  EXPECT_EQ(store_->history().count(by_age)->runs, 2);
  EXPECT_EQ(store_->history().count(by_age)->entries, 6);
  auto removed = store_->history().remove(by_age, {});
  EXPECT_OK(removed);
  EXPECT_EQ(removed->runs, 2);
  EXPECT_EQ(removed->entries, 6);
  EXPECT_FALSE(there("old-1"));
  EXPECT_ERROR(ErrorKind::not_found, store_->runs().journal(RunId("old-2"), 0, 10));
  EXPECT_EQ(store_->runs().journal(RunId("new"), 0, 10)->size(), 3U);
  EXPECT_TRUE(there("other"));
  EXPECT_TRUE(there("open"));
  EXPECT_TRUE(store_->runs().next_timer()->has_value());
  EXPECT_EQ(store_->history().remove(by_age, {})->runs, 0);
}

TEST_P(UpkeepConformance, keeps_an_ended_run_that_still_has_something_to_do) {
  ended("old", 10);
  ended("cancels", 11);
  RunChange undo;
  undo.expected_seq = 3;
  undo.run = store_->runs().get(RunId("cancels")).value();
  undo.run.last_seq = 4;
  undo.journal.push_back({.seq = 4, .kind = "k"});
  undo.timers_set.push_back({.run = RunId("cancels"), .key = "undo:1", .due_at = at(3'600)});
  Commit batch;
  batch.runs.push_back(undo);
  EXPECT_OK(commit_and_wait(store_->runs(), std::move(batch)));
  for (auto const& kept : {rule(at(25), std::nullopt), rule(std::nullopt, 0)}) {
    EXPECT_LE(store_->history().count(kept)->runs, 1);
    EXPECT_OK(store_->history().remove(kept, {}));
    EXPECT_FALSE(there("old"));
    EXPECT_TRUE(there("cancels"));
  }
  undo.expected_seq = 4;
  undo.run.last_seq = 5;
  undo.journal = {{.seq = 5, .kind = "k"}};
  undo.timers_set.clear();
  undo.timers_cleared.emplace_back("undo:1");
  Commit done;
  done.runs.push_back(undo);
  EXPECT_OK(commit_and_wait(store_->runs(), std::move(done)));
  EXPECT_EQ(store_->history().remove(rule(at(25), std::nullopt), {})->runs, 1);
}

TEST_P(UpkeepConformance, removes_the_approvals_of_a_run_with_it) {
  ended("old", 10);
  ended("new", 30);
  for (auto const* run : {"old", "new"}) {
    ApprovalRecord const asked{.id = std::string("of-") + run,
                               .run = RunId(run),
                               .status = "approved",
                               .created_at = at(5),
                               .decisions = Json::array()};
    EventRecord event{.source = "test", .id = run, .type = "asked", .received_at = at(5)};
    event.envelope = Json::object();
    EXPECT_OK(store_->approvals().insert(asked, event));
  }
  EXPECT_EQ(store_->history().remove(rule(at(25), std::nullopt), {})->runs, 1);
  EXPECT_ERROR(ErrorKind::not_found, store_->approvals().get("of-old"));
  EXPECT_OK(store_->approvals().get("of-new"));
}

TEST_P(UpkeepConformance, removes_by_count_the_oldest_in_pieces) {
  for (int i = 1; i <= 7; ++i)
    ended("run-" + std::to_string(i), i);
  EXPECT_OK(write("open", 0, {.status = "running"}));
  auto const by_count = rule(std::nullopt, 2);
  EXPECT_EQ(store_->history().count(by_count)->runs, 5);
  EXPECT_EQ(store_->history().remove(by_count, {.runs_max = 2})->runs, 2);
  EXPECT_FALSE(there("run-2"));
  EXPECT_TRUE(there("run-3"));
  // The first run is always taken, however long its journal.
  EXPECT_EQ(store_->history().remove(by_count, {.entries_max = 1})->runs, 1);
  EXPECT_EQ(store_->history().remove(by_count, {.entries_max = 4})->runs, 2);
  EXPECT_EQ(store_->history().remove(by_count, {})->runs, 0);
  EXPECT_TRUE(there("run-6"));
  EXPECT_TRUE(there("open"));
}

TEST_P(UpkeepConformance, lets_go_what_either_condition_says_and_nothing_without_one) {
  for (int i = 1; i <= 4; ++i)
    ended("run-" + std::to_string(i), i);
  EXPECT_EQ(store_->history().count(rule(std::nullopt, std::nullopt))->runs, 0);
  EXPECT_EQ(store_->history().count(rule(at(2), 3))->runs, 1);
  EXPECT_EQ(store_->history().count(rule(at(4), 3))->runs, 3);
  EXPECT_EQ(store_->history().count(rule(at(2), 1))->runs, 3);
  EXPECT_EQ(store_->history().count(rule(std::nullopt, 0))->runs, 4);
  EXPECT_EQ(store_->history().count(rule(std::nullopt, 4))->runs, 0);
}

TEST_P(UpkeepConformance, traces_when_a_workflow_was_written_and_how_its_last_run_ended) {
  auto const written = [&](std::string const& name, std::string const& version, int seconds) {
    EXPECT_OK(store_->workflows().put({.workflow_namespace = "ops",
                                       .name = name,
                                       .version = version,
                                       .status = seconds == 9 ? "draft" : "published",
                                       .source = "x",
                                       .content_hash = version,
                                       .created_at = at(seconds)}));
  };
  written("incident", "1.0.0", 1);
  written("incident", "1.1.0", 9);
  written("incident", "1.0.1", 5);
  written("never-ran", "1.0.0", 2);
  ended("ended-last", 40);
  ended("ended-first", 30);
  ended("other", 50, "deploy");
  EXPECT_OK(write("open", 0, {.status = "waiting"}));
  EXPECT_OK(write("broken", 0, {.status = "faulted", .name = "deploy", .ended_at = at(50)}));
  auto const traces = store_->history().traces(
      {{"ops", "never-ran"}, {"ops", "incident"}, {"none", "such"}, {"ops", "deploy"}});
  ASSERT_TRUE(traces.ok());
  ASSERT_EQ(traces->size(), 4u);
  EXPECT_EQ(traces->at(0).written_at, at(2));
  EXPECT_FALSE(traces->at(0).last_end);
  EXPECT_EQ(traces->at(1).written_at, at(9)) << "a draft counts";
  ASSERT_TRUE(traces->at(1).last_end);
  EXPECT_EQ(traces->at(1).last_end->run, RunId("ended-last"));
  EXPECT_EQ(traces->at(1).last_end->status, "completed");
  EXPECT_EQ(traces->at(1).last_end->started_at, start_);
  EXPECT_EQ(traces->at(1).last_end->ended_at, at(40));
  EXPECT_FALSE(traces->at(2).written_at);
  EXPECT_FALSE(traces->at(3).written_at);
  ASSERT_TRUE(traces->at(3).last_end);
  EXPECT_EQ(traces->at(3).last_end->run, RunId("broken")) << "the newer of two at one time";
}

TEST_P(UpkeepConformance, names_the_workflows_with_ended_runs) {
  ended("a", 1, "deploy");
  ended("b", 1);
  ended("c", 2);
  EXPECT_OK(write("open", 0, {.name = "only-open"}));
  auto owners = store_->history().owners();
  EXPECT_OK(owners);
  std::vector<std::string> names;
  for (auto const& owner : *owners)
    names.push_back(owner.workflow_namespace + "/" + owner.workflow_name);
  EXPECT_THAT(names, ElementsAre("ops/deploy", "ops/incident"));
}

TEST_P(UpkeepConformance, keeps_what_a_replay_repeats_and_finds_runs_by_their_start) {
  RunChange change;
  change.run = {.id = RunId("again"),
                .status = "running",
                .replay_of = RunId("before"),
                .last_seq = 1,
                .started_at = at(5)};
  change.journal.push_back({.seq = 1, .kind = "k"});
  Commit batch;
  batch.runs.push_back(change);
  EXPECT_OK(commit_and_wait(store_->runs(), std::move(batch)));
  EXPECT_EQ(store_->runs().get(RunId("again"))->replay_of, RunId("before"));
  auto found = [&](std::optional<Time> from, std::optional<Time> before) {
    return store_->runs()
        .list({.started_from = from, .started_before = before}, "", 10)
        ->items.size();
  };
  EXPECT_EQ(found(at(5), std::nullopt), 1U);
  EXPECT_EQ(found(at(6), std::nullopt), 0U);
  EXPECT_EQ(found(std::nullopt, at(5)), 0U);
  EXPECT_EQ(found(at(5), at(6)), 1U);
}

}  // namespace
}  // namespace fairlead::store
