// TraceParent: where in somebody's trace a request stands.
//
// Its text is the `traceparent` header of W3C Trace Context, which also stands in events and in a
// run's journal. Pure values. Source: https://www.w3.org/TR/trace-context/.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace fairlead {

struct TraceParent {
  std::string trace;  // 16 raw bytes
  std::string span;   // 8 raw bytes
  bool sampled{false};
};

// Nothing for what the standard says is to be ignored. Later versions are read as version 00.
std::optional<TraceParent> parse_trace_parent(std::string_view text);
// "00-<32 hex>-<16 hex>-01"
std::string to_string(TraceParent const& parent);

}  // namespace fairlead
