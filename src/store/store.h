// Store: everything that must survive, as use cases. SQL and tables stay behind it.
//
// Implementations: store/sqlite (one file, one writer thread, group commit), store/memory (tests,
// simulation); both pass one conformance suite. Each part is a small interface; `Store` only hands
// them out. All are thread-safe. Reads block on I/O; writes block until durable, but for commit(),
// which answers through a callback so that one fsync serves many runs. Common errors: unavailable
// (disk full, read-only, locked), corrupt (damaged file). Not repeated below.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/metric_text.h"
#include "base/result.h"
#include "store/records.h"
#include "store/schedules.h"

namespace fairlead::store {

class HistoryStore;  // store/history.h
class LeaseStore;    // store/leases.h

class ConnectionStore {
 public:
  virtual ~ConnectionStore() = default;
  // conflict: name taken. If record.is_default, the former default loses the mark.
  virtual Result<void> insert(ConnectionRecord const& record) = 0;
  // Replaces the row if its generation still is `expected_generation` (compare-and-swap); conflict
  // otherwise, not_found. record.generation may be larger than the expected one: the new one is
  // kept.
  virtual Result<void> update(ConnectionRecord const& record, std::int64_t expected_generation) = 0;
  virtual Result<ConnectionRecord> get(ConnectionId const& id) = 0;
  // By name; "" means the default one (or the only one). not_found says which names there are.
  virtual Result<ConnectionRecord> find(std::string_view name) = 0;
  // By name.
  virtual Result<std::vector<ConnectionRecord>> list() = 0;
  // Its sign-ins go with it. not_found.
  virtual Result<void> remove(ConnectionId const& id) = 0;
  virtual Result<void> insert_sign_in(SignInRecord const& record) = 0;
  // Binds a sign-in to one browser and returns it. Again with the same hash is fine; another one is
  // conflict. Unknown or expired at `now`: not_found.
  virtual Result<SignInRecord> bind_sign_in(std::string_view state_hash,
                                            std::string_view browser_hash, Time now) = 0;
  // Reads and removes: a state works once. Removes expired ones on the way; not_found.
  virtual Result<SignInRecord> take_sign_in(std::string_view state_hash, Time now) = 0;
};

// Several workflows at once, all or nothing.
struct WorkflowBatch {
  std::vector<WorkflowRecord> puts;      // as put()
  std::vector<WorkflowRecord> statuses;  // as set_status() with the record's own status
  // workflows_state() of all workflows before, "" for any: else conflict and nothing is changed.
  std::string expected_state;
};

class WorkflowStore {
 public:
  virtual ~WorkflowStore() = default;
  // Draft: inserts or replaces. Published: inserts, or replaces a draft of the same version; the
  // same content again is fine; other content under a published version is conflict (published
  // versions are immutable).
  virtual Result<void> put(WorkflowRecord const& record) = 0;
  virtual Result<WorkflowRecord> get(std::string_view workflow_namespace, std::string_view name,
                                     std::string_view version) = 0;
  // Newest published versions by semantic version, one for each (namespace, name), without disabled
  // ones.
  virtual Result<std::vector<WorkflowRecord>> latest() = 0;
  // All versions of one workflow, newest first; of all workflows if both are empty.
  virtual Result<std::vector<WorkflowRecord>> versions(std::string_view workflow_namespace,
                                                       std::string_view name) = 0;
  virtual Result<void> set_status(WorkflowRecord const& record, std::string_view status) = 0;
  // not_found, conflict (see WorkflowBatch and put).
  virtual Result<void> apply(WorkflowBatch const& batch) = 0;
  // A draft only: not_found; conflict for any other version.
  virtual Result<void> remove_draft(std::string_view workflow_namespace, std::string_view name,
                                    std::string_view version) = 0;
};

// Events that are not dispatched yet.
struct EventBacklog {
  std::int64_t count{0};
  std::optional<Time> oldest;  // when the first of them was received
};

class EventStore {
 public:
  virtual ~EventStore() = default;
  // Idempotent by (source, id).
  virtual Result<AppendedEvent> append(EventRecord const& event) = 0;
  // A batch, in order: all of it is durable or nothing is.
  virtual Result<std::vector<AppendedEvent>> append_all(std::vector<EventRecord> const& events) = 0;
  // Not dispatched yet, oldest first, at most `limit`.
  virtual Result<std::vector<EventRecord>> pending(int limit) = 0;
  // How many they are; reads none of them.
  virtual Result<EventBacklog> backlog() = 0;
  virtual Result<EventRecord> get(std::int64_t seq) = 0;
  // Received at `since` or later, seq > after_seq, oldest first.
  virtual Result<std::vector<EventRecord>> since(Time since, std::int64_t after_seq, int limit) = 0;
  // As since(), of these types only; of any type if there are none.
  virtual Result<std::vector<EventRecord>> of_types(std::vector<std::string> const& types,
                                                    Time since, std::int64_t after_seq,
                                                    int limit) = 0;
  // Forgets dispatched events received before `before`, at most `limit`; gives how many. Their
  // (source, id) is no longer known as a duplicate.
  virtual Result<int> remove_dispatched(Time before, int limit) = 0;
};

// A batch that is committed as a whole: the runs an event starts together with the event's mark.
struct Commit {
  std::vector<RunChange> runs;
  // 0: none. An event is dispatched once: conflict if it is marked already, so no event starts its
  // runs twice.
  std::int64_t dispatched_event{0};
  // The schedule that starts them, or that is set up, moved on or taken down without a run.
  std::optional<ScheduleChange> schedule;
  std::vector<PartialMatchRecord> partials_set;  // replaces one of the same id
  std::vector<std::string> partials_cleared;     // ids
  // The node it comes from (store/leases.h), and when: a run that somebody else alive holds is
  // conflict (is_lease_lost). 0: outside of leases, not checked.
  std::int64_t epoch{0};
  Time at{};
};

class RunStore {
 public:
  using Done = std::function<void(Result<void>)>;

