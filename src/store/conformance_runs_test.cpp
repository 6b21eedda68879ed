// Conformance of every store: runs, journals, timers, and what a commit is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "store/conformance_fixture.h"
#include "store/wakes.h"

namespace fairlead::store {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;

class RunsConformance : public StoreConformance {};
INSTANTIATE_FOR_EVERY_STORE(RunsConformance);

EventRecord event(std::string const& id, Time received_at) {
  EventRecord record;
  record.source = "//gitlab.test";
  record.id = id;
  record.type = "com.example.incident.opened";
  record.envelope = Json::object({{"id", id}, {"data", Json::object({{"n", 1}})}});
  record.received_at = received_at;
  return record;
}

std::vector<std::string> ids(std::vector<EventRecord> const& records) {
  std::vector<std::string> out;
  for (auto const& record : records)
    out.push_back(record.id);
  return out;
}

// ---- runs ----

JournalEntry entry(std::int64_t seq) {
  JournalEntry e;
  e.seq = seq;
  e.kind = "decided";
  e.task = "/do/" + std::to_string(seq);
  e.payload = Json::object({{"n", seq}});
  return e;
}

// A change of `run` from expected_seq on, with `entries` journal entries.
RunChange change(std::string const& id, std::int64_t expected_seq, int entries = 1) {
  RunChange c;
  c.expected_seq = expected_seq;
  c.run.id = RunId(id);
  c.run.workflow_namespace = "ops";
  c.run.workflow_name = "incident";
  c.run.workflow_version = "1.0.0";
  c.run.status = "running";
  for (int i = 1; i <= entries; ++i)
    c.journal.push_back(entry(expected_seq + i));
  c.run.last_seq = expected_seq + entries;
  return c;
}

Commit just(RunChange c) {
  Commit batch;
  batch.runs.push_back(std::move(c));
  return batch;
}

std::vector<std::string> ids(std::vector<RunRecord> const& records) {
  std::vector<std::string> out;
  for (auto const& record : records)
    out.push_back(record.id.text);
  return out;
}

TEST_P(RunsConformance, keeps_every_field_of_a_run) {
  RunChange c = change("r", 0, 2);
  c.run.waiting_for = "pipeline 8123 of ops/runbooks";
  c.run.cause = "event INC-42";
  c.run.event_seq = 3;
  c.run.input = Json::object({{"z", 1}, {"a", Json::array({1, 2.5, "x"})}});
  c.run.started_at = at(1);
  EXPECT_OK(commit_and_wait(store_->runs(), just(c)));

  RunChange last = change("r", 2);
  last.run.status = "faulted";
  last.run.input = Json("changed");
  last.run.cause = "changed";
  last.run.output = Json::object({{"done", true}});
  last.run.error = Json::object({{"kind", "denied"}});
  last.run.ended_at = at(9);
  EXPECT_OK(commit_and_wait(store_->runs(), just(last)));

  auto const read = store_->runs().get(RunId("r"));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->workflow_namespace, "ops");
  EXPECT_EQ(read->workflow_name, "incident");
  EXPECT_EQ(read->workflow_version, "1.0.0");
  EXPECT_EQ(read->status, "faulted");
  EXPECT_EQ(read->waiting_for, "");
  EXPECT_EQ(read->cause, "event INC-42") << "fixed at the start";
  EXPECT_EQ(read->event_seq, 3);
  EXPECT_EQ(read->last_seq, 3);
  EXPECT_EQ(read->input.dump(), R"({"z":1,"a":[1,2.5,"x"]})") << "fixed at the start";
  EXPECT_EQ(read->output, last.run.output);
  EXPECT_EQ(read->error, last.run.error);
  EXPECT_EQ(read->started_at, at(1));
  EXPECT_EQ(read->ended_at, at(9));
}

