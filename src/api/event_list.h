// The events of the inbox, newest first, a page at a time.
//
// Events are numbered as they come, so the newest one is found by halving and a page is a stretch
// of numbers: nothing is walked. Removed ones leave gaps, and a page with gaps is shorter. With a
// search the rows are looked at from the newest on, so many a call; the cursor goes on from there.
// Blocking; any thread.
#pragma once

#include <optional>
#include <string>

#include "api/search_words.h"
#include "base/result.h"
#include "store/store.h"

namespace fairlead::api {

// Rows one search looks at.
inline constexpr int searched_events_max = 2'000;

struct EventSearch {
  std::string type;  // "": any
  SearchWords words;
  std::optional<Time> from;  // received then or later
  bool everything() const { return type.empty() && words.empty() && !from; }
};

// Of ?type=&q=&receivedAfter=. invalid_input.
Result<EventSearch> event_search_of(net::ServerRequest const& request);

// Cursor "" is the newest; else a number, and the page holds what came before it. invalid_input.
Result<store::Page<store::EventRecord>> newest_events(store::EventStore& events,
                                                      std::string const& cursor, int limit);
// Those the search finds. A page may hold fewer than `limit` and still have a next one.
Result<store::Page<store::EventRecord>> find_events(store::EventStore& events,
                                                    EventSearch const& search,
                                                    std::string const& cursor, int limit);

}  // namespace fairlead::api
