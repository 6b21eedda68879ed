#include "api/event_list.h"

#include <algorithm>
#include <charconv>

namespace fairlead::api {
namespace {

using store::EventRecord;

// Stands for any time: events carry the server's clock, which may have been set back.
constexpr Time any_time{};
constexpr std::int64_t seq_max = std::int64_t{1} << 52;

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

Result<std::int64_t> place_of(std::string const& cursor) {
  std::int64_t before = 0;
  auto const [end, code] = std::from_chars(cursor.data(), cursor.data() + cursor.size(), before);
  if (code == std::errc() && end == cursor.data() + cursor.size() && before > 0) return before;
  return invalid_input("cursor", "\"cursor\" must be one that a page gave as nextCursor.");
}

}  // namespace

Result<store::Page<EventRecord>> newest_events(store::EventStore& events, std::string const& cursor,
                                               int limit) {
  FAIRLEAD_TRY(std::int64_t const before, cursor.empty() ? end_of(events) : place_of(cursor));
  std::int64_t const after = std::max<std::int64_t>(before - 1 - limit, 0);
  FAIRLEAD_TRY(auto found, events.since(any_time, after, limit));
  store::Page<EventRecord> page;
  for (auto& event : found)
    if (event.seq < before) page.items.push_back(std::move(event));
  std::ranges::reverse(page.items);
  if (after > 0) {
    // Old events are removed from the oldest on: with nothing here, nothing is left below.
    bool const end = page.items.empty() && !cursor.empty();
    if (!end) page.next_cursor = std::to_string(after + 1);
  }
  return page;
}

}  // namespace fairlead::api
