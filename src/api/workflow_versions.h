// Routes for the versions of a workflow: compare, roll back, drafts, switch off and on.
//
// A published version stays as it is for ever; everything here makes a new one, a draft, or changes
// which are in force.
#pragma once

#include <vector>

#include "api/workflows.h"

namespace fairlead::api {

std::vector<Endpoint> workflow_version_endpoints(WorkflowRoutesParts parts);

}  // namespace fairlead::api
