#include "run/inbox.h"

#include <utility>

namespace fairlead::run {
namespace {

// Exact in every JSON reader.
constexpr std::uint64_t seed_bound = std::uint64_t{1} << 53U;

void take_first_commands(ActiveRun& run, store::RunChange& change, std::vector<Command> commands) {
  for (Command& command : commands) {
    if (auto* evaluate = std::get_if<Evaluate>(&command)) {
      run.held.emplace_back(std::move(*evaluate));
    } else if (auto* call = std::get_if<Call>(&command)) {
      run.held.emplace_back(std::move(*call));
    } else if (auto* emit = std::get_if<Emit>(&command)) {
      run.held.emplace_back(std::move(*emit));
    } else if (auto* listen = std::get_if<Listen>(&command)) {
      run.held.emplace_back(std::move(*listen));
    } else if (auto* set = std::get_if<SetListener>(&command)) {
      change.listeners_set.push_back(std::move(set->listener));
    } else if (std::holds_alternative<ClearListener>(command)) {
      // A run that is new has none in the store.
    } else if (auto* arm = std::get_if<ArmTimer>(&command)) {
      std::erase_if(change.timers_set, [&](auto const& timer) { return timer.key == arm->key; });
      change.timers_set.push_back({.run = run.state.id, .key = arm->key, .due_at = arm->due_at});
    } else {
      auto const& key = std::get<ClearTimer>(command).key;
      std::erase_if(change.timers_set, [&](auto const& timer) { return timer.key == key; });
    }
  }
}

}  // namespace

NewRun make_run(NewRun::Source source, Clock const& clock, Random& random) {
  Time const now = clock.now();
  auto const& document = *source.document;
  auto run = std::make_unique<ActiveRun>();
  run->row = {.id = RunId(uuid7(random, now)),
              .workflow_namespace = document.workflow_namespace,
              .workflow_name = document.name,
              .workflow_version = document.version,
              .cause = source.cause,
              .event_seq = source.event_seq,
              .started_at = now};
  Event const event{.at = now,
                    .what = Started{.workflow_namespace = document.workflow_namespace,
                                    .name = document.name,
                                    .version = document.version,
                                    .input = source.input,
                                    .cause = source.cause,
                                    .seed = random_below(random, seed_bound),
                                    .event_seq = source.event_seq}};
  Step step = advance(new_run(run->row.id, source.document), event);
  store::RunChange change;
  change.journal = journal_of(event, step, 0);
  run->state = std::move(step.state);
  fill_row(run->row, run->state);
  run->row.last_seq = static_cast<std::int64_t>(change.journal.size());
  take_first_commands(*run, change, std::move(step.commands));
  change.run = run->row;
  change.run.input = std::move(source.input);
  return {.run = std::move(run), .change = std::move(change)};
}

Inbox::Inbox(Parts parts) : parts_(std::move(parts)) {}

std::size_t Inbox::under_way() const {
  std::lock_guard const lock(mutex_);
  return under_way_.size();
}

bool Inbox::is_under_way(std::int64_t seq) const {
  std::lock_guard const lock(mutex_);
  return under_way_.contains(seq);
}

bool Inbox::work() {
  if (parts_.room() == 0) return false;
  if (under_way() > events_under_way_max) {
    more_ = true;
    // finish() may have been here in between.
    if (under_way() > events_under_way_max) return false;
  }
  if (!news_.exchange(false)) return false;
  auto events = parts_.store.events().pending(events_page);
  auto workflows = parts_.library.latest();
  if (!events.ok() || !workflows.ok()) {
    Error const& error = events.ok() ? workflows.error() : events.error();
    parts_.log.error("the inbox cannot be read", {{"error", describe(error)}});
    return false;
  }
  bool any = false;
  for (auto const& event : *events) {
    if (is_under_way(event.seq)) continue;
    if (parts_.room() == 0) {
      news_ = true;
      break;
    }
    dispatch(event, *workflows);
    any = true;
  }
  bool const full = events->size() >= static_cast<std::size_t>(events_page);
  more_ = full;
  if (full && any && under_way() <= events_under_way_max) news_ = true;
  return any;
}

// An event whose runs are being told of it.
struct Inbox::Dispatch {
  std::int64_t seq{0};
  store::Commit batch;
  std::shared_ptr<std::vector<std::unique_ptr<ActiveRun>>> runs;
  std::atomic<std::size_t> waiting{1};
  std::atomic<bool> failed{false};
};

void Inbox::dispatch(store::EventRecord const& event, std::vector<DocumentPtr> const& workflows) {
  auto starts = trigger::starts_for(event, workflows, parts_.evaluator);
  for (auto const& problem : starts.problems) {
    parts_.log.warning("an event filter failed",
                       {{"event", event.seq}, {"error", describe(problem)}});
  }
  auto hits = parts_.listening.heard_by(event);
  for (auto const& problem : hits.problems) {
    parts_.log.warning("the event filter of a listening run failed",
                       {{"event", event.seq}, {"error", describe(problem)}});
  }
  auto dispatch = std::make_shared<Dispatch>();
  dispatch->seq = event.seq;
  dispatch->batch.dispatched_event = event.seq;
  dispatch->runs = std::make_shared<std::vector<std::unique_ptr<ActiveRun>>>();
  for (auto& start : starts.runs) {
    NewRun made = make_run({.document = std::move(start.document),
                            .input = std::move(start.input),
                            .cause = std::move(start.cause),
                            .event_seq = event.seq},
                           parts_.clock, parts_.random);
    dispatch->batch.runs.push_back(std::move(made.change));
    dispatch->runs->push_back(std::move(made.run));
  }
  {
    std::lock_guard const lock(mutex_);
    under_way_.insert(event.seq);
  }
  dispatch->waiting += hits.hits.size();
  for (auto& hit : hits.hits) {
    parts_.hear(hit.run, Heard{.frame = hit.frame, .event = std::move(hit.event)},
                [this, dispatch](Result<void> result) { answered(dispatch, result); });
  }
  answered(dispatch, {});
}

// Once more than there are runs to be told: the last answer goes on.
void Inbox::answered(std::shared_ptr<Dispatch> const& dispatch, Result<void> const& result) {
  // A run that is gone or cannot be read will not hear it on another try.
  bool const gone = !result.ok() && (result.error().kind == ErrorKind::not_found ||
                                     result.error().kind == ErrorKind::corrupt);
  if (!result.ok() && !gone) dispatch->failed = true;
  if (--dispatch->waiting > 0) return;
  if (dispatch->failed) {
    finish(dispatch->seq, {}, make_error(ErrorKind::unavailable, "a run could not be told of it"));
    return;
  }
  ++writing_;
  parts_.store.runs().commit(std::move(dispatch->batch), [this, dispatch](Result<void> done) {
    finish(dispatch->seq, std::move(*dispatch->runs), done);
    --writing_;
  });
}

void Inbox::finish(std::int64_t seq, std::vector<std::unique_ptr<ActiveRun>> runs,
                   Result<void> const& result) {
  if (result.ok()) {
    for (auto& run : runs)
      parts_.adopt(std::move(run));
  } else {
    // It stays in the inbox and is looked at again.
    parts_.log.error("an event could not be dispatched",
                     {{"event", seq}, {"error", describe(result.error())}});
  }
  // All under the lock: when nothing is under way any more, the inbox may be destroyed.
  std::lock_guard const lock(mutex_);
  under_way_.erase(seq);
  if (under_way_.size() > events_under_way_max || !more_.exchange(false)) return;
  news_ = true;
  parts_.wake();
}

}  // namespace fairlead::run
