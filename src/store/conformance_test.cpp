// The one suite that every store passes: what store.h promises, said once.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>
#include <thread>

#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/files.h"
#include "testing/virtual_clock.h"

namespace fairlead::store {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using testing::TemporaryFolder;
using testing::VirtualClock;

enum class Kind { sqlite, memory, memory_callers_thread };

class StoreConformance : public ::testing::TestWithParam<Kind> {
 protected:
  void SetUp() override {
    if (GetParam() == Kind::sqlite) {
      auto opened = open_sqlite_store({.folder = folder_.path() / "data"}, clock_);
      ASSERT_TRUE(opened.ok()) << describe(opened.error());
      store_ = std::move(opened).value();
      return;
    }
    using Delivery = MemoryStoreOptions::Delivery;
    bool const callers = GetParam() == Kind::memory_callers_thread;
    store_ =
        make_memory_store({.delivery = callers ? Delivery::callers_thread : Delivery::own_thread});
  }

  [[nodiscard]] Time at(int seconds) const { return start_ + std::chrono::seconds(seconds); }

  VirtualClock clock_;
  Time start_{clock_.now()};
  TemporaryFolder folder_;
  std::unique_ptr<Store> store_;
};

std::string name_of(::testing::TestParamInfo<Kind> const& info) {
  switch (info.param) {
    case Kind::sqlite:
      return "sqlite";
    case Kind::memory:
      return "memory";
    case Kind::memory_callers_thread:
      return "memory_callers_thread";
  }
  return "";
}

INSTANTIATE_TEST_SUITE_P(Stores, StoreConformance,
                         ::testing::Values(Kind::sqlite, Kind::memory, Kind::memory_callers_thread),
                         name_of);

#define EXPECT_OK(result)                             \
  if (auto const& outcome = (result); outcome.ok()) { \
  } else                                              \
    ADD_FAILURE() << #result << ": " << describe(outcome.error())
#define EXPECT_ERROR(kind_, result)                   \
  if (auto const& outcome = (result); outcome.ok()) { \
    ADD_FAILURE() << #result << " succeeded";         \
  } else                                              \
    EXPECT_EQ(to_string(outcome.error().kind), to_string(kind_)) << describe(outcome.error())

// ---- connections ----

ConnectionRecord connection(std::string const& name) {
  ConnectionRecord record;
  record.id = ConnectionId("id-" + name);
  record.name = name;
  record.base_url = "https://gitlab.test/sub";
  record.auth_kind = "oauth";
  record.status = "active";
  return record;
}

std::vector<std::string> names(std::vector<ConnectionRecord> const& records) {
  std::vector<std::string> out;
  for (auto const& record : records)
    out.push_back(record.name);
  return out;
}

TEST_P(StoreConformance, keeps_every_field_of_a_connection) {
  ConnectionRecord record = connection("company");
  record.app = "gitlab";
  record.is_default = true;
  record.client_id = "client";
  record.sealed_client_secret = std::string("\x01\x00\xff\xfe", 4);
  record.sealed_access_token = std::string("\x00", 1);
  record.sealed_refresh_token = std::string("a\x00z", 3);
  record.scopes = "api read_user";
  record.token_expires_at = at(7'200);
  record.generation = 7;
  record.account = Json::object({{"id", 9'007'199'254'740'993}, {"username", "Zo\u00eb"}});
  record.settings = Json::object({{"readOnly", true}, {"ratio", 0.1}});
  record.sealed_client_key = "key";
  record.last_error = Json::object({{"kind", "denied"}});
  record.created_at = at(1);
  record.updated_at = at(2);
  ASSERT_TRUE(store_->connections().insert(record).ok());

  auto const read = store_->connections().get(record.id);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->id, record.id);
  EXPECT_EQ(read->name, record.name);
  EXPECT_EQ(read->app, record.app);
  EXPECT_EQ(read->base_url, record.base_url);
  EXPECT_EQ(read->auth_kind, record.auth_kind);
  EXPECT_EQ(read->status, record.status);
  EXPECT_EQ(read->is_default, record.is_default);
  EXPECT_EQ(read->client_id, record.client_id);
  EXPECT_EQ(read->sealed_client_secret, record.sealed_client_secret);
  EXPECT_EQ(read->sealed_access_token, record.sealed_access_token);
  EXPECT_EQ(read->sealed_refresh_token, record.sealed_refresh_token);
  EXPECT_EQ(read->scopes, record.scopes);
  EXPECT_EQ(read->token_expires_at, record.token_expires_at);
  EXPECT_EQ(read->generation, record.generation);
  EXPECT_EQ(read->account, record.account);
  EXPECT_EQ(read->settings, record.settings);
  EXPECT_EQ(read->sealed_client_key, record.sealed_client_key);
  EXPECT_EQ(read->last_error, record.last_error);
  EXPECT_EQ(read->created_at, record.created_at);
  EXPECT_EQ(read->updated_at, record.updated_at);
}

TEST_P(StoreConformance, refuses_a_second_connection_of_one_name) {
  EXPECT_OK(store_->connections().insert(connection("a")));
  ConnectionRecord other = connection("a");
  other.id = ConnectionId("other");
  EXPECT_ERROR(ErrorKind::conflict, store_->connections().insert(other));
  EXPECT_OK(store_->connections().insert(connection("b")));
  ConnectionRecord renamed = connection("b");
  renamed.name = "a";
  EXPECT_ERROR(ErrorKind::conflict, store_->connections().update(renamed, 0));
}

TEST_P(StoreConformance, updates_a_connection_only_at_the_expected_generation) {
  ConnectionRecord record = connection("a");
  EXPECT_OK(store_->connections().insert(record));
  record.generation = 1;
  record.status = "refreshing";
  EXPECT_OK(store_->connections().update(record, 0));
  record.status = "active";
  EXPECT_ERROR(ErrorKind::conflict, store_->connections().update(record, 0));
  EXPECT_EQ(store_->connections().get(record.id)->status, "refreshing");
  EXPECT_OK(store_->connections().update(record, 1));
  EXPECT_EQ(store_->connections().get(record.id)->generation, 1);
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().update(connection("none"), 0));
}

TEST_P(StoreConformance, lets_only_one_of_many_refreshers_win_a_generation) {
  EXPECT_OK(store_->connections().insert(connection("a")));
  std::atomic<int> won = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      ConnectionRecord record = connection("a");
      record.generation = 1;
      if (store_->connections().update(record, 0).ok()) ++won;
    });
  }
  for (auto& thread : threads)
    thread.join();
  EXPECT_EQ(won, 1);
}

