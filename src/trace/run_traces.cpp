#include "trace/run_traces.h"

#include "base/trace_parent.h"

namespace fairlead::trace {
namespace {

constexpr std::size_t known_max = 4'096;
constexpr int journal_page = 500;
constexpr int depth_max = 64;

}  // namespace

Result<RunTrace> RunTraces::trace_of(RunId const& run) {
  {
    std::lock_guard const lock(mutex_);
    if (auto const found = known_.find(run); found != known_.end()) return found->second;
  }
  FAIRLEAD_TRY(auto row, runs_.get(run));
  FAIRLEAD_TRY(auto trace, find_trace(std::move(row)));
  std::lock_guard const lock(mutex_);
  if (known_.size() >= known_max) known_.clear();
  known_[run] = trace;
  return trace;
}

Result<std::optional<RunPlace>> RunTraces::place_of(store::RunRecord const& run) {
  FAIRLEAD_TRY(auto const trace, find_trace(run));
  if (!trace.is_kept) return std::optional<RunPlace>();
  RunPlace place{.trace = trace.id, .parent = "", .repeats = {}};
  if (run.parent_run.empty()) {
    place.parent = trace.began_below;
  } else {
    FAIRLEAD_TRY(place.parent, task_that_started(run));
  }
  if (run.replay_of.empty()) return std::optional(std::move(place));
  auto const repeated = runs_.get(run.replay_of);
  if (!repeated.ok() && repeated.error().kind != ErrorKind::not_found) return repeated.error();
  if (repeated.ok()) {
    FAIRLEAD_TRY(auto const of, find_trace(*repeated));
    place.repeats = SpanLink{.trace = of.id, .span = run_span_id(run.replay_of)};
  }
  return std::optional(std::move(place));
}

// By the run at the top, also where that one has been removed by now.
Result<RunTrace> RunTraces::find_trace(store::RunRecord run) {
  RunId top = run.id;
  for (int depth = 0; depth < depth_max && !run.parent_run.empty(); ++depth) {
    top = run.parent_run;
    auto above = runs_.get(top);
    if (!above.ok() && above.error().kind != ErrorKind::not_found) return std::move(above).error();
    if (!above.ok()) break;
    run = std::move(above).value();
  }
  FAIRLEAD_TRY(auto const first, runs_.journal(top, 0, 1));
  RunTrace trace{.id = trace_id(top), .began_below = "", .is_kept = false};
  trace.is_kept = is_sampled(trace.id, sampled_);
  if (first.empty()) return trace;
  auto parent = parse_trace_parent(first.front().payload["traceparent"].as_string());
  if (!parent) return trace;
  trace.id = std::move(parent->trace);
  trace.began_below = std::move(parent->span);
  trace.is_kept = by_parent_ ? parent->sampled : is_sampled(trace.id, sampled_);
  return trace;
}

Result<SpanId> RunTraces::task_that_started(store::RunRecord const& child) {
  std::int64_t after = 0;
  std::int64_t task = 0;
  while (true) {
    FAIRLEAD_TRY(auto const page, runs_.journal(child.parent_run, after, journal_page));
    if (page.empty()) return run_span_id(child.parent_run);
    for (auto const& entry : page) {
      after = entry.seq;
      if (entry.task != child.parent_task) continue;
      if (entry.kind == "task-started") task = entry.seq;
      if (entry.kind == "child-intended" && entry.payload["run"].as_string() == child.id.text)
        return task > 0 ? task_span_id(child.parent_run, task) : run_span_id(child.parent_run);
    }
  }
}

}  // namespace fairlead::trace
