// Shard: one thread's share of the runs. Everything that happens to a run is a message to its
// shard.
//
// Takes an event, advances the run, commits what the journal gains, and only then executes what the
// step wants done (evaluations alone do not wait: they change nothing). Only active runs are in
// memory; a waiting run is its row, its journal and a timer, and is read back when something
// happens to it. work() runs on one thread; post() on any.
#pragma once

#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <set>
#include <unordered_map>
#include <variant>
#include <vector>

#include "base/log.h"
#include "run/advance.h"
#include "run/caps.h"
#include "run/followers.h"
#include "run/lease.h"
#include "run/library.h"
#include "run/lifecycle.h"
#include "run/run_counts.h"
#include "run/workers.h"
#include "store/store.h"

namespace fairlead::run {

struct ShardLimits {
  std::size_t active_max{10'000};  // runs in memory that have something to do
  std::size_t idle_max{256};       // waiting runs kept in memory, for short waits
  std::size_t entries_max{200};    // journal entries gathered before they are committed in any case
  PayloadCaps caps{};
};
// How long a run whose commit failed rests before it is read back.
inline constexpr Milliseconds reload_delay = std::chrono::seconds(1);
// Read at once when a run is read back.
inline constexpr int journal_page = 1'000;

struct Birth;

// A run in memory.
struct ActiveRun {
  ActiveRun();
  ~ActiveRun();

  RunState state;
  store::RunRecord row;                      // as of the newest commit sent
  std::uint64_t incarnation{0};              // answers for an earlier one are dropped
  std::vector<store::JournalEntry> entries;  // not sent yet
  // Changes not sent yet; nothing: cleared.
  std::map<std::string, std::optional<store::TimerRecord>> timers;
  std::map<int, std::int64_t> wakes_seen;  // by frame: the newest wake before its call was made
  // Changes not sent yet; nothing: cleared.
  std::map<std::string, std::optional<store::ListenerRecord>> listeners;
  std::vector<std::unique_ptr<Birth>> births;   // children to be created with `entries`
  std::vector<store::TimerRecord> told_others;  // what children are told with `entries`
  std::vector<Work> held;                       // to be executed once `entries` are durable
  std::vector<Work> committing;                 // to be executed when the commit under way is done
  std::vector<std::unique_ptr<Birth>> born;     // created by the commit under way
  std::vector<store::JournalEntry> told;  // of the commit under way, if somebody followed then
  std::int64_t told_after{0};             // the seq before the commit under way
  std::vector<std::function<void(Result<void>)>> awaiting;  // told once `entries` are durable
  std::vector<std::function<void(Result<void>)>> awaiting_commit;
  enum class Writing { no, yes } writing{Writing::no};
  std::int64_t epoch{0};         // of the newest commit sent
  std::size_t published{0};      // events its first commit put into the inbox
  std::size_t journal_bytes{0};  // about, of all entries
  int evaluations{0};            // under way
  int effects{0};                // under way
};

using RunReply = std::function<void(Result<void>)>;
// Sees the state that a commit on its way makes durable, and the seq of its last entry: for proofs
// that the journal gives back what was in memory.
using Watch = std::function<void(RunState const&, std::int64_t)>;

class Shard {
 public:
  struct Parts {
    store::Store& store;
    WorkflowLibrary& library;
    Workers& workers;
    Followers& followers;
    Listening& listening;
    Lifecycle const& lifecycle;
    Clock const& clock;
    Log& log;
    // A timer is armed, or a place for a run has become free.
    std::function<void(std::optional<Time>)> changed;
    // Events were put into the inbox.
    std::function<void()> published;
    Watch watch{};
    Lease const* lease{nullptr};  // nothing: outside of leases
    // A run that one of these has started, to its own shard.
    std::function<void(std::unique_ptr<ActiveRun>)> adopt{};
    // It is not known whether such a run was created: to be read back if it was.
    std::function<void(RunId const&)> seek{};
  };

  Shard(Parts parts, ShardLimits limits);
  Shard(Shard const&) = delete;
  Shard& operator=(Shard const&) = delete;

