// Durable steps a second: the store with 1, 64 and 1,000 runs that step at the same time, against
// bare SQLite commits of the same rows on the same disk. A step is one journal entry, one update of
// the run, one fsync shared by the group.
#include <benchmark/benchmark.h>

#include <atomic>
#include <future>

#include "store/sqlite/database.h"
#include "store/sqlite/sqlite_store.h"
#include "testing/files.h"

namespace fairlead::store {
namespace {

constexpr std::int64_t steps_per_round = 8;

Json payload() {
  return Json::object(
      {{"status", "completed"},
       {"output", Json::object({{"id", 8'123}, {"webUrl", std::string(120, 'x')}})}});
}

RunChange step_of(RunId const& id, std::int64_t seq) {
  RunChange change;
  change.expected_seq = seq;
  change.run.id = id;
  change.run.workflow_namespace = "ops";
  change.run.workflow_name = "incident";
  change.run.workflow_version = "1.0.0";
  change.run.status = "running";
  change.run.last_seq = seq + 1;
  change.journal.push_back(
      {.seq = seq + 1, .kind = "completed", .task = "/do/1/createIssue", .payload = payload()});
  return change;
}

// Some runs that each commit their next step as soon as the one before is durable.
class SteppingRuns {
 public:
  SteppingRuns(RunStore& store, std::int64_t runs) : store_(store) {
    for (std::int64_t i = 0; i < runs; ++i)
      ids_.emplace_back("run-" + std::to_string(i));
    last_seqs_.resize(ids_.size());
  }

  // `steps` of each run; returns when all are durable.
  void step_all(std::int64_t steps) {
    std::promise<void> finished;
    left_ = static_cast<std::int64_t>(ids_.size()) * steps;
    for (std::size_t i = 0; i < ids_.size(); ++i)
      step(i, steps, finished);
    finished.get_future().wait();
  }

 private:
  void step(std::size_t run, std::int64_t more, std::promise<void>& finished) {
    Commit batch;
    batch.runs.push_back(step_of(ids_[run], last_seqs_[run]));
    store_.commit(std::move(batch), [this, run, more, &finished](Result<void> done) {
      FAIRLEAD_ASSERT(done.ok(), "every step of the benchmark is committed");
      ++last_seqs_[run];
      if (more > 1) step(run, more - 1, finished);
      if (--left_ == 0) finished.set_value();
    });
  }

  RunStore& store_;
  std::vector<RunId> ids_;
  std::vector<std::int64_t> last_seqs_;  // of one run: touched by one commit at a time
  std::atomic<std::int64_t> left_{0};
};

void store_steps(benchmark::State& state) {
  testing::TemporaryFolder const folder;
  SystemClock const clock;
  auto store = open_sqlite_store({.folder = folder.path()}, clock);
  FAIRLEAD_ASSERT(store.ok(), "the store opens");
  SteppingRuns runs((*store)->runs(), state.range(0));
  for (auto _ : state)
    runs.step_all(steps_per_round);
  state.SetItemsProcessed(state.iterations() * state.range(0) * steps_per_round);
  store->reset();
}

// The floor: the same two rows by hand, `range(0)` of them in a transaction.
void bare_sqlite(benchmark::State& state) {
  testing::TemporaryFolder const folder;
  SystemClock const clock;
  FAIRLEAD_ASSERT(open_sqlite_store({.folder = folder.path()}, clock).ok(), "the schema is made");
  auto database = Database::open(folder.path() / sqlite_file_name, Database::Access::read_write);
  FAIRLEAD_ASSERT(database.ok(), "the database opens");
  Database& db = **database;
  std::string const text = payload().dump();
  auto done = db.execute(
      "INSERT INTO runs VALUES (1, 'r', 'ops', 'incident', '1.0.0', 'running', '', '', 0, 0, 0, "
      "NULL, NULL, NULL, NULL)");
  std::int64_t seq = 0;
  for (auto _ : state) {
    done = db.query("BEGIN IMMEDIATE").run();
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      ++seq;
      done = db.query("UPDATE runs SET status = 'running', last_seq = ? WHERE id = 'r'")
                 .bind(seq)
                 .run();
      done = db.query("INSERT INTO journal VALUES (1, ?, 'completed', '/do/1/createIssue', 0, ?)")
                 .bind(seq, std::string_view(text))
                 .run();
    }
    done = db.query("COMMIT").run();
    FAIRLEAD_ASSERT(done.ok(), "every commit of the benchmark succeeds");
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(store_steps)->Arg(1)->Arg(64)->Arg(1'000)->UseRealTime()->Unit(benchmark::kMillisecond);
BENCHMARK(bare_sqlite)->Arg(1)->Arg(64)->Arg(500)->UseRealTime()->Unit(benchmark::kMillisecond);

}  // namespace
}  // namespace fairlead::store

BENCHMARK_MAIN();
