// Routes for approvals: what waits for people, and their decisions.
//
// Who decides is the name of the API token. The endpoints are open to viewers: whether somebody is
// an approver is the approval's own rule (builtin/approvals.h).
#pragma once

#include <vector>

#include "api/endpoint.h"
#include "builtin/approvals.h"

namespace fairlead::api {

struct ApprovalRoutesParts {
  builtin::Approvals& approvals;
};

std::vector<Endpoint> approval_endpoints(ApprovalRoutesParts parts);

}  // namespace fairlead::api
