// Routes that say what a connection may do, and what stands and falls with it.
//
// permissions: per action the scope and role it needs and whether this connection has them. impact:
// the workflows, runs and webhooks that break with it. DELETE tells the same while it disconnects.
#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "action/catalogue.h"
#include "api/endpoint.h"
#include "connection/connections.h"
#include "gitlab/budget.h"
#include "run/library.h"
#include "store/store.h"

namespace fairlead::api {

struct ConnectionInsightParts {
  connection::Connections& connections;
  action::Catalogue const& catalogue;
  run::WorkflowLibrary& library;
  store::Store& store;
  Clock const& clock;
  // Nothing: the connection was not used since the start.
  std::function<std::optional<gitlab::BudgetState>(ConnectionId const&)> budget;
  // What it kept at GitLab is handed on or removed, while its token still works.
  std::function<void(store::ConnectionRecord const&)> release;
};

// Runs that are counted; beyond it `more` is true.
inline constexpr int impact_runs_max = 1'000;

// {limit, remaining, resetsAt, limitedUntil, queue, byWorkflow: [{workflow, used, waiting}]}; what
// is not known is null.
Json to_json(gitlab::BudgetState const& state, Time now);

std::vector<Endpoint> connection_insight_endpoints(ConnectionInsightParts parts);

}  // namespace fairlead::api
