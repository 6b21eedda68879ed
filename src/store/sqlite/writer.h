// Writer: the one thread that changes the database, and its group commit.
//
// Everything that is queued when the writer gets to it, at most `group_changes_max` changes or
// `group_time_max`, becomes one transaction with one fsync: 64 runs that step at once cost as much
// as one. A change that fails is rolled back alone (savepoint); its neighbours in the group are not
// touched. submit() and write() from any thread; `done` runs on the writer's thread.
#pragma once

#include <atomic>
#include <functional>
#include <memory>
#include <thread>

#include "base/bounded_queue.h"
#include "base/clock.h"
#include "base/result.h"
#include "store/sqlite/database.h"
#include "store/store.h"

namespace fairlead::store {

inline constexpr std::size_t group_changes_max = 500;
inline constexpr Milliseconds group_time_max{10};
inline constexpr std::size_t changes_queued_max = 50'000;

class Writer {
 public:
  using Apply = std::function<Result<void>(Database&)>;
  using Done = std::function<void(Result<void>)>;

  Writer(std::unique_ptr<Database> database, Clock const& clock);
  Writer(Writer const&) = delete;
  Writer& operator=(Writer const&) = delete;
  // Commits everything accepted so far.
  ~Writer();

  // Never blocks. `done` gets unavailable at once, on this thread, if the queue is full.
  void submit(Apply apply, Done done);
  // Blocks until durable. Not from within `done`: the writer would wait for itself.
  Result<void> write(Apply const& apply);
  // Any thread.
  [[nodiscard]] CommitFigures figures() const;

 private:
  struct Change {
    Apply apply;
    Done done;
    Result<void> result;
  };

  void loop();
  // Takes changes from the front of `waiting` into one transaction, commits, and calls their
  // `done`.
  void commit_group(std::vector<Change>& waiting);
  // Applies in turn until all are applied, time is up, or the transaction is lost; returns how many
  // were taken.
  std::size_t apply_some(std::vector<Change>& waiting, Result<void>& group);
  Result<void> apply_alone(Change& change);

  std::unique_ptr<Database> database_;
  Clock const& clock_;
  BoundedQueue<Change> queue_;
  std::atomic<std::int64_t> changes_{0};
  std::atomic<std::int64_t> failed_{0};
  TimedCounts durations_;
  std::thread thread_;
};

}  // namespace fairlead::store
