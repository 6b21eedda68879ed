// Routes for the audit log: /api/v1/audit. Read only: entries are written where things happen.
//
// For org admins. The export streams all of it, oldest first, one JSON object a line, so that the
// chain can be checked without us.
#pragma once

#include <vector>

#include "api/endpoint.h"
#include "store/audit.h"

namespace fairlead::api {

struct AuditRoutesParts {
  store::AuditStore& store;
};

std::vector<Endpoint> audit_endpoints(AuditRoutesParts const& parts);

}  // namespace fairlead::api
