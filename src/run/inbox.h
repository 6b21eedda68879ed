// Inbox: turns stored events into runs, and tells them to runs that listen. What an event starts is
// committed together with the event's mark, after every run that hears it has that on the disk, so
// each event starts its runs exactly once and is heard by all, whatever dies in between.
//
// work() looks at the events that are not dispatched yet, matches them against the newest published
// workflows and commits; the runs go to their shards when that is durable. One thread at a time
// calls work(); notify() is for any thread.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <set>
#include <vector>

#include "base/log.h"
#include "base/random.h"
#include "run/lease.h"
#include "run/shard.h"
#include "trigger/on_all.h"
#include "trigger/schedule_on.h"

namespace fairlead::run {

// Events looked at in one go.
inline constexpr int events_page = 256;
// Looked again when no more than these are on their way to the disk: what is under way would be
// read anew each time.
inline constexpr std::size_t events_under_way_max = 32;
// An event is looked at this often while a filter gives no answer (no helper to be had, the store
// cannot be read); then it goes on without those who asked: the expression itself breaks helpers.
inline constexpr int filter_looks_max = 8;
// 1 s, 2 s, 4 s, ...
inline constexpr Milliseconds filter_look_delay = std::chrono::seconds(1);
inline constexpr Milliseconds filter_look_delay_max = std::chrono::seconds(30);
// So many may rest between two looks, and are passed over by a look at what comes after them; then
// events behind them wait until one of them is done (filter_looks_max looks, some two minutes).
inline constexpr std::size_t postponed_max = 1'024;

// A run that does not exist yet: its first transition, to be committed and then adopted.
struct NewRun {
  struct Source {
    DocumentPtr document;
    Json input;
    std::string cause;
    std::int64_t event_seq{0};
    Lifecycle const* lifecycle{nullptr};  // nullptr: its start is not published
    RunId replay_of;
    Json replay;  // null, or to_json(ReplayPlan)
    ParentLink parent{};
    int depth{0};
    std::string trace_parent{};
  };
  struct Identity {
    RunId id;
    std::uint64_t seed{0};
  };
  std::unique_ptr<ActiveRun> run;
  store::RunChange change;
};
NewRun make_run(NewRun::Source source, Clock const& clock, Random& random);
NewRun make_run(NewRun::Source source, NewRun::Identity identity, Time now);

class Inbox {
 public:
  struct Parts {
    store::Store& store;
    WorkflowLibrary& library;
    expression::Evaluator& evaluator;
    Clock const& clock;
    Random& random;
    Log& log;
    Listening& listening;
    Lifecycle& lifecycle;
    std::function<void(std::unique_ptr<ActiveRun>)> adopt;
    // A run is told of an event it may listen for; answered when that is durable, or not wanted.
    std::function<void(RunId const&, Heard, RunReply)> hear;
    // How many runs there is room for.
    std::function<std::size_t()> room;
    // There may be more to do.
    std::function<void()> wake;
    Lease const* lease{nullptr};  // nothing: outside of leases
  };

  explicit Inbox(Parts parts);
  Inbox(Inbox const&) = delete;
  Inbox& operator=(Inbox const&) = delete;

  // Dispatches what it can; false if there was nothing to do. Blocks on the store.
  bool work();
  // There may be new events.
  void notify() { news_ = true; }
  // Events wait for another look because a filter could not be evaluated for the moment.
  [[nodiscard]] bool has_postponed() const { return postponed_; }
  [[nodiscard]] bool has_news() const { return news_; }
  // Commits under way.
  [[nodiscard]] std::size_t writing() const { return writing_; }

 private:
  // Being told to runs, or being written.
  [[nodiscard]] std::size_t under_way() const;
  struct Dispatch;
  struct Gathering;
  // False: not now, what it adds to is being written.
  bool dispatch(store::EventRecord const& event, std::vector<DocumentPtr> const& workflows);
  // Dispatches what it can of them; false if nothing of them changed.
  bool look_at(std::vector<store::EventRecord> const& events,
               std::vector<DocumentPtr> const& workflows);
  [[nodiscard]] bool rests(std::int64_t seq) const;
  // Whether the event is to be looked at again because of these problems.
  bool postpone(store::EventRecord const& event, std::vector<Error> const& problems);
  bool gather(store::EventRecord const& event, std::vector<DocumentPtr> const& workflows,
              store::Commit& batch, Gathering& gathering);
  void start_runs(Dispatch& dispatch, std::string const& trace_parent,
                  std::vector<trigger::RunStart> starts);
  void answered(std::shared_ptr<Dispatch> const& dispatch, Result<void> const& result);
  void finish(Dispatch& dispatch, Result<void> const& result);
  bool is_under_way(std::int64_t seq) const;

  Parts parts_;
  std::atomic<bool> news_{true};
  std::atomic<bool> postponed_{false};
  struct Looks {
    int count{0};
    Milliseconds next{0};  // by Clock::steady: whoever sets the wall clock does not prolong it
  };
  std::map<std::int64_t, Looks> looks_;  // at postponed events; of work()'s thread
  std::atomic<bool> more_{false};        // look again when enough of what is under way is done
  mutable std::mutex mutex_;
  std::set<std::int64_t> under_way_;
  std::atomic<std::size_t> writing_{0};
  // A change of partial matches is under way: who reads them waits for it.
  std::atomic<bool> gathering_{false};
};

}  // namespace fairlead::run