TEST_P(StoreConformance, has_at_most_one_default_connection) {
  ConnectionRecord a = connection("a");
  a.is_default = true;
  ConnectionRecord b = connection("b");
  b.is_default = true;
  EXPECT_OK(store_->connections().insert(a));
  EXPECT_OK(store_->connections().insert(b));
  EXPECT_EQ(store_->connections().find("")->name, "b");
  EXPECT_FALSE(store_->connections().get(a.id)->is_default);
  EXPECT_OK(store_->connections().update(a, 0));
  EXPECT_EQ(store_->connections().find("")->name, "a");
  EXPECT_FALSE(store_->connections().get(b.id)->is_default);
}

TEST_P(StoreConformance, finds_connections_by_name_and_says_which_there_are) {
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().find(""));
  EXPECT_OK(store_->connections().insert(connection("beta")));
  EXPECT_EQ(store_->connections().find("")->name, "beta") << "the only one is the default";
  EXPECT_OK(store_->connections().insert(connection("alpha")));
  EXPECT_THAT(names(*store_->connections().list()), ElementsAre("alpha", "beta"));
  EXPECT_EQ(store_->connections().find("alpha")->name, "alpha");
  auto const missing = store_->connections().find("gamma");
  ASSERT_FALSE(missing.ok());
  EXPECT_EQ(missing.error().kind, ErrorKind::not_found);
  EXPECT_THAT(describe(missing.error()), HasSubstr("alpha, beta"));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().find(""));
}

