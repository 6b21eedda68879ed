// Routes by which a person takes a hand in runs: pause, replay, settle an effect, orders for many,
// history.
//
// Cancel and resume of one run stand in api/runs.h. A replay with "preview": true says what would
// become of each effect and starts nothing; an order for many with "dryRun": true only counts.
#pragma once

#include <vector>

#include "api/endpoint.h"
#include "run/bulk.h"
#include "run/history_keeper.h"
#include "run/replays.h"

namespace fairlead::api {

struct RunControlParts {
  store::RunStore& store;
  run::Engine& engine;
  run::Replays& replays;
  run::Bulk& bulk;
  run::HistoryKeeper& history;
};

std::vector<Endpoint> run_control_endpoints(RunControlParts parts);

}  // namespace fairlead::api
