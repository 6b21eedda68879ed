// The CloudEvents that a connection's row gives rise to: broken, recovered, token-expiring.
//
// Made from the row alone and named by what happened, so that the inbox keeps each once however
// often, and by however many processes, the row is looked at. Pure; any thread.
#pragma once

#include <vector>

#include "store/records.h"

namespace fairlead::connection {

inline constexpr char care_events_source[] = "/connections";

// Oldest first; what is more than a day past is left out.
std::vector<store::EventRecord> care_events(store::ConnectionRecord const& record, Time now);

}  // namespace fairlead::connection
