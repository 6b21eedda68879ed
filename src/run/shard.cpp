#include "run/shard.h"

#include <algorithm>
#include <utility>

#include "base/text.h"

#include "run/births.h"
#include "run/children.h"
#include "run/pause.h"
#include "run/problem.h"
#include "store/wakes.h"

namespace fairlead::run {
namespace {

Error has_ended_error(RunState const& state) {
  Error error = make_error(ErrorKind::conflict, "Run " + state.id.text + " is " +
                                                    std::string(to_string(state.status)) + ".");
  error.cause = "There is nothing in it that this could change.";
  return error;
}

Error shutting_down_error() {
  return make_error(ErrorKind::unavailable, "The server is shutting down.");
}

store::TimerRecord timer_of(ActiveRun const& run, ArmTimer const& arm) {
  auto const seen = run.wakes_seen.find(arm.frame);
  return {.run = run.state.id,
          .key = arm.key,
          .due_at = arm.due_at,
          .wake_key = arm.wake_key,
          .wakes_seen = seen == run.wakes_seen.end() ? 0 : seen->second};
}

// The timer that an event is about, if it is about one.
std::string const* timer_in(What const& what) {
  if (auto const* fired = std::get_if<TimerFired>(&what)) return &fired->key;
  if (auto const* woken = std::get_if<Woken>(&what)) return &woken->key;
  return nullptr;
}

Json journal_full(std::size_t bytes_max) {
  Json problem = make_problem({.kind = "runtime",
                               .status = 413,
                               .title = "History too large",
                               .detail = "The history of this run has reached " +
                                         with_thousands(static_cast<long long>(bytes_max)) +
                                         " bytes, which is the most one run may keep."},
                              "");
  problem.set("remedy", "Split the work over several runs (`run: workflow`), or pass less data.");
  return problem;
}

// A child that is born in the same commit has no row before its own change.
std::vector<store::TimerRecord>& timers_for(ActiveRun& run, store::RunChange& change,
                                            RunId const& child) {
  for (auto& birth : run.births) {
    if (birth->made.run->state.id == child) return birth->made.change.timers_set;
  }
  return change.timers_set;
}

bool armed(RunState const& state, std::string const& key) {
  auto const colon = key.find(':');
  if (colon == std::string::npos) return false;
  auto const frame = state.frames.find(std::atoi(key.c_str() + colon + 1));
  return frame != state.frames.end() && frame->second.timers.contains(key.substr(0, colon));
}

}  // namespace

void fill_row(store::RunRecord& row, RunState const& state) {
  row.status = std::string(to_string(state.status));
  row.waiting_for = state.waiting_for;
  row.output = state.output;
  row.error = state.problem;
  row.ended_at = state.ended_at;
}

Shard::Shard(Parts parts, ShardLimits limits) : parts_(std::move(parts)), limits_(limits) {}

// ---- messages ----

// Rings under the lock: whoever takes the last message may destroy the shard right afterwards.
void Shard::post(Message message) {
  std::lock_guard const lock(mutex_);
  messages_.push_back(std::move(message));
  ready_.notify_one();
}

void Shard::adopt(std::unique_ptr<ActiveRun> run) { post(Adopt{std::move(run)}); }

void Shard::happen(RunId const& run, What what, RunReply reply) {
  accept({run, 0, std::move(what), std::move(reply), {}});
}

void Shard::happen(store::TimerRecord const& by, What what, RunReply reply) {
  accept({by.run, 0, std::move(what), std::move(reply), by.key});
}

void Shard::accept(Happened message) {
  {
    std::lock_guard const lock(mutex_);
    if (!stopping_ || !message.reply) {
      messages_.emplace_back(std::move(message));
      ready_.notify_one();
      return;
    }
  }
  message.reply(shutting_down_error());
}

void Shard::recover(RunId const& run) { post(Happened{run, 0, Recovered{}, nullptr, {}}); }

void Shard::tick() { post(Tick{}); }

void Shard::wait() {
  std::unique_lock lock(mutex_);
  ready_.wait(lock, [&] { return !messages_.empty() || (stopping_ && writing_ == 0); });
}

void Shard::stop() {
  std::lock_guard const lock(mutex_);
  if (std::exchange(stopping_, true)) return;
  messages_.emplace_back(Stop{});
  ready_.notify_all();
}

bool Shard::finished() const {
  std::lock_guard const lock(mutex_);
  return stopping_ && messages_.empty() && writing_ == 0;
}

bool Shard::work() {
  std::deque<Message> taken;
  {
    std::lock_guard const lock(mutex_);
    taken.swap(messages_);
  }
  for (auto& message : taken) {
    std::visit([this](auto& each) { handle(each); }, message);
  }
  if (!taken.empty()) count();
  return !taken.empty();
}

void Shard::count() {
  std::size_t const before = active_;
  active_ = runs_.size() - idle_.size() + deferred_.size();
  if (before > active_) parts_.changed(std::nullopt);
}

void Shard::count_step(ActiveRun const& run, std::int64_t entries) {
  ++steps_committed_;
  entries_committed_ += static_cast<std::uint64_t>(entries);
  auto const status = run_status_from(run.row.status);
  if (entries > 0 && status) run_counts_.stands(*status);
}

void Shard::handle(Adopt& message) {
  RunId const id = message.run->state.id;
  ActiveRun& run = *message.run;
  run_counts_.started();
  count_step(run, run.row.last_seq);
  if (run.published > 0) parts_.published();
  run.incarnation = ++incarnations_;
  runs_[id] = std::move(message.run);
  tell_followers(run);
  for (Work& work : std::exchange(run.held, {}))
    execute(run, std::move(work));
  commit_if_due(run);
  settle(id);
}

void Shard::handle(Happened& message) {
  if (message.incarnation != 0) {
    auto const found = runs_.find(message.run);
    auto const* scanned = std::get_if<Scanned>(&message.what);
    // Nobody clears its listeners any more.
    if (found == runs_.end() && scanned != nullptr) {
      parts_.listening.clear_frame(message.run, scanned->frame);
    }
    if (found == runs_.end() || found->second->incarnation != message.incarnation) return;
    bool const asked = scanned != nullptr || std::holds_alternative<Evaluated>(message.what);
    --(asked ? found->second->evaluations : found->second->effects);
    apply(*found->second, std::move(message.what), nullptr);
    settle(message.run);
    return;
  }
  bool const present = runs_.contains(message.run);
  if (!present && runs_.size() - idle_.size() >= limits_.active_max) {
    deferred_.push_back(std::move(message));
    return;
  }
  ActiveRun* run = find_or_load(message.run, message.reply);
  if (run == nullptr) return;
  // Reading it back has seen to what was under way.
  if (!std::holds_alternative<Recovered>(message.what)) {
    apply(*run, std::move(message.what), std::move(message.reply), message.timer);
  } else if (message.reply) {
    message.reply({});
  }
  settle(message.run);
}

void Shard::handle(Committed& message) {
  --writing_;
  auto const found = runs_.find(message.run);
  if (found == runs_.end() || found->second->incarnation != message.incarnation) return;
  ActiveRun& run = *found->second;
  run.writing = ActiveRun::Writing::no;
  if (!message.result.ok()) {
    give_up(run, message.result.error());
    return;
  }
  count_step(run, run.row.last_seq - run.told_after);
  for (auto& reply : std::exchange(run.awaiting_commit, {}))
    reply({});
  tell_followers(run);
  for (auto& birth : std::exchange(run.born, {}))
    parts_.adopt(std::move(birth->made.run));
  for (Work& work : std::exchange(run.committing, {}))
    execute(run, std::move(work));
  commit_if_due(run);
  settle(message.run);
}

void Shard::handle(Tick&) {
  for (auto& each : std::exchange(backlog_, {}))
    submit(each.run, each.incarnation, each.work);
  Time const now = parts_.clock.now();
  std::vector<RunId> due;
  for (auto const& [id, at] : reload_) {
    if (at <= now) due.push_back(id);
  }
  for (RunId const& id : due) {
    reload_.erase(id);
    recover(id);
  }
  std::size_t room = limits_.active_max - std::min(limits_.active_max, runs_.size() - idle_.size());
  while (room > 0 && !deferred_.empty()) {
    post(std::move(deferred_.front()));
    deferred_.pop_front();
    --room;
  }
}

void Shard::handle(Stop&) {
  flushing_ = true;
  for (auto& [id, run] : runs_)
    commit_if_due(*run);
  for (auto& each : std::exchange(deferred_, {})) {
    if (each.reply) each.reply(shutting_down_error());
  }
}

void Shard::tell_followers(ActiveRun& run) {
  auto entries = std::exchange(run.told, {});
  if (!parts_.followers.wanted(run.state.id)) return;
  if (entries.empty()) {
    // Came while the commit was under way, and may have read the journal before it was done.
    auto const count = static_cast<int>(run.row.last_seq - run.told_after);
    if (count == 0) return;
    auto read = parts_.store.runs().journal(run.state.id, run.told_after, count);
    if (!read.ok()) {
      parts_.log.error("a follower misses entries of a run",
                       {{"run", run.state.id.text}, {"error", describe(read.error())}});
      return;
    }
    entries = std::move(read).value();
  }
  parts_.followers.tell({.run = run.row, .entries = entries});
}

// ---- memory ----

ActiveRun* Shard::find_or_load(RunId const& id, RunReply const& reply) {
  if (auto const found = runs_.find(id); found != runs_.end()) {
    idle_.erase(id);
    return found->second.get();
  }
  if (broken_.contains(id)) {
    if (reply) reply(make_error(ErrorKind::corrupt, "Run " + id.text + " cannot be read."));
    return nullptr;
  }
  auto loaded = load(id);
  if (!loaded.ok()) {
    Error const& error = loaded.error();
    parts_.log.error("a run cannot be read", {{"run", id.text}, {"error", describe(error)}});
    if (error.kind == ErrorKind::unavailable) {
      reload_[id] = parts_.clock.now() + reload_delay;
    } else if (error.kind != ErrorKind::not_found) {
      broken_.insert(id);
    }
    if (reply) reply(error);
    return nullptr;
  }
  ActiveRun& run = *(runs_[id] = std::move(loaded).value());
  if (wants_recovery(run.state)) apply(run, Recovered{}, nullptr);
  return &run;
}

Result<std::unique_ptr<ActiveRun>> Shard::load(RunId const& id) {
  auto run = std::make_unique<ActiveRun>();
  FAIRLEAD_TRY(run->row, parts_.store.runs().get(id));
  FAIRLEAD_TRY(auto document, parts_.library.get({.workflow_namespace = run->row.workflow_namespace,
                                                  .name = run->row.workflow_name,
                                                  .version = run->row.workflow_version}));
  run->state = new_run(id, std::move(document));
  std::int64_t seq = 0;
  while (seq < run->row.last_seq) {
    FAIRLEAD_TRY(auto page, parts_.store.runs().journal(id, seq, journal_page));
    if (page.empty())
      return make_error(ErrorKind::corrupt, "The journal of run " + id.text + " ends early.");
    seq = page.back().seq;
    for (auto const& entry : page)
      run->journal_bytes += bytes_of(entry.payload);
    FAIRLEAD_TRY(run->state, replay(std::move(run->state), page));
  }
  run->row.last_seq = seq;
  run->row.input = {};
  run->incarnation = ++incarnations_;
  return run;
}

void Shard::settle(RunId const& id) {
  auto const found = runs_.find(id);
  if (found == runs_.end()) return;
  ActiveRun const& run = *found->second;
  bool const written = run.writing == ActiveRun::Writing::no && run.entries.empty() &&
                       run.timers.empty() && run.listeners.empty() && run.held.empty() &&
                       run.births.empty() && run.told_others.empty();
  if (!written) return;
  if (has_ended(run.state.status)) {
    runs_.erase(found);
    return;
  }
  if (run.evaluations > 0 || run.effects > 0) return;
  if (idle_.insert(id).second) idle_order_.push_back(id);
  evict_idle();
}

void Shard::evict_idle() {
  while (idle_order_.size() > limits_.idle_max) {
    if (idle_.erase(idle_order_.front()) > 0) runs_.erase(idle_order_.front());
    idle_order_.pop_front();
  }
}

// What is in memory is no longer what is durable: forget it and read it back. Nothing is lost by
// that: an effect without a journalled answer is looked up.
void Shard::give_up(ActiveRun& run, Error const& error) {
  RunId const id = run.state.id;
  bool const joined_anew = parts_.lease != nullptr && parts_.lease->epoch() != run.epoch;
  parts_.log.error("a step of a run could not be stored; it will be read back",
                   {{"run", id.text}, {"error", describe(error)}});
  for (auto& reply : run.awaiting_commit)
    reply(error);
  for (auto& reply : run.awaiting)
    reply(error);
  for (auto const& birth : run.born)
    parts_.seek(birth->made.run->state.id);
  runs_.erase(id);
  // Another node goes on with it; unless this one has joined anew since, and may have got it back
  // while it still had it in memory.
  if (store::is_lease_lost(error) && !joined_anew) return;
  reload_[id] = parts_.clock.now() + reload_delay;
  parts_.changed(reload_[id]);
}

// ---- one event ----

void Shard::apply(ActiveRun& run, What what, RunReply reply, std::string const& timer) {
  Event const event{.at = parts_.clock.now(), .what = within_caps(std::move(what), limits_.caps)};
  Step step = advance(std::move(run.state), event);
  run.state = std::move(step.state);
  if (!timer.empty()) run.timers[timer] = std::nullopt;
  if (step.effect == Step::Effect::stale && timer.empty()) {
    answer_stale(run, event.what, std::move(reply));
  } else {
    auto const last = run.row.last_seq + static_cast<std::int64_t>(run.entries.size());
    append(run, journal_of(event, step, last));
    if (reply) run.awaiting.push_back(std::move(reply));
    take_commands(run, std::move(step.commands));
  }
  bool const full = run.journal_bytes > limits_.caps.journal_bytes_max;
  if (full && !has_ended(run.state.status) && !std::holds_alternative<LimitReached>(event.what)) {
    apply(run, LimitReached{journal_full(limits_.caps.journal_bytes_max)}, nullptr);
    return;
  }
  commit_if_due(run);
}

void Shard::answer_stale(ActiveRun& run, What const& what, RunReply reply) {
  if (auto const* scanned = std::get_if<Scanned>(&what)) {
    parts_.listening.clear_frame(run.state.id, scanned->frame);
  }
  if (auto const* fired = timer_in(what)) {
    // Its row must not fire for ever.
    if (!armed(run.state, *fired)) run.timers[*fired] = std::nullopt;
    if (reply) reply({});
    return;
  }
  if (!reply) return;
  // Paused already is as good.
  if (run.state.pause && std::holds_alternative<PauseRequested>(what)) return reply({});
  if (!std::holds_alternative<Heard>(what)) return reply(has_ended_error(run.state));
  // Answered only when what made it stale is durable: if a cancel is lost with its commit, the run
  // listens on, and the event must not be gone.
  if (!run.entries.empty()) {
    run.awaiting.push_back(std::move(reply));
  } else if (run.writing == ActiveRun::Writing::yes) {
    run.awaiting_commit.push_back(std::move(reply));
  } else {
    reply({});
  }
}

void Shard::append(ActiveRun& run, std::vector<store::JournalEntry> entries) {
  for (auto& entry : entries) {
    run.journal_bytes += bytes_of(entry.payload);
    run.entries.push_back(std::move(entry));
  }
}

void Shard::take_commands(ActiveRun& run, std::vector<Command> commands) {
  for (Command& command : commands) {
    if (auto* evaluate = std::get_if<Evaluate>(&command)) {
      execute(run, std::move(*evaluate));
    } else if (auto* listen = std::get_if<Listen>(&command)) {
      execute(run, std::move(*listen));
    } else if (auto* set = std::get_if<SetListener>(&command)) {
      run.listeners[set->listener.key] = std::move(set->listener);
    } else if (auto* clear = std::get_if<ClearListener>(&command)) {
      run.listeners[clear->key] = std::nullopt;
    } else if (auto* call = std::get_if<Call>(&command)) {
      run.held.emplace_back(std::move(*call));
    } else if (auto* emit = std::get_if<Emit>(&command)) {
      run.held.emplace_back(std::move(*emit));
    } else if (auto* arm = std::get_if<ArmTimer>(&command)) {
      run.timers[arm->key] = timer_of(run, *arm);
    } else if (auto* disarm = std::get_if<ClearTimer>(&command)) {
      run.timers[disarm->key] = std::nullopt;
    } else if (auto* start = std::get_if<StartRun>(&command)) {
      run.held.emplace_back(std::move(*start));
    } else {
      tell_child(run, command);
    }
  }
}

void Shard::tell_child(ActiveRun& run, Command const& command) {
  Time const now = parts_.clock.now();
  if (auto const* cancel = std::get_if<CancelRun>(&command)) {
    run.told_others.push_back(cancel_timer(cancel->run, run.state.id, now));
  } else if (auto const* hold = std::get_if<HoldRun>(&command)) {
    auto const seq = run.row.last_seq + static_cast<std::int64_t>(run.entries.size());
    run.told_others.push_back(hold_timer(*hold, run.state.id, seq, now));
  }
}

void Shard::commit_if_due(ActiveRun& run) {
  if (run.writing == ActiveRun::Writing::yes) return;
  bool const due =
      !run.held.empty() || !run.timers.empty() || !run.listeners.empty() || !run.awaiting.empty() ||
      !run.births.empty() || !run.told_others.empty() ||
      (!run.entries.empty() && (flushing_ || run.evaluations == 0 || has_ended(run.state.status) ||
                                run.entries.size() >= limits_.entries_max));
  if (due) commit(run);
}

store::Commit Shard::batch_of(ActiveRun& run) {
  store::RunChange change;
  change.expected_seq = run.row.last_seq;
  for (auto& [key, timer] : std::exchange(run.timers, {})) {
    if (timer) {
      change.timers_set.push_back(std::move(*timer));
    } else {
      change.timers_cleared.push_back(key);
    }
  }
  for (auto& [key, listener] : std::exchange(run.listeners, {})) {
    if (listener) {
      change.listeners_set.push_back(std::move(*listener));
    } else {
      change.listeners_cleared.push_back(key);
    }
  }
  for (auto& told : std::exchange(run.told_others, {}))
    timers_for(run, change, told.run).push_back(std::move(told));
  // Once: what it still undoes outside is nothing to the parent.
  if (!run.entries.empty() && !run.row.ended_at) tell_parent(change, run.state);
  fill_row(run.row, run.state);
  run.told_after = run.row.last_seq;
  run.row.last_seq += static_cast<std::int64_t>(run.entries.size());
  change.events = parts_.lifecycle.wanted(*run.state.document, run.row, run.entries);
  change.run = run.row;
  if (parts_.watch) parts_.watch(run.state, run.row.last_seq);
  if (parts_.followers.wanted(run.state.id)) run.told = run.entries;
  change.journal = std::exchange(run.entries, {});
  store::Commit batch;
  batch.runs.push_back(std::move(change));
  for (auto& birth : run.births)
    batch.runs.push_back(std::move(birth->made.change));
  run.born = std::exchange(run.births, {});
  run.epoch = parts_.lease == nullptr ? 0 : parts_.lease->epoch();
  batch.epoch = run.epoch;
  batch.at = parts_.clock.now();
  return batch;
}

void Shard::commit(ActiveRun& run) {
  store::Commit batch = batch_of(run);
  run.committing = std::exchange(run.held, {});
  run.awaiting_commit = std::exchange(run.awaiting, {});
  run.writing = ActiveRun::Writing::yes;
  ++writing_;
  auto done = done_with(run, batch);
  parts_.store.runs().commit(std::move(batch), std::move(done));
}

store::RunStore::Done Shard::done_with(ActiveRun const& run, store::Commit const& batch) {
  std::optional<Time> soonest;
  std::vector<store::ListenerRecord> set;
  for (auto const& change : batch.runs) {
    for (auto const& timer : change.timers_set) {
      // It may have been woken already: then it is due at once.
      Time const due_at = timer.wake_key.empty() ? timer.due_at : parts_.clock.now();
      if (!soonest || due_at < *soonest) soonest = due_at;
    }
    set.insert(set.end(), change.listeners_set.begin(), change.listeners_set.end());
  }
  bool const published =
      std::any_of(batch.runs.begin(), batch.runs.end(),
                  [](store::RunChange const& change) { return !change.events.empty(); });
  return
      [this, id = run.state.id, incarnation = run.incarnation, soonest, published,
       set = std::move(set), cleared = batch.runs.front().listeners_cleared](Result<void> result) {
        if (result.ok()) {
          for (auto const& listener : set)
            parts_.listening.set(listener);
          for (auto const& key : cleared)
            parts_.listening.clear(id, key);
          if (soonest) parts_.changed(soonest);
          if (published) parts_.published();
        }
        post(Committed{id, incarnation, std::move(result)});
      };
}

void Shard::execute(ActiveRun& run, Work work) {
  bool const asks = std::holds_alternative<Evaluate>(work) || std::holds_alternative<Listen>(work);
  auto const* undo = std::get_if<Call>(&work);
  // Nothing in the run waits for an undo.
  if (undo == nullptr || undo->undo == 0) ++(asks ? run.evaluations : run.effects);
  if (auto const* call = std::get_if<Call>(&work)) {
    run.wakes_seen[call->frame] = parts_.store.wakes().newest();
  }
  submit(run.state.id, run.incarnation, work);
}

void Shard::submit(RunId const& run, std::uint64_t incarnation, Work const& work) {
  if (auto const* start = std::get_if<StartRun>(&work)) {
    auto const found = runs_.find(run);
    if (found != runs_.end() && found->second->incarnation == incarnation)
      start_child(*found->second, *start);
    return;
  }
  if (parts_.workers.submit(work, answer_for(run, incarnation, work)).ok()) return;
  backlog_.push_back({.run = run, .incarnation = incarnation, .work = work});
  parts_.changed(parts_.clock.now());
}

Workers::Answer Shard::answer_for(RunId const& run, std::uint64_t incarnation, Work const& work) {
  auto const* call = std::get_if<Call>(&work);
  if (call == nullptr || call->undo == 0) {
    return [this, run, incarnation](What what) {
      post(Happened{run, incarnation, std::move(what), nullptr, {}});
    };
  }
  // The run may be over, and read back only for this answer.
  return [this, run, undo = call->undo, name = call->invocation.name](What const& what) {
    auto const* answer = std::get_if<CallReturned>(&what);
    if (answer == nullptr) return;
    if (answer->error) {
      parts_.log.warning(
          "what a run had waited for could not be cancelled",
          {{"run", run.text}, {"action", name}, {"error", describe(*answer->error)}});
    }
    UndoReturned told{.undo = undo, .attempt = answer->attempt, .error = answer->error};
    post(Happened{run, 0, std::move(told), nullptr, {}});
  };
}

}  // namespace fairlead::run