TEST_P(RunsConformance, reads_the_journal_in_order_and_in_parts) {
  EXPECT_OK(commit_and_wait(store_->runs(), just(change("r", 0, 3))));
  EXPECT_OK(commit_and_wait(store_->runs(), just(change("other", 0, 1))));
  EXPECT_OK(commit_and_wait(store_->runs(), just(change("r", 3, 2))));
  auto const part = store_->runs().journal(RunId("r"), 1, 3);
  ASSERT_TRUE(part.ok());
  ASSERT_EQ(part->size(), 3U);
  EXPECT_EQ(part->front().seq, 2);
  EXPECT_EQ(part->back().seq, 4);
  EXPECT_EQ(part->back().kind, "decided");
  EXPECT_EQ(part->back().task, "/do/4");
  EXPECT_EQ(part->back().payload, Json::object({{"n", 4}}));
  EXPECT_THAT(*store_->runs().journal(RunId("r"), 5, 10), IsEmpty());
  EXPECT_ERROR(ErrorKind::not_found, store_->runs().journal(RunId("none"), 0, 10));
}

TEST_P(RunsConformance, refuses_a_change_that_is_not_the_next_one) {
  EXPECT_OK(commit_and_wait(store_->runs(), just(change("r", 0, 2))));
  EXPECT_ERROR(ErrorKind::conflict, commit_and_wait(store_->runs(), just(change("r", 1))));
  EXPECT_ERROR(ErrorKind::conflict, commit_and_wait(store_->runs(), just(change("r", 0))));
  EXPECT_ERROR(ErrorKind::not_found, commit_and_wait(store_->runs(), just(change("new", 1))));
  RunChange gap = change("r", 2);
  gap.journal[0].seq = 4;
  EXPECT_ERROR(ErrorKind::internal, commit_and_wait(store_->runs(), just(gap)));
  EXPECT_EQ(store_->runs().journal(RunId("r"), 0, 10)->size(), 2U);
  EXPECT_OK(commit_and_wait(store_->runs(), just(change("r", 2))));
}

TEST_P(RunsConformance, commits_a_batch_whole_or_not_at_all) {
  auto const seq = store_->events().append(event("a", at(0)))->seq;
  EXPECT_OK(commit_and_wait(store_->runs(), just(change("old", 0))));
  Commit batch;
  batch.dispatched_event = seq;
  batch.runs = {change("fresh", 0), change("old", 5)};
  batch.runs[0].timers_set = {{.run = RunId("fresh"), .key = "t", .due_at = at(1)}};
  EXPECT_ERROR(ErrorKind::conflict, commit_and_wait(store_->runs(), batch));
  EXPECT_ERROR(ErrorKind::not_found, store_->runs().get(RunId("fresh")));
  EXPECT_FALSE(store_->events().get(seq)->dispatched);
  EXPECT_THAT(*store_->runs().due_timers(at(9), 10), IsEmpty());
  batch.runs[1] = change("old", 1);
  EXPECT_OK(commit_and_wait(store_->runs(), batch));
  EXPECT_TRUE(store_->events().get(seq)->dispatched);
  EXPECT_THAT(*store_->events().pending(10), IsEmpty());
}

TEST_P(RunsConformance, applies_several_changes_of_one_run_in_one_batch) {
  Commit batch;
  batch.runs = {change("r", 0, 2), change("r", 2, 1)};
  EXPECT_OK(commit_and_wait(store_->runs(), batch));
  EXPECT_EQ(store_->runs().get(RunId("r"))->last_seq, 3);
}

TEST_P(RunsConformance, counts_events_that_wait_and_knows_since_when_the_first_does) {
  auto const none = store_->events().backlog();
  ASSERT_TRUE(none.ok());
  EXPECT_EQ(none->count, 0);
  EXPECT_FALSE(none->oldest.has_value());
  // By their order, not by the clock, which may have been set back.
  std::vector<std::int64_t> seqs;
  for (auto const& [id, when] : {std::pair{"a", 7}, {"b", 5}, {"c", 6}})
    seqs.push_back(store_->events().append(event(id, at(when)))->seq);
  auto const all = store_->events().backlog();
  ASSERT_TRUE(all.ok());
  EXPECT_EQ(all->count, 3);
  EXPECT_EQ(all->oldest, at(7));
  Commit handed = just(change("r", 0));
  handed.dispatched_event = seqs[0];
  EXPECT_OK(commit_and_wait(store_->runs(), handed));
  auto const rest = store_->events().backlog();
  ASSERT_TRUE(rest.ok());
  EXPECT_EQ(rest->count, 2);
  EXPECT_EQ(rest->oldest, at(5));
}

