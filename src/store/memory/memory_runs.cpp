#include "store/memory/memory_runs.h"

#include <algorithm>
#include <set>
#include <tuple>

#include "store/rules.h"

namespace fairlead::store {
namespace {

constexpr std::size_t commits_queued_max = 50'000;

bool matches(RunFilter const& filter, RunRecord const& run) {
  auto const& statuses = filter.statuses;
  bool const status =
      statuses.empty() || std::find(statuses.begin(), statuses.end(), run.status) != statuses.end();
  bool const space =
      filter.workflow_namespace.empty() || filter.workflow_namespace == run.workflow_namespace;
  bool const name = filter.workflow_name.empty() || filter.workflow_name == run.workflow_name;
  bool const parent = filter.parent_run.empty() || filter.parent_run == run.parent_run;
  return status && space && name && parent && in_span(filter, run.started_at) &&
         (filter.event_seq == 0 || filter.event_seq == run.event_seq);
}

// What a change may alter in a run that exists; the rest is fixed at its start.
void update(RunRecord& stored, RunRecord& changed) {
  stored.status = std::move(changed.status);
  stored.waiting_for = std::move(changed.waiting_for);
  stored.last_seq = changed.last_seq;
  stored.error = std::move(changed.error);
  stored.output = std::move(changed.output);
  if (changed.ended_at) stored.ended_at = changed.ended_at;
}

void set_timer(TimerRecord& stored, TimerRecord const& timer, RecentWakes const& recent) {
  stored = timer;
  stored.woken = false;
  if (timer.wake_key.empty()) return;
  auto const wake = recent.later_than(timer.wake_key, timer.wakes_seen);
  if (wake.number == 0) return;
  stored.woken = true;
  stored.due_at = std::min(stored.due_at, wake.at);
}

}  // namespace

MemoryRuns::MemoryRuns(Parts parts, MemoryStoreOptions options)
    : mutex_(parts.mutex),
      events_(parts.events),
      schedules_(parts.schedules),
      approvals_(parts.approvals),
      workflow_times_(parts.workflows) {
  if (options.delivery == MemoryStoreOptions::Delivery::callers_thread) return;
  thread_ = std::make_unique<WorkerPool>(
      WorkerPoolOptions{.threads = 1, .queue_max = commits_queued_max});
}

MemoryRuns::~MemoryRuns() = default;

void MemoryRuns::commit(Commit batch, Done done) {
  auto const waiting =
      std::make_shared<Waiting>(Waiting{.batch = std::move(batch), .done = std::move(done)});
  if (!thread_) {
    {
      std::lock_guard const lock(mutex_);
      waiting_.push_back(std::move(*waiting));
    }
    return deliver_waiting();
  }
  Result<void> accepted =
      thread_->submit([this, waiting] { waiting->done(write(waiting->batch)); });
  if (!accepted.ok()) waiting->done(std::move(accepted));
}

// A commit made inside `done` is delivered after that `done` returns: no recursion however long the
// chain.
void MemoryRuns::deliver_waiting() {
  std::unique_lock lock(mutex_);
  if (delivering_) return;
  delivering_ = true;
  while (!waiting_.empty()) {
    Waiting next = std::move(waiting_.front());
    waiting_.pop_front();
    lock.unlock();
    next.done(write(next.batch));
    lock.lock();
  }
  delivering_ = false;
}

Result<void> MemoryRuns::write(Commit& batch) {
  std::lock_guard const lock(mutex_);
  FAIRLEAD_CHECK(check(batch));
  apply(batch);
  return {};
}

Result<void> MemoryRuns::check(Commit const& batch) {
  if (batch.dispatched_event != 0) {
    FAIRLEAD_CHECK(events_.check_undispatched(batch.dispatched_event));
  }
  if (batch.schedule) FAIRLEAD_CHECK(schedules_.check(*batch.schedule));
  // Where each run stands after the changes before: one batch may hold several of one run.
  std::map<RunId, std::int64_t> last_seqs;
  for (RunChange const& change : batch.runs) {
    RunId const& id = change.run.id;
    FAIRLEAD_CHECK(check_change(change));
    auto const stored = runs_.find(id);
    bool const exists = stored != runs_.end() || last_seqs.contains(id);
    if (change.expected_seq == 0 && exists) return run_exists(id);
    if (change.expected_seq != 0 && !exists) return no_such("run", id.text);
    std::int64_t const present = last_seqs.contains(id) ? last_seqs[id]
                                 : exists               ? stored->second.run.last_seq
                                                        : 0;
    if (present != change.expected_seq) return run_moved_on(id, change.expected_seq, present);
    bool const held = stored != runs_.end() && stored->second.lease != batch.epoch &&
                      alive(stored->second.lease, batch.at);
    bool const dead = stored != runs_.end() && stored->second.lease != batch.epoch &&
                      !nodes_.contains(batch.epoch);
    if (batch.epoch != 0 && (held || dead)) return lease_lost("run " + id.text);
    last_seqs[id] = change.run.last_seq;
  }
  return {};
}

void MemoryRuns::apply(Commit& batch) {
  if (batch.dispatched_event != 0) events_.mark_dispatched(batch.dispatched_event);
  if (batch.schedule) schedules_.apply(*batch.schedule);
  for (RunChange& change : batch.runs) {
    RunId const id = change.run.id;
    Stored& stored = runs_[id];
    if (stored.row == 0) {
      stored.row = ++newest_row_;
      by_row_[stored.row] = id;
      stored.run = std::move(change.run);
    } else {
      update(stored.run, change.run);
    }
    if (batch.epoch != 0) stored.lease = batch.epoch;
    for (JournalEntry& entry : change.journal)
      stored.journal.push_back(std::move(entry));
    for (std::string const& key : change.timers_cleared)
      stored.timers.erase(key);
    for (TimerRecord const& timer : change.timers_set) {
      auto const of = runs_.find(timer.run.empty() ? id : timer.run);
      if (of != runs_.end()) set_timer(of->second.timers[timer.key], timer, recent_);
    }
    apply_listeners(stored, change);
    for (EventRecord const& event : change.events)
      events_.append_locked(event);
  }
  for (std::string const& id : batch.partials_cleared)
    std::erase_if(partials_, [&](auto const& each) { return each.id == id; });
  for (PartialMatchRecord& partial : batch.partials_set) {
    auto const same = std::find_if(partials_.begin(), partials_.end(),
                                   [&](auto const& each) { return each.id == partial.id; });
    if (same == partials_.end()) {
      partials_.push_back(std::move(partial));
    } else {
      same->state = std::move(partial.state);
    }
  }
}

void MemoryRuns::apply_listeners(Stored& stored, RunChange& change) {
  for (std::string const& key : change.listeners_cleared) {
    auto const found = stored.listeners.find(key);
    if (found == stored.listeners.end()) continue;
    listeners_.erase(found->second);
    stored.listeners.erase(found);
  }
  for (ListenerRecord& listener : change.listeners_set) {
    auto const [known, fresh] = stored.listeners.try_emplace(listener.key, last_listener_ + 1);
    if (fresh) {
      listeners_[++last_listener_] = std::move(listener);
    } else {
      listeners_.at(known->second).expected = std::move(listener.expected);
    }
  }
}

Result<Page<ListenerRecord>> MemoryRuns::listeners(std::string const& cursor, int limit) {
  FAIRLEAD_TRY(std::int64_t const below_row, row_from_cursor(cursor));
  auto const rows = static_cast<std::size_t>(clamp_rows(limit));
  std::lock_guard const lock(mutex_);
  Page<ListenerRecord> page;
  std::int64_t last_row = 0;
  auto const end = std::make_reverse_iterator(listeners_.begin());
  for (auto at = std::make_reverse_iterator(listeners_.lower_bound(below_row)); at != end; ++at) {
    if (page.items.size() == rows) {
      page.next_cursor = cursor_from_row(last_row);
      return page;
    }
    page.items.push_back(at->second);
    last_row = at->first;
  }
  return page;
}

Result<std::optional<ListenerRecord>> MemoryRuns::listener(RunId const& run, std::string_view key) {
  std::lock_guard const lock(mutex_);
  auto const stored = runs_.find(run);
  if (stored == runs_.end()) return std::optional<ListenerRecord>();
  auto const found = stored->second.listeners.find(key);
  if (found == stored->second.listeners.end()) return std::optional<ListenerRecord>();
  return std::optional(listeners_.at(found->second));
}

Result<std::vector<PartialMatchRecord>> MemoryRuns::partials(std::string_view workflow, int limit) {
  std::lock_guard const lock(mutex_);
  std::vector<PartialMatchRecord> found;
  for (auto const& each : partials_) {
    if (each.workflow == workflow) found.push_back(each);
  }
  std::stable_sort(found.begin(), found.end(),
                   [](auto const& a, auto const& b) { return a.began_at < b.began_at; });
  if (found.size() > static_cast<std::size_t>(clamp_rows(limit))) {
    found.resize(static_cast<std::size_t>(clamp_rows(limit)));
  }
  return found;
}

Result<int> MemoryRuns::remove_partials(Time before, int limit) {
  std::lock_guard const lock(mutex_);
  int removed = 0;
  std::erase_if(partials_, [&](auto const& each) {
    if (each.began_at >= before || removed == clamp_rows(limit)) return false;
    ++removed;
    return true;
  });
  return removed;
}

Result<RunRecord> MemoryRuns::get(RunId const& id) {
  std::lock_guard const lock(mutex_);
  auto const found = runs_.find(id);
  if (found == runs_.end()) return no_such("run", id.text);
  return found->second.run;
}

Result<Page<RunRecord>> MemoryRuns::list(RunFilter const& filter, std::string const& cursor,
                                         int limit) {
  FAIRLEAD_TRY(std::int64_t const below_row, row_from_cursor(cursor));
  auto const rows = static_cast<std::size_t>(clamp_rows(limit));
  std::lock_guard const lock(mutex_);
  Page<RunRecord> page;
  std::int64_t last_row = 0;
  auto const end = std::make_reverse_iterator(by_row_.begin());
  for (auto at = std::make_reverse_iterator(by_row_.lower_bound(below_row)); at != end; ++at) {
    RunRecord const& run = runs_.at(at->second).run;
    if (!matches(filter, run)) continue;
    if (page.items.size() == rows) {
      page.next_cursor = cursor_from_row(last_row);
      return page;
    }
    page.items.push_back(run);
    last_row = at->first;
  }
  return page;
}

Result<std::vector<JournalEntry>> MemoryRuns::journal(RunId const& id, std::int64_t after_seq,
                                                      int limit) {
  std::lock_guard const lock(mutex_);
  auto const found = runs_.find(id);
  if (found == runs_.end()) return no_such("run", id.text);
  std::vector<JournalEntry> const& all = found->second.journal;
  // Entry n lies at n - 1.
  auto const first = std::clamp<std::int64_t>(after_seq, 0, static_cast<std::int64_t>(all.size()));
  auto const count =
      std::min<std::int64_t>(clamp_rows(limit), static_cast<std::int64_t>(all.size()) - first);
  return std::vector<JournalEntry>(all.begin() + first, all.begin() + first + count);
}

Result<std::vector<RunRecord>> MemoryRuns::unfinished(RunId const& after, int limit) {
  auto const rows = static_cast<std::size_t>(clamp_rows(limit));
  std::lock_guard const lock(mutex_);
  std::vector<RunRecord> found;
  for (auto at = runs_.upper_bound(after); at != runs_.end() && found.size() < rows; ++at) {
    if (!at->second.run.ended_at) found.push_back(at->second.run);
  }
  return found;
}

Result<std::vector<TimerRecord>> MemoryRuns::due_timers(Time now, int limit) {
  std::lock_guard const lock(mutex_);
  std::set<std::tuple<Time, std::int64_t, std::string>> due;
  for (auto const& [id, stored] : runs_) {
    for (auto const& [key, timer] : stored.timers) {
      if (timer.due_at <= now) due.emplace(timer.due_at, stored.row, key);
    }
  }
  std::vector<TimerRecord> found;
  for (auto const& [due_at, row, key] : due) {
    if (found.size() == static_cast<std::size_t>(clamp_rows(limit))) break;
    RunId const& run = by_row_.at(row);
    TimerRecord timer = runs_.at(run).timers.at(key);
    timer.run = run;
    found.push_back(std::move(timer));
  }
  return found;
}

Result<std::optional<Time>> MemoryRuns::next_timer() {
  std::lock_guard const lock(mutex_);
  std::optional<Time> next;
  for (auto const& [id, stored] : runs_) {
    for (auto const& [key, timer] : stored.timers) {
      if (!next || timer.due_at < *next) next = timer.due_at;
    }
  }
  return next;
}

Result<std::int64_t> MemoryRuns::wake(std::string const& key, Time now) {
  std::lock_guard const lock(mutex_);
  recent_.remember(key, now);
  std::int64_t woken = 0;
  for (auto& [id, stored] : runs_) {
    for (auto& [name, timer] : stored.timers) {
      if (key.empty() || timer.wake_key != key) continue;
      timer.due_at = std::min(timer.due_at, now);
      timer.woken = true;
      ++woken;
    }
  }
  return woken;
}

Result<std::vector<std::string>> MemoryRuns::keys(WakeKeysAsk const& ask) {
  std::lock_guard const lock(mutex_);
  std::set<std::string> found;
  for (auto const& [id, stored] : runs_) {
    for (auto const& [name, timer] : stored.timers) {
      bool const wanted = !timer.wake_key.empty() && timer.wake_key.starts_with(ask.prefix);
      if (wanted && timer.wake_key > ask.after) found.insert(timer.wake_key);
    }
  }
  std::vector<std::string> page(found.begin(), found.end());
  if (page.size() > static_cast<std::size_t>(ask.limit))
    page.resize(static_cast<std::size_t>(ask.limit));
  return page;
}

Result<std::vector<WakeWait>> MemoryRuns::waits(WakeKeysAsk const& ask) {
  std::lock_guard const lock(mutex_);
  std::set<WakeWait> found;
  for (auto const& [id, stored] : runs_) {
    for (auto const& [name, timer] : stored.timers) {
      bool const wanted = !timer.wake_key.empty() && timer.wake_key.starts_with(ask.prefix);
      if (wanted && timer.wake_key > ask.after)
        found.insert({.key = timer.wake_key, .run = stored.run.id});
    }
  }
  std::vector<WakeWait> page(found.begin(), found.end());
  if (page.size() > static_cast<std::size_t>(ask.limit))
    page.resize(static_cast<std::size_t>(ask.limit));
  return page;
}

}  // namespace fairlead::store
