#include "run/inbox.h"

#include <algorithm>
#include <iterator>
#include <utility>

#include "base/trace_parent.h"
#include "run/children.h"

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
    } else if (auto* start = std::get_if<StartRun>(&command)) {
      run.held.emplace_back(std::move(*start));
    } else if (auto* listen = std::get_if<Listen>(&command)) {
      run.held.emplace_back(std::move(*listen));
    } else if (auto* set = std::get_if<SetListener>(&command)) {
      change.listeners_set.push_back(std::move(set->listener));
    } else if (std::holds_alternative<ClearListener>(command)) {
      // A run that is new has none in the store.
    } else if (auto* arm = std::get_if<ArmTimer>(&command)) {
      std::erase_if(change.timers_set, [&](auto const& timer) { return timer.key == arm->key; });
      change.timers_set.push_back({.run = run.state.id, .key = arm->key, .due_at = arm->due_at});
    } else if (auto* clear = std::get_if<ClearTimer>(&command)) {
      std::erase_if(change.timers_set, [&](auto const& timer) { return timer.key == clear->key; });
    }
  }
}

// By the distributed tracing extension of CloudEvents; "" if it has none that can be used.
std::string trace_parent_of(store::EventRecord const& event) {
  auto const& text = event.envelope["traceparent"].as_string();
  return parse_trace_parent(text) ? text : std::string();
}

}  // namespace

NewRun make_run(NewRun::Source source, Clock const& clock, Random& random) {
  Time const now = clock.now();
  std::string id = uuid7(random, now);
  std::uint64_t const seed = random_below(random, seed_bound);
  return make_run(std::move(source), {.id = RunId(std::move(id)), .seed = seed}, now);
}

NewRun make_run(NewRun::Source source, NewRun::Identity identity, Time now) {
  auto const& document = *source.document;
  auto run = std::make_unique<ActiveRun>();
  run->row = {.id = std::move(identity.id),
              .workflow_namespace = document.workflow_namespace,
              .workflow_name = document.name,
              .workflow_version = document.version,
              .cause = source.cause,
              .event_seq = source.event_seq,
              .replay_of = source.replay_of,
              .parent_run = source.parent.run,
              .parent_task = source.parent.task,
              .started_at = now};
  Event const event{.at = now,
                    .what = Started{.workflow_namespace = document.workflow_namespace,
                                    .name = document.name,
                                    .version = document.version,
                                    .input = source.input,
                                    .cause = source.cause,
                                    .seed = identity.seed,
                                    .event_seq = source.event_seq,
                                    .replay = std::move(source.replay),
                                    .parent = source.parent,
                                    .depth = source.depth,
                                    .trace_parent = std::move(source.trace_parent)}};
  Step step = advance(new_run(run->row.id, source.document), event);
  store::RunChange change;
  change.journal = journal_of(event, step, 0);
  run->state = std::move(step.state);
  fill_row(run->row, run->state);
  run->row.last_seq = static_cast<std::int64_t>(change.journal.size());
  take_first_commands(*run, change, std::move(step.commands));
  if (source.lifecycle != nullptr) {
    change.events = source.lifecycle->wanted(document, run->row, change.journal);
    run->published = change.events.size();
  }
  tell_parent(change, run->state);
  for (auto const& entry : change.journal)
    run->journal_bytes += bytes_of(entry.payload);
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
  // Those that rest or are under way take no place of those behind them.
  std::size_t const limit = events_page + looks_.size() + under_way();
  auto events = parts_.store.events().pending(static_cast<int>(limit));
  auto workflows = parts_.library.latest();
  if (!events.ok() || !workflows.ok()) {
    Error const& error = events.ok() ? workflows.error() : events.error();
    parts_.log.error("the inbox cannot be read", {{"error", describe(error)}});
    return false;
  }
  parts_.lifecycle.workflows_are(*workflows);
  bool const any = look_at(*events, *workflows);
  bool const full = events->size() >= limit;
  more_ = full;
  if (full && any && under_way() <= events_under_way_max) news_ = true;
  return any;
}

bool Inbox::look_at(std::vector<store::EventRecord> const& events,
                    std::vector<DocumentPtr> const& workflows) {
  bool any = false;
  for (auto const& event : events) {
    if (is_under_way(event.seq) || rests(event.seq)) continue;
    if (parts_.room() == 0) {
      news_ = true;
      break;
    }
    std::size_t const resting = looks_.size();
    bool const dispatched = dispatch(event, workflows);
    // One more that rests is progress: the page behind it is next.
    any = any || dispatched || looks_.size() > resting;
    if (looks_.size() >= postponed_max && !looks_.contains(event.seq) && !dispatched) break;
  }
  return any;
}

// An event whose runs are being told of it.
struct Inbox::Dispatch {
  std::int64_t seq{0};
  store::Commit batch;
  std::vector<std::unique_ptr<ActiveRun>> runs;
  std::atomic<std::size_t> waiting{1};
  std::atomic<bool> failed{false};
  bool gathers{false};
};

bool Inbox::rests(std::int64_t seq) const {
  auto const found = looks_.find(seq);
  return found != looks_.end() && parts_.clock.steady() < found->second.next;
}

