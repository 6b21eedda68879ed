// The events of the inbox, newest first, a page at a time.
//
// Events are numbered as they come, so the newest one is found by halving and a page is a stretch
// of numbers: nothing is walked. Removed ones leave gaps, and a page with gaps is shorter.
// Blocking; any thread.
#pragma once

#include <string>

#include "base/result.h"
#include "store/store.h"

namespace fairlead::api {

// Cursor "" is the newest; else a number, and the page holds what came before it. invalid_input.
Result<store::Page<store::EventRecord>> newest_events(store::EventStore& events,
                                                      std::string const& cursor, int limit);

}  // namespace fairlead::api
