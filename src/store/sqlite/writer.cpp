#include "store/sqlite/writer.h"

#include <future>

namespace fairlead::store {

Writer::Writer(std::unique_ptr<Database> database, Clock const& clock)
    : database_(std::move(database)),
      clock_(clock),
      queue_(changes_queued_max),
      thread_([this] { loop(); }) {}

Writer::~Writer() {
  queue_.close();
  thread_.join();
}

void Writer::submit(Apply apply, Done done) {
  Change change{std::move(apply), std::move(done), {}};
  if (queue_.try_push(std::move(change)) == BoundedQueue<Change>::Push::accepted) return;
  Error error = make_error(ErrorKind::unavailable,
                           "the database cannot keep up: " + std::to_string(changes_queued_max) +
                               " changes wait to be written");
  error.remedy = "look at the speed of the data folder's disk";
  change.done(std::move(error));
}

Result<void> Writer::write(Apply const& apply) {
  FAIRLEAD_ASSERT(std::this_thread::get_id() != thread_.get_id(),
                  "the writer's callbacks do not wait for the writer");
  // Shared: the writer may still be inside set_value() when the waiting thread wakes up and leaves.
  auto const result = std::make_shared<std::promise<Result<void>>>();
  submit([&apply](Database& database) { return apply(database); },
         [result](Result<void> done) { result->set_value(std::move(done)); });
  return result->get_future().get();
}

void Writer::loop() {
  std::vector<Change> waiting;
  for (;;) {
    if (waiting.empty()) waiting = queue_.pop_many(group_changes_max);
    if (waiting.empty()) return;
    commit_group(waiting);
  }
}

void Writer::commit_group(std::vector<Change>& waiting) {
  Milliseconds const begun = clock_.steady();
  Result<void> group = database_->query("BEGIN IMMEDIATE").run();
  std::size_t taken = waiting.size();
  if (group.ok()) taken = apply_some(waiting, group);
  if (group.ok()) group = database_->query("COMMIT").run();
  // A commit that failed may leave the transaction open (full disk): nothing of it may stay.
  if (!group.ok() && database_->in_transaction()) {
    Result<void> const undone = database_->query("ROLLBACK").run();
    FAIRLEAD_ASSERT(undone.ok() || !database_->in_transaction(), "a failed group is rolled back");
  }
  durations_.add(clock_.steady() - begun);
  changes_.fetch_add(static_cast<std::int64_t>(taken), std::memory_order_relaxed);
  if (!group.ok()) failed_.fetch_add(1, std::memory_order_relaxed);
  auto const end = waiting.begin() + static_cast<std::ptrdiff_t>(taken);
  std::vector<Change> finished(std::make_move_iterator(waiting.begin()),
                               std::make_move_iterator(end));
  waiting.erase(waiting.begin(), end);
  for (Change& change : finished) {
    bool const failed_alone = !change.result.ok();
    change.done(failed_alone || group.ok() ? std::move(change.result) : group);
  }
}

CommitFigures Writer::figures() const {
  return {.changes = changes_.load(std::memory_order_relaxed),
          .failed = failed_.load(std::memory_order_relaxed),
          .durations = durations_.seen()};
}

std::size_t Writer::apply_some(std::vector<Change>& waiting, Result<void>& group) {
  Milliseconds const until = clock_.steady() + group_time_max;
  for (std::size_t i = 0; i < waiting.size(); ++i) {
    waiting[i].result = apply_alone(waiting[i]);
    // SQLite ends the whole transaction by itself on some errors (full disk, I/O): the group is
    // lost.
    if (!database_->in_transaction()) {
      group = waiting[i].result;
      return i + 1;
    }
    if (clock_.steady() >= until) return i + 1;
  }
  return waiting.size();
}

Result<void> Writer::apply_alone(Change& change) {
  FAIRLEAD_CHECK(database_->query("SAVEPOINT change").run());
  Result<void> result = change.apply(*database_);
  if (!result.ok() && database_->in_transaction()) {
    FAIRLEAD_CHECK(database_->query("ROLLBACK TO change").run());
  }
  if (database_->in_transaction()) FAIRLEAD_CHECK(database_->query("RELEASE change").run());
  return result;
}

}  // namespace fairlead::store
