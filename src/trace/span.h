// Span: a piece of work with a beginning and an end, and its ids, which are derived, not drawn.
//
// Whoever asks, before or after a crash, gets the same ids. Values; pure.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/ids.h"
#include "base/json.h"
#include "trace/options.h"

namespace fairlead::trace {

// Raw bytes.
using TraceId = std::string;  // 16
using SpanId = std::string;   // 8

// `root`: the run at the top, which no other run started.
TraceId trace_id(RunId const& root);
SpanId run_span_id(RunId const& run);
// `seq`: of its task-started entry.
SpanId task_span_id(RunId const& run, std::int64_t seq);
// The number-th request of this process, sent for `call` at that time; alone in that no one asks
// for it again.
SpanId request_span_id(std::string_view call, Time at, std::uint64_t number);
// The same answer for every span of a trace.
bool is_sampled(TraceId const& trace, double share);

using Attributes = std::vector<std::pair<std::string, Json>>;

struct SpanEvent {
  std::string name;
  Time at{};
  Attributes attributes;
};

struct SpanLink {
  TraceId trace;
  SpanId span;
};

struct Span {
  enum class Kind { internal = 1, client = 3 };  // as OTLP numbers them
  TraceId trace;
  SpanId id;
  SpanId parent;  // "": none
  std::string name;
  Kind kind{Kind::internal};
  Time begin{};
  Time end{};
  Attributes attributes;
  std::vector<SpanEvent> events;
  std::optional<SpanLink> link;
  std::optional<std::string> failure;  // the title of what it failed with; "": its status says it
};

// An ExportTraceServiceRequest in OTLP's JSON: ids in hex, times as decimal strings of nanoseconds.
Json export_request(Options const& options, std::vector<Span> const& spans);

}  // namespace fairlead::trace