bool Inbox::postpone(store::EventRecord const& event, std::vector<Error> const& problems) {
  bool const no_answer = std::any_of(problems.begin(), problems.end(), [](Error const& problem) {
    return problem.kind == ErrorKind::unavailable;
  });
  // No room to rest: it is looked at for the first time when there is.
  if (no_answer && looks_.size() >= postponed_max && !looks_.contains(event.seq)) return true;
  Looks& looks = looks_[event.seq];
  bool const again = no_answer && ++looks.count < filter_looks_max;
  looks.next = parts_.clock.steady() +
               std::min(filter_look_delay * (1 << looks.count) / 2, filter_look_delay_max);
  if (!again) looks_.erase(event.seq);
  for (auto const& problem : problems) {
    parts_.log.warning(
        again ? "an event waits for an answer of its filters" : "an event filter failed",
        {{"event", event.seq}, {"error", describe(problem)}});
  }
  postponed_ = !looks_.empty();
  return again;
}

// What the event means to workflows that start with `all` of several events.
struct Inbox::Gathering {
  std::vector<trigger::RunStart> starts;
  std::vector<Error> problems;
};

// What the event adds to workflows that start with `all` of several events.
bool Inbox::gather(store::EventRecord const& event, std::vector<DocumentPtr> const& workflows,
                   store::Commit& batch, Gathering& gathering) {
  for (auto const& document : workflows) {
    if (!trigger::gathers(*document) || !trigger::may_gather(*document, event.type)) continue;
    if (gathering_) return false;
    auto partials = parts_.store.subscriptions().partials(trigger::partials_of(*document),
                                                          trigger::partials_max);
    if (!partials.ok()) {
      parts_.log.error("partial matches cannot be read", {{"error", describe(partials.error())}});
      return false;
    }
    auto gathered = trigger::gather(event, document, *partials, parts_.evaluator);
    if (!gathered.ok()) {
      gathering.problems.push_back(std::move(gathered).error());
      continue;
    }
    if (gathered->set && !gathered->cleared.empty()) {
      parts_.log.warning("events that wait for others are given up, there are too many",
                         {{"workflow", trigger::partials_of(*document)}});
    }
    if (gathered->set) batch.partials_set.push_back(std::move(*gathered->set));
    if (gathered->start) gathering.starts.push_back(std::move(*gathered->start));
    for (auto& id : gathered->cleared)
      batch.partials_cleared.push_back(std::move(id));
  }
  return true;
}

void Inbox::start_runs(Dispatch& dispatch, std::string const& trace_parent,
                       std::vector<trigger::RunStart> starts) {
  for (auto& start : starts) {
    NewRun made = make_run({.document = std::move(start.document),
                            .input = std::move(start.input),
                            .cause = std::move(start.cause),
                            .event_seq = dispatch.seq,
                            .lifecycle = &parts_.lifecycle,
                            .trace_parent = trace_parent},
                           parts_.clock, parts_.random);
    dispatch.batch.runs.push_back(std::move(made.change));
    dispatch.runs.push_back(std::move(made.run));
  }
}

bool Inbox::dispatch(store::EventRecord const& event, std::vector<DocumentPtr> const& workflows) {
  auto dispatch = std::make_shared<Dispatch>();
  dispatch->seq = event.seq;
  dispatch->batch.dispatched_event = event.seq;
  dispatch->batch.epoch = parts_.lease == nullptr ? 0 : parts_.lease->epoch();
  dispatch->batch.at = parts_.clock.now();
  Gathering gathering;
  if (!gather(event, workflows, dispatch->batch, gathering)) return false;
  auto starts = trigger::starts_for(event, workflows, parts_.evaluator);
  auto hits = parts_.listening.heard_by(event);
  std::vector<Error> problems = std::move(gathering.problems);
  std::move(starts.problems.begin(), starts.problems.end(), std::back_inserter(problems));
  std::move(hits.problems.begin(), hits.problems.end(), std::back_inserter(problems));
  if (postpone(event, problems)) return false;
  dispatch->gathers =
      !dispatch->batch.partials_set.empty() || !dispatch->batch.partials_cleared.empty();
  if (dispatch->gathers) gathering_ = true;
  std::string const trace_parent = trace_parent_of(event);
  start_runs(*dispatch, trace_parent, std::move(starts.runs));
  start_runs(*dispatch, trace_parent, std::move(gathering.starts));
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
  return true;
}

// Once more than there are runs to be told: the last answer goes on.
void Inbox::answered(std::shared_ptr<Dispatch> const& dispatch, Result<void> const& result) {
  // A run that is gone or cannot be read will not hear it on another try.
  bool const gone = !result.ok() && (result.error().kind == ErrorKind::not_found ||
                                     result.error().kind == ErrorKind::corrupt);
  if (!result.ok() && !gone) dispatch->failed = true;
  if (--dispatch->waiting > 0) return;
  ++writing_;
  if (dispatch->failed) {
    finish(*dispatch, make_error(ErrorKind::unavailable, "a run could not be told of it"));
    return;
  }
  parts_.store.runs().commit(std::move(dispatch->batch),
                             [this, dispatch](Result<void> done) { finish(*dispatch, done); });
}

void Inbox::finish(Dispatch& dispatch, Result<void> const& result) {
  if (result.ok()) {
    for (auto& run : dispatch.runs)
      parts_.adopt(std::move(run));
  } else {
    // It stays in the inbox and is looked at again.
    parts_.log.error("an event could not be dispatched",
                     {{"event", dispatch.seq}, {"error", describe(result.error())}});
  }
  {
    std::lock_guard const lock(mutex_);
    under_way_.erase(dispatch.seq);
    bool const room = under_way_.size() <= events_under_way_max;
    if (dispatch.gathers) gathering_ = false;
    // What was left for later may be done now; after a failure the next look is soon enough.
    bool const next_set = dispatch.gathers && result.ok();
    if (next_set || (room && more_.exchange(false))) {
      news_ = true;
      parts_.wake();
    }
  }
  // Last: when nothing is being written any more, the inbox may be destroyed.
  --writing_;
}

}  // namespace fairlead::run
