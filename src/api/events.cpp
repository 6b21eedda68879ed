#include "api/events.h"

#include <charconv>

#include "api/event_list.h"
#include "base/trace_parent.h"
#include "store/approvals.h"
#include "trigger/cloud_event.h"

namespace fairlead::api {
namespace {

constexpr int runs_of_event_max = 500;

Result<net::ServerResponse> receive(EventRoutesParts const& parts, Call const& call) {
  FAIRLEAD_TRY(auto events, trigger::events_from_http(call.request.headers, call.request.body,
                                                      parts.clock.now()));
  auto const trace_parent = call.request.headers.get("traceparent");
  bool const is_traced = parse_trace_parent(trace_parent).has_value();
  for (auto& event : events) {
    event.envelope.set(std::string(store::sender_attribute), call.caller.name);
    // What the event says of itself comes first: it may have been on its way for long.
    if (is_traced && event.envelope["traceparent"].is_null())
      event.envelope.set("traceparent", trace_parent);
  }
  FAIRLEAD_TRY(auto const appended, parts.store.events().append_all(events));
  Json accepted = Json::array();
  for (std::size_t i = 0; i < events.size(); ++i) {
    accepted.push_back(Json::object({{"seq", appended[i].seq},
                                     {"id", events[i].id},
                                     {"source", events[i].source},
                                     {"duplicate", appended[i].duplicate}}));
    if (!appended[i].duplicate) parts.arrived(appended[i].seq);
  }
  return net::json_response(202, Json::object({{"accepted", std::move(accepted)}}));
}

Json row_of(store::EventRecord const& event) {
  return Json::object({{"seq", event.seq},
                       {"id", event.id},
                       {"source", event.source},
                       {"type", event.type},
                       {"subject", event.envelope["subject"].as_string()},
                       {"receivedAt", format_time(event.received_at)},
                       {"dispatched", event.dispatched}});
}

Result<net::ServerResponse> list(store::Store& store, Call const& call) {
  FAIRLEAD_TRY(auto const limit, limit_of(call.request));
  std::string const cursor(call.request.query_value("cursor"));
  FAIRLEAD_TRY(auto const search, event_search_of(call.request));
  FAIRLEAD_TRY(auto const page, find_events(store.events(), search, cursor, limit));
  Json items = Json::array();
  for (auto const& event : page.items)
    items.push_back(row_of(event));
  return net::json_response(
      200, Json::object({{"items", std::move(items)}, {"nextCursor", page.next_cursor}}));
}

Result<net::ServerResponse> show(store::Store& store, Call const& call) {
  std::string const& text = call.request.param("seq");
  std::int64_t seq = 0;
  auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), seq);
  if (code != std::errc() || end != text.data() + text.size() || seq < 1)
    return invalid_input("seq", "An event is named by its number, as given when it was accepted.");
  FAIRLEAD_TRY(auto event, store.events().get(seq));
  store::RunFilter filter;
  filter.event_seq = seq;
  FAIRLEAD_TRY(auto runs, store.runs().list(filter, "", runs_of_event_max));
  Json ids = Json::array();
  for (auto const& run : runs.items)
    ids.push_back(run.id.text);
  return net::json_response(200, Json::object({{"seq", event.seq},
                                               {"id", event.id},
                                               {"source", event.source},
                                               {"type", event.type},
                                               {"receivedAt", format_time(event.received_at)},
                                               {"dispatched", event.dispatched},
                                               {"runs", std::move(ids)},
                                               {"event", event.envelope}}));
}

}  // namespace

std::vector<Endpoint> event_endpoints(EventRoutesParts parts) {
  using access::Role;
  auto post = [parts](Call const& call) { return receive(parts, call); };
  auto get = [&store = parts.store](Call const& call) { return show(store, call); };
  auto all = [&store = parts.store](Call const& call) { return list(store, call); };
  return {
      {net::Method::post, "/api/v1/events", Role::operator_, "Send CloudEvents to the inbox", post},
      {net::Method::get, "/api/v1/events", Role::viewer, "List events, newest first", all},
      {net::Method::get, "/api/v1/events/{seq}", Role::viewer,
       "Show an event and the runs it started", get}};
}

}  // namespace fairlead::api
