// Routes for workflows: validate, publish, list, show, start.
//
// The body of a publish or validate is the document itself (YAML or JSON). A published version is
// immutable.
#pragma once

#include <vector>

#include "api/endpoint.h"
#include "base/clock.h"
#include "expression/evaluator.h"
#include "run/engine.h"
#include "run/library.h"
#include "store/store.h"
#include "workflow/parse.h"

namespace fairlead::api {

struct WorkflowRoutesParts {
  store::WorkflowStore& store;
  store::ScheduleStore& schedules;
  store::HistoryStore& history;
  store::AuditStore& audit;
  workflow::ActionLookup const& actions;
  expression::Evaluator& evaluator;
  run::WorkflowLibrary& library;
  run::Engine& engine;
  Clock const& clock;
};

std::vector<Endpoint> workflow_endpoints(WorkflowRoutesParts parts);

}  // namespace fairlead::api
