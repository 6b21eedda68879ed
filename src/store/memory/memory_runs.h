// Runs, journals and timers of the memory store. See memory_store.h.
//
// A commit is checked whole before anything of it is applied, as a transaction would. Thread-safe.
#pragma once

#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <vector>

#include "base/worker_pool.h"
#include "store/history.h"
#include "store/leases.h"
#include "store/memory/memory_schedules.h"
#include "store/memory/memory_store.h"
#include "store/store.h"
#include "store/subscriptions.h"
#include "store/wakes.h"

namespace fairlead::store {

// Marks an event as dispatched as part of a commit: the one thing that runs need of the inbox.
class EventMarks {
 public:
  virtual ~EventMarks() = default;
  // not_found, conflict (dispatched already).
  virtual Result<void> check_undispatched(std::int64_t seq) = 0;
  virtual void mark_dispatched(std::int64_t seq) = 0;
  // With the mutex held.
  virtual AppendedEvent append_locked(EventRecord const& event) = 0;
};

// When a workflow's text was written: the one thing that its history needs of it.
class WorkflowTimes {
 public:
  virtual ~WorkflowTimes() = default;
  // With the mutex held.
  [[nodiscard]] virtual std::optional<Time> written_at(HistoryOwner const& workflow) const = 0;
};

class MemoryApprovals;

class MemoryRuns final : public RunStore,
                         public SubscriptionStore,
                         public LeaseStore,
                         public HistoryStore,
                         public WakeStore {
 public:
  struct Parts {
    std::mutex& mutex;
    EventMarks& events;
    MemorySchedules& schedules;
    MemoryApprovals& approvals;
    WorkflowTimes& workflows;
  };
  MemoryRuns(Parts parts, MemoryStoreOptions options);
  ~MemoryRuns() override;

  void commit(Commit batch, Done done) override;
  Result<RunRecord> get(RunId const& id) override;
  Result<Page<RunRecord>> list(RunFilter const& filter, std::string const& cursor,
                               int limit) override;
  Result<std::vector<JournalEntry>> journal(RunId const& id, std::int64_t after_seq,
                                            int limit) override;
  Result<std::vector<RunRecord>> unfinished(RunId const& after, int limit) override;
  Result<std::vector<TimerRecord>> due_timers(Time now, int limit) override;
  Result<std::optional<Time>> next_timer() override;
  Result<Page<ListenerRecord>> listeners(std::string const& cursor, int limit) override;
  Result<std::optional<ListenerRecord>> listener(RunId const& run, std::string_view key) override;
  Result<std::vector<PartialMatchRecord>> partials(std::string_view workflow, int limit) override;
  Result<int> remove_partials(Time before, int limit) override;
  Result<std::int64_t> wake(std::string const& key, Time now) override;
  Result<std::vector<std::string>> keys(WakeKeysAsk const& ask) override;
  Result<std::vector<WakeWait>> waits(WakeKeysAsk const& ask) override;
  [[nodiscard]] std::int64_t newest() const override { return recent_.newest(); }

  // memory_upkeep.cpp
  Result<std::int64_t> join(std::string_view node, LeaseTerm term) override;
  Result<int> renew(std::int64_t epoch, LeaseTerm term) override;
  Result<void> leave(std::int64_t epoch) override;
  Result<std::vector<RunRecord>> claim(Claim const& claim) override;
  Result<std::vector<WorkflowTrace>> traces(std::vector<HistoryOwner> const& workflows) override;
  Result<std::vector<HistoryOwner>> owners() override;
  Result<HistoryCount> count(HistoryRule const& rule) override;
  Result<HistoryCount> remove(HistoryRule const& rule, HistoryPiece const& piece) override;

 private:
  struct Stored {
    std::int64_t row{0};
    RunRecord run;
    std::vector<JournalEntry> journal;
    std::map<std::string, std::int64_t, std::less<>> listeners;  // key -> row
    std::int64_t lease{0};
    std::map<std::string, TimerRecord> timers;
  };
  struct Waiting {
    Commit batch;
    Done done;
  };

  // With the mutex held.
  Result<void> check(Commit const& batch);
  void apply(Commit& batch);
  void apply_listeners(Stored& stored, RunChange& change);
  Result<void> write(Commit& batch);
  void deliver_waiting();
  [[nodiscard]] bool alive(std::int64_t epoch, Time now) const;
  // Ended runs the rule lets go, oldest first.
  [[nodiscard]] std::vector<std::int64_t> let_go(HistoryRule const& rule) const;

  std::mutex& mutex_;
  EventMarks& events_;
  MemorySchedules& schedules_;
  MemoryApprovals& approvals_;
  WorkflowTimes& workflow_times_;
  RecentWakes recent_;
  std::map<RunId, Stored> runs_;
  std::map<std::int64_t, RunId> by_row_;
  std::map<std::int64_t, ListenerRecord> listeners_;  // by row
  std::int64_t last_listener_{0};
  std::vector<PartialMatchRecord> partials_;
  std::int64_t newest_row_{0};
  struct Node {
    std::string name;
    Time until{};
  };
  std::map<std::int64_t, Node> nodes_;  // by epoch
  std::int64_t newest_epoch_{0};
  // Delivery on the caller's thread: what waits while one is being delivered.
  std::deque<Waiting> waiting_;
  bool delivering_{false};
  // Last member: it ends first, while the rest is still there. Empty if delivery is on the caller's
  // thread.
  std::unique_ptr<WorkerPool> thread_;
};

}  // namespace fairlead::store