TEST_P(RunsConformance, dispatches_an_event_once) {
  auto const seq = store_->events().append(event("a", at(0)))->seq;
  EXPECT_OK(store_->events().append(event("b", at(0))));
  Commit batch = just(change("r1", 0));
  batch.dispatched_event = seq;
  EXPECT_OK(commit_and_wait(store_->runs(), batch));
  EXPECT_THAT(ids(*store_->events().pending(10)), ElementsAre("b"));
  batch.runs[0] = change("r2", 0);
  EXPECT_ERROR(ErrorKind::conflict, commit_and_wait(store_->runs(), batch));
  EXPECT_ERROR(ErrorKind::not_found, store_->runs().get(RunId("r2")));
  batch.dispatched_event = 99;
  EXPECT_ERROR(ErrorKind::not_found, commit_and_wait(store_->runs(), batch));
}

TEST_P(RunsConformance, a_failing_commit_does_not_touch_its_neighbours) {
  std::vector<std::future<Result<void>>> results;
  for (int i = 0; i < 60; ++i) {
    auto promise = std::make_shared<std::promise<Result<void>>>();
    results.push_back(promise->get_future());
    // Every third one expects a run that does not exist.
    std::int64_t const expected = i % 3 == 0 ? 1 : 0;
    store_->runs().commit(just(change("r" + std::to_string(i), expected)),
                          [promise](Result<void> done) { promise->set_value(std::move(done)); });
  }
  for (int i = 0; i < 60; ++i) {
    EXPECT_EQ(results[static_cast<std::size_t>(i)].get().ok(), i % 3 != 0) << i;
    EXPECT_EQ(store_->runs().get(RunId("r" + std::to_string(i))).ok(), i % 3 != 0) << i;
  }
}

TEST_P(RunsConformance, done_may_commit_the_next_step) {
  // Enough to overflow a stack if each step called the next one; on disk each costs an fsync.
  int const steps = GetParam() == Kind::sqlite ? 20 : 20'000;
  std::promise<int> finished;
  std::function<void(int)> step = [&](int n) {
    if (n == steps) return finished.set_value(n);
    store_->runs().commit(just(change("r", n)), [&, n](Result<void> done) {
      ASSERT_TRUE(done.ok()) << describe(done.error());
      step(n + 1);
    });
  };
  step(0);
  EXPECT_EQ(finished.get_future().get(), steps);
  EXPECT_EQ(store_->runs().get(RunId("r"))->last_seq, steps);
  store_.reset();  // its thread may still be inside the last `done`, which refers to our variables
}

TEST_P(RunsConformance, commits_of_one_caller_keep_their_order) {
  std::promise<Result<void>> last;
  for (int n = 0; n < 200; ++n) {
    store_->runs().commit(just(change("r", n)), [&, n](Result<void> done) {
      if (n == 199) last.set_value(std::move(done));
    });
  }
  EXPECT_OK(last.get_future().get());
  EXPECT_EQ(store_->runs().get(RunId("r"))->last_seq, 200);
  store_.reset();
}

TEST_P(RunsConformance, takes_commits_from_many_threads) {
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&, t] {
      std::string const id = "r" + std::to_string(t);
      for (int n = 0; n < 5; ++n) {
        EXPECT_OK(commit_and_wait(store_->runs(), just(change(id, n))));
      }
    });
  }
  for (auto& thread : threads)
    thread.join();
  for (int t = 0; t < 8; ++t) {
    EXPECT_EQ(store_->runs().get(RunId("r" + std::to_string(t)))->last_seq, 5);
  }
}

