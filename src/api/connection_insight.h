// Routes that say what a connection may do, and what stands and falls with it.
//
// permissions: per action the scope and role it needs and whether this connection has them. impact:
// the workflows, runs and webhooks that break with it. DELETE tells the same while it disconnects.
#pragma once

#include <vector>

#include "action/catalogue.h"
#include "api/endpoint.h"
#include "connection/connections.h"
#include "run/library.h"
#include "store/store.h"

namespace fairlead::api {

struct ConnectionInsightParts {
  connection::Connections& connections;
  action::Catalogue const& catalogue;
  run::WorkflowLibrary& library;
  store::Store& store;
};

// Runs that are counted; beyond it `more` is true.
inline constexpr int impact_runs_max = 1'000;

std::vector<Endpoint> connection_insight_endpoints(ConnectionInsightParts parts);

}  // namespace fairlead::api
