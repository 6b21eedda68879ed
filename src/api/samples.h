// GET /workflows/{namespace}/{name}/samples: real data to try expressions on while building.
//
// The newest runs of the workflow with their input, context and the outputs of their tasks, then
// the newest events its schedule.on takes, as the run would get them. Read from the store; nothing
// is changed. Blocking, on the server's workers.
#pragma once

#include <vector>

#include "api/endpoint.h"
#include "expression/evaluator.h"
#include "store/store.h"

namespace fairlead::api {

inline constexpr int sample_runs_max = 5;
inline constexpr int sample_events_max = 5;
// Journal entries read of each run, and values larger than this are left out: samples are for
// looking at.
inline constexpr int sample_entries_max = 500;
inline constexpr std::size_t sample_value_bytes_max = 64 * 1024;

struct SampleRoutesParts {
  store::Store& store;
  expression::Evaluator& evaluator;
};

std::vector<Endpoint> sample_endpoints(SampleRoutesParts parts);

}  // namespace fairlead::api
