// RunTraces: which trace a run belongs to, and where in it the run stands.
//
// Thread-safe; reads the store, and remembers the newest answers. Errors are the store's.
#pragma once

#include <map>
#include <mutex>
#include <optional>

#include "store/store.h"
#include "trace/journal_spans.h"

namespace fairlead::trace {

struct RunTrace {
  TraceId id;
  SpanId began_below;  // of what started the run at the top, elsewhere; "": it began here
  bool is_kept{false};
};

class RunTraces {
 public:
  RunTraces(store::RunStore& runs, Options const& options)
      : runs_(runs), sampled_(options.sampled), by_parent_(options.by_parent) {}

  Result<RunTrace> trace_of(RunId const& run);
  // Nothing: its trace is not kept.
  Result<std::optional<RunPlace>> place_of(store::RunRecord const& run);

 private:
  Result<RunTrace> find_trace(store::RunRecord run);
  Result<SpanId> task_that_started(store::RunRecord const& child);

  store::RunStore& runs_;
  double const sampled_;
  bool const by_parent_;
  std::mutex mutex_;
  std::map<RunId, RunTrace> known_;
};

}  // namespace fairlead::trace
