// Sample data for building a workflow: what its last runs were given and what came of their tasks.
//
// GET /api/v1/workflows/{namespace}/{name}/samples. Read out of the journals, bounded in runs,
// entries and bytes; nothing is kept. Blocking, on the server's workers.
#pragma once

#include <vector>

#include "api/endpoint.h"
#include "store/store.h"

namespace fairlead::api {

std::vector<Endpoint> sample_endpoints(store::RunStore& runs);

}  // namespace fairlead::api