SignInRecord sign_in(std::string const& state, Time expires_at) {
  SignInRecord record;
  record.state_hash = state;
  record.connection = ConnectionId("id-a");
  record.sealed_verifier = std::string("\x00v", 2);
  record.redirect_uri = "https://fairlead.test/callback";
  record.expires_at = expires_at;
  return record;
}

TEST_P(StoreConformance, takes_a_sign_in_once) {
  EXPECT_OK(store_->connections().insert(connection("a")));
  EXPECT_OK(store_->connections().insert_sign_in(sign_in("s", at(60))));
  auto const taken = store_->connections().take_sign_in("s", at(0));
  ASSERT_TRUE(taken.ok());
  EXPECT_EQ(taken->connection, ConnectionId("id-a"));
  EXPECT_EQ(taken->sealed_verifier, std::string("\x00v", 2));
  EXPECT_EQ(taken->redirect_uri, "https://fairlead.test/callback");
  EXPECT_EQ(taken->expires_at, at(60));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().take_sign_in("s", at(0)));
}

TEST_P(StoreConformance, forgets_expired_sign_ins) {
  EXPECT_OK(store_->connections().insert(connection("a")));
  EXPECT_OK(store_->connections().insert_sign_in(sign_in("old", at(60))));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().take_sign_in("other", at(60)));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().take_sign_in("old", at(0)))
      << "removed by the call before";
}

TEST_P(StoreConformance, binds_a_sign_in_to_one_browser) {
  EXPECT_OK(store_->connections().insert(connection("a")));
  EXPECT_OK(store_->connections().insert_sign_in(sign_in("s", at(60))));
  auto const bound = store_->connections().bind_sign_in("s", "browser", at(0));
  ASSERT_TRUE(bound.ok());
  EXPECT_EQ(bound->browser_hash, "browser");
  EXPECT_OK(store_->connections().bind_sign_in("s", "browser", at(1)));
  EXPECT_ERROR(ErrorKind::conflict, store_->connections().bind_sign_in("s", "thief", at(1)));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().bind_sign_in("s", "browser", at(60)));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().bind_sign_in("x", "browser", at(0)));
  EXPECT_EQ(store_->connections().take_sign_in("s", at(1))->browser_hash, "browser");
}

TEST_P(StoreConformance, removes_a_connection_with_its_sign_ins) {
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().insert_sign_in(sign_in("s", at(60))));
  EXPECT_OK(store_->connections().insert(connection("a")));
  EXPECT_OK(store_->connections().insert_sign_in(sign_in("s", at(60))));
  EXPECT_OK(store_->connections().remove(ConnectionId("id-a")));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().remove(ConnectionId("id-a")));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().get(ConnectionId("id-a")));
  EXPECT_ERROR(ErrorKind::not_found, store_->connections().take_sign_in("s", at(0)));
}

// ---- workflows ----

WorkflowRecord workflow(std::string const& name, std::string const& version,
                        std::string const& status, std::string const& source = "x") {
  WorkflowRecord record;
  record.workflow_namespace = "ops";
  record.name = name;
  record.version = version;
  record.status = status;
  record.source = source;
  record.content_hash = "hash of " + source;
  return record;
}

std::vector<std::string> versions_of(std::vector<WorkflowRecord> const& records) {
  std::vector<std::string> out;
  for (auto const& record : records)
    out.push_back(record.name + " " + record.version);
  return out;
}

TEST_P(StoreConformance, published_versions_do_not_change) {
  auto& workflows = store_->workflows();
  EXPECT_OK(workflows.put(workflow("w", "1.0.0", "draft", "one")));
  EXPECT_OK(workflows.put(workflow("w", "1.0.0", "draft", "two")));
  EXPECT_OK(workflows.put(workflow("w", "1.0.0", "published", "three")));
  EXPECT_OK(workflows.put(workflow("w", "1.0.0", "published", "three")));
  EXPECT_ERROR(ErrorKind::conflict, workflows.put(workflow("w", "1.0.0", "published", "four")));
  EXPECT_ERROR(ErrorKind::conflict, workflows.put(workflow("w", "1.0.0", "draft", "three")));
  auto const stored = workflows.get("ops", "w", "1.0.0");
  ASSERT_TRUE(stored.ok());
  EXPECT_EQ(stored->source, "three");
  EXPECT_EQ(stored->status, "published");
  EXPECT_EQ(stored->content_hash, "hash of three");
  EXPECT_ERROR(ErrorKind::not_found, workflows.get("ops", "w", "2.0.0"));
}

