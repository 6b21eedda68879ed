#include "run/engine.h"

#include <algorithm>
#include <condition_variable>
#include <functional>
#include <future>
#include <thread>
#include <utility>

#include "run/call_policy.h"
#include "run/children.h"
#include "run/inbox.h"
#include "run/lifecycle.h"
#include "run/scheduler.h"
#include "run/timers.h"
#include "store/wakes.h"

namespace fairlead::run {
namespace {

// The truth behind every notification: how long a lost one can go unnoticed.
constexpr Milliseconds poll_interval = std::chrono::seconds(1);
constexpr int sign_in_page = 200;

// Wakes one thread.
class Bell {
 public:
  void ring() {
    {
      std::lock_guard const lock(mutex_);
      rung_ = true;
    }
    changed_.notify_all();
  }
  void wait_for(Milliseconds at_most) {
    std::unique_lock lock(mutex_);
    changed_.wait_for(lock, at_most, [&] { return rung_; });
    rung_ = false;
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool rung_{false};
};

}  // namespace

struct Engine::State {
  State(Parts given, EngineOptions wanted);

  Shard& shard_of(RunId const& run) { return *shards[std::hash<RunId>()(run) % shards.size()]; }
  [[nodiscard]] std::size_t active() const {
    std::size_t sum = 0;
    for (auto const& shard : shards)
      sum += shard->active();
    return sum;
  }
  [[nodiscard]] std::size_t room() const {
    std::size_t const most = options.shard_limits.active_max * shards.size();
    std::size_t const now = active() + inbox->writing() + scheduler->writing();
    return most > now ? most - now : 0;
  }
  void changed(std::optional<Time> due_at) {
    if (due_at) timers->changed(*due_at);
    if (due_at) return;
    scheduler->run_rested();
    inbox_bell.ring();
  }
  void adopt(std::unique_ptr<ActiveRun> run) {
    auto& shard = shard_of(run->state.id);
    for (auto const& [id, frame] : run->state.frames) {
      for (auto const& [kind, due_at] : frame.timers)
        timers->changed(due_at);
    }
    shard.adopt(std::move(run));
  }
  // There may be events.
  void tell_inbox() {
    inbox->notify();
    inbox_bell.ring();
  }
  void tick_shards() {
    for (auto& shard : shards)
      shard->tick();
  }
  void fire(store::TimerRecord const& timer, RunReply reply);
  Result<void> ask(RunId const& run, What what);
  void run_until_idle();
  void make_shards();
  void start_threads();
  void keep_time();
  void keep_inbox();
  void stop_keepers();

