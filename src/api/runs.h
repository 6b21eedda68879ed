// Routes for runs: list, show, journal, follow live, cancel.
//
// GET /api/v1/runs/{id}/follow is a stream of server-sent events: one `entry` for each journal
// entry from the beginning (or after Last-Event-ID), as they are committed, then one `end` with the
// run.
#pragma once

#include <vector>

#include "api/endpoint.h"
#include "api/run_streams.h"
#include "run/engine.h"
#include "store/store.h"

namespace fairlead::api {

struct RunRoutesParts {
  store::RunStore& store;
  run::Engine& engine;
  RunStreams& streams;
};

std::vector<Endpoint> run_endpoints(RunRoutesParts parts);

Json to_json(store::RunRecord const& run);
Json to_json(store::JournalEntry const& entry);

}  // namespace fairlead::api
