// POST /workflows/dry-run: what a workflow would do with an input, as far as that can be told.
//
// Walks the document without running anything and without asking GitLab: requests are literal where
// all they need is known, else the expressions stand in them; steps behind a condition that only a
// run decides are marked. Blocking on the evaluator, on the server's workers.
#pragma once

#include <vector>

#include "action/catalogue.h"
#include "api/endpoint.h"
#include "expression/evaluator.h"
#include "workflow/parse.h"

namespace fairlead::api {

// Steps that are shown, and rounds of a loop whose items are known.
inline constexpr std::size_t dry_steps_max = 200;
inline constexpr std::size_t dry_rounds_max = 10;

struct WorkflowDryRunParts {
  workflow::ActionLookup const& actions;
  expression::Evaluator& evaluator;
  action::Catalogue const& catalogue;
};

std::vector<Endpoint> workflow_dry_run_endpoints(WorkflowDryRunParts parts);

}  // namespace fairlead::api
