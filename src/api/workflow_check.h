// POST /workflows/check: all there is to say of a text before it is published.
//
// What /workflows/validate says, steps that are never reached, events that start the workflow
// again, and what GitLab would refuse as things are: roles, protected branches, connections that
// cannot be used. Asks GitLab (bounded); nothing is kept. Blocking, on the server's workers.
#pragma once

#include <vector>

#include "action/catalogue.h"
#include "api/endpoint.h"
#include "expression/evaluator.h"
#include "workflow/parse.h"

namespace fairlead::api {

struct WorkflowCheckParts {
  workflow::ActionLookup const& actions;
  expression::Evaluator& evaluator;
  action::Catalogue const& catalogue;
  action::ApiProvider& apis;
};

std::vector<Endpoint> workflow_check_endpoints(WorkflowCheckParts parts);

}  // namespace fairlead::api