  // A new run whose first entries are committed; its commands are due.
  void adopt(std::unique_ptr<ActiveRun> run);
  // `reply` is called once: when the event is durable, or not_found, or conflict if the run has
  // ended or does not expect it.
  void happen(RunId const& run, What what, RunReply reply = nullptr);
  // The same for what a timer of another run's making brings: the timer goes in the same commit,
  // whether or not the run expects it.
  void happen(store::TimerRecord const& by, What what, RunReply reply);
  // Reads a run back after a restart and goes on with what was under way.
  void recover(RunId const& run);
  // Reads back runs whose commit failed, hands over work that found its lane full.
  void tick();

  // Works off all messages there are; false if there were none.
  bool work();
  // Blocks until there is a message, or all is written after stop().
  void wait();
  // What is known is still written, even if a step is half evaluated; questions are refused.
  void stop();
  // After stop(): nothing is left to do.
  [[nodiscard]] bool finished() const;
  [[nodiscard]] std::size_t active() const { return active_; }
  // Commits under way.
  [[nodiscard]] std::size_t writing() const { return writing_; }
  // Made durable since the start: transitions, and the journal entries in them.
  [[nodiscard]] std::uint64_t steps_committed() const { return steps_committed_; }
  [[nodiscard]] std::uint64_t entries_committed() const { return entries_committed_; }
  [[nodiscard]] RunCounts const& run_counts() const { return run_counts_; }

 private:
  struct Adopt {
    std::unique_ptr<ActiveRun> run;
  };
  struct Happened {
    RunId run;
    std::uint64_t incarnation;  // 0: whichever
    What what;
    RunReply reply;
    std::string timer;  // that brought it, if it is to be cleared
  };
  struct Committed {
    RunId run;
    std::uint64_t incarnation;
    Result<void> result;
  };
  struct Tick {};
  struct Stop {};
  using Message = std::variant<Adopt, Happened, Committed, Tick, Stop>;

  void post(Message message);
  void handle(Adopt& message);
  void handle(Happened& message);
  void handle(Committed& message);
  void handle(Tick&);
  void handle(Stop&);

  ActiveRun* find_or_load(RunId const& id, RunReply const& reply);
  Result<std::unique_ptr<ActiveRun>> load(RunId const& id);
  void accept(Happened message);
  void apply(ActiveRun& run, What what, RunReply reply, std::string const& timer = {});
  void answer_stale(ActiveRun& run, What const& what, RunReply reply);
  void append(ActiveRun& run, std::vector<store::JournalEntry> entries);
  void take_commands(ActiveRun& run, std::vector<Command> commands);
  void tell_child(ActiveRun& run, Command const& command);
  void commit_if_due(ActiveRun& run);
  void commit(ActiveRun& run);
  store::RunStore::Done done_with(ActiveRun const& run, store::Commit const& batch);
  store::Commit batch_of(ActiveRun& run);
  void execute(ActiveRun& run, Work work);
  void submit(RunId const& run, std::uint64_t incarnation, Work const& work);
  void start_child(ActiveRun& run, StartRun const& command);
  Workers::Answer answer_for(RunId const& run, std::uint64_t incarnation, Work const& work);
  void tell_followers(ActiveRun& run);
  void settle(RunId const& id);
  void evict_idle();
  void give_up(ActiveRun& run, Error const& error);
  void count();
  void count_step(ActiveRun const& run, std::int64_t entries);

  Parts parts_;
  ShardLimits limits_;

  mutable std::mutex mutex_;
  std::condition_variable ready_;
  std::deque<Message> messages_;
  bool stopping_{false};

  // Below: of the shard's thread only.
  std::unordered_map<RunId, std::unique_ptr<ActiveRun>> runs_;
  std::set<RunId> idle_;
  std::deque<RunId> idle_order_;
  std::map<RunId, Time> reload_;
  bool flushing_{false};    // stopping: evaluations are not answered any more
  std::set<RunId> broken_;  // cannot be read: said once, left alone
  struct Waiting {
    RunId run;
    std::uint64_t incarnation;
    Work work;
  };
  std::deque<Waiting> backlog_;    // found its lane full
  std::deque<Happened> deferred_;  // for runs that are not in memory while there is no room
  std::uint64_t incarnations_{0};

  std::atomic<std::size_t> active_{0};
  std::atomic<std::size_t> writing_{0};
  std::atomic<std::uint64_t> steps_committed_{0};
  std::atomic<std::uint64_t> entries_committed_{0};
  RunCounts run_counts_;
};

// The row as the state has it.
void fill_row(store::RunRecord& row, RunState const& state);

}  // namespace fairlead::run
