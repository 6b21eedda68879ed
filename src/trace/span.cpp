#include "trace/span.h"

#include "base/text.h"
#include "vault/digest.h"

namespace fairlead::trace {
namespace {

constexpr std::size_t trace_id_bytes = 16;
constexpr std::size_t span_id_bytes = 8;
constexpr int status_error = 2;

std::string digest(std::string_view what, std::string const& of, std::size_t bytes) {
  return vault::sha256("fairlead " + std::string(what) + " " + of).substr(0, bytes);
}

std::string nanoseconds(Time time) { return std::to_string(to_epoch_ms(time)) + "000000"; }

// 64-bit integers are strings in the JSON mapping of protobuf.
Json value_of(Json const& value) {
  if (value.is_bool()) return Json::object({{"boolValue", value}});
  if (value.is_integer()) return Json::object({{"intValue", std::to_string(value.as_integer())}});
  return Json::object({{"stringValue", value.as_string()}});
}

Json list_of(Attributes const& attributes) {
  Json list = Json::array();
  for (auto const& [key, value] : attributes)
    list.push_back(Json::object({{"key", key}, {"value", value_of(value)}}));
  return list;
}

Json events_of(Span const& span) {
  Json list = Json::array();
  for (auto const& event : span.events)
    list.push_back(Json::object({{"timeUnixNano", nanoseconds(event.at)},
                                 {"name", event.name},
                                 {"attributes", list_of(event.attributes)}}));
  return list;
}

Json encode(Span const& span) {
  Json json = Json::object({{"traceId", hex_encode(span.trace)}, {"spanId", hex_encode(span.id)}});
  if (!span.parent.empty()) json.set("parentSpanId", hex_encode(span.parent));
  json.set("name", span.name);
  json.set("kind", static_cast<int>(span.kind));
  json.set("startTimeUnixNano", nanoseconds(span.begin));
  json.set("endTimeUnixNano", nanoseconds(span.end));
  json.set("attributes", list_of(span.attributes));
  if (!span.events.empty()) json.set("events", events_of(span));
  if (span.link)
    json.set("links", Json::array({Json::object({{"traceId", hex_encode(span.link->trace)},
                                                 {"spanId", hex_encode(span.link->span)}})}));
  Json status = Json::object();
  if (span.failure) {
    if (!span.failure->empty()) status.set("message", *span.failure);
    status.set("code", status_error);
  }
  json.set("status", std::move(status));
  return json;
}

}  // namespace

TraceId trace_id(RunId const& root) { return digest("trace", root.text, trace_id_bytes); }

SpanId run_span_id(RunId const& run) { return digest("run", run.text, span_id_bytes); }

SpanId task_span_id(RunId const& run, std::int64_t seq) {
  return digest("task", run.text + " " + std::to_string(seq), span_id_bytes);
}

SpanId request_span_id(std::string_view call, Time at, std::uint64_t number) {
  return digest(
      "request",
      std::string(call) + " " + std::to_string(to_epoch_ms(at)) + " " + std::to_string(number),
      span_id_bytes);
}

bool is_sampled(TraceId const& trace, double share) {
  if (share >= 1) return true;
  std::uint64_t number = 0;
  for (std::size_t at = trace.size() - sizeof number; at < trace.size(); ++at)
    number = number << 8U | static_cast<unsigned char>(trace[at]);
  constexpr double all = 18446744073709551616.0;  // 2^64
  return static_cast<double>(number) < share * all;
}

Json export_request(Options const& options, std::vector<Span> const& spans) {
  Attributes resource;
  for (auto const& [key, value] : options.resource)
    resource.emplace_back(key, value);
  Json list = Json::array();
  for (auto const& span : spans)
    list.push_back(encode(span));
  Json scope = Json::object({{"scope", Json::object({{"name", "fairlead"}})}});
  scope.set("spans", std::move(list));
  Json all = Json::object({{"resource", Json::object({{"attributes", list_of(resource)}})}});
  all.set("scopeSpans", Json::array({std::move(scope)}));
  return Json::object({{"resourceSpans", Json::array({std::move(all)})}});
}

}  // namespace fairlead::trace