TEST_P(StoreConformance, lists_versions_newest_first_by_semantic_version) {
  auto& workflows = store_->workflows();
  for (char const* version : {"1.9.0", "1.10.0", "1.10.0-rc.1", "0.1.0"}) {
    EXPECT_OK(workflows.put(workflow("w", version, "published")));
  }
  EXPECT_OK(workflows.put(workflow("v", "1.0.0", "draft")));
  EXPECT_THAT(versions_of(*workflows.versions("ops", "w")),
              ElementsAre("w 1.10.0", "w 1.10.0-rc.1", "w 1.9.0", "w 0.1.0"));
  EXPECT_THAT(versions_of(*workflows.versions("", "")),
              ElementsAre("v 1.0.0", "w 1.10.0", "w 1.10.0-rc.1", "w 1.9.0", "w 0.1.0"));
  EXPECT_THAT(*workflows.versions("ops", "none"), IsEmpty());
}

TEST_P(StoreConformance, latest_skips_drafts_and_disabled_versions) {
  auto& workflows = store_->workflows();
  EXPECT_OK(workflows.put(workflow("w", "1.0.0", "published")));
  EXPECT_OK(workflows.put(workflow("w", "2.0.0", "published")));
  EXPECT_OK(workflows.put(workflow("w", "3.0.0", "draft")));
  EXPECT_OK(workflows.put(workflow("v", "1.0.0", "draft")));
  EXPECT_THAT(versions_of(*workflows.latest()), ElementsAre("w 2.0.0"));
  EXPECT_OK(workflows.set_status(workflow("w", "2.0.0", ""), "disabled"));
  EXPECT_THAT(versions_of(*workflows.latest()), ElementsAre("w 1.0.0"));
  EXPECT_ERROR(ErrorKind::not_found, workflows.set_status(workflow("w", "9.0.0", ""), "disabled"));
}

// ---- events ----

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

TEST_P(StoreConformance, appends_an_event_once) {
  auto const first = store_->events().append(event("a", at(0)));
  ASSERT_TRUE(first.ok());
  EXPECT_FALSE(first->duplicate);
  auto const again = store_->events().append(event("a", at(5)));
  ASSERT_TRUE(again.ok());
  EXPECT_TRUE(again->duplicate);
  EXPECT_EQ(again->seq, first->seq);
  EventRecord elsewhere = event("a", at(0));
  elsewhere.source = "//other.test";
  EXPECT_GT(store_->events().append(elsewhere)->seq, first->seq);
  auto const read = store_->events().get(first->seq);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read->type, "com.example.incident.opened");
  EXPECT_EQ(read->received_at, at(0));
  EXPECT_EQ(read->envelope, event("a", at(0)).envelope);
  EXPECT_ERROR(ErrorKind::not_found, store_->events().get(99));
}

