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
  TraceId trace;
  SpanId id;
  SpanId parent;  // "": none
  std::string name;
  Time begin{};
  Time end{};
  Attributes attributes;
  std::vector<SpanEvent> events;
  std::optional<SpanLink> link;
  std::optional<std::string> failure;  // the title of what it failed with
};

// An ExportTraceServiceRequest in OTLP's JSON: ids in hex, times as decimal strings of nanoseconds.
Json export_request(Options const& options, std::vector<Span> const& spans);

}  // namespace fairlead::trace
