#include "run/scheduler.h"

#include <algorithm>
#include <vector>

#include "run/schedule_times.h"

namespace fairlead::run {
namespace {

workflow::Schedule const& schedule_of(DocumentPtr const& document) { return *document->schedule; }

// Until `until`, unless the clock was set back.
bool rests(Time until, Time now) { return now < until && now >= until - schedule_retry; }

// The row as it is the moment a plan comes into force.
Result<store::ScheduleRecord> begin(store::ScheduleRecord row, DocumentPtr const& document,
                                    Time now) {
  row.workflow_namespace = document->workflow_namespace;
  row.workflow_name = document->name;
  row.version = document->version;
  row.plan = plan_of(schedule_of(document));
  row.anchor_at = now;
  row.decided_at = now;
  FAIRLEAD_TRY(row.next_at, next_start(schedule_of(document), now, now));
  return row;
}

std::string cause_of(store::ScheduleRecord const& row, Time due, Time now) {
  std::string cause = "schedule " + row.plan;
  if (now - due > schedule_late) {
    cause +=
        ", was due at " + format_time(due) + ", made up " + format_duration(now - due) + " later";
  }
  return cause;
}

void note_missed(store::ScheduleRecord& row, std::int64_t missed, Time now) {
  if (missed == 0) return;
  row.skipped += missed;
  row.skipped_at = now;
  row.skipped_why = (missed == missed_counted_max ? "at least " : "") + std::to_string(missed) +
                    " more starts were due while none could be made; one run makes up for all";
}

}  // namespace

Scheduler::Scheduler(Parts parts) : parts_(std::move(parts)) {}

Time Scheduler::next() const {
  std::lock_guard const lock(mutex_);
  return next_;
}

std::size_t Scheduler::writing() const {
  std::lock_guard const lock(mutex_);
  return writing_;
}

bool Scheduler::work() {
  Time const now = parts_.clock.now();
  bool any = absorb(now);
  bool const changed = stale_ == Stale::yes || generation_ != parts_.library.generation();
  // What is under way would be read as it was before.
  if (changed && under_way_ == 0 && !rests(reread_at_, now)) {
    auto done = reread();
    if (!done.ok()) {
      reread_at_ = now + schedule_retry;
      parts_.log.error("schedules cannot be read", {{"error", describe(done.error())}});
    }
  }
  bool const long_ago = now - ends_seen_ >= schedule_retry || now < ends_seen_;
  look_for_ends_ = rested_.exchange(false) || long_ago ? Look::yes : Look::no;
  if (look_for_ends_ == Look::yes) ends_seen_ = now;
  any = decide_all(now, parts_.room()) || any;
  std::lock_guard const lock(mutex_);
  next_ = done_.empty() ? soonest(now) : now;
  return any;
}

bool Scheduler::absorb(Time now) {
  std::vector<Done> done;
  {
    std::lock_guard const lock(mutex_);
    done.swap(done_);
  }
  for (auto& each : done) {
    --under_way_;
    auto const found = entries_.find(each.key);
    FAIRLEAD_ASSERT(found != entries_.end(), "entries stay while one of them is written");
    Entry& entry = found->second;
    entry.writing = Entry::Writing::no;
    if (!each.result.ok()) {
      failed(entry, each.result.error(), now);
      stale_ = Stale::yes;
    } else if (each.change.kind == store::ScheduleChange::Kind::remove) {
      entries_.erase(found);
    } else {
      entry.row = std::move(each.change.row);
      entry.row.generation = each.change.expected_generation + 1;
      // A short run may have ended before this row said that it waits for its end.
      if (!entry.row.next_at) rested_ = true;
    }
  }
  return !done.empty();
}

bool Scheduler::decide_all(Time now, std::size_t room) {
  bool any = false;
  for (auto& [key, entry] : entries_) {
    if (entry.writing == Entry::Writing::yes || rests(entry.retry_at, now)) continue;
    auto decision = decide(entry, now);
    if (!decision.ok()) failed(entry, decision.error(), now);
    if (!decision.ok() || !*decision) continue;
    if ((*decision)->run && room == 0) {
      entry.retry_at = now + schedule_retry;
      continue;
    }
    if ((*decision)->run) --room;
    commit(key, entry, std::move(**decision));
    any = true;
  }
  return any;
}

Result<void> Scheduler::reread() {
  int const generation = parts_.library.generation();
  FAIRLEAD_TRY(auto rows, parts_.store.schedules().list());
  FAIRLEAD_TRY(auto const documents, parts_.library.latest());
  std::map<Key, Entry> entries;
  for (auto& row : rows) {
    Key key(row.workflow_namespace, row.workflow_name);
    entries[std::move(key)].row = std::move(row);
  }
  for (auto const& document : documents) {
    if (!starts_by_time(*document)) continue;
    entries[Key(document->workflow_namespace, document->name)].document = document;
  }
  // What failed rests all the same.
  for (auto& [key, entry] : entries) {
    auto const before = entries_.find(key);
    if (before != entries_.end()) entry.retry_at = before->second.retry_at;
  }
  entries_ = std::move(entries);
  generation_ = generation;
  stale_ = Stale::no;
  rested_ = true;
  return {};
}

Result<std::optional<Scheduler::Decision>> Scheduler::decide(Entry const& entry, Time now) {
  auto const& row = entry.row;
  Decision decision;
  decision.change.expected_generation = row.generation;
  decision.change.row = row;
  if (!entry.document) {
    decision.change.kind = store::ScheduleChange::Kind::remove;
    return std::optional(std::move(decision));
  }
  bool const same_plan = row.generation != 0 && row.plan == plan_of(schedule_of(entry.document));
  bool const clock_back = same_plan && now < row.decided_at - clock_back_max;
  if (!same_plan || clock_back) {
    if (clock_back) {
      parts_.log.warning("the clock was set back; a schedule counts anew",
                         {{"workflow", row.workflow_namespace + "/" + row.workflow_name}});
    }
    FAIRLEAD_TRY(decision.change.row, begin(row, entry.document, now));
    return std::optional(std::move(decision));
  }
  if (row.next_at && *row.next_at <= now) return start(entry, now);
  if (!row.next_at && schedule_of(entry.document).after) return wait_for_end(entry, now);
  if (row.version == entry.document->version) return std::optional<Decision>();
  // A new version with the same times takes over where the old one stood.
  decision.change.row.version = entry.document->version;
  decision.change.row.decided_at = now;
  return std::optional(std::move(decision));
}

Result<std::optional<Scheduler::Decision>> Scheduler::start(Entry const& entry, Time now) {
  auto const& schedule = schedule_of(entry.document);
  Time const due = *entry.row.next_at;
  Decision decision;
  decision.change.expected_generation = entry.row.generation;
  auto& row = decision.change.row = entry.row;
  row.version = entry.document->version;
  row.decided_at = now;
  row.next_at.reset();
  if (!schedule.after) {
    FAIRLEAD_TRY(row.next_at, next_start(schedule, row.anchor_at, now));
  }
  FAIRLEAD_TRY(std::int64_t const missed, missed_between(schedule, due, now));
  note_missed(row, missed, now);
  if (schedule.overlap == workflow::Schedule::Overlap::skip && !row.last_run.text.empty()) {
    FAIRLEAD_TRY(bool const ended, has_ended(row.last_run));
    if (!ended) {
      row.skipped += 1;
      row.skipped_at = due;
      row.skipped_why = "run " + row.last_run.text + " had not ended, and overlap is skip";
      return std::optional(std::move(decision));
    }
  }
  decision.run = make_run({.document = entry.document,
                           .input = Json::object(),
                           .cause = cause_of(row, due, now),
                           .lifecycle = &parts_.lifecycle},
                          parts_.clock, parts_.random);
  row.last_at = due;
  row.last_run = decision.run->change.run.id;
  return std::optional(std::move(decision));
}

Result<std::optional<Scheduler::Decision>> Scheduler::wait_for_end(Entry const& entry, Time now) {
  if (look_for_ends_ == Look::no) return std::optional<Decision>();
  std::optional<Time> ended_at;
  FAIRLEAD_TRY(bool const ended, has_ended(entry.row.last_run, &ended_at));
  if (!ended) return std::optional<Decision>();
  Decision decision;
  decision.change.expected_generation = entry.row.generation;
  decision.change.row = entry.row;
  decision.change.row.decided_at = now;
  // An end in the future was written by a clock that was set back since.
  Time const from = std::min(ended_at.value_or(now), now);
  FAIRLEAD_TRY(decision.change.row.next_at,
               next_start(schedule_of(entry.document), entry.row.anchor_at, from));
  return std::optional(std::move(decision));
}

// A run that is not there any more has ended.
Result<bool> Scheduler::has_ended(RunId const& run, std::optional<Time>* ended_at) {
  auto record = parts_.store.runs().get(run);
  if (!record.ok() && record.error().kind == ErrorKind::not_found) return true;
  if (!record.ok()) return record.error();
  if (ended_at != nullptr) *ended_at = record->ended_at;
  return record->ended_at.has_value();
}

void Scheduler::failed(Entry& entry, Error const& error, Time now) {
  entry.retry_at = now + schedule_retry;
  parts_.log.error("a schedule cannot go on",
                   {{"workflow", entry.row.workflow_namespace + "/" + entry.row.workflow_name},
                    {"error", describe(error)}});
}

Time Scheduler::soonest(Time now) const {
  Time next = stale_ == Stale::yes ? now + schedule_retry : Time::max();
  for (auto const& [key, entry] : entries_) {
    if (entry.writing == Entry::Writing::yes || !entry.row.next_at) continue;
    next = std::min(next, std::max(*entry.row.next_at, entry.retry_at));
  }
  return next;
}

void Scheduler::commit(Key const& key, Entry& entry, Decision decision) {
  entry.writing = Entry::Writing::yes;
  ++under_way_;
  {
    std::lock_guard const lock(mutex_);
    ++writing_;
  }
  auto const shared = std::make_shared<Decision>(std::move(decision));
  store::Commit batch;
  batch.epoch = parts_.lease == nullptr ? 0 : parts_.lease->epoch();
  batch.at = parts_.clock.now();
  batch.schedule = shared->change;
  if (shared->run) batch.runs.push_back(std::move(shared->run->change));
  parts_.store.runs().commit(std::move(batch), [this, key, shared](Result<void> const& result) {
    if (result.ok() && shared->run) parts_.adopt(std::move(shared->run->run));
    finish({.key = key, .change = std::move(shared->change), .result = result});
  });
}

void Scheduler::finish(Done done) {
  // All under the lock: when nothing is under way any more, the scheduler may be destroyed.
  std::lock_guard const lock(mutex_);
  done_.push_back(std::move(done));
  next_ = Time{};
  --writing_;
  parts_.wake();
}

}  // namespace fairlead::run
