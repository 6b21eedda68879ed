#include "api/event_list.h"

#include <algorithm>

#include "api/problem.h"
#include "base/text.h"
#include "store/rules.h"

namespace fairlead::api {
namespace {

using store::EventRecord;

// Stands for any time: events carry the server's clock, which may have been set back.
constexpr Time any_time{};
constexpr std::int64_t seq_max = std::int64_t{1} << 52;
constexpr int stretch_rows = 250;  // read at once by a search

Result<bool> any_after(store::EventStore& events, std::int64_t seq) {
  FAIRLEAD_TRY(auto const found, events.since(any_time, seq, 1));
  return !found.empty();
}

// One more than the newest number; 1 if there is none.
Result<std::int64_t> end_of(store::EventStore& events) {
  std::int64_t low = 0;  // nothing is known below
  std::int64_t high = 1;
  while (high < seq_max) {
    FAIRLEAD_TRY(bool const more, any_after(events, high));
    if (!more) break;
    low = high;
    high *= 2;
  }
  while (low < high) {
    std::int64_t const middle = low + (high - low) / 2;
    FAIRLEAD_TRY(bool const more, any_after(events, middle));
    if (more) {
      low = middle + 1;
    } else {
      high = middle;
    }
  }
  return low + 1;
}

bool fits(EventSearch const& search, EventRecord const& event) {
  if (!search.type.empty() && event.type != search.type) return false;
  if (search.from && event.received_at < *search.from) return false;
  return search.words.in(
      {event.type, event.source, event.id, event.envelope["subject"].as_string()});
}

}  // namespace

Result<store::Page<EventRecord>> newest_events(store::EventStore& events, std::string const& cursor,
                                               int limit) {
  FAIRLEAD_TRY(std::int64_t const before,
               cursor.empty() ? end_of(events) : store::row_from_cursor(cursor));
  std::int64_t const after = std::max<std::int64_t>(before - 1 - limit, 0);
  FAIRLEAD_TRY(auto found, events.since(any_time, after, limit));
  store::Page<EventRecord> page;
  for (auto& event : found)
    if (event.seq < before) page.items.push_back(std::move(event));
  std::ranges::reverse(page.items);
  if (after > 0) {
    // Old events are removed from the oldest on: with nothing here, nothing is left below.
    bool const end = page.items.empty() && !cursor.empty();
    if (!end) page.next_cursor = store::cursor_from_row(after + 1);
  }
  return page;
}

Result<EventSearch> event_search_of(net::ServerRequest const& request) {
  EventSearch search{.type = std::string(trim(request.query_value("type"))),
                     .words = SearchWords(request),
                     .from = std::nullopt};
  std::string_view const from = request.query_value("receivedAfter");
  if (from.empty()) return search;
  search.from = parse_time(from);
  if (search.from) return search;
  return invalid_input("receivedAfter",
                       "\"receivedAfter\" must be a time like 2026-11-22T10:00:00Z.");
}

Result<store::Page<EventRecord>> find_events(store::EventStore& events, EventSearch const& search,
                                             std::string const& cursor, int limit) {
  if (search.everything()) return newest_events(events, cursor, limit);
  store::Page<EventRecord> found;
  std::string place = cursor;
  for (int looked_at = 0; looked_at < searched_events_max; looked_at += stretch_rows) {
    FAIRLEAD_TRY(auto stretch, newest_events(events, place, stretch_rows));
    place = stretch.next_cursor;
    for (auto& event : stretch.items) {
      if (!fits(search, event)) continue;
      found.items.push_back(std::move(event));
      if (found.items.size() < static_cast<std::size_t>(limit)) continue;
      if (found.items.back().seq > 1)
        found.next_cursor = store::cursor_from_row(found.items.back().seq);
      return found;
    }
    if (place.empty()) break;
  }
  found.next_cursor = place;
  return found;
}

}  // namespace fairlead::api
