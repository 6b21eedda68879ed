// The engine: durable tasks a second and events to completed runs, with the store in memory and on
// SQLite, actions that answer at once. A run is three calls piped into each other, as in a short
// workflow; every call is an intent and an answer, both durable before the next goes out.
#include <benchmark/benchmark.h>

#include <atomic>
#include <condition_variable>
#include <mutex>

#include "expression/native.h"
#include "run/engine.h"
#include "store/memory/memory_store.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/files.h"
#include "trigger/cloud_event.h"
#include "workflow/parse.h"

namespace fairlead::run {
namespace {

constexpr int tasks_per_run = 3;
constexpr std::string_view workflow_text = R"(document:
  dsl: '1.0.3'
  namespace: bench
  name: three
  version: '1.0.0'
schedule: {on: {one: {with: {type: bench.go}}}, read: data}
input: {from: '${ . }'}
do:
- a: {call: 'act:1.0.0@gitlab', with: {title: disk full, labels: [incident]}}
- b: {call: 'act:1.0.0@gitlab', with: {of: '${ .title }'}}
- c: {call: 'act:1.0.0@gitlab', with: {of: '${ .of }'}}
)";

class NativeOnly final : public expression::Evaluator {
 public:
  Result<Json> evaluate(expression::Evaluation const& evaluation) override {
    if (auto value = expression::evaluate_native(evaluation)) return *value;
    return make_error(ErrorKind::internal, "not native: " + evaluation.program);
  }
  Result<void> check(std::string_view, std::vector<std::string> const&) override { return {}; }
};

class InstantActions final : public action::Invoker {
 public:
  InstantActions() {
    info_.name = "act";
    info_.effect = action::Effect::creates;
  }
  Result<action::Outcome> invoke(action::Invocation const& call) override {
    return action::Outcome{.output = call.input};
  }
  Result<action::ActionInfo const*> info(std::string_view, std::string_view,
                                         std::string_view) const override {
    return &info_;
  }

 private:
  action::ActionInfo info_;
};

// A server without its network, and a count of ended runs.
class Server {
 public:
  explicit Server(std::unique_ptr<store::Store> store)
      : log_(make_null_log()),
        store_(std::move(store)),
        library_(store_->workflows(), workflow::parse),
        engine_({.store = *store_,
                 .invoker = actions_,
                 .evaluator = evaluator_,
                 .library = library_,
                 .clock = clock_,
                 .random = random_,
                 .log = *log_},
                {.workers = {.evaluation_threads = 1, .action_threads = 4}}) {
    static_cast<void>(store_->workflows().put({.workflow_namespace = "bench",
                                               .name = "three",
                                               .version = "1.0.0",
                                               .status = "published",
                                               .source = std::string(workflow_text),
                                               .content_hash = "x",
                                               .created_at = clock_.now()}));
    engine_.subscribe(RunId(), [this](RunUpdate const& update) {
      if (!update.run.ended_at) return;
      std::lock_guard const lock(mutex_);
      ++ended_;
      changed_.notify_all();
    });
    static_cast<void>(engine_.recover());
  }

  // Appends `count` events, at most `concurrent` runs at a time, and waits for the last run.
  void run(int count, int concurrent) {
    int const before = ended();
    for (int i = 0; i < count; ++i) {
      wait_until(before + i - concurrent + 1);
      Json const event = Json::object({{"specversion", "1.0"},
                                       {"id", std::to_string(++events_)},
                                       {"source", "/bench"},
                                       {"type", "bench.go"},
                                       {"data", Json::object({{"n", i}})}});
      auto appended = store_->events().append(*trigger::event_from(event, clock_.now()));
      if (appended.ok()) engine_.notify_event(appended->seq);
    }
    wait_until(before + count);
  }

 private:
  int ended() {
    std::lock_guard const lock(mutex_);
    return ended_;
  }
  void wait_until(int wanted) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return ended_ >= wanted; });
  }

  SystemClock clock_;
  SystemRandom random_;
  NativeOnly evaluator_;
  InstantActions actions_;
  std::unique_ptr<Log> log_;
  std::unique_ptr<store::Store> store_;
  WorkflowLibrary library_;
  std::mutex mutex_;
  std::condition_variable changed_;
  int ended_{0};
  int events_{0};
  Engine engine_;
};

void report(benchmark::State& state, int runs) {
  auto const all = static_cast<double>(state.iterations()) * runs;
  state.counters["runs/s"] = benchmark::Counter(all, benchmark::Counter::kIsRate);
  state.counters["tasks/s"] = benchmark::Counter(all * tasks_per_run, benchmark::Counter::kIsRate);
}

void engine_in_memory(benchmark::State& state) {
  Server server(store::make_memory_store());
  int const concurrent = static_cast<int>(state.range(0));
  int const runs = concurrent * 4;
  for (auto _ : state)
    server.run(runs, concurrent);
  report(state, runs);
}

void engine_on_sqlite(benchmark::State& state) {
  testing::TemporaryFolder const folder;
  SystemClock clock;
  auto store = store::open_sqlite_store({.folder = folder.path()}, clock);
  if (!store.ok()) {
    state.SkipWithError(describe(store.error()).c_str());
    return;
  }
  Server server(std::move(*store));
  int const concurrent = static_cast<int>(state.range(0));
  int const runs = concurrent * 4;
  for (auto _ : state)
    server.run(runs, concurrent);
  report(state, runs);
}

BENCHMARK(engine_in_memory)
    ->Arg(1)
    ->Arg(64)
    ->Arg(1'000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);
BENCHMARK(engine_on_sqlite)
    ->Arg(1)
    ->Arg(64)
    ->Arg(1'000)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fairlead::run

BENCHMARK_MAIN();