TEST_P(RunsConformance, lists_runs_newest_first_in_pages) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_OK(commit_and_wait(store_->runs(), just(change("r" + std::to_string(i), 0))));
  }
  auto const first = store_->runs().list({}, "", 2);
  ASSERT_TRUE(first.ok());
  EXPECT_THAT(ids(first->items), ElementsAre("r4", "r3"));
  // A run that starts in between does not move the pages.
  EXPECT_OK(commit_and_wait(store_->runs(), just(change("r5", 0))));
  auto const second = store_->runs().list({}, first->next_cursor, 2);
  EXPECT_THAT(ids(second->items), ElementsAre("r2", "r1"));
  auto const third = store_->runs().list({}, second->next_cursor, 2);
  EXPECT_THAT(ids(third->items), ElementsAre("r0"));
  EXPECT_EQ(third->next_cursor, "");
  for (char const* bad : {"x", "-1", "0", "1x", "99999999999999999999", " 1"}) {
    EXPECT_ERROR(ErrorKind::invalid_input, store_->runs().list({}, bad, 2)) << bad;
  }
}

TEST_P(RunsConformance, a_page_that_is_exactly_full_has_no_next_one) {
  for (int i = 0; i < 2; ++i) {
    EXPECT_OK(commit_and_wait(store_->runs(), just(change("r" + std::to_string(i), 0))));
  }
  EXPECT_EQ(store_->runs().list({}, "", 2)->next_cursor, "");
}

TEST_P(RunsConformance, filters_runs) {
  RunChange a = change("a", 0);
  a.run.status = "completed";
  a.run.event_seq = 7;
  RunChange b = change("b", 0);
  b.run.workflow_namespace = "hr";
  b.run.workflow_name = "joiner";
  RunChange c = change("c", 0);
  c.run.status = "waiting";
  c.run.event_seq = 7;
  for (auto const& each : {a, b, c})
    EXPECT_OK(commit_and_wait(store_->runs(), just(each)));
  auto const listed = [&](RunFilter const& filter) {
    return ids(store_->runs().list(filter, "", 10)->items);
  };
  EXPECT_THAT(listed({}), ElementsAre("c", "b", "a"));
  EXPECT_THAT(listed({.statuses = {"completed", "waiting"}}), ElementsAre("c", "a"));
  EXPECT_THAT(listed({.statuses = {"a'b"}}), IsEmpty());
  EXPECT_THAT(listed({.workflow_namespace = "hr"}), ElementsAre("b"));
  EXPECT_THAT(listed({.workflow_name = "incident"}), ElementsAre("c", "a"));
  EXPECT_THAT(listed({.event_seq = 7}), ElementsAre("c", "a"));
  EXPECT_THAT(listed({.statuses = {"waiting"}, .event_seq = 7}), ElementsAre("c"));
}

TEST_P(RunsConformance, keeps_and_filters_by_the_parent) {
  RunChange child = change("child", 0);
  child.run.parent_run = RunId("parent");
  child.run.parent_task = "/do/0/c";
  child.run.event_seq = 7;
  Commit batch = just(change("parent", 0));
  batch.runs.push_back(child);
  ASSERT_TRUE(commit_and_wait(store_->runs(), batch).ok());
  ASSERT_TRUE(commit_and_wait(store_->runs(), just(change("other", 0))).ok());
  auto const found = store_->runs().list({.parent_run = RunId("parent")}, "", 10);
  ASSERT_TRUE(found.ok());
  EXPECT_THAT(ids(found->items), ElementsAre("child"));
  EXPECT_EQ(found->items[0].parent_task, "/do/0/c");
  EXPECT_EQ(
      store_->runs().list({.event_seq = 7, .parent_run = RunId("parent")}, "", 10)->items.size(),
      1U);
  EXPECT_EQ(
      store_->runs().list({.event_seq = 8, .parent_run = RunId("parent")}, "", 10)->items.size(),
      0U);
  EXPECT_TRUE(store_->runs().get(RunId("parent"))->parent_run.empty());
}