  Parts parts;
  EngineOptions options;
  Followers followers;
  Bell inbox_bell;
  Bell timer_bell;
  std::atomic<bool> draining{false};
  std::atomic<bool> drained{false};
  std::unique_ptr<Listening> listening;
  std::unique_ptr<Lifecycle> lifecycle;
  std::unique_ptr<Sweep> sweep;
  std::unique_ptr<Lease> lease;
  std::unique_ptr<Workers> workers;
  std::vector<std::unique_ptr<Shard>> shards;
  std::unique_ptr<Inbox> inbox;
  std::unique_ptr<Timers> timers;
  std::unique_ptr<Scheduler> scheduler;
  std::vector<std::thread> shard_threads;
  std::vector<std::thread> keepers;
};

void Engine::State::make_shards() {
  for (std::size_t i = 0; i < std::max<std::size_t>(options.shards, 1); ++i) {
    shards.push_back(std::make_unique<Shard>(
        Shard::Parts{.store = parts.store,
                     .library = parts.library,
                     .workers = *workers,
                     .followers = followers,
                     .listening = *listening,
                     .lifecycle = *lifecycle,
                     .clock = parts.clock,
                     .log = parts.log,
                     .changed = [this](std::optional<Time> due_at) { changed(due_at); },
                     .published = [this] { tell_inbox(); },
                     .watch = options.watch,
                     .lease = lease.get(),
                     .adopt = [this](std::unique_ptr<ActiveRun> run) { adopt(std::move(run)); },
                     .seek = [this](RunId const& run) { shard_of(run).recover(run); }},
        options.shard_limits));
  }
}

Engine::State::State(Parts given, EngineOptions wanted) : parts(given), options(wanted) {
  if (options.threads == EngineOptions::Threads::none) options.workers.action_threads = 0;
  listening = std::make_unique<Listening>(parts.store, parts.evaluator);
  lifecycle = std::make_unique<Lifecycle>(*listening);
  sweep = std::make_unique<Sweep>(parts.store, parts.clock, parts.log, options.sweep);
  lease = std::make_unique<Lease>(
      Lease::Parts{.leases = parts.store.leases(),
                   .clock = parts.clock,
                   .log = parts.log,
                   .node = options.node,
                   .take_up = [this](RunId const& run) { shard_of(run).recover(run); }});
  workers = std::make_unique<Workers>(Workers::Parts{.invoker = parts.invoker,
                                                     .evaluator = parts.evaluator,
                                                     .events = parts.store.events(),
                                                     .listening = *listening,
                                                     .clock = parts.clock,
                                                     .emitted = [this] { tell_inbox(); }},
                                      options.workers);
  make_shards();
  inbox = std::make_unique<Inbox>(
      Inbox::Parts{.store = parts.store,
                   .library = parts.library,
                   .evaluator = parts.evaluator,
                   .clock = parts.clock,
                   .random = parts.random,
                   .log = parts.log,
                   .listening = *listening,
                   .lifecycle = *lifecycle,
                   .adopt = [this](std::unique_ptr<ActiveRun> run) { adopt(std::move(run)); },
                   .hear =
                       [this](RunId const& run, Heard heard, RunReply reply) {
                         shard_of(run).happen(run, std::move(heard), std::move(reply));
                       },
                   .room = [this] { return room(); },
                   .wake = [this] { inbox_bell.ring(); },
                   .lease = lease.get()});
  timers = std::make_unique<Timers>(
      Timers::Parts{.runs = parts.store.runs(),
                    .clock = parts.clock,
                    .log = parts.log,
                    .fire = [this](store::TimerRecord const& timer,
                                   RunReply reply) { fire(timer, std::move(reply)); },
                    .room = [this] { return room(); },
                    .wake = [this] { timer_bell.ring(); }});
  scheduler = std::make_unique<Scheduler>(
      Scheduler::Parts{.store = parts.store,
                       .library = parts.library,
                       .clock = parts.clock,
                       .random = parts.random,
                       .log = parts.log,
                       .lifecycle = *lifecycle,
                       .adopt = [this](std::unique_ptr<ActiveRun> run) { adopt(std::move(run)); },
                       .room = [this] { return room(); },
                       .wake = [this] { timer_bell.ring(); },
                       .lease = lease.get()});
}

void Engine::State::fire(store::TimerRecord const& timer, RunReply reply) {
  auto told = told_by(timer, parts.store.runs());
  if (!told.ok()) {
    parts.log.error("a child run cannot be read",
                    {{"run", timer.run.text}, {"error", describe(told.error())}});
    return reply(std::move(told).error());
  }
  Shard& shard = shard_of(timer.run);
  if (*told) return shard.happen(timer, std::move(**told), std::move(reply));
  What what = timer.woken ? What(Woken{timer.key}) : What(TimerFired{timer.key});
  shard.happen(timer.run, std::move(what), std::move(reply));
}

void Engine::State::start_threads() {
  for (auto& shard : shards) {
    shard_threads.emplace_back([each = shard.get()] {
      while (!each->finished()) {
        each->wait();
        each->work();
      }
    });
  }
  keepers.emplace_back([this] { keep_time(); });
  keepers.emplace_back([this] { keep_inbox(); });
}

void Engine::State::keep_time() {
  while (!draining) {
    lease->work();
    timers->work();
    scheduler->work();
    Time const now = parts.clock.now();
    Time const next = std::min(timers->next(), scheduler->next());
    auto const pause = next <= now ? Milliseconds(1) : std::min(poll_interval, next - now);
    timer_bell.wait_for(std::min(pause, poll_interval));
    tick_shards();
  }
}

void Engine::State::keep_inbox() {
  while (!draining) {
    if (inbox->work()) continue;
    inbox_bell.wait_for(poll_interval);
    sweep->work();
    inbox->notify();
  }
}

void Engine::State::stop_keepers() {
  draining = true;
  inbox_bell.ring();
  timer_bell.ring();
  for (auto& thread : keepers)
    thread.join();
  keepers.clear();
}

void Engine::State::run_until_idle() {
  bool any = true;
  while (any) {
    if (options.between) options.between();
    any = inbox->has_news() && inbox->work();
    any = timers->work() || any;
    any = scheduler->work() || any;
    for (auto& shard : shards)
      any = shard->work() || any;
    any = workers->run_one() || any;
    bool writing = inbox->writing() + scheduler->writing() > 0;
    for (auto const& shard : shards)
      writing = writing || shard->writing() > 0;
    // The store's thread has something of ours: its answer is the next thing to do.
    any = any || writing;
  }
}

Result<void> Engine::State::ask(RunId const& run, What what) {
  auto answer = std::make_shared<std::promise<Result<void>>>();
  auto future = answer->get_future();
  shard_of(run).happen(run, std::move(what),
                       [answer](Result<void> result) { answer->set_value(std::move(result)); });
  if (options.threads == EngineOptions::Threads::none) run_until_idle();
  return future.get();
}

Engine::Engine(Parts parts, EngineOptions options)
    : state_(std::make_unique<State>(parts, options)) {}

Engine::~Engine() { drain(); }

Result<void> Engine::recover() {
  FAIRLEAD_CHECK(state_->listening->load());
  FAIRLEAD_CHECK(state_->lease->begin());
  state_->inbox->notify();
  if (state_->options.threads == EngineOptions::Threads::own) state_->start_threads();
  return {};
}

void Engine::drain() {
  if (state_->drained.exchange(true)) return;
  state_->stop_keepers();
  state_->workers->stop();
  for (auto& shard : state_->shards)
    shard->stop();
  for (auto& thread : state_->shard_threads)
    thread.join();
  // Without threads, or if recover() was never called: what the store still has of ours is answered
  // first.
  for (auto& shard : state_->shards) {
    while (!shard->finished()) {
      shard->wait();
      shard->work();
    }
  }
  while (state_->inbox->writing() + state_->scheduler->writing() > 0)
    state_->inbox_bell.wait_for(Milliseconds(1));
  state_->lease->end();
}

Result<RunId> Engine::start(StartRequest request) {
  if (state_->draining) return make_error(ErrorKind::unavailable, "The server is shutting down.");
  if (state_->room() == 0) {
    Error error = make_error(ErrorKind::unavailable, "Too many runs are active.");
    error.remedy = "Try again when some have ended; `fairlead run list` shows them.";
    error.retry_after = poll_interval;
    return error;
  }
  auto const& caps = state_->options.shard_limits.caps;
  if (auto const bytes = bytes_of(request.input); bytes > caps.payload_bytes_max) {
    return too_large("The input of the run has", bytes, caps.payload_bytes_max);
  }
  FAIRLEAD_TRY(auto document, state_->parts.library.get(request.workflow));
  NewRun made = make_run({.document = std::move(document),
                          .input = std::move(request.input),
                          .cause = std::move(request.cause),
                          .lifecycle = &*state_->lifecycle,
                          .replay_of = std::move(request.replay_of),
                          .replay = std::move(request.replay),
                          .trace_parent = std::move(request.trace_parent)},
                         state_->parts.clock, state_->parts.random);
  RunId const id = made.run->state.id;
  for (auto const& timer : made.change.timers_set)
    state_->timers->changed(timer.due_at);
  store::Commit batch;
  batch.runs.push_back(std::move(made.change));
  batch.epoch = state_->lease->epoch();
  batch.at = state_->parts.clock.now();
  FAIRLEAD_CHECK(store::commit_and_wait(state_->parts.store.runs(), std::move(batch)));
  state_->shard_of(id).adopt(std::move(made.run));
  return id;
}

void Engine::notify_event(std::int64_t) {
  state_->inbox->notify();
  state_->inbox_bell.ring();
}

Result<void> Engine::cancel(RunId const& run, std::string by) {
  return state_->ask(run, CancelRequested{std::move(by)});
}

Result<void> Engine::pause(RunId const& run, PauseRequested request) {
  return state_->ask(run, std::move(request));
}

Result<void> Engine::decide(RunId const& run, EffectDecided decision) {
  return state_->ask(run, std::move(decision));
}

Result<void> Engine::resume(RunId const& run, std::string reason) {
  return state_->ask(run, ResumeRequested{.reason = std::move(reason), .connection = {}});
}

Result<void> Engine::connection_recovered(std::string const& connection) {
  std::string cursor;
  do {
    FAIRLEAD_TRY(auto page,
                 state_->parts.store.runs().list({.statuses = {"waiting"}}, cursor, sign_in_page));
    for (auto const& run : page.items) {
      if (!may_wait_for_sign_in(run.waiting_for)) continue;
      state_->shard_of(run.id).happen(
          run.id,
          ResumeRequested{.reason = "the connection is signed in again", .connection = connection});
    }
    cursor = page.next_cursor;
  } while (!cursor.empty());
  return {};
}

Result<std::int64_t> Engine::wake(std::string const& key) {
  Time const now = state_->parts.clock.now();
  FAIRLEAD_TRY(std::int64_t const woken, state_->parts.store.wakes().wake(key, now));
  if (woken > 0) state_->timers->changed(now);
  return woken;
}

FollowerId Engine::subscribe(RunId const& run, Followers::Callback callback) {
  return state_->followers.add(run, std::move(callback));
}

void Engine::unsubscribe(FollowerId follower) { state_->followers.remove(follower); }

EngineFigures Engine::figures() const {
  EngineFigures figures{.active_runs = state_->active(),
                        .commits_under_way = 0,
                        .events_under_way = state_->inbox->writing(),
                        .listeners = state_->listening->figures().listeners,
                        .runs = {},
                        .timer_lag = state_->timers->lag(),
                        .workers = state_->workers->figures()};
  for (auto const& shard : state_->shards) {
    figures.commits_under_way += shard->writing();
    figures.steps_committed += shard->steps_committed();
    figures.entries_committed += shard->entries_committed();
    shard->run_counts().add_to(figures.runs);
  }
  return figures;
}

void Engine::run_until_idle() {
  state_->lease->work();
  state_->tick_shards();
  if (state_->inbox->has_postponed()) state_->inbox->notify();
  state_->sweep->work();
  state_->run_until_idle();
}

}  // namespace fairlead::run
