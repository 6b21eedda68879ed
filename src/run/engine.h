// Engine: runs workflows. The one door to runs for API, CLI and app: start, events, cancel, resume,
// follow, drain.
//
// Around the pure core (run/advance.h): shards with a thread each, worker lanes for what blocks,
// the inbox, the timers. Everything from outside is injected. With `Threads::none` nothing runs by
// itself: run_until_idle() does the work on the caller's thread, so that tests and the simulation
// repeat exactly. All calls are thread-safe unless said otherwise.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "action/catalogue.h"
#include "base/log.h"
#include "base/metric_text.h"
#include "base/random.h"
#include "expression/evaluator.h"
#include "run/followers.h"
#include "run/library.h"
#include "run/shard.h"
#include "run/sweep.h"
#include "run/workers.h"
#include "store/store.h"

namespace fairlead::run {

struct EngineOptions {
  enum class Threads { own, none } threads{Threads::own};
  std::size_t shards{2};
  ShardLimits shard_limits;
  WorkerOptions workers;
  // Threads::none only: called between two pieces of work. What answers from elsewhere (a slow
  // store) gets its turn there.
  std::function<void()> between{};
  Watch watch{};
  SweepOptions sweep{};
  std::string node{"main"};  // its name among the nodes on one store
};

struct StartRequest {
  WorkflowLibrary::Name workflow;
  Json input;
  std::string cause;  // in words: "started by alice"
  // Of a run that repeats another one; see run/replays.h.
  RunId replay_of{};
  Json replay{};
  std::string trace_parent{};  // base/trace_parent.h, checked; "": none
};

// For the status page and metrics.
struct EngineFigures {
  std::size_t active_runs{0};
  std::size_t commits_under_way{0};
  std::size_t events_under_way{0};
  std::size_t listeners{0};
  std::uint64_t steps_committed{0};    // transitions made durable since the start
  std::uint64_t entries_committed{0};  // journal entries in them
  RunCounts::Seen runs;                // since the start
  TimedCounts::Seen timer_lag;         // from when a timer was due to when its run was told
  std::vector<LaneFigures> workers;
};

class Engine {
 public:
  struct Parts {
    store::Store& store;
    action::Invoker& invoker;
    expression::Evaluator& evaluator;
    WorkflowLibrary& library;
    Clock const& clock;
    Random& random;
    Log& log;
  };

  Engine(Parts parts, EngineOptions options);
  Engine(Engine const&) = delete;
  Engine& operator=(Engine const&) = delete;
  // Drains.
  ~Engine();

  // Once, before anything else: goes on with what was under way when the process ended, and starts
  // the threads. Blocks.
  Result<void> recover();
  // Takes nothing new, finishes the calls under way and writes their answers. Blocks; idempotent.
  // What is left goes on after the next recover().
  void drain();

  // Durable when it returns. not_found, invalid_input (the workflow); unavailable: too many active
  // runs.
  Result<RunId> start(StartRequest request);
  // An event was appended to the inbox.
  void notify_event(std::int64_t seq);
  // Durable when it returns. not_found; conflict: it has ended.
  Result<void> cancel(RunId const& run, std::string by);
  // Nothing new begins until resume(); what is under way finishes. Durable when it returns;
  // idempotent. not_found; conflict: it has ended.
  Result<void> pause(RunId const& run, PauseRequested request);
  // What a person knows about an effect that is parked because it cannot be looked up. Durable when
  // it returns. not_found; conflict: no such effect is parked.
  Result<void> decide(RunId const& run, EffectDecided decision);
  // Lets a paused run go on; else: goes on with calls that are parked or wait for a person. Durable
  // when it returns. not_found, conflict.
  Result<void> resume(RunId const& run, std::string reason);
  // Runs that wait for a sign-in of that connection try again now, not within the minute.
  Result<void> connection_recovered(std::string const& connection);

  // What `key` stands for may have happened: calls that wait for it look again now
  // (Wait::wake_key). Durable when it returns; says how many. Idempotent; one that comes while a
  // call looks is not lost.
  Result<std::int64_t> wake(std::string const& key);

  // Live entries of a run (empty id: of all runs), after they are durable; see Followers.
  FollowerId subscribe(RunId const& run, Followers::Callback callback);
  void unsubscribe(FollowerId follower);
  [[nodiscard]] EngineFigures figures() const;

  // Without own threads: works until nothing is left to do at the clock's present time.
  void run_until_idle();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace fairlead::run
