// Scheduler: starts the workflows that start by time.
//
// Keeps one row in the store for each workflow whose newest published version has cron, every or
// after. A start is one commit: the new run and the row with its next time, so that a crash neither
// loses a start nor repeats one. What was missed is made up for once. Publishing and disabling are
// noticed by the library's generation. One thread at a time calls work(); the rest any. See ADR 9.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "run/inbox.h"
#include "store/schedules.h"

namespace fairlead::run {

// A clock set back by less does nothing: the next start comes when it would have come.
inline constexpr Milliseconds clock_back_max = std::chrono::hours(1);
// How soon what failed is tried again; also how often `after` looks whether its run has ended, if
// nobody says so.
inline constexpr Milliseconds schedule_retry = std::chrono::seconds(10);
// A start that comes later than this says so.
inline constexpr Milliseconds schedule_late = std::chrono::minutes(1);

class Scheduler {
 public:
  struct Parts {
    store::Store& store;
    WorkflowLibrary& library;
    Clock const& clock;
    Random& random;
    Log& log;
    Lifecycle const& lifecycle;
    std::function<void(std::unique_ptr<ActiveRun>)> adopt;
    // How many runs there is room for.
    std::function<std::size_t()> room;
    std::function<void()> wake;
    Lease* lease{nullptr};
  };

  explicit Scheduler(Parts parts);
  Scheduler(Scheduler const&) = delete;
  Scheduler& operator=(Scheduler const&) = delete;

  // Starts what is due; false if nothing was to do. Blocks on the store.
  bool work();
  // Some run has ended or come to rest.
  void run_rested() { rested_ = true; }
  // When to call work() next.
  [[nodiscard]] Time next() const;
  // Commits under way.
  [[nodiscard]] std::size_t writing() const;

 private:
  using Key = std::pair<std::string, std::string>;
  struct Entry {
    store::ScheduleRecord row;
    DocumentPtr document;  // null: the workflow starts by time no more
    Time retry_at{};       // left alone until then
    enum class Writing { no, yes } writing{Writing::no};
  };
  // What becomes of a row, and the run that goes with it.
  struct Decision {
    store::ScheduleChange change;
    std::optional<NewRun> run;
  };

  struct Done {
    Key key;
    store::ScheduleChange change;
    Result<void> result;
  };

  bool absorb(Time now);
  Result<void> reread();
  bool decide_all(Time now, std::size_t room);
  Result<std::optional<Decision>> decide(Entry const& entry, Time now);
  Result<std::optional<Decision>> start(Entry const& entry, Time now);
  Result<std::optional<Decision>> wait_for_end(Entry const& entry, Time now);
  Result<bool> has_ended(RunId const& run, std::optional<Time>* ended_at = nullptr);
  void failed(Entry& entry, Error const& error, Time now);
  [[nodiscard]] Time soonest(Time now) const;
  void commit(Key const& key, Entry& entry, Decision decision);
  void finish(Done done);

  Parts parts_;

  // Below: of work()'s thread only.
  std::map<Key, Entry> entries_;
  int generation_{-1};  // of the library, when the entries were made
  enum class Stale { no, yes } stale_{Stale::yes};
  Time reread_at_{};  // not before, since it failed
  Time ends_seen_{};  // when `after` last looked for ends
  enum class Look { no, yes } look_for_ends_{Look::no};
  std::size_t under_way_{0};

  std::atomic<bool> rested_{true};
  mutable std::mutex mutex_;
  std::vector<Done> done_;
  Time next_{};
  std::size_t writing_{0};
};

}  // namespace fairlead::run
