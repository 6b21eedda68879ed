#include "trace/run_traces.h"

namespace fairlead::trace {
namespace {

constexpr std::size_t known_max = 4'096;
constexpr int journal_page = 500;
constexpr int depth_max = 64;

}  // namespace

std::optional<TraceId> RunTraces::trace_of(RunId const& run) {
  {
    std::lock_guard const lock(mutex_);
    if (auto const found = known_.find(run); found != known_.end()) return found->second;
  }
  auto row = runs_.get(run);
  if (!row.ok()) return std::nullopt;
  auto trace = find_trace(std::move(row).value());
  if (!trace) return std::nullopt;
  std::lock_guard const lock(mutex_);
  if (known_.size() >= known_max) known_.clear();
  known_[run] = *trace;
  return trace;
}

std::optional<RunPlace> RunTraces::place_of(store::RunRecord const& run) {
  auto trace = find_trace(run);
  if (!trace || !is_kept(*trace)) return std::nullopt;
  RunPlace place{.trace = *trace, .parent = "", .repeats = {}};
  if (!run.parent_run.empty()) place.parent = task_that_started(run);
  if (run.replay_of.empty()) return place;
  if (auto const repeated = runs_.get(run.replay_of); repeated.ok()) {
    if (auto const of = find_trace(*repeated))
      place.repeats = SpanLink{.trace = *of, .span = run_span_id(run.replay_of)};
  }
  return place;
}

// By the run at the top, also where that one has been removed by now.
std::optional<TraceId> RunTraces::find_trace(store::RunRecord run) {
  RunId top = run.id;
  for (int depth = 0; depth < depth_max && !run.parent_run.empty(); ++depth) {
    top = run.parent_run;
    auto above = runs_.get(top);
    if (!above.ok() && above.error().kind != ErrorKind::not_found) return std::nullopt;
    if (!above.ok()) break;
    run = std::move(above).value();
  }
  return trace_id(top);
}

SpanId RunTraces::task_that_started(store::RunRecord const& child) {
  std::int64_t after = 0;
  std::int64_t task = 0;
  while (true) {
    auto const page = runs_.journal(child.parent_run, after, journal_page);
    if (!page.ok() || page->empty()) return run_span_id(child.parent_run);
    for (auto const& entry : *page) {
      after = entry.seq;
      if (entry.task != child.parent_task) continue;
      if (entry.kind == "task-started") task = entry.seq;
      if (entry.kind == "child-intended" && entry.payload["run"].as_string() == child.id.text)
        return task > 0 ? task_span_id(child.parent_run, task) : run_span_id(child.parent_run);
    }
  }
}

}  // namespace fairlead::trace