TEST_P(StoreConformance, pages_through_events_since_a_time) {
  for (int i = 0; i < 5; ++i) {
    EXPECT_OK(store_->events().append(event("e" + std::to_string(i), at(i))));
  }
  auto const page = store_->events().since(at(1), 0, 2);
  ASSERT_TRUE(page.ok());
  EXPECT_THAT(ids(*page), ElementsAre("e1", "e2"));
  EXPECT_THAT(ids(*store_->events().since(at(1), page->back().seq, 10)), ElementsAre("e3", "e4"));
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

TEST_P(StoreConformance, keeps_every_field_of_a_run) {
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

TEST_P(StoreConformance, reads_the_journal_in_order_and_in_parts) {
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

TEST_P(StoreConformance, refuses_a_change_that_is_not_the_next_one) {
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

TEST_P(StoreConformance, commits_a_batch_whole_or_not_at_all) {
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

TEST_P(StoreConformance, applies_several_changes_of_one_run_in_one_batch) {
  Commit batch;
  batch.runs = {change("r", 0, 2), change("r", 2, 1)};
  EXPECT_OK(commit_and_wait(store_->runs(), batch));
  EXPECT_EQ(store_->runs().get(RunId("r"))->last_seq, 3);
}

TEST_P(StoreConformance, dispatches_an_event_once) {
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

TEST_P(StoreConformance, a_failing_commit_does_not_touch_its_neighbours) {
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

TEST_P(StoreConformance, done_may_commit_the_next_step) {
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

TEST_P(StoreConformance, commits_of_one_caller_keep_their_order) {
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

TEST_P(StoreConformance, takes_commits_from_many_threads) {
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

TEST_P(StoreConformance, lists_runs_newest_first_in_pages) {
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

TEST_P(StoreConformance, a_page_that_is_exactly_full_has_no_next_one) {
  for (int i = 0; i < 2; ++i) {
    EXPECT_OK(commit_and_wait(store_->runs(), just(change("r" + std::to_string(i), 0))));
  }
  EXPECT_EQ(store_->runs().list({}, "", 2)->next_cursor, "");
}

TEST_P(StoreConformance, filters_runs) {
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

TEST_P(StoreConformance, gives_unfinished_runs_by_id_for_restart) {
  for (char const* id : {"c", "a", "b", "d"}) {
    EXPECT_OK(commit_and_wait(store_->runs(), just(change(id, 0))));
  }
  RunChange end = change("b", 1);
  end.run.ended_at = at(1);
  EXPECT_OK(commit_and_wait(store_->runs(), just(end)));
  EXPECT_THAT(ids(*store_->runs().unfinished(RunId(), 2)), ElementsAre("a", "c"));
  EXPECT_THAT(ids(*store_->runs().unfinished(RunId("c"), 2)), ElementsAre("d"));
}

TEST_P(StoreConformance, sets_replaces_and_clears_timers) {
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

TEST_P(StoreConformance, reads_back_what_is_nested_deeper_than_a_document_may_be) {
  Json deep;
  for (int i = 0; i < 150; ++i)
    deep = Json::array({deep});
  RunChange c = change("r", 0);
  c.run.input = deep;
  EXPECT_OK(commit_and_wait(store_->runs(), just(c)));
  EXPECT_EQ(store_->runs().get(RunId("r"))->input, deep);
}

// ---- access and meta ----

TEST_P(StoreConformance, keeps_api_tokens) {
  ApiTokenRecord token;
  token.token_hash = "h1";
  token.name = "ci";
  token.role = "operator";
  token.created_at = at(1);
  token.expires_at = at(100);
  EXPECT_OK(store_->access().insert_token(token));
  EXPECT_ERROR(ErrorKind::conflict, store_->access().insert_token(token));
  auto const found = store_->access().find_token("h1");
  ASSERT_TRUE(found.ok() && found->has_value());
  EXPECT_EQ((*found)->name, "ci");
  EXPECT_EQ((*found)->role, "operator");
  EXPECT_EQ((*found)->created_at, at(1));
  EXPECT_EQ((*found)->expires_at, at(100));
  EXPECT_FALSE(store_->access().find_token("h2")->has_value());
  EXPECT_EQ(store_->access().list_tokens()->size(), 1U);
  EXPECT_OK(store_->access().remove_token("h1"));
  EXPECT_ERROR(ErrorKind::not_found, store_->access().remove_token("h1"));
}

TEST_P(StoreConformance, keeps_small_named_values) {
  EXPECT_EQ(*store_->meta().get("k"), std::nullopt);
  EXPECT_OK(store_->meta().set("k", std::string("\x00\xff", 2)));
  EXPECT_EQ(*store_->meta().get("k"), std::string("\x00\xff", 2));
  EXPECT_OK(store_->meta().set("k", ""));
  EXPECT_EQ(*store_->meta().get("k"), "");
}

}  // namespace
}  // namespace fairlead::store