TEST_P(RunsConformance, a_change_may_set_a_timer_of_another_run) {
  ASSERT_TRUE(commit_and_wait(store_->runs(), just(change("parent", 0))).ok());
  RunChange child = change("child", 0);
  child.timers_set = {{.run = RunId("parent"), .key = "child:1", .due_at = Time{}},
                      {.run = RunId("gone"), .key = "child:1", .due_at = Time{}},
                      {.run = RunId("child"), .key = "own", .due_at = Time{}}};
  ASSERT_TRUE(commit_and_wait(store_->runs(), just(child)).ok());
  auto const due = store_->runs().due_timers(Time{} + Milliseconds(1), 10);
  ASSERT_TRUE(due.ok());
  ASSERT_EQ(due->size(), 2U);
  EXPECT_EQ((*due)[0].run, RunId("parent"));
  EXPECT_EQ((*due)[0].key, "child:1");
  EXPECT_EQ((*due)[1].key, "own");
}

TEST_P(RunsConformance, gives_unfinished_runs_by_id_for_restart) {
  for (char const* id : {"c", "a", "b", "d"}) {
    EXPECT_OK(commit_and_wait(store_->runs(), just(change(id, 0))));
  }
  RunChange end = change("b", 1);
  end.run.ended_at = at(1);
  EXPECT_OK(commit_and_wait(store_->runs(), just(end)));
  EXPECT_THAT(ids(*store_->runs().unfinished(RunId(), 2)), ElementsAre("a", "c"));
  EXPECT_THAT(ids(*store_->runs().unfinished(RunId("c"), 2)), ElementsAre("d"));
}

TEST_P(RunsConformance, sets_replaces_and_clears_timers) {
  RunChange a = change("a", 0);
  a.timers_set = {{.key = "wait", .due_at = at(30)}, {.key = "timeout", .due_at = at(20)}};
  RunChange b = change("b", 0);
  b.timers_set = {{.key = "wait", .due_at = at(10)}};
  EXPECT_EQ(*store_->runs().next_timer(), std::nullopt);
  EXPECT_OK(commit_and_wait(store_->runs(), just(a)));
  EXPECT_OK(commit_and_wait(store_->runs(), just(b)));
  EXPECT_EQ(*store_->runs().next_timer(), at(10));
  auto const due = store_->runs().due_timers(at(20), 10);
  ASSERT_TRUE(due.ok());
  ASSERT_EQ(due->size(), 2U);
  EXPECT_EQ(due->at(0).run, RunId("b"));
  EXPECT_EQ(due->at(0).key, "wait");
  EXPECT_EQ(due->at(0).due_at, at(10));
  EXPECT_EQ(due->at(1).key, "timeout");
  EXPECT_EQ(store_->runs().due_timers(at(20), 1)->size(), 1U);

  RunChange next = change("a", 1);
  next.timers_cleared = {"timeout", "never set"};
  next.timers_set = {{.key = "wait", .due_at = at(5)}};
  EXPECT_OK(commit_and_wait(store_->runs(), just(next)));
  EXPECT_EQ(*store_->runs().next_timer(), at(5));
  EXPECT_EQ(store_->runs().due_timers(at(99), 10)->size(), 2U);
}

