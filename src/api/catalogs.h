// Routes that serve our actions as an Open Workflow catalog, so that a workflow which calls them
// runs elsewhere, too.
//
// Public: other runtimes fetch function files without a token, and nothing in them is of this
// installation. Source: Open Workflow Specification DSL 1.0.3, catalogs.
#pragma once

#include <vector>

#include "action/catalogue.h"
#include "api/endpoint.h"

namespace fairlead::api {

std::vector<Endpoint> catalog_endpoints(action::Catalogue const& catalogue);

}  // namespace fairlead::api
