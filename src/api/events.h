// Routes for events: CloudEvents come in here, and one can look where an event went.
//
// POST /api/v1/events takes structured, batch and binary mode and answers 202 only after the events
// are durable.
#pragma once

#include <functional>
#include <vector>

#include "api/endpoint.h"
#include "base/clock.h"
#include "store/store.h"

namespace fairlead::api {

struct EventRoutesParts {
  store::Store& store;
  Clock const& clock;
  std::function<void(std::int64_t seq)>
      arrived;  // tells the engine that the inbox has something new
};

std::vector<Endpoint> event_endpoints(EventRoutesParts parts);

}  // namespace fairlead::api