TEST_P(RunsConformance, wakes_the_timers_of_a_key_and_no_other) {
  RunChange a = change("a", 0);
  a.timers_set = {{.key = "call", .due_at = at(300), .wake_key = "gitlab:c:pipeline:1"},
                  {.key = "timeout", .due_at = at(200)}};
  RunChange b = change("b", 0);
  b.timers_set = {{.key = "call", .due_at = at(300), .wake_key = "gitlab:c:pipeline:1"},
                  {.key = "call2", .due_at = at(300), .wake_key = "gitlab:c:pipeline:12"}};
  EXPECT_OK(commit_and_wait(store_->runs(), just(a)));
  EXPECT_OK(commit_and_wait(store_->runs(), just(b)));
  EXPECT_THAT(*store_->wakes().keys({.prefix = "gitlab:c:"}),
              ElementsAre("gitlab:c:pipeline:1", "gitlab:c:pipeline:12"));
  EXPECT_THAT(*store_->wakes().keys({.prefix = "gitlab:c:", .after = "gitlab:c:pipeline:1"}),
              ElementsAre("gitlab:c:pipeline:12"));
  EXPECT_THAT(*store_->wakes().keys({.limit = 1}), ElementsAre("gitlab:c:pipeline:1"));
  EXPECT_THAT(*store_->wakes().keys({.prefix = "other:"}), ElementsAre());

  EXPECT_THAT(*store_->wakes().waits({.prefix = "gitlab:c:"}),
              ElementsAre(WakeWait{"gitlab:c:pipeline:1", RunId("a")},
                          WakeWait{"gitlab:c:pipeline:1", RunId("b")},
                          WakeWait{"gitlab:c:pipeline:12", RunId("b")}));
  EXPECT_THAT(*store_->wakes().waits({.prefix = "gitlab:c:", .limit = 1}),
              ElementsAre(WakeWait{"gitlab:c:pipeline:1", RunId("a")}));
  EXPECT_EQ(*store_->wakes().wake("nobody waits for this", at(10)), 0);
  EXPECT_EQ(*store_->wakes().wake("", at(10)), 0);
  EXPECT_EQ(*store_->wakes().wake("gitlab:c:pipeline:1", at(10)), 2);
  auto const due = store_->runs().due_timers(at(10), 10);
  ASSERT_TRUE(due.ok());
  ASSERT_EQ(due->size(), 2U);
  EXPECT_TRUE(due->at(0).woken);
  EXPECT_EQ(due->at(0).wake_key, "gitlab:c:pipeline:1");
  // Once more changes nothing.
  EXPECT_EQ(*store_->wakes().wake("gitlab:c:pipeline:1", at(20)), 2);
  EXPECT_EQ(store_->runs().due_timers(at(10), 10)->size(), 2U);
}

TEST_P(RunsConformance, loses_no_wake_between_a_look_and_its_timer) {
  std::int64_t const before = store_->wakes().newest();
  EXPECT_OK(store_->wakes().wake("approval:1", at(5)));
  std::int64_t const after = store_->wakes().newest();
  EXPECT_GT(after, before);
  struct Case {
    char const* run;
    std::int64_t seen;
    char const* key;
    bool woken;
  };
  // Looked before the wake: due at once. Looked after it, or waits for something else: not.
  for (Case const& each :
       {Case{"a", before, "approval:1", true}, Case{"b", after, "approval:1", false},
        Case{"c", before, "approval:2", false}}) {
    RunChange set = change(each.run, 0);
    set.timers_set = {
        {.key = "call", .due_at = at(300), .wake_key = each.key, .wakes_seen = each.seen}};
    EXPECT_OK(commit_and_wait(store_->runs(), just(set)));
  }
  auto const due = store_->runs().due_timers(at(5), 10);
  ASSERT_TRUE(due.ok());
  ASSERT_EQ(due->size(), 1U);
  EXPECT_EQ(due->at(0).run, RunId("a"));
  EXPECT_TRUE(due->at(0).woken);
  // Set anew after a later look, it sleeps again.
  RunChange again = change("a", 1);
  again.timers_set = {
      {.key = "call", .due_at = at(300), .wake_key = "approval:1", .wakes_seen = after}};
  EXPECT_OK(commit_and_wait(store_->runs(), just(again)));
  EXPECT_EQ(store_->runs().due_timers(at(5), 10)->size(), 0U);
}

TEST_P(RunsConformance, reads_back_what_is_nested_deeper_than_a_document_may_be) {
  Json deep;
  for (int i = 0; i < 150; ++i)
    deep = Json::array({deep});
  RunChange c = change("r", 0);
  c.run.input = deep;
  EXPECT_OK(commit_and_wait(store_->runs(), just(c)));
  EXPECT_EQ(store_->runs().get(RunId("r"))->input, deep);
}

}  // namespace
}  // namespace fairlead::store
