#include "tests/sim/sim_store.h"

#include <algorithm>

#include "run/undo.h"

namespace fairlead::sim {
namespace {

constexpr int slow_kept_max = 8;

Error process_is_gone() { return make_error(ErrorKind::unavailable, "the process is gone"); }

Error disk_refuses() {
  Error error = make_error(ErrorKind::unavailable, "the disk takes nothing now");
  error.remedy = "Wait.";
  return error;
}

}  // namespace

std::string SimStore::name_of(RunId const& run) {
  auto const [at, fresh] = names_.try_emplace(run, static_cast<int>(names_.size()) + 1);
  return "r" + std::to_string(at->second);
}

SimStore::Fate SimStore::fate_of(std::string_view what) {
  ++writes_;
  if (setting_.dead) return Fate::refused;
  if (!setting_.is_rough()) return Fate::kept;
  if (dice_.per_mille(setting_.rough.crash_at_write)) {
    bool const before = dice_.once_in(2);
    setting_.die((before ? "before " : "after ") + std::string(what));
    return before ? Fate::lost : Fate::unheard;
  }
  if (!dice_.per_mille(setting_.rough.refused_write)) return Fate::kept;
  setting_.trace.line("refused " + std::string(what));
  return Fate::refused;
}

void SimStore::note(store::Commit const& batch) {
  std::string text = "commit";
  if (batch.dispatched_event != 0) text += " event " + std::to_string(batch.dispatched_event);
  for (auto const& change : batch.runs) {
    text += " " + name_of(change.run.id) + " " + change.run.status + " " +
            std::to_string(change.expected_seq) + "+" + std::to_string(change.journal.size());
    for (auto const& entry : change.journal)
      text += " " + entry.kind + (entry.task.empty() ? "" : "@" + entry.task);
    for (auto const& timer : change.timers_set)
      text += " arm " + timer.key;
    if (!change.run.waiting_for.empty()) text += " (" + change.run.waiting_for + ")";
  }
  setting_.trace.line(text);
}

void SimStore::mutate(store::Commit& batch) {
  if (setting_.mutation == Mutation::event_mark_dropped) batch.dispatched_event = 0;
  if (setting_.mutation == Mutation::child_not_born) {
    std::erase_if(batch.runs, [](store::RunChange const& change) {
      return !change.run.parent_run.empty() && change.expected_seq == 0;
    });
  }
  if (setting_.mutation == Mutation::cancel_forgotten) {
    for (auto& change : batch.runs)
      std::erase_if(change.timers_set,
                    [](auto const& each) { return run::is_undo_timer(each.key); });
  }
  if (setting_.mutation == Mutation::schedule_not_moved && !batch.runs.empty())
    batch.schedule.reset();
}

void SimStore::write(store::Commit batch, Done done) {
  for (auto const& change : batch.runs) {
    for (auto const& timer : change.timers_set)
      armed_here_.emplace(timer.run, timer.key);
  }
  auto const schedule = batch.schedule;
  bool const starts = schedule && !batch.runs.empty() && schedule->row.last_at;
  kept_.runs().commit(std::move(batch), [&](Result<void> result) {
    if (starts && result.ok())
      starts_by_time_[schedule->row.workflow_name].push_back(*schedule->row.last_at);
    done(std::move(result));
  });
}

void SimStore::commit(store::Commit batch, Done done) {
  Fate const fate = fate_of("commit");
  if (setting_.dead && fate == Fate::refused) return done(process_is_gone());
  note(batch);
  mutate(batch);
  switch (fate) {
    case Fate::refused:
      return done(disk_refuses());
    case Fate::lost:
      return done(process_is_gone());
    case Fate::unheard:
      // In the order they came: the disk had those before this one.
      pump(Pump::all);
      return write(std::move(batch), [done](Result<void> const&) { done(process_is_gone()); });
    case Fate::kept:
      break;
  }
  if (setting_.mutation == Mutation::commit_after_execute) {
    slow_.push_back({std::move(batch), [](Result<void> const&) {}});
    return done({});
  }
  bool const slow = setting_.is_rough() && dice_.per_mille(setting_.rough.slow_write);
  if (slow || !slow_.empty()) {
    slow_.push_back({std::move(batch), std::move(done)});
    return;
  }
  write(std::move(batch), std::move(done));
}

void SimStore::pump(Pump how) {
  while (!slow_.empty()) {
    bool const enough = how == Pump::some && slow_.size() < slow_kept_max && !dice_.once_in(3);
    if (enough && !setting_.dead) return;
    Slow next = std::move(slow_.front());
    slow_.pop_front();
    if (setting_.dead && how == Pump::some) {
      next.done(process_is_gone());
      continue;
    }
    write(std::move(next.batch), std::move(next.done));
  }
}

void SimStore::forget_process() {
  for (auto& each : std::exchange(slow_, {}))
    each.done(process_is_gone());
  armed_here_.clear();
}

Result<store::RunRecord> SimStore::get(RunId const& id) {
  if (setting_.dead) return process_is_gone();
  return kept_.runs().get(id);
}

Result<store::Page<store::RunRecord>> SimStore::list(store::RunFilter const& filter,
                                                     std::string const& cursor, int limit) {
  return kept_.runs().list(filter, cursor, limit);
}

Result<std::vector<store::JournalEntry>> SimStore::journal(RunId const& id, std::int64_t after_seq,
                                                           int limit) {
  if (setting_.dead) return process_is_gone();
  return kept_.runs().journal(id, after_seq, limit);
}

Result<std::vector<store::RunRecord>> SimStore::unfinished(RunId const& after, int limit) {
  return kept_.runs().unfinished(after, limit);
}

Result<std::vector<store::TimerRecord>> SimStore::due_timers(Time now, int limit) {
  if (setting_.dead) return process_is_gone();
  FAIRLEAD_TRY(auto due, kept_.runs().due_timers(now, limit));
  if (setting_.mutation == Mutation::timer_lost && setting_.life > 1) {
    std::erase_if(due, [&](auto const& timer) {
      return !armed_here_.contains({timer.run, timer.key});
    });
  }
  return due;
}

Result<std::optional<Time>> SimStore::next_timer() {
  if (setting_.dead) return process_is_gone();
  return kept_.runs().next_timer();
}

Result<store::AppendedEvent> SimStore::append(store::EventRecord const& event) {
  FAIRLEAD_TRY(auto const all, append_all({event}));
  return all.front();
}

Result<std::vector<store::AppendedEvent>> SimStore::append_all(
    std::vector<store::EventRecord> const& events) {
  std::string names;
  for (auto const& event : events)
    names += " " + event.id;
  Fate const fate = fate_of("append");
  switch (fate) {
    case Fate::refused:
      return setting_.dead ? process_is_gone() : disk_refuses();
    case Fate::lost:
      if (setting_.mutation == Mutation::answer_before_append)
        return std::vector(events.size(), store::AppendedEvent{.seq = 1'000'000 + writes_});
      return process_is_gone();
    case Fate::unheard:
      setting_.trace.line("append" + names);
      (void)kept_.events().append_all(events);
      return process_is_gone();
    case Fate::kept:
      break;
  }
  setting_.trace.line("append" + names);
  return kept_.events().append_all(events);
}

Result<std::vector<store::EventRecord>> SimStore::pending(int limit) {
  if (setting_.dead) return process_is_gone();
  return kept_.events().pending(limit);
}

Result<void> SimStore::update(store::ConnectionRecord const& record, std::int64_t expected) {
  Fate const fate = fate_of("connection");
  setting_.trace.line("connection " + record.status + " generation " +
                      std::to_string(record.generation));
  bool const new_pair = record.generation != expected && record.status == "active";
  switch (fate) {
    case Fate::refused:
      return setting_.dead ? process_is_gone() : disk_refuses();
    case Fate::lost:
      return process_is_gone();
    case Fate::unheard:
      (void)kept_.connections().update(record, expected);
      return process_is_gone();
    case Fate::kept:
      break;
  }
  if (new_pair) ++setting_.pairs_stored;
  bool const forget = setting_.mutation == Mutation::token_pair_forgotten && new_pair &&
                      setting_.weather == Setting::Weather::rough;
  if (forget) return {};
  return kept_.connections().update(record, expected);
}

Result<store::ConnectionRecord> SimStore::get(ConnectionId const& id) {
  if (setting_.dead) return process_is_gone();
  return kept_.connections().get(id);
}

// ---- leases: a process that died gives nothing back ----

Result<std::int64_t> SimStore::join(std::string_view node, store::LeaseTerm term) {
  if (setting_.dead) return process_is_gone();
  return kept_.leases().join(node, term);
}

Result<int> SimStore::renew(std::int64_t epoch, store::LeaseTerm term) {
  if (setting_.dead) return process_is_gone();
  return kept_.leases().renew(epoch, term);
}

Result<void> SimStore::leave(std::int64_t epoch) {
  if (setting_.dead) return process_is_gone();
  return kept_.leases().leave(epoch);
}

Result<std::vector<store::RunRecord>> SimStore::claim(store::Claim const& claim) {
  if (setting_.dead) return process_is_gone();
  FAIRLEAD_TRY(auto taken, kept_.leases().claim(claim));
  if (setting_.mutation == Mutation::recovery_incomplete) {
    std::erase_if(taken, [](auto const& run) { return run.status == "running"; });
  }
  return taken;
}

// ---- approvals ----

template <typename Value, typename Write>
Result<Value> SimStore::write_now(std::string_view what, Write write) {
  switch (fate_of(what)) {
    case Fate::refused:
      return setting_.dead ? process_is_gone() : disk_refuses();
    case Fate::lost:
      return process_is_gone();
    case Fate::unheard:
      (void)write();
      return process_is_gone();
    case Fate::kept:
      break;
  }
  return write();
}

Result<std::int64_t> SimStore::insert(store::ApprovalRecord const& record,
                                      store::EventRecord const& event) {
  setting_.trace.line("approval asked by " + name_of(record.run));
  return write_now<std::int64_t>("approval",
                                 [&] { return kept_.approvals().insert(record, event); });
}

Result<std::int64_t> SimStore::update(store::ApprovalRecord const& record,
                                      std::size_t decisions_before,
                                      std::optional<store::EventRecord> const& event) {
  setting_.trace.line("approval of " + name_of(record.run) + " is " + record.status);
  if (setting_.mutation == Mutation::decision_not_stored && setting_.is_rough()) return 0;
  return write_now<std::int64_t>(
      "approval", [&] { return kept_.approvals().update(record, decisions_before, event); });
}

Result<store::ApprovalRecord> SimStore::get(std::string_view id) {
  if (setting_.dead) return process_is_gone();
  return kept_.approvals().get(id);
}

Result<store::Page<store::ApprovalRecord>> SimStore::list(store::ApprovalFilter const& filter,
                                                          std::string const& cursor, int limit) {
  return kept_.approvals().list(filter, cursor, limit);
}

}  // namespace fairlead::sim
