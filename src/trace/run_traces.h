// RunTraces: which trace a run belongs to, and where in it the run stands.
//
// Thread-safe; reads the store, and remembers the newest answers.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "store/store.h"
#include "trace/journal_spans.h"

namespace fairlead::trace {

class RunTraces {
 public:
  // `sampled`: share of the traces.
  RunTraces(store::RunStore& runs, double sampled) : runs_(runs), sampled_(sampled) {}

  // Nothing: it cannot be read now.
  std::optional<TraceId> trace_of(RunId const& run);
  [[nodiscard]] bool is_kept(TraceId const& trace) const { return is_sampled(trace, sampled_); }
  // Nothing: not sampled, or it cannot be read now.
  std::optional<RunPlace> place_of(store::RunRecord const& run);

 private:
  std::optional<TraceId> find_trace(store::RunRecord run);
  SpanId task_that_started(store::RunRecord const& child);

  store::RunStore& runs_;
  double const sampled_;
  std::mutex mutex_;
  std::map<RunId, TraceId> known_;
};

}  // namespace fairlead::trace