  virtual ~RunStore() = default;
  // Queues; `done` is called once, on the store's thread, after the batch is durable or has failed
  // as a whole (conflict: a run's expected_seq is not its last_seq; not_found: no such run or
  // event). Of a run that exists, the fields that records.h calls fixed stay as they are. Commits
  // of one caller are applied in the order they came. Never blocks on I/O. Keep `done` short; it
  // may commit, but not wait for a write. When the queue is full (unavailable), `done` is called at
  // once on the caller's thread.
  virtual void commit(Commit batch, Done done) = 0;
  virtual Result<RunRecord> get(RunId const& id) = 0;
  // Newest first. Cursor "" is the beginning; a malformed one is invalid_input.
  virtual Result<Page<RunRecord>> list(RunFilter const& filter, std::string const& cursor,
                                       int limit) = 0;
  // Entries with seq > after_seq, in order, at most `limit`.
  virtual Result<std::vector<JournalEntry>> journal(RunId const& id, std::int64_t after_seq,
                                                    int limit) = 0;
  // Runs that have not ended, by id, after `after`; for restart.
  virtual Result<std::vector<RunRecord>> unfinished(RunId const& after, int limit) = 0;
  // Timers due at `now` or earlier, oldest first.
  virtual Result<std::vector<TimerRecord>> due_timers(Time now, int limit) = 0;
  // When the next timer is due, if any.
  virtual Result<std::optional<Time>> next_timer() = 0;
};

class AccessStore {
 public:
  virtual ~AccessStore() = default;
  virtual Result<void> insert_token(ApiTokenRecord const& record) = 0;
  virtual Result<std::optional<ApiTokenRecord>> find_token(std::string_view token_hash) = 0;
  virtual Result<std::vector<ApiTokenRecord>> list_tokens() = 0;
  virtual Result<void> remove_token(std::string_view token_hash) = 0;
};

// Small named values: the vault's check value, the schema's instance id.
class MetaStore {
 public:
  virtual ~MetaStore() = default;
  virtual Result<std::optional<std::string>> get(std::string_view key) = 0;
  virtual Result<void> set(std::string_view key, std::string_view value) = 0;
};

class SubscriptionStore;  // store/subscriptions.h
class ApprovalStore;      // approvals.h
class WakeStore;          // wakes.h
class WebhookStore;       // webhooks.h
class SecretStore;        // store/secrets.h
class AnswerStore;        // store/answers.h
class UserStore;          // store/people.h
class SessionStore;       // store/people.h
class AuditStore;         // store/audit.h

// What was written since the start, for metrics.
struct CommitFigures {
  std::int64_t changes{0};        // asked for; many share one transaction
  std::int64_t failed{0};         // transactions that failed as a whole
  TimedCounts::Seen durations{};  // of every transaction, from its begin to the end of its fsync
};

class Store {
 public:
  virtual ~Store() = default;
  // Never blocks. Nothing where there is no disk.
  [[nodiscard]] virtual CommitFigures commit_figures() const { return {}; }
  virtual ConnectionStore& connections() = 0;
  virtual WorkflowStore& workflows() = 0;
  virtual EventStore& events() = 0;
  virtual RunStore& runs() = 0;
  virtual SubscriptionStore& subscriptions() = 0;
  virtual AccessStore& access() = 0;
  virtual MetaStore& meta() = 0;
  virtual ScheduleStore& schedules() = 0;
  virtual LeaseStore& leases() = 0;
  virtual HistoryStore& history() = 0;
  virtual WakeStore& wakes() = 0;
  virtual WebhookStore& webhooks() = 0;
  virtual ApprovalStore& approvals() = 0;
  virtual SecretStore& secrets() = 0;
  virtual AnswerStore& answers() = 0;
  virtual UserStore& users() = 0;
  virtual SessionStore& sessions() = 0;
  virtual AuditStore& audit() = 0;
};

// Waits for a commit: for callers with a thread of their own.
Result<void> commit_and_wait(RunStore& runs, Commit batch);

}  // namespace fairlead::store
